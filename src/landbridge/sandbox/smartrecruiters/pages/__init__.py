"""The pages of the imitated SmartRecruiters, below ``/app``: people of the company at work. No page needs a script.

A page is a handler and a template of the same name; ``desk`` lists them all with their addresses. Handlers take a
:class:`~landbridge.sandbox.smartrecruiters.pages.visit.Visit`, and make their changes with ``changes``, so that
webhooks hear of them like of any other. The addresses of candidates and applications are those that have been seen of
the real product, so a template for profile addresses only needs another host.
"""

from landbridge.sandbox.smartrecruiters.pages.desk import ROOT, page_desk

__all__ = ["ROOT", "page_desk"]
