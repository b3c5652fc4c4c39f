"""What every connector of an ATS has to keep, tried through the real engine: ``landbridge check-connector NAME``.

A connector takes part by a :class:`~landbridge.cli.conformance.subject.Subject`: a small world of its own, how that is
brought into a workspace, and how one candidate of it is deleted. One line in ``subject.SUBJECTS``.
"""
