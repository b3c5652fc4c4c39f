"""Whose an arrival is: what somebody has said on the desk; by the person's URN; by addresses the person has shared."""

from __future__ import annotations

from landbridge.ports.ats import Known
from landbridge.store.arrivals import Due, Followed, candidates_of, followed, note_follower, shared_emails
from landbridge.sync.effects.working import DeskError, Working


async def find(working: Working, arrival: Due) -> str:
    """The candidate's key. Raises DeskError: somebody else has to say."""
    keys = await keys_of(working, arrival)
    if not keys and arrival.person_urn:
        keys = [known.key for known in await by_emails(working, await emails_of(working, arrival))]
    if not keys:
        decided = await _decided(working, arrival)
        if decided is not None and decided.does == "dismiss":
            async with working.saving() as connection:
                await note_follower(connection, working.workspace, arrival, decided.decision)
            raise DeskError("dismissed")
    return the_one(keys)


async def keys_of(working: Working, arrival: Due) -> list[str]:
    """Who a person on the desk said it is, of this or of what came before; else whom the member is known to be.

    Raises DeskError where a person wants to be asked about everything of this member.
    """
    chosen = (arrival.choice or {}).get("candidate")
    if chosen:
        return [str(chosen)]
    decided = await _decided(working, arrival)
    if decided is not None and decided.does == "attach" and decided.candidate:
        async with working.saving() as connection:
            await note_follower(connection, working.workspace, arrival, decided.decision)
        return [decided.candidate]
    if decided is not None and decided.does == "ask":
        raise DeskError("wrong_person")
    async with working.database.connection() as connection:
        return await candidates_of(connection, working.workspace, arrival.person_urn, arrival.whose)


async def _decided(working: Working, arrival: Due) -> Followed | None:
    async with working.database.connection() as connection:
        return await followed(connection, working.workspace, arrival)


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
    raise DeskError("ambiguous", facts={"candidates": keys}) if keys else DeskError("unmatched")
