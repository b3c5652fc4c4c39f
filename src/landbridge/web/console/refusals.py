"""The pages for requests that cannot be answered. They say nothing about why beyond what helps the reader."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    return render(request, "layout/refusal.html", {"title": title, "text": text}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return page(request, 400, "That did not work", "The request could not be understood.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return page(request, 403, "Not allowed", "You may not do this.")


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    return page(
        request, 403, "Please try again", "The form was too old, or your browser kept no cookie. Go back and reload."
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return page(request, 404, "There is no such page", "The address may be mistyped.")


def failed(request: HttpRequest) -> HttpResponse:
    return page(
        request, 500, "Something went wrong", "It was noted in Landbridge's log. Nothing you entered is lost elsewhere."
    )
