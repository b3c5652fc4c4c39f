"""Everything the imitated LinkedIn remembers: developer applications, their integrations, books and tasks."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct, field

from landbridge.sandbox.linkedin.books import Book
from landbridge.sandbox.linkedin.choices import STATUS_REQUEST_HOURS
from landbridge.sandbox.linkedin.media import MediaShelf
from landbridge.sandbox.linkedin.members import Directory, PersonIds
from landbridge.sandbox.linkedin.postings import Tasks
from landbridge.sandbox.linkedin.records import open_records
from landbridge.sandbox.worlds.network import Network


class Integration(Struct, kw_only=True):
    """That a given application may run a given feature for a given context."""

    context: str
    type: str
    tenant: str = "RECRUITER"
    status: str = "REQUESTED"
    name: str | None = None
    configurations: dict[str, str] = field(default_factory=dict)


class Approvals(Struct, kw_only=True, forbid_unknown_fields=True):
    """What LinkedIn has permitted an application besides its products."""

    two_legged: bool = True
    refresh_tokens: bool = False


class DeveloperApplication(Struct, kw_only=True):
    """A developer application: the partner's parent, or the child of one customer."""

    number: int
    client_id: str
    client_secret: str
    parent: bool = False
    older: bool = False  # from Cross-System Awareness
    foreign_id: str = ""
    name: str = ""
    description: str = ""
    older_secret: str | None = None
    rolls: int = 0
    approvals: Approvals = field(default_factory=Approvals)
    callback_urls: list[str] = field(default_factory=list)
    sdk_domains: list[str] = field(default_factory=list)
    integrations: dict[tuple[str, str, str], Integration] = field(default_factory=dict)
    books: dict[str, Book] = field(default_factory=dict)
    persons: PersonIds = field(default_factory=lambda: PersonIds(""))

    @property
    def urn(self) -> str:
        return f"urn:li:developerApplication:{self.number}"

    def secrets(self) -> list[str]:
        """The live secrets, newest first: two between a rotation and the deletion of the old one."""
        return [self.client_secret] if self.older_secret is None else [self.client_secret, self.older_secret]

    def book(self, context: str) -> Book:
        book = self.books.get(context)
        if book is None:
            book = self.books[context] = Book()
        return book

    def enabled(self, context: str, types: tuple[str, ...]) -> bool:
        """Whether one of these integrations is enabled for the context."""
        return any(
            integration.status == "ENABLED" and integration.context == context and integration.type in types
            for integration in self.integrations.values()
        )


class StatusRequest(Struct):
    """One status change that can be read back with ``q=request``."""

    client_id: str
    key: tuple[str, str, str]
    expires_at: int


class State:
    """One world's LinkedIn. A reset is a new State."""

    def __init__(self, network: Network, make_secret: Callable[[str], tuple[str, str]]) -> None:
        self.network = network
        self.directory = Directory(network.members)
        self._make_secret = make_secret
        self.applications: dict[str, DeveloperApplication] = {}
        self.tasks = Tasks()
        self.talent = open_records(network)
        self.media = MediaShelf()
        self.status_requests: dict[str, StatusRequest] = {}
        self.parent = self.add_application("parent", parent=True)
        self.parent.name = "Sandbox ATS"
        self.child = self.add_application("sandbox-tenant")
        self.child.name = f"Sandbox ATS - {network.organization_name}"[:50]
        self.child.description = "The ready child application of the sandbox"

    def add_application(self, foreign_id: str, *, parent: bool = False) -> DeveloperApplication:
        """A new developer application with credentials of its own."""
        client_id, client_secret = self._make_secret(foreign_id)
        application = DeveloperApplication(
            number=990_000 + len(self.applications),
            client_id=client_id,
            client_secret=client_secret,
            parent=parent,
            foreign_id=foreign_id,
            persons=PersonIds(client_id),
        )
        self.applications[client_id] = application
        return application

    def children(self) -> list[DeveloperApplication]:
        return [application for application in self.applications.values() if not application.parent]

    def child_by_urn(self, urn: str) -> DeveloperApplication | None:
        return next((child for child in self.children() if child.urn == urn), None)

    def roll_secret(self, application: DeveloperApplication) -> str:
        """A new secret beside the present one, which stays valid until it is deleted."""
        application.rolls += 1
        application.older_secret = application.client_secret
        application.client_secret = self._make_secret(f"{application.foreign_id}/{application.rolls}")[1]
        return application.client_secret

    def newest_child(self) -> DeveloperApplication:
        """The application a customer's pages would show widgets with: the last one that something was asked for, or
        that was provisioned; the ready one where there is no other."""
        children = self.children()
        return next((child for child in reversed(children) if child.integrations), children[-1])

    def by_foreign_id(self, foreign_id: str) -> DeveloperApplication | None:
        return next((child for child in self.children() if child.foreign_id == foreign_id), None)

    def change_status(self, application: DeveloperApplication, integration: Integration, status: str, at: int) -> str:
        """What the admin does in Recruiter; gives the request id under which the change can be read for a day."""
        integration.status = status
        expires_at = at + STATUS_REQUEST_HOURS * 3_600_000
        request_id = f"req-{len(self.status_requests) + 1:06d}"
        key = (integration.context, integration.type, integration.tenant)
        self.status_requests[request_id] = StatusRequest(application.client_id, key, expires_at)
        return request_id
