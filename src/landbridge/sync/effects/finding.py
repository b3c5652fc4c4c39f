"""Whose an arrival is: by the person's URN, then by addresses the person has shared."""

from __future__ import annotations

from landbridge.ports.ats import Known
from landbridge.store.arrivals import Due, candidates_of, shared_emails
from landbridge.sync.effects.working import DeskError, Working


async def find(working: Working, arrival: Due) -> str:
    """The candidate's key. Raises DeskError: somebody else has to say."""
    keys = await keys_of(working, arrival)
    if not keys and arrival.person_urn:
        keys = [known.key for known in await by_emails(working, await emails_of(working, arrival))]
    return the_one(keys)


async def keys_of(working: Working, arrival: Due) -> list[str]:
    """Who a person on the desk said it is; else whom the member is known to be."""
    chosen = (arrival.choice or {}).get("candidate")
    if chosen:
        return [str(chosen)]
    if not arrival.person_urn:
        return []
    async with working.database.connection() as connection:
        return await candidates_of(connection, working.workspace, arrival.person_urn)


async def emails_of(working: Working, arrival: Due) -> list[str]:
    """Addresses the member has shared, those of the arrival itself first."""
    own = [str(email) for email in arrival.body.get("emails", ())] + [arrival.body.get("email") or ""]
    shared: list[str] = []
    if arrival.person_urn:
        async with working.database.connection() as connection:
            shared = await shared_emails(connection, working.workspace, arrival.person_urn)
    return [email for email in dict.fromkeys([*own, *shared]) if email]


async def by_emails(working: Working, emails: list[str]) -> list[Known]:
    found = {known.key: known for email in emails for known in await working.writing.find_by_email(email)}
    return list(found.values())


def the_one(keys: list[str]) -> str:
    if len(keys) == 1:
        return keys[0]
    raise DeskError("ambiguous" if keys else "unmatched")
