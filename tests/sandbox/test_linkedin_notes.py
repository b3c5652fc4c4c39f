"""Notes and interview feedback: every validation, both dialects, what vanishes with what."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.linkedin_caller import Caller, application, candidate, element_status, ids_query, text_key

NOTE = {"atsCreatedAt": 1_767_225_600_000, "note": "Knows trams.", "author": {"firstName": "Ada", "lastName": "Okoye"}}
FEEDBACK = {
    "atsCreatedAt": 1_767_225_600_000,
    "interviewer": {"firstName": "Ada", "lastName": "Okoye"},
    "evaluations": [{"attribute": "Driving", "result": "Strong"}, {"attribute": "Patience"}],
    "feedback": "Yes.",
    "interviewType": "ONSITE",
}
V2 = ["candidate_notes", "application_notes", "interview_feedback"]


@pytest.fixture
async def ready(linkedin: Caller) -> Caller:
    """One job, one candidate, two applications."""
    await linkedin.create_job()
    await linkedin.put_candidates({"C1": candidate()})
    await linkedin.put_applications({"A1": application(), "A2": application()})
    return linkedin


def path_of(caller: Caller, kind: str, parent: str = "") -> str:
    if kind == "candidate_notes":
        return f"/v2/atsCandidates/{text_key(caller.candidate_key(parent or 'C1'))}/notes"
    child = "notes" if kind == "application_notes" else "interviewFeedback"
    return f"/v2/atsApplications/{text_key(caller.application_key(parent or 'A1'))}/{child}"


def value_of(kind: str) -> dict[str, Any]:
    return FEEDBACK if kind == "interview_feedback" else NOTE


async def put(caller: Caller, kind: str, entities: dict[str, Any], parent: str = "") -> dict[str, int]:
    query = "&".join(f"ids={name}" for name in entities)
    answer = await caller.send(
        "PUT", path_of(caller, kind, parent), query, {"entities": entities}, x_restli_method="batch_update"
    )
    return element_status(answer)


@pytest.mark.parametrize("kind", V2)
async def test_children_are_created_replaced_and_deleted_on_their_path(ready: Caller, kind: str) -> None:
    value = value_of(kind)
    assert await put(ready, kind, {"N1": value, "N2": value}) == {"N1": 201, "N2": 201}
    assert await put(ready, kind, {"N1": {**value, "atsCreatedAt": 1_767_225_700_000}}) == {"N1": 204}
    assert [row["atsCreatedAt"] for row in ready.dump(kind)] == [1_767_225_700_000, 1_767_225_600_000]
    deleted = await ready.send("DELETE", path_of(ready, kind), "ids=N1&ids=N9")
    assert element_status(deleted) == {"N1": 204, "N9": 404}
    assert ready.sandbox.linkedin.state_counts()[kind] == 1
    assert not ready.broken_rules()


@pytest.mark.parametrize("kind", V2)
async def test_field_left_out_of_a_replacement_is_on_record(ready: Caller, kind: str) -> None:
    await put(ready, kind, {"N1": value_of(kind)})
    await put(ready, kind, {"N1": {"atsCreatedAt": 1_767_225_600_000}})
    assert ready.broken_rules() == {"omitted_field"}


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, 201),
        ({"note": None, "author": None, "atsCreatedAt": None}, 201),
        ({"note": "x" * 30_000}, 201),
        ({"note": 5}, 422),
        ({"atsCreatedAt": 0}, 422),
        ({"atsCreatedAt": "yesterday"}, 422),
        ({"author": {"firstName": "Ada"}}, 422),
        ({"author": {"lastName": "Okoye"}}, 422),
        ({"author": {"firstName": "", "lastName": "Okoye"}}, 422),
        ({"author": "Ada Okoye"}, 422),
    ],
)
@pytest.mark.parametrize("kind", V2[:2])
async def test_note_validation(ready: Caller, kind: str, changes: dict[str, Any], status: int) -> None:
    assert await put(ready, kind, {"N1": {**NOTE, **changes}}) == {"N1": status}


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, 201),
        ({"evaluations": [], "interviewer": None, "interviewType": "PHONE_SCREEN"}, 201),
        ({"atsCreatedAt": -1}, 422),
        ({"interviewer": {"firstName": "Ada"}}, 422),
        ({"evaluations": [{"result": "Strong"}]}, 422),
        ({"evaluations": [{"attribute": ""}]}, 422),
        ({"evaluations": {"attribute": "Driving"}}, 422),
        ({"interviewType": "VIDEO"}, 422),
        ({"feedback": ["Yes."]}, 422),
    ],
)
async def test_feedback_validation(ready: Caller, changes: dict[str, Any], status: int) -> None:
    assert await put(ready, "interview_feedback", {"F1": {**FEEDBACK, **changes}}) == {"F1": status}


@pytest.mark.parametrize("kind", V2)
async def test_child_of_an_unknown_parent_is_refused_and_on_record(ready: Caller, kind: str) -> None:
    assert await put(ready, kind, {"N1": value_of(kind)}, "gone") == {"N1": 404}
    assert ready.broken_rules() == {"unknown_reference"}


REST = [
    ("/rest/candidateNotes", "externalNoteId", "externalCandidateId", "C1", "candidate_notes"),
    ("/rest/applicationNotes", "externalNoteId", "externalJobApplicationId", "A1", "application_notes"),
    ("/rest/applicationInterviewFeedbacks", "interviewFeedbackId", "jobApplicationId", "A1", "interview_feedback"),
]


@pytest.mark.parametrize(("path", "own", "parent", "parent_id", "kind"), REST)
async def test_rest_names_the_parent_in_the_key(
    ready: Caller, path: str, own: str, parent: str, parent_id: str, kind: str
) -> None:
    key = {own: "N1", parent: parent_id, "integrationContext": ready.organization}
    times = {"externalCreatedAt": 1_767_225_600_000, "externalLastModifiedAt": 1_767_312_000_000}
    value = FEEDBACK if kind == "interview_feedback" else {**times, "note": "Knows trams."}
    assert element_status(await ready.put_rest(path, [key], [value]), own) == {"N1": 201}
    [row] = ready.dump(kind)
    assert parent_id in row.values()
    deleted = await ready.send("DELETE", path, ids_query([key]))
    assert element_status(deleted, own) == {"N1": 204}
    assert not ready.dump(kind)


@pytest.mark.parametrize(
    "changes",
    [{"externalCreatedAt": 0}, {"externalLastModifiedAt": "x"}, {"author": {"firstName": "Ada"}}],
)
async def test_rest_note_validation(ready: Caller, changes: dict[str, Any]) -> None:
    key = {"externalNoteId": "N1", "externalCandidateId": "C1", "integrationContext": ready.organization}
    assert element_status(await ready.put_rest("/rest/candidateNotes", [key], [changes])) == {"N1": 422}


async def test_notes_and_feedback_vanish_with_their_application(ready: Caller) -> None:
    for parent in ("A1", "A2"):
        for kind in V2[1:]:
            await put(ready, kind, {f"{parent}.1": value_of(kind)}, parent)
    await ready.send("DELETE", "/v2/atsApplications", ids_query([ready.application_key("A1")]))
    assert [row["noteId"] for row in ready.dump("application_notes")] == ["A2.1"]
    assert [row["feedbackId"] for row in ready.dump("interview_feedback")] == ["A2.1"]


async def test_notes_vanish_with_their_candidate_and_stay_gone(ready: Caller) -> None:
    await put(ready, "candidate_notes", {"N1": NOTE})
    await put(ready, "application_notes", {"N1": NOTE})
    await ready.send("DELETE", "/v2/atsCandidates", ids_query([ready.candidate_key("C1")]))
    await ready.put_candidates({"C1": candidate(atsLastModifiedAt=1_767_400_000_000)})
    counts = ready.sandbox.linkedin.state_counts()
    assert (counts["candidate_notes"], counts["application_notes"]) == (0, 1)


async def test_nothing_is_taken_before_the_integration_is_enabled(ready: Caller) -> None:
    ready.enable(status="DISABLED")
    answer = await ready.send("PUT", path_of(ready, "candidate_notes"), "ids=N1", {"entities": {"N1": NOTE}})
    assert answer.status_code == 403
    assert ready.broken_rules() == {"data_before_enabled"}
