"""The pages of the imitated LinkedIn: sign-in, widgets, and Recruiter. Own design; no page needs a script to work.

A page is a folder in this package: one module with its handlers and its ``PAGES``, and its templates beside it. To add
one, say ``people``::

    pages/people/__init__.py     empty but for a docstring
    pages/people/search.py       the handlers
    pages/people/search.html     their template

    # search.py
    def show(visit: Visit) -> Response:
        found = search(visit.state, visit.query("words"), visit.viewer.seat)
        return visit.show("people/search.html", found=found, words=visit.query("words"))

    def export(visit: Visit) -> Response:
        ...                                       # a RefusalError becomes a page that says why
        return visit.go("/recruiter/people", notice="Exported.")

    PAGES: Final = (
        Page("/recruiter/people", show),
        Page("/recruiter/people/{member:int}/export", export, method="POST"),
    )

    {# search.html #}
    {% extends "frame/layout.html" %}
    {% block title %}People{% endblock %}
    {% block content %}<h1>People</h1> ...{% endblock %}

and add ``*search.PAGES`` to ``PAGES`` in :mod:`registry`, and a line to ``NAVIGATION`` there if it belongs into the
menu.

What holds for every page:

- Paths begin with one of ``registry.ROOTS``; anything else is the API's, which never comes through here.
- ``visit`` is one request by one person: ``visit.viewer`` (the person, the seat and contract they work with, and
  whether they are ``admin`` there), ``visit.state``, ``visit.at`` (epoch ms of the sandbox clock), ``visit.linkedin``
  (``talent``, ``recruiter``, ``pushes``), ``visit.form`` and ``visit.query`` (texts by name, "" where missing),
  ``visit.path`` (the parameters of the path).
- ``who=ANYONE`` serves everybody, ``MEMBER`` whoever signed in, ``RECRUITER`` (the default) a Recruiter seat that may
  use the integration, on a chosen contract; everyone else is led to sign-in or told why not.
- A POST from another origin never reaches a handler, so a form is just ``<form method="post">``; it answers with
  ``visit.go(...)``. ``notice`` is shown once on the next page.
- The content security policy allows styles and scripts from ``/recruiter/static/`` only: files in ``static.FILES``.
  ``frame/style.css`` has what pages are made of: ``.card``, ``.list``, ``.facts``, ``.button``, ``.tag``, ``.notice``,
  ``.quiet``, ``.row``, ``.stack``.
- Names of hostile worlds hold anything: templates escape, and never mark text as safe.
"""

from landbridge.sandbox.linkedin.pages.page import ANYONE, MEMBER, RECRUITER, Page
from landbridge.sandbox.linkedin.pages.visit import Visit

__all__ = ["ANYONE", "MEMBER", "RECRUITER", "Page", "Visit"]
