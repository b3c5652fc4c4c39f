"""The console: the pages for people. One folder per page, all in one frame, each declaring who may use it.

To add a page
-------------
1. Make a folder here, named for its subject: ``console/contracts/`` with ``page.py`` (handlers), ``page.html`` and what
   only this page needs (a frozen context, its wording, its forms). Tests go to ``tests/web/test_console_contracts.py``.
2. Declare handlers with who may use them (``console/access.py``), and the page itself::

       @shows(Who.VIEWER)
       async def show(visit: Visit) -> HttpResponse:
           async with visit.connection() as connection:
               found = await load_contracts(connection, visit.workspace.id)
           return await visit.render("console/contracts/page.html", {"contracts": found})

       @acts(Who.ADMIN)                       # POST only; fresh=True asks for the password again where it is old
       async def pause(visit: Visit, number: int) -> HttpResponse:
           ...
           await visit.note("contract.paused", subject=f"contract {number}")   # who, what, when: the Activity page
           return await visit.goes_to("contracts", tell=_("The contract is paused."))

       PAGE = Page(name="contracts", title=_("Contracts"), routes=[
           path("contracts", show, name="contracts"),
           path("contracts/<int:number>/pause", pause, name="contract-pause"),
       ])

   A handler without a declaration stops the process at start (``check_routes``), and ``tests/web/test_access.py``
   walks every route with every role, in one's own and in somebody else's workspace, without being told of it.
3. Add one line to ``console/pages.py``: the order there is the order in the navigation.

What a page can rely on
-----------------------
* ``visit`` (``console/visit.py``): request, user, role, workspace (already checked), the time, the form's fields. In
  templates ``visit`` is always there: ``visit.workspace``, ``visit.may.admin``, ``visit.now``.
* Addresses in a workspace are ``/w/<slug>/<path>``: ``{% to "contracts" %}``, in Python ``visit.address("contracts")``.
* Markup: ``{% extends "console/layout/frame.html" %}`` with the blocks ``title``, ``actions`` (buttons beside the
  heading) and ``content``; ``{% load console i18n %}`` for ``{% badge tone text %}``, ``{% when at %}``,
  ``{% ago at %}``, ``{% bar done total label %}``, ``{% stepper steps %}``, ``{% field form.name %}``,
  ``{% empty title text %}``, ``number|thousands``. Classes are listed at the top of ``static/console.css``.
* ``steps`` for ``{% stepper %}`` are ``console/turns.py`` ``Step``s: what, whose turn, state, one sentence.
* No inline script or style, ever: the content security policy refuses both. htmx is loaded on every page; give whatever
  it asks for a plain form or link as well, because every page works without JavaScript. ``visit.partial`` tells whether
  htmx asks. A part that renews itself: ``<div id="x" data-live hx-get="" hx-trigger="every 3s" hx-select="#x"
  hx-swap="outerHTML">`` keeps what is open and what has the focus.
* A question before something drastic: a ``<details class="confirm">`` with the form inside; it needs no script.
* Text is ``{% translate %}`` or ``gettext``; times go through ``{% when %}``, which shows the reader's own zone.
"""
