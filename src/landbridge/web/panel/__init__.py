"""The candidate panel: a page for a frame inside any ATS, about one candidate and for one of its users.

The ATS's server asks the JSON API for a link; whoever opens it needs no account and no cookie. The link names candidate
and user, sealed, and works for some minutes. Only pages of origins that the workspace has named may frame it.
"""
