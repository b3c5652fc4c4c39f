"""The JSON API: what the console offers, for programs, and the door through which an ATS of one's own pushes.

Every operation declares the scope its caller's token needs: ``@router.get(…, auth=needs(Scope.READ))``. A token belongs
to one workspace, so no address names one, and ``check_operations`` refuses to start with an operation that does not
say. A token never does more than its maker may: ``store/tokens.py`` names the least role for each scope. Whatever goes
wrong is answered as a problem document (RFC 9457) with a stable code and what to do, also where there is no operation.

To add a subject
----------------
1. ``web/acts/<subject>.py``: what can be done, as functions of an ``Actor``; the console's page calls the same ones.
2. ``web/api/<subject>.py`` with ``ROUTER = Router(tags=[…])``: read with ``Scope.READ``, change with a scope of its own
   (one line each in ``Scope`` and ``LEAST``, and its words in ``console/api_access/page.py``). Answers are Schemas;
   refusals ``**REFUSALS``, where a number is in the address ``**MISSING`` too.
3. One line in ``document.py``. ``tests/web/test_api_access.py`` and ``test_api_storm.py`` walk it; ``make docs``.
4. A POST that makes something: ``openapi_extra=ONCE`` and ``@once`` below (``once.py``): it can be called again.
"""
