"""Bringing a workspace onto LinkedIn, step by step, as plain functions: pages, commands and the API call the same.

    consent.py      agreeing, with a dated receipt; what each choice would affect
    ats.py          connecting the ATS: tried before it is saved
    application.py  the workspace's own LinkedIn application: made, found, its secrets, its addresses
    contracts.py    adding contracts, naming and configuring, pausing, ending
    standing.py     whose turn it is with a contract (pure)
    statuses.py     what LinkedIn says of the integrations, how often it is asked, and what follows
    inbox.py        what LinkedIn pushed, worked off
    people.py       seats and users pulled in

Each function saves before it returns. ``by`` is who asked, as receipts and histories name them.
"""
