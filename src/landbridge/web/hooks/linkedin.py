"""LinkedIn's pushes to the CALLBACK_URL of one workspace, and its question whether the address is ours."""

from __future__ import annotations

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse, JsonResponse
from django.urls import path

from landbridge.connectors.linkedin.push import (
    LONGEST_BODY,
    SIGNATURE_HEADER,
    answer_challenge,
    is_genuine,
    read_push,
)
from landbridge.errors import SettingError
from landbridge.jobs.onboarding.inbox import take
from landbridge.store.connections import load_credentials
from landbridge.store.database import Connection
from landbridge.store.workspaces import find_workspace_by_foreign_id
from landbridge.web.console.access import machine
from landbridge.web.rooms import Room, room_of

SECRETS = ("client_secret", "older_client_secret")


@machine
async def receive(request: ASGIRequest, foreign_id: str) -> HttpResponse:
    """Whoever does not know a workspace's address learns nothing about which ones there are: all refusals are alike."""
    room = room_of(request)
    async with room.database.connection() as connection:
        workspace = await find_workspace_by_foreign_id(connection, foreign_id)
        secrets = await _secrets(connection, room, workspace) if workspace is not None else []
    if request.method == "GET":
        return _challenge(request.GET.get("challengeCode", ""), secrets)
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "GET, POST"})
    if int(request.headers.get("content-length") or 0) > LONGEST_BODY:
        return HttpResponse(status=413)
    body = request.body
    if workspace is None or not is_genuine(body, request.headers.get(SIGNATURE_HEADER, ""), secrets):
        return HttpResponse(status=401)
    push = read_push(body)
    if push is None:
        return HttpResponse(status=400)
    await take(room.database, workspace, push, body, room.clock())
    return HttpResponse(status=200)


async def _secrets(connection: Connection, room: Room, workspace: int) -> list[str]:
    if room.vault is None:
        return []
    try:
        found = await load_credentials(connection, workspace, "linkedin", vault=room.vault)
    except SettingError:
        return []
    return [secret for name in SECRETS if (secret := found.secrets.get(name))]


def _challenge(code: str, secrets: list[str]) -> HttpResponse:
    """Answered with the newest secret; LinkedIn has both for as long as there are two."""
    told = answer_challenge(code, secrets[0]) if secrets else None
    return JsonResponse(told) if told else HttpResponse(status=401)


ROUTES = [path("linkedin/<str:foreign_id>", receive, name="linkedin-push")]
