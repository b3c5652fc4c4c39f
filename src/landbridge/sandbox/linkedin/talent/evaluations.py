"""Evaluations of applications by LinkedIn's hiring assistant. Source: exported-application-evaluation."""

from __future__ import annotations

from landbridge.sandbox.linkedin.choices import EVALUATION_RATINGS, EVALUATION_REQUEST_HOURS
from landbridge.sandbox.linkedin.pushes import EVALUATION
from landbridge.sandbox.linkedin.records import Evaluation
from landbridge.sandbox.linkedin.refusals import RefusalError
from landbridge.sandbox.linkedin.state import DeveloperApplication
from landbridge.sandbox.linkedin.talent.desk import Desk
from landbridge.sandbox.worlds.draw import Draw

DAY_MS = 86_400_000
REMARKS = (
    "The present role is close to the one offered.",
    "Several years with the tools the job names.",
    "Has worked with customers of the same kind.",
    "Lives near the place of work.",
)


class Evaluations:
    """What the assistant thinks of applications."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def evaluate(self, application: str, client_id: str | None = None) -> Evaluation:
        """Have one application evaluated and push the news: at most once in 24 hours."""
        child, at = self._desk.child(client_id), self._desk.clock.ms()
        organization = self._organization_of(child, application)
        evaluations = self._desk.records.evaluations
        for before in evaluations.values():
            if (before.client_id, before.application) == (child.client_id, application) and at < before.at + DAY_MS:
                raise RefusalError(409, "this application was evaluated within the last 24 hours")
        draw = Draw("evaluation", application, len(evaluations))
        evaluation = Evaluation(
            request_id=f"eval-{len(evaluations) + 1:06d}",
            client_id=child.client_id,
            organization=organization,
            application=application,
            at=at,
            expires_at=at + EVALUATION_REQUEST_HOURS * 3_600_000,
            rating=draw.pick(EVALUATION_RATINGS),
            summary=" ".join(draw.sample(REMARKS, 2)),
        )
        evaluations[evaluation.request_id] = evaluation
        self._desk.pushes.announce(child, EVALUATION, evaluation.request_id, evaluation.expires_at)
        return evaluation

    def _organization_of(self, child: DeveloperApplication, application: str) -> str:
        for context, book in child.books.items():
            if application in book.applications:
                return context
        raise RefusalError(404, "LinkedIn knows no such application")
