"""Words of job ads, in several languages. A text is made when it is asked for, so a world keeps only its seeds."""

from __future__ import annotations

from typing import NamedTuple


class Language(NamedTuple):
    code: str
    label: str
    native: str
    headings: tuple[str, str, str, str]  # company, job, qualifications, additional information
    about: str
    duties: tuple[str, ...]
    wants: tuple[str, ...]
    closing: str
    roles: tuple[str, ...]


ENGLISH = Language(
    "en", "English", "English (US)",
    ("Company description", "The role", "What you bring", "Good to know"),
    "We build instruments that tell harbours what the water is about to do, and we have done so for three generations.",
    (
        "You plan measurements together with the harbour crews and keep the stations running in all weathers.",
        "You turn raw readings into forecasts that pilots trust, and you explain them in plain words.",
        "You look after two or three customers closely and visit them on site about once a month.",
        "You review the work of your colleagues and bring up doubts early and kindly.",
        "You keep our purchase orders, stock lists and invoices in an order that others can follow.",
    ),
    (
        "three years or more in a similar role", "a calm way of working when plans change",
        "good written English and a second language", "a driving licence", "curiosity about the sea",
    ),
    "We pay travel time, close at four on Fridays and answer every application within two weeks.",
    ("Tide Analyst", "Field Service Engineer", "Software Developer", "Account Manager", "Instrument Maker",
     "Payroll Specialist", "Warehouse Planner", "Test Engineer", "Hydrographer", "Customer Adviser"),
)  # fmt: skip
GERMAN = Language(
    "de", "German", "Deutsch",
    ("Über uns", "Die Stelle", "Ihr Profil", "Gut zu wissen"),
    "Wir bauen Messgeräte, die Häfen sagen, was das Wasser als Nächstes tut, und das seit drei Generationen.",
    (
        "Sie planen Messungen mit den Hafenmannschaften und halten die Stationen bei jedem Wetter am Laufen.",
        "Sie machen aus Rohdaten Vorhersagen, denen Lotsen vertrauen, und erklären sie in einfachen Worten.",
        "Sie betreuen zwei bis drei Kunden eng und besuchen sie etwa einmal im Monat.",
        "Sie halten Bestellungen, Bestände und Rechnungen so, dass andere sich darin zurechtfinden.",
    ),
    ("mindestens drei Jahre in ähnlicher Stelle", "Ruhe, wenn sich Pläne ändern", "gutes Deutsch und Englisch",
     "Führerschein Klasse B", "Neugier auf das Meer"),
    "Reisezeit ist Arbeitszeit, freitags ist um vier Schluss, und jede Bewerbung wird in zwei Wochen beantwortet.",
    ("Gezeitenanalystin", "Servicetechniker im Außendienst", "Softwareentwicklerin", "Kundenbetreuer",
     "Feinmechanikerin", "Lohnbuchhalter"),
)  # fmt: skip
FRENCH = Language(
    "fr", "French", "Français",
    ("Qui sommes-nous", "Le poste", "Votre profil", "Bon à savoir"),
    "Nous fabriquons des instruments qui disent aux ports ce que la mer va faire, depuis trois générations.",
    (
        "Vous préparez les mesures avec les équipes du port et gardez les stations en état par tous les temps.",
        "Vous tirez des relevés des prévisions auxquelles les pilotes se fient, et vous les expliquez simplement.",
        "Vous suivez de près deux ou trois clients et leur rendez visite une fois par mois.",
    ),
    ("trois ans dans un poste semblable", "du calme quand les plans changent", "un bon français et l'anglais",
     "le permis de conduire"),
    "Le temps de trajet est payé, le vendredi finit à seize heures, et chaque candidature reçoit une réponse.",
    ("Analyste des marées", "Technicienne de maintenance", "Développeur logiciel", "Chargée de clientèle"),
)  # fmt: skip
PORTUGUESE = Language(
    "pt", "Portuguese", "Português",
    ("Quem somos", "A função", "O seu perfil", "Vale a pena saber"),
    "Construímos instrumentos que dizem aos portos o que a água vai fazer, e fazemo-lo há três gerações.",
    (
        "Planeia medições com as equipas do porto e mantém as estações a funcionar com qualquer tempo.",
        "Transforma leituras em previsões em que os pilotos confiam e explica-as em palavras simples.",
        "Acompanha de perto dois ou três clientes e visita-os cerca de uma vez por mês.",
    ),
    ("três anos numa função semelhante", "calma quando os planos mudam", "bom português e inglês", "carta de condução"),
    "O tempo de viagem é pago, à sexta saímos às quatro e respondemos a todas as candidaturas em duas semanas.",
    ("Analista de marés", "Técnica de assistência", "Programador", "Gestora de clientes"),
)  # fmt: skip
POLISH = Language(
    "pl", "Polish", "Polski",
    ("O nas", "Stanowisko", "Twój profil", "Warto wiedzieć"),
    "Budujemy przyrządy, które mówią portom, co zrobi woda, i robimy to od trzech pokoleń.",
    (
        "Planujesz pomiary razem z załogami portów i dbasz o stacje przy każdej pogodzie.",
        "Zamieniasz odczyty w prognozy, którym ufają piloci, i objaśniasz je prostymi słowami.",
        "Opiekujesz się dwoma lub trzema klientami i odwiedzasz ich mniej więcej raz w miesiącu.",
    ),
    ("trzy lata na podobnym stanowisku", "spokój, gdy zmieniają się plany", "dobry polski i angielski", "prawo jazdy"),
    "Czas podróży jest płatny, w piątki kończymy o czwartej, a na każde zgłoszenie odpowiadamy w dwa tygodnie.",
    ("Analityk pływów", "Technik serwisu", "Programistka", "Opiekun klienta"),
)  # fmt: skip

LANGUAGES = (ENGLISH, GERMAN, FRENCH, PORTUGUESE, POLISH)
LANGUAGE_OF_COUNTRY = {"de": GERMAN, "fr": FRENCH, "pt": PORTUGUESE, "pl": POLISH}
LEVELS = ("", "", "Senior ", "Lead ", "Junior ")
SECTION_KEYS = ("companyDescription", "jobDescription", "qualifications", "additionalInformation")


def section_texts(language: Language, seed: int) -> tuple[str, str, str, str]:
    """HTML of the four sections of an ad; the same seed gives the same words."""
    first = seed % len(language.duties)
    duties = language.duties[first:] + language.duties[:first]
    wants = language.wants[: 2 + seed % (len(language.wants) - 1)]
    listed = "".join(f"<li>{want}</li>" for want in wants)
    return (
        f"<p>{language.about}</p>",
        "".join(f"<p>{duty}</p>" for duty in duties[: 2 + seed % 2]),
        f"<ul>{listed}</ul>",
        f"<p>{language.closing}</p>",
    )
