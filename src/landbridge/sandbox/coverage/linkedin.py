"""What Recruiter System Connect touches at LinkedIn. ``what`` lists the Rest.li methods in alphabetical order."""

from __future__ import annotations

from typing import Final

from landbridge.sandbox.coverage.operation import ABSENT, CLOSE, PARTLY_CHOSEN, Operation

_WRITES = "batch_delete, batch_update"
_CHILD_FIELDS = "the keys are known, the fields keep their v2 names"
_INBOUND = "many names of fields are ours"
_LOOK = "the older look: Request, Notify partner, Partner ready"

LINKEDIN: Final = (
    # Sign-in
    Operation("/oauth/v2/accessToken", "client_credentials", CLOSE, "tokens live 30 minutes"),
    Operation("/oauth/v2/accessToken", "authorization_code", CLOSE, "a code works once and for 30 minutes; PKCE"),
    Operation("/oauth/v2/accessToken", "refresh_token", PARTLY_CHOSEN, "for applications the control room approves"),
    Operation("/oauth/v2/authorization", "page", PARTLY_CHOSEN, "own design; signs in the people of the world"),
    Operation("/oauth/v2/introspectToken", "form", CLOSE),
    Operation("v2/me", "get", PARTLY_CHOSEN, "ids differ from application to application"),
    Operation("v2/userinfo", "get", PARTLY_CHOSEN, "OpenID Connect; no id_token"),
    # Onboarding
    Operation("v2/provisionedApplications", "create, finder, partial_update", PARTLY_CHOSEN),
    Operation("v2/developerApplicationsSecurity", "action", PARTLY_CHOSEN, "two live secrets; name of the deletion"),
    Operation("v2/developerWebhooks", "finder", ABSENT, "webhooks of the developer portal, not of this product"),
    Operation("v2/atsIntegrations", "batch_get, batch_partial_update, finder", PARTLY_CHOSEN, "name of the status"),
    Operation("rest/integrations", "batch_get, batch_partial_update, finder", PARTLY_CHOSEN, "name of the status"),
    Operation("v2/atsIntegrations/configurations", "batch_delete, batch_get, batch_update", CLOSE),
    Operation(
        "v2/atsIntegrationConfigurations", "batch_get, batch_update", ABSENT, "the release notes' name of the above"
    ),
    Operation("rest/integrationConfigurations", "batch_get, batch_update", PARTLY_CHOSEN, "name of the key's field"),
    Operation(
        "v2/atsEntityAcls",
        "batch_delete, batch_update, finder",
        CLOSE,
        "who sees a job, and what hangs on it, follows them",
    ),
    Operation("rest/entityAcls", "batch_delete, batch_update, finder", PARTLY_CHOSEN, "names in the key"),
    Operation("v2/atsEntityAclAssignees", "batch_delete, batch_update, finder", CLOSE, "at most 10 lists per person"),
    Operation("rest/entityAclAssignees", "batch_delete, batch_update, finder", PARTLY_CHOSEN, "names in the key"),
    # Widgets
    Operation("/xdoor/scripts/in.js", "loader", PARTLY_CHOSEN, "wording of what it tells the browser's console"),
    Operation("/rsc/extensions/onboarding-widget", "IN/ATSIntegrationWidget", PARTLY_CHOSEN, _LOOK),
    Operation("/recruiter/widget/ATSIntegration", "IN/ATSIntegrationWidget", PARTLY_CHOSEN, "address of the samples"),
    Operation(
        "/rsc/extensions/profile-widget", "IN/HcmWidget", PARTLY_CHOSEN, "own design; no evaluations, no projects"
    ),
    Operation("/recruiter/widget/hcm", "IN/HcmWidget", PARTLY_CHOSEN, "address of the samples"),
    # Jobs
    Operation("v2/simpleJobPostings", "batch_create", CLOSE, "basic and private jobs; premium ones answer 402"),
    Operation("rest/simpleJobPostings", "batch_create", PARTLY_CHOSEN),
    Operation("v2/simpleJobPostingTasks", "batch_get", PARTLY_CHOSEN, "life of a task"),
    Operation("rest/simpleJobPostingTasks", "batch_get", PARTLY_CHOSEN, "life of a task"),
    Operation("v2/jobPostingStatus", "batch_get", PARTLY_CHOSEN, "whether private jobs answer; codes of failures"),
    Operation("rest/jobPostingStatus", "batch_get", PARTLY_CHOSEN, "whether private jobs answer"),
    Operation("rest/jobRequisitions", "batch_update", ABSENT, "its key is known from a secondary source, no field is"),
    Operation("rest/jobRequisitionStages", "batch_update", ABSENT, "as above; belongs to RSC+"),
    Operation("RSC+", "LinkedIn reads from the ATS", ABSENT, "by agreement; no public description"),
    # Candidates, applications and what hangs below
    Operation("v2/atsCandidates", "batch_delete, batch_get, batch_partial_update, batch_update", PARTLY_CHOSEN),
    Operation("rest/candidates", "batch_delete, batch_get, batch_update", PARTLY_CHOSEN),
    Operation("v2/atsCandidates/notes", _WRITES, CLOSE),
    Operation("rest/candidateNotes", _WRITES, CLOSE),
    Operation("v2/atsApplications", _WRITES, CLOSE, "notes, stages, feedback and attachments go with it"),
    Operation("rest/atsApplications", _WRITES, PARTLY_CHOSEN, "as in v2 without dataProvider"),
    Operation("v2/atsApplications/notes", _WRITES, CLOSE),
    Operation("rest/applicationNotes", _WRITES, PARTLY_CHOSEN, "names of the times"),
    Operation("v2/atsApplications/stages", _WRITES, CLOSE),
    Operation("rest/applicationStage", _WRITES, PARTLY_CHOSEN, _CHILD_FIELDS),
    Operation("v2/atsApplications/interviewFeedback", _WRITES, CLOSE),
    Operation("rest/applicationInterviewFeedbacks", _WRITES, PARTLY_CHOSEN, _CHILD_FIELDS),
    Operation("v2/hireMediaUrl", "create", PARTLY_CHOSEN, "step 1 of an attachment, which step 2 uploads"),
    Operation("/dms-uploads/{}", "PUT", PARTLY_CHOSEN, "step 2: the bytes of a file, counted and not kept"),
    Operation("rest/attachments", _WRITES, PARTLY_CHOSEN, "at most 10 in a batch; name of the reference to the file"),
    # What comes from LinkedIn
    Operation("push", "INTEGRATION_STATUS_CHANGE", PARTLY_CHOSEN, "signed, repeated, expiring; log, challenge, faults"),
    Operation("push", "EXPORT_CANDIDATE_PROFILE", PARTLY_CHOSEN, "300 exports per seat and month; a day to read it"),
    Operation("push", "EXPORT_APPLICATION_EVALUATION", PARTLY_CHOSEN, "name of the type"),
    Operation("push", "RESYNC_JOBS", PARTLY_CHOSEN, "sent to the customer's callback; UPDATEs awaited for 30 minutes"),
    Operation("push", "job status", ABSENT),
    Operation("v2/exportedCandidates", "finder", PARTLY_CHOSEN, _INBOUND),
    Operation("rest/exportedCandidates", "finder", PARTLY_CHOSEN, "seen in another vendor's client only"),
    Operation("v2/seatsV2", "finder", PARTLY_CHOSEN, "fails without start"),
    Operation("rest/seatsV2", "finder", PARTLY_CHOSEN, "fails without start"),
    Operation("v2/seats", "finder", PARTLY_CHOSEN, "retired: answers 410"),
    Operation("v2/conversationEvents", "finder", PARTLY_CHOSEN, f"12 calls per seat and minute; {_INBOUND}"),
    Operation("v2/mailStubs", "finder", PARTLY_CHOSEN, f"no further than result 20,000; {_INBOUND}"),
    Operation("rest/mailStubs", "finder", PARTLY_CHOSEN, "as in v2"),
    Operation("v2/prospectNotes", "finder", PARTLY_CHOSEN, _INBOUND),
    Operation("v2/closedCandidateProfiles", "finder", PARTLY_CHOSEN, "only the duty to ask is documented"),
    Operation("rest/exportedApplicationEvaluation", "finder", PARTLY_CHOSEN, _INBOUND),
    Operation("rest/exportedApplicationEvaluations", "finder", PARTLY_CHOSEN, "the release notes' spelling"),
    # Recruiter, of which screens are described and never specified: all of it is own design
    Operation("/login", "page", PARTLY_CHOSEN, "lists the people of the world with their passwords"),
    Operation("/recruiter", "page", PARTLY_CHOSEN),
    Operation("/recruiter/contract", "page", PARTLY_CHOSEN, "skipped with one contract; stays until sign-out"),
    Operation("/recruiter/people", "page", PARTLY_CHOSEN, "search with the in-ATS filter"),
    Operation("/recruiter/people/{member:int}", "page", PARTLY_CHOSEN, "profile with the in-ATS panel, and notes"),
    Operation("/recruiter/people/{member:int}/export", "page", PARTLY_CHOSEN, "Export to, with job type-ahead"),
    Operation("/recruiter/people/{member:int}/inmail", "page", PARTLY_CHOSEN),
    Operation("/recruiter/inmails", "page", PARTLY_CHOSEN),
    Operation("/recruiter/inmails/{thread}", "page", PARTLY_CHOSEN),
    Operation("/recruiter/notes/{note:int}", "page", PARTLY_CHOSEN, "edit and delete"),
    Operation("/recruiter/as-member/{member:int}", "page", PARTLY_CHOSEN, "answer, share contact details, close"),
    Operation("/recruiter/resync", "page", PARTLY_CHOSEN, "LinkedIn's own act, here for a person to start"),
    Operation("/recruiter/admin/ats", "page", PARTLY_CHOSEN, "More, Admin Settings, ATS: two switches"),
)
