"""The LinkedIn half of the sandbox.

app         the ASGI app, steered by the control room reception    one request, step by step
routing     paths and methods to resources            refusals     how LinkedIn says no
calls       sizes, tunnelling, Rest.li methods        restli       keys in protocol 1.0 and 2.0
singles     one entity by the key in the path
oauth       the token endpoints                       versions     LinkedIn-Version
tokens      tokens and codes                          authorization  the page where a member allows it (pages/)
limits      quotas and waits                          audit        the rules a client can break
state       developer applications, integrations      books        what was synced
postings    tasks and the life of jobs                members      directory and person ids
resources/  one module per resource (routes)          rules/       its validations (pure)
pushes      to CALLBACK_URL, and their log
recruiter   what its admin does in Recruiter          dump         the state for the control room
talent/     what recruiters and members do            records      what is kept of it
choices     every unknown of LinkedIn's documentation, and the answer chosen here
"""

from landbridge.sandbox.linkedin.app import LinkedIn

__all__ = ["LinkedIn"]
