"""A resume is known of as soon as the ATS tells of it, where a workspace shares them, and its file is at hand."""

from __future__ import annotations

import httpx2
import pytest

from landbridge.errors import SettingError
from landbridge.jobs.onboarding.consent import check_resumes
from landbridge.sandbox import Sandbox
from landbridge.store.workspaces import load_workspace, save_choices
from tests.faults.control import FarSide
from tests.inbound.rig import Recruiting
from tests.inbound.told import Told


@pytest.mark.parametrize("shared", [True, False])
async def test_resume_is_read_when_it_is_told_of(company: Recruiting, sandbox: Sandbox, shared: bool) -> None:
    await company.sync()
    async with company.works.database.connection() as connection:
        choices = (await load_workspace(connection, company.workspace)).choices
        await save_choices(connection, company.workspace, {**choices, "share_resumes": shared})
    told = Told(company, sandbox)
    known = {row["atsJobApplicationId"] for row in company.drive.clock._far_side.dump("applications")}
    with httpx2.Client(trust_env=False, timeout=30) as http:
        source = FarSide(http, sandbox.smartrecruiters_url)
        application = next(row for row in source.dump("applications") if row["applicationId"] in known)
        path = f"/candidates/{application['candidateId']}/jobs/{application['jobId']}/attachments"
        made = http.post(
            source.url + path,
            headers={"X-SmartToken": source.credentials()["api_key"]},
            files={"file": ("cv.pdf", b"%PDF-1.7", "application/pdf")},
            data={"attachmentType": "RESUME"},
        )
        assert made.status_code == 201
    await told.deliver(1)
    await company.drive.send()
    # This company's connection uses the unversioned API, which has no way for files.
    states = [key for key in await company.drive.states() if key[0] == "resume"]
    assert states == ([("resume", "held", "resumes_need_rest")] if shared else [])
    files = (await company.works.wiring(company.workspace, "linkedin")).files
    assert files is not None
    async with files.open_file(f"{application['applicationId']}.{made.json()['id']}") as pieces:
        assert b"".join([piece async for piece in pieces]) == b"%PDF-1.7"
    with pytest.raises(SettingError) as refused:
        await check_resumes(company.works, company.workspace)
    assert refused.value.code == "resumes_need_rest"
