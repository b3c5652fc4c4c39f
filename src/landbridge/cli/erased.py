"""landbridge erased: what was deleted because the ATS no longer has somebody, where and when."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from landbridge.cli.opening import JsonOption, WorkspaceOption, choose_workspace, opened, run
from landbridge.cli.outcome import say
from landbridge.errors import SettingError

if TYPE_CHECKING:
    from landbridge.store.erasures import Item, Receipt

MOST_SHOWN = 1_000
TOLD_BY = {"event": "the ATS told of it", "sweep": "the ATS lists it no longer", "push": "the ATS deleted it here"}


def erased(
    receipt: Annotated[int | None, typer.Argument(help="The number of one receipt, to see every line of it.")] = None,
    key: Annotated[str, typer.Option("--key", help="Only of the candidate or application with this id.")] = "",
    workspace: WorkspaceOption = "",
    json: JsonOption = False,
) -> None:
    """List the receipts of what was deleted, or show one."""
    run(_erased(receipt, key, workspace, json=json))


async def _erased(number: int | None, key: str, slug: str, *, json: bool) -> None:
    import msgspec

    from landbridge.store.erasures import load_receipt, load_receipts

    async with opened() as parts, parts.database.connection() as connection:
        workspace = await choose_workspace(connection, slug)
        if number is None:
            receipts = await load_receipts(connection, workspace.id, key=key, limit=MOST_SHOWN)
            content: object = receipts
            text = [_line(one) for one in receipts] or ["Nothing was deleted."]
        else:
            found = await load_receipt(connection, workspace.id, number)
            if found is None:
                raise SettingError("There is no such receipt.", hint="List them with: landbridge erased")
            content, text = found, list(lines(found))
    if json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(content)).decode() + "\n")
        return
    for line in text:
        say(line)


def _line(receipt: Receipt) -> str:
    about = f"{receipt.kind} {receipt.key}"
    return f"{receipt.id:>6}  {receipt.noticed_at:%Y-%m-%d %H:%M:%S} UTC  {about:<50} {_where(receipt)}"


def _where(receipt: Receipt) -> str:
    into = f"merged into {receipt.successor}, " if receipt.successor else ""
    if receipt.done_at is not None:
        return f"{into}deleted everywhere at {receipt.done_at:%Y-%m-%d %H:%M:%S} UTC"
    return f"{into}{receipt.waiting} of {receipt.deleted + receipt.waiting} still to be deleted"


def lines(receipt: Receipt) -> Iterator[str]:
    """One receipt as text."""
    yield f"Receipt {receipt.id}: {receipt.kind} {receipt.key}"
    yield f"Noticed {receipt.noticed_at:%Y-%m-%d %H:%M:%S} UTC ({TOLD_BY[receipt.told_by]}); {_where(receipt)}."
    for item in receipt.items:
        name = item.key if item.place == "linkedin" else str(item.count)
        yield f"  {item.place:<11} {item.kind:<12} {name:<44} {_when(item)}"


def _when(item: Item) -> str:
    if item.done_at is not None:
        return f"{item.done_at:%Y-%m-%d %H:%M:%S} UTC"
    return f"refused: {item.reason}" if item.state == "refused" else "waiting"
