"""Pages show in the reader's language: the one chosen in the profile, else the first the browser asks for that we have.

Only what people read: the JSON API speaks English to everybody, so that what programs log reads the same everywhere.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.decorators import async_only_middleware

CHOSEN = "landbridge_language"  # in the session, beside the profile it is kept in
MACHINES = ("/api/", "/hooks/", "/linkedin/")


def language_of(request: HttpRequest) -> str:
    chosen = request.session.get(CHOSEN)
    if isinstance(chosen, str) and chosen in dict(settings.LANGUAGES):
        return chosen
    return translation.get_language_from_request(request)


@async_only_middleware
def reader_language(
    get_response: Callable[[HttpRequest], Awaitable[HttpResponse]],
) -> Callable[[HttpRequest], Awaitable[HttpResponse]]:
    from asgiref.sync import sync_to_async

    async def in_language(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(MACHINES):
            return await get_response(request)
        language = await sync_to_async(language_of)(request)
        with translation.override(language):
            answer = await get_response(request)
        answer.headers.setdefault("Content-Language", language)
        patch_vary_headers(answer, ("Accept-Language",))
        return answer

    return in_language
