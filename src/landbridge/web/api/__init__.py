"""The JSON API: what the console offers, for programs, and the door through which an ATS of one's own pushes.

Every operation declares the scope its caller's token needs: ``@router.get(…, auth=needs(Scope.READ))``. A token belongs
to one workspace, so no address names one, and ``check_operations`` refuses to start with an operation that does not
say. Whatever goes wrong is answered as a problem document (RFC 9457) with a stable code and what to do.
"""
