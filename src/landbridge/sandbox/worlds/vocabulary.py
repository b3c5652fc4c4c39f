"""The words worlds are made of. All names, places of work and addresses are invented; domains are reserved ones."""

from __future__ import annotations

from typing import NamedTuple


class Name(NamedTuple):
    text: str
    slug: str  # the same in plain ASCII, for addresses


class Place(NamedTuple):
    city: str
    region: str
    region_code: str
    country: str
    country_code: str  # lower case, as SmartRecruiters writes it
    postal_code: str
    latitude: str
    longitude: str


def _names(words: str) -> tuple[Name, ...]:
    """Words separated by blanks; ``Zoë=zoe`` gives the ASCII form where the name has none of its own."""
    pairs = (word.partition("=") for word in words.split())
    return tuple(Name(text, slug or text.lower().replace("'", "")) for text, _, slug in pairs)


FIRST_NAMES = _names(
    "Mirela Tomasz Zoë=zoe Henrik Amara Luís=luis Ingrid Kofi Yuki Rosalind Baptiste Noor Elif Marek Siobhán=siobhan "
    "Thandiwe Pavel Gudrun Renata Oskar Leila Joaquim Hanneke Dmitri Aoife Farid Beatriz Sunniva Anselm Priya Cosmin "
    "Wilhelmina Jürgen=juergen Odile Ravi Magdalena Søren=soeren Chiara Emeka Tuuli Bogdan Nadège=nadege Ismail Petra "
    "Valentín=valentin Katarzyna Lorcan Ayşe=ayse Gustav Ximena Rurik Fleur Dario Hedda Samira Piotr Clémence=clemence "
    "Jonas Nkechi Veronika"
)
LAST_NAMES = _names(
    "Novotna Kowalski Lindqvist Okafor Ferreira Vandenberghe Moss Tanaka Achterberg Delacroix Haddad Demir Zielinska "
    "O'Malley=omalley Ndlovu Sokolov Thorvaldsen Ionescu Brandt Rahimi Carvalho Dijkstra Volkov Gallagher Mansour "
    "Teixeira Haugen Weissmann Iyer Popescu Grünwald=gruenwald Lefèvre=lefevre Menon Dąbrowska=dabrowska Mikkelsen "
    "Conti Eze Virtanen Marinov Beaumont Yılmaz=yilmaz Horvat Salgado Wójcik=wojcik Kearney Şahin=sahin Bergström="
    "bergstroem Quiroga Eriksen Rousseau Moretti Aasen Chaudhry Nowak Perrin Albrecht Obi Kovács=kovacs Saar Winther "
    "Pacheco Stoyanova Castellanos Heikkinen Duarte Oyelaran Fontaine Szabó=szabo Brightwater Ellingsen"
)
MAIL_DOMAINS = ("example.org", "example.net", "mail.example.org", "post.example.net")

PLACES = (
    Place("Porto", "Porto", "13", "Portugal", "pt", "4050-253", "41.1496", "-8.6110"),
    Place("Lisboa", "Lisboa", "11", "Portugal", "pt", "1100-148", "38.7167", "-9.1333"),
    Place("Hamburg", "Hamburg", "HH", "Germany", "de", "20095", "53.5503", "10.0007"),
    Place("Leipzig", "Sachsen", "SN", "Germany", "de", "04109", "51.3406", "12.3747"),
    Place("Gdańsk", "Pomorskie", "PM", "Poland", "pl", "80-001", "54.3520", "18.6466"),
    Place("Lyon", "Auvergne-Rhône-Alpes", "ARA", "France", "fr", "69001", "45.7640", "4.8357"),
    Place("Rotterdam", "Zuid-Holland", "ZH", "Netherlands", "nl", "3011", "51.9225", "4.4792"),
    Place("Valencia", "Comunidad Valenciana", "VC", "Spain", "es", "46001", "39.4699", "-0.3763"),
    Place("Bristol", "England", "ENG", "United Kingdom", "gb", "BS1 4DJ", "51.4545", "-2.5879"),
    Place("Cork", "Munster", "M", "Ireland", "ie", "T12 W8KP", "51.8985", "-8.4756"),
    Place("Boston", "Massachusetts", "MA", "United States", "us", "02108", "42.3601", "-71.0589"),
    Place("Portland", "Oregon", "OR", "United States", "us", "97204", "45.5152", "-122.6784"),
    Place("Toronto", "Ontario", "ON", "Canada", "ca", "M5H 2N2", "43.6532", "-79.3832"),
    Place("Bergen", "Vestland", "46", "Norway", "no", "5003", "60.3913", "5.3221"),
    Place("Nagoya", "Aichi", "23", "Japan", "jp", "460-0008", "35.1815", "136.9066"),
    Place("Pune", "Maharashtra", "MH", "India", "in", "411001", "18.5204", "73.8567"),
)

COMPANIES = (
    "Tern & Tide", "Quillwork Systems", "Granary Analytics", "Bellwether Freight", "Copperfield Optics",
    "Saltmarsh Energy", "Lanternfish Labs", "Orchard Street Books", "Fjordline Ferries", "Ironwood Robotics",
)  # fmt: skip
OCCUPATIONS = (
    "Survey Technician", "Data Analyst", "Account Manager", "Software Developer", "Field Engineer", "Buyer",
    "Product Designer", "Customer Adviser", "Test Engineer", "Payroll Specialist", "Shift Supervisor", "Copywriter",
)  # fmt: skip
SCHOOLS = ("Ashdown Institute", "Coastal Polytechnic", "Norrland College", "University of the Estuary")
TAGS = ("relocates", "referral bonus", "speaks Dutch", "second interview", "graduate", "night shifts", "returnee")

DEPARTMENTS = (
    ("Engineering", "Instruments and their software"),
    ("Field Service", "People at sea and on site"),
    ("Sales", "Harbours, ferries, authorities"),
    ("Finance", "Books, payroll, purchasing"),
    ("People", "Hiring, pay, learning"),
    ("Operations", "Workshops and warehouses"),
)
