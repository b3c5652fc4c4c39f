"""Every reason the LinkedIn connector gives for a record that is not on LinkedIn."""

from __future__ import annotations

from landbridge.records.reason import Reason

HELD: tuple[Reason, ...] = (
    Reason(
        "id_unusable",
        "An id is longer than 75 characters or holds other characters than letters, digits, dot, dash and underscore.",
        "LinkedIn could not find such a record again. Ask the ATS's support why this id differs from all others.",
    ),
    Reason(
        "title_missing",
        "The job has no title.",
        "Give the job a title in the ATS.",
    ),
    Reason(
        "description_too_short",
        "The job ad has fewer than 100 characters of text that LinkedIn allows.",
        "Write a longer job ad in the ATS; images and tables do not count.",
    ),
    Reason(
        "location_unusable",
        "The job's place is not enough for LinkedIn: a city with its region or country, or a postal code with its "
        "country. A country alone does for remote jobs only.",
        "Complete the location of the job in the ATS.",
    ),
    Reason(
        "apply_url_missing",
        "The job ad has no web address at which one can apply.",
        "Publish the job in the ATS, or check the address of its ad.",
    ),
    Reason(
        "listed_time_missing",
        "Neither the time of publication nor that of creation can be used: not known, before 1970 or in the future.",
        "Correct the job's dates in the ATS. A job published later is sent after its next change in the ATS.",
    ),
    Reason(
        "job_not_published",
        "The job is not published (yet).",
        "Nothing to do: the job is sent when it is published.",
    ),
    Reason(
        "feedback_empty",
        "The review has neither a comment nor a rating.",
        "Nothing to do, or complete the review in the ATS.",
    ),
    Reason(
        "note_empty",
        "The note has no text.",
        "Nothing to do, or write the note anew in the ATS.",
    ),
    Reason(
        "resumes_need_rest",
        "Resumes travel in LinkedIn's versioned API only, and this connection uses the unversioned one for them.",
        'Set the generation of the API to rest in the LinkedIn connection, or for resumes alone: {"resumes": "rest"}.',
    ),
    Reason(
        "resume_contract_missing",
        "LinkedIn wants to know the Recruiter contract a resume is for, and the connection names none.",
        "Add the contract to the LinkedIn connection.",
    ),
    Reason(
        "resume_unnamed",
        "The file has no name.",
        "Add the resume in the ATS once more, with a name.",
    ),
    Reason(
        "resume_type",
        "The file is neither PDF nor DOC, DOCX or TXT, and LinkedIn takes no others.",
        "Add the resume in the ATS in one of these forms.",
    ),
    Reason(
        "resume_too_large",
        "The file is larger than the 10 MB that LinkedIn takes.",
        "Add a smaller file in the ATS.",
    ),
    Reason(
        "resume_empty",
        "The file is empty.",
        "Add the resume in the ATS once more.",
    ),
    Reason(
        "resume_not_readable",
        "The ATS did not hand out the file: it is deleted, blocked as malware, or closed to the credential.",
        "Open the file in the ATS. It is tried again when it changes there, and by retrying held records.",
    ),
    Reason(
        "job_title_missing",
        "The job of this application has no title, and LinkedIn wants one on the application.",
        "Give the job a title in the ATS.",
    ),
    Reason(
        "email_missing",
        "The candidate has no e-mail address, which LinkedIn needs to recognise people.",
        "Add the address in the ATS.",
    ),
    Reason(
        "email_invalid",
        "What the candidate has as e-mail address is none.",
        "Correct the address in the ATS.",
    ),
    Reason(
        "email_placeholder",
        "The candidate's e-mail address is a placeholder such as noemail@… or one that ends with .invalid.",
        "Put in the real address. Made-up addresses are never sent, because LinkedIn forbids them.",
    ),
    Reason(
        "first_name_missing",
        "The first name is empty.",
        "Add the first name in the ATS.",
    ),
    Reason(
        "last_name_missing",
        "The last name is empty.",
        "Add the last name in the ATS.",
    ),
    Reason(
        "profile_url_missing",
        "There is no web address at which the candidate opens in the ATS.",
        "Check the profile link among the settings of the ATS connection.",
    ),
    Reason(
        "created_time_missing",
        "The ATS does not say when this came to be, and LinkedIn takes nothing without that time.",
        "Ask the ATS's support: the creation time of this record is empty.",
    ),
    Reason(
        "time_before_1970",
        "A time lies before 1970, which LinkedIn refuses.",
        "Correct the date in the ATS.",
    ),
    Reason(
        "time_in_future",
        "A time lies more than a day in the future.",
        "Correct the date in the ATS.",
    ),
    Reason(
        "stage_name_missing",
        "The stage has no name, or the name Not Available, which LinkedIn refuses.",
        "Name the step in the hiring process of the ATS.",
    ),
)

REFUSED: tuple[Reason, ...] = (
    Reason(
        "linkedin_bad_request",
        "LinkedIn could not read this record (status 400).",
        "Report it with the status and codes shown: Landbridge has sent something LinkedIn does not understand.",
    ),
    Reason(
        "linkedin_not_permitted",
        "LinkedIn does not allow this for this one record (status 401, 402 or 403).",
        "Check in Recruiter (More, Admin Settings, ATS) that the integration is enabled, then try the record again.",
    ),
    Reason(
        "linkedin_not_found",
        "LinkedIn does not know what this record belongs to (status 404).",
        "Send the job, candidate or application it belongs to again, then try the record again.",
    ),
    Reason(
        "linkedin_conflict",
        "LinkedIn has something that contradicts this record (status 409).",
        "Try the record again; if it stays, report it with the codes shown.",
    ),
    Reason(
        "linkedin_invalid",
        "LinkedIn found a field of this record invalid (status 422).",
        "Look through the record in the ATS for empty or odd values; it is sent again when it changes.",
    ),
    Reason(
        "linkedin_too_large",
        "LinkedIn found the call with this record too long, even with this record alone (status 413 or 414).",
        "Look through the record in the ATS for a field of extraordinary length.",
    ),
    Reason(
        "linkedin_upload_refused",
        "LinkedIn gave an address for the file and then did not take it there.",
        "Try the record again; if it stays, report it with the time of the attempt.",
    ),
    Reason(
        "linkedin_refused",
        "LinkedIn refused this record for another reason; the status is shown.",
        "Try the record again; if it stays, report it with the status and codes shown.",
    ),
    Reason(
        "job_task_failed",
        "LinkedIn took the job and found later that it cannot be posted.",
        "Look through title, ad, location and address of the job in the ATS; it is sent again when it changes.",
    ),
    Reason(
        "job_task_lost",
        "LinkedIn took the job several times and never said what became of it.",
        "Try the job again; if it stays, ask LinkedIn's partner support with the time of the attempt.",
    ),
    Reason(
        "job_not_listed",
        "LinkedIn took the job but lists this company's jobs from another source (a feed or its web site).",
        "Ask LinkedIn to take the company's jobs from this connection.",
    ),
    Reason(
        "job_industry_missing",
        "LinkedIn does not know the company's industry.",
        "Fill in the industry on the company's LinkedIn page, then try the job again.",
    ),
    Reason(
        "job_company_unusable",
        "The company's LinkedIn page is missing, blocked, or has not agreed to jobs from this connection.",
        "Check the organization in the connection's settings and the state of the company's LinkedIn page.",
    ),
)

REASONS: tuple[Reason, ...] = HELD + REFUSED
