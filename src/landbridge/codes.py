"""Every error code finer than its class, in plain words. ``docs/reference/errors.md`` is written from this table.

A test finds each code that is raised anywhere and asks for its line here (or among the reasons of a record).
"""

from __future__ import annotations

from landbridge.records.reason import Reason

CODES: tuple[Reason, ...] = (
    # Settings and start
    Reason(
        "choices",
        "The workspace's choices contradict LinkedIn's rules or cannot be read.",
        "Choose a history of at least two years (or everything), and PUBLIC or PRIVATE for jobs.",
    ),
    Reason(
        "disk_full",
        "A disk has no room left.",
        "Free some room. What was saved is kept, and running work goes on by itself.",
    ),
    Reason(
        "encryption_key_missing",
        "The key that opens the stored credentials was not found.",
        "Set LANDBRIDGE_ENCRYPTION_KEY or LANDBRIDGE_ENCRYPTION_KEY_FILE, or put the key file back into the data "
        "directory. A lost key cannot be recovered: then the credentials have to be entered again in a new database.",
    ),
    Reason(
        "encryption_key_wrong",
        "The key found is not the one this database was set up with.",
        "Use the key that belongs to this database; after restoring a backup, the key of that time.",
    ),
    Reason(
        "secret_damaged",
        "A stored credential was changed or moved to another row.",
        "Enter the credentials of this connection again: landbridge connect.",
    ),
    Reason(
        "public_address_missing",
        "LinkedIn can only be given an https address of this Landbridge, and none is set.",
        "Set LANDBRIDGE_PUBLIC_URL to the address of the console, then: landbridge connect linkedin --test.",
    ),
    Reason("port_taken", "A port is used by another program.", "Stop that program or choose another port."),
    Reason(
        "process_fails",
        "A process of Landbridge does not start or keeps ending.",
        "Read its log, which the message names; its last line mostly says why.",
    ),
    Reason("sandbox", "The sandbox did not take a command of its control room.", "Start the sandbox again."),
    # Workspaces and connections
    Reason("no_workspace", "Nothing has been connected yet.", "Connect a system: landbridge connect smartrecruiters."),
    Reason("which_workspace", "It is not clear which workspace is meant.", "Name one with --workspace."),
    Reason(
        "address_private",
        "The address for events of an ATS of one's own lies inside a private network.",
        "Use an address that can be reached from outside, or have whoever runs Landbridge allow the network with "
        "LANDBRIDGE_ATS_NETWORKS.",
    ),
    Reason(
        "endpoint_gone",
        "The ATS of one's own answered 410: it wants no more events, so none are sent.",
        "When it takes events again, save its address anew. Nothing was lost: what waits is sent then.",
    ),
    Reason(
        "signature_refused",
        "The ATS of one's own answered 401 or 403: it does not take our signature.",
        "Give it the signing secret of this workspace, or make a new one; then send a test event.",
    ),
    Reason(
        "webhook_secret",
        "The signing secret for events is missing or is none.",
        "It is whsec_ and 24 to 64 random bytes as base64. Left out, one is made and shown once.",
    ),
    Reason(
        "panel_origin",
        "One of the pages that were named is no origin.",
        "An origin is https:// and a host, as https://ats.example.com, without a path.",
    ),
    Reason(
        "panel_closed",
        "No page may show the candidate panel yet.",
        "Name the origins of your ATS: in the console under Your ATS, by the API, or with landbridge panel --origin.",
    ),
    Reason(
        "not_pushed",
        "The ATS of one's own took an exported person, and has not pushed candidate and application since.",
        "Have it push both, as it does with everybody. The export is finished by itself then.",
    ),
    Reason(
        "answer_without_id",
        "The ATS of one's own answered an event without the id of what it made.",
        'It has to answer {"id": "..."}, to the same webhook-id always the same. The event is sent again by itself.',
    ),
    Reason("not_connected", "A system of the workspace has no credentials yet.", "Enter them: landbridge connect."),
    Reason(
        "not_migrated",
        "The database does not have the tables this version needs.",
        "Run landbridge migrate, once, with the new version.",
    ),
    Reason("paused", "The workspace is paused: nothing is read and nothing is sent.", "Go on: landbridge sync."),
    Reason(
        "sync_stuck",
        "Nothing has been read or sent for minutes although there is work.",
        "See whether a worker runs (landbridge up, landbridge worker) and what its log says.",
    ),
    # Database
    Reason(
        "database_unreachable",
        "PostgreSQL does not answer.",
        "Check that it runs and that LANDBRIDGE_DATABASE_URL is right. Work goes on by itself once it answers.",
    ),
    Reason(
        "database_read_only",
        "PostgreSQL takes no changes at the moment (a standby, or a full disk).",
        "Point LANDBRIDGE_DATABASE_URL at the primary server.",
    ),
    # Reaching a far side
    Reason("unreachable", "No connection could be made.", "Check the address and the network; it is tried again."),
    Reason("connection_broken", "The connection ended in the middle of an answer.", "Nothing; it is tried again."),
    Reason("timed_out", "An answer took too long.", "Nothing; it is tried again. If it lasts, check the far side."),
    Reason(
        "certificate_untrusted",
        "The far side's certificate cannot be trusted: it is expired, self-made, or of another host.",
        "Check the address, the machine's clock, and whether a proxy in between opens encrypted connections.",
    ),
    Reason(
        "redirected",
        "The far side sends us to another address. Credentials follow no redirect.",
        "Enter the final address as the base address of the connection.",
    ),
    Reason(
        "answer_too_large",
        "An answer is larger than any that makes sense.",
        "Check that the address leads to the right system.",
    ),
    Reason(
        "unexpected_answer",
        "An answer has a shape nobody documented. The evidence holds field names only.",
        "Check that the address leads to the right system; if it does, report the shape shown.",
    ),
    Reason("unexpected_status", "An answer has a status no one knows.", "Check the address, then report the status."),
    Reason("paging_loop", "A list's pages lead round in a circle.", "Report it to the ATS's support with the time."),
    # The JSON API
    Reason("token_missing", "The call carries no token.", "Send Authorization: Bearer TOKEN."),
    Reason("token_unknown", "The token is unknown or was revoked.", "Make a new one in the console, under API access."),
    Reason("scope_missing", "The token may not do this.", "Make a token with the scope that the answer names."),
    Reason(
        "consent_missing",
        "Nobody has agreed to what is shared with LinkedIn.",
        "Agree in the console, under Data shared, or by POST /api/v1/consent.",
    ),
    Reason(
        "choices_agreed",
        "Somebody has agreed to what is shared, so other choices have to be agreed to as well.",
        "Agree to them: landbridge choose --agree, the console under Data shared, or POST /api/v1/consent.",
    ),
    Reason(
        "consent_text_changed",
        "The words to agree to have changed since they were read.",
        "Read them again and send their text_version.",
    ),
    Reason(
        "maker_may_not",
        "Whoever made the token may not do this, or not any more.",
        "A token never may more than whoever made it. Somebody in a higher role has to make another one.",
    ),
    Reason("key_reused", "An Idempotency-Key came with two different requests.", "Give each request a key of its own."),
    Reason(
        "key_in_use",
        "The first call with this Idempotency-Key is under way.",
        "Wait a moment and call again with the same key.",
    ),
    Reason("too_many_calls", "The token was used too often in this minute.", "Wait, and put more records into a call."),
    Reason("too_many_records", "A call holds more than 1,000 records or 16 MiB.", "Divide it."),
    Reason("request_wrong", "The request is not as documented.", "Compare it with /api/v1/openapi.json."),
    Reason("nothing_there", "There is no such thing in this workspace.", "Ask for the list; it tells the numbers."),
    Reason("failed", "Something went wrong on Landbridge's side.", "Try again; the log has the cause."),
    Reason(
        "no_pushes",
        "Records were pushed into a workspace that takes none.",
        "In the console, under API access, let an ATS of your own push into it.",
    ),
    Reason("another_ats", "The workspace has another ATS.", "Use a workspace of its own for another ATS."),
    Reason("field_missing", "A pushed record lacks a field it needs.", "Add the field and push the record again."),
    Reason("field_wrong", "A field of a pushed record is of another form.", "Correct it and push the record again."),
    Reason("older_state", "A newer state of a pushed record is there already.", "Nothing."),
    Reason("deleted_before", "A record with this id was deleted; it stays so.", "Give a new record a new id."),
    # SmartRecruiters
    Reason(
        "smartrecruiters_credential",
        "There is no usable credential for SmartRecruiters.",
        "Give an API key, or an OAuth client ID together with its secret.",
    ),
    Reason(
        "secret_again",
        "The address was changed, and a kept secret goes to no other address.",
        "Enter the API key or the client secret again, together with the address.",
    ),
    Reason(
        "smartrecruiters_address",
        "What answers at the API address is not SmartRecruiters.",
        "Correct the API address of the connection; mostly it can stay at its default.",
    ),
    Reason(
        "not_found_unexplained",
        "The address answers that it knows nothing of what every SmartRecruiters has.",
        "Check the API address of the connection.",
    ),
    Reason("report_columns", "The report lacks a column that is needed.", "Name the columns in the connection."),
    Reason("report_missing", "There is no finished report with this id.", "Check the report's id, or have it run."),
    Reason("report_unreadable", "The report is no CSV that can be read.", "Have it written as CSV, then try again."),
    # LinkedIn
    Reason(
        "linkedin_credential",
        "There is no usable credential of the customer's LinkedIn application.",
        "Enter client ID and client secret of this company's LinkedIn application.",
    ),
    Reason(
        "linkedin_parent_credential",
        "There is no usable credential of the partner's LinkedIn application.",
        "Enter the partner's client ID and secret, or those of an application that this company has already.",
    ),
    Reason(
        "linkedin_keys_refused",
        "LinkedIn refuses these keys.",
        "Copy client ID and client secret once more; where the secret was renewed meanwhile, take the new one.",
    ),
    Reason(
        "older_keys_refused",
        "LinkedIn refuses the keys of the older integration.",
        "Copy client ID and client secret once more. Where the secret was renewed meanwhile, take the new one; where "
        "nobody has it any more, LinkedIn's partner support gives a new one for the same application.",
    ),
    Reason(
        "older_contract_unknown",
        "These keys do not open one of the contracts: they belong to another company, or its number is mistyped.",
        "Compare the number with the one in Recruiter. A contract that the older integration never had is left out "
        "here and added afterwards, as any new one.",
    ),
    Reason(
        "older_contract_there",
        "One of the contracts is in this workspace already.",
        "Nothing has to be taken over for it: go on with its steps in the list of contracts, and leave it out here.",
    ),
    Reason(
        "older_contract_elsewhere",
        "One of the contracts belongs to another workspace of this Landbridge.",
        "Move in that workspace, or disconnect the contract there first.",
    ),
    Reason(
        "older_keys_elsewhere",
        "Another workspace of this Landbridge uses these keys.",
        "Each workspace has an application of its own: take the keys that belong to this one's ATS.",
    ),
    Reason(
        "older_other_application",
        "This workspace is joined with LinkedIn by another application, which its contracts hang on.",
        "Move into a new workspace, or disconnect the contracts here first.",
    ),
    Reason(
        "older_id_unknown",
        "LinkedIn knows no application by this foreign id, or another one than that of these keys.",
        "Ask whoever set the older integration up for its uniqueForeignId, or leave the field empty.",
    ),
    Reason(
        "older_id_elsewhere",
        "Another workspace of this Landbridge is known to LinkedIn by this foreign id.",
        "Move in that workspace, or leave the field empty.",
    ),
    Reason(
        "older_id_form",
        "The foreign id has characters that cannot stand in an address.",
        "Leave the field empty; LinkedIn's partner support then has to allow this console's address for the widget.",
    ),
    Reason(
        "seat_of_another",
        "The LinkedIn account that signed in holds another seat than this one.",
        "Sign out of LinkedIn and in again with the account whose seat this is. Nothing was changed.",
    ),
    Reason(
        "seat_none",
        "The LinkedIn account that signed in holds no Recruiter seat on a connected contract.",
        "Sign in with the account that is used in Recruiter; where the seat is new, read the seats again first.",
    ),
    Reason(
        "seat_code_refused",
        "LinkedIn did not confirm who signed in: its answer had expired, or was used before.",
        "Open the link once more and sign in again. Nothing was changed.",
    ),
    Reason(
        "linkedin_child_hidden",
        "LinkedIn says that the customer has an application and does not show it.",
        "Ask LinkedIn's partner support which application carries the foreign id of the workspace.",
    ),
    Reason(
        "linkedin_configuration_refused",
        "LinkedIn did not take an integration's name or setting.",
        "An admin requests the integrations in LinkedIn's widget first; after that, try again.",
    ),
    Reason(
        "linkedin_nothing_requested",
        "LinkedIn's window was closed without a request.",
        "Open it again, choose the contract and press Request, then wait until the window says that it is done.",
    ),
    Reason(
        "linkedin_not_requested",
        "LinkedIn knows of no request for this contract.",
        "Open LinkedIn's window again and press Request for the company level and the contract level.",
    ),
    Reason(
        "linkedin_company_level_missing",
        "Only the contract level was requested, not the company level.",
        "Open LinkedIn's window again and request the company level too.",
    ),
    Reason(
        "linkedin_contract_level_missing",
        "Only the company level was requested, not the contract level.",
        "Open LinkedIn's window again and request the contract level too.",
    ),
    Reason(
        "linkedin_company_changed",
        "The request is for another company on LinkedIn than the one this workspace is joined with.",
        "Sign out of LinkedIn and in again with the right company. If the company's page has really changed, both "
        "sides have to be switched off first: disconnect all contracts here and in Recruiter, then add them again.",
    ),
    Reason(
        "linkedin_not_admin",
        "The person who signed in to LinkedIn is no admin of the Recruiter contract.",
        "Let a Recruiter admin do this step: under Contracts, make a link and send it to them.",
    ),
    Reason(
        "linkedin_lite",
        "The contract is Recruiter Lite, for which LinkedIn offers no connection with an ATS.",
        "Use a contract of Recruiter Corporate or Recruiter Professional Services.",
    ),
    Reason(
        "linkedin_window_blocked",
        "LinkedIn's window did not load or could not keep its cookies.",
        "Allow third-party cookies and pop-ups for this page, or use another browser, and open the window again.",
    ),
    Reason(
        "linkedin_number",
        "What was entered is no number of a contract or a company.",
        "Enter the number as Recruiter shows it in its address and in Admin Settings.",
    ),
    Reason(
        "linkedin_contract_unknown",
        "There is no such contract in this workspace (any more).",
        "Look at the list of contracts, and add it again where it is missing.",
    ),
    Reason(
        "seat_unknown",
        "There is no such Recruiter seat in this workspace.",
        "Its number stands first in each line of the list of seats; read the seats anew where it is missing.",
    ),
    Reason(
        "user_unclear",
        "The words fit no user of the ATS, or several.",
        "Give the user's e-mail address; read the users anew where nobody is found.",
    ),
    Reason(
        "linkedin_company_level_off",
        "The company-level access was switched off in Recruiter.",
        "A Recruiter admin switches it on again: More, Admin Settings, ATS.",
    ),
    Reason(
        "linkedin_contract_level_off",
        "The contract-level access was switched off in Recruiter.",
        "A Recruiter admin switches it on again: More, Admin Settings, ATS.",
    ),
    Reason(
        "closed_profiles_unknown",
        "LinkedIn's call for members who closed their accounts is not known: it documents the duty, not the call.",
        "LinkedIn's partner support tells the path: enter it as closed_profiles in the corrections to resources.",
    ),
    Reason(
        "linkedin_company_ended",
        "LinkedIn no longer knows the company level: it was ended, or the company has got another id at LinkedIn.",
        "If its id has changed, switch both sides off: disconnect all contracts here and in Recruiter, then add them "
        "again; everything is sent anew, which can take LinkedIn up to seven days. Else connect it again on its page.",
    ),
    Reason(
        "linkedin_contract_ended",
        "LinkedIn no longer knows this contract: it has expired or was ended.",
        "Nothing goes either way any more; what was imported stays. Once it is renewed, connect it again on its page.",
    ),
    Reason(
        "export_unknown",
        "LinkedIn does not know an export it has told us of. It can be read for a day.",
        "Nothing at first: it is asked for again. Where it stays so, export the person again in Recruiter.",
    ),
    Reason(
        "ats_read_only",
        "This ATS can be read but not written, so nothing that recruiters do in LinkedIn can reach it.",
        "Use an ATS whose connector can write.",
    ),
    Reason(
        "desk_changed",
        "Something more has come of this person since the case was read, so nothing was done.",
        "Read the case again and send its new stamp.",
    ),
    Reason(
        "desk_placed",
        "This no longer waits: it found its candidate by itself.",
        "Nothing is to be done.",
    ),
    Reason(
        "desk_unfit",
        "This is no answer to what the case asks.",
        "The case tells the answers it takes.",
    ),
    Reason(
        "desk_candidate",
        "The ATS has no such candidate, or Landbridge has not read it yet.",
        "Search by name, e-mail address or the candidate's id in the ATS, and choose from what is found.",
    ),
    Reason(
        "desk_email",
        "What was entered is no e-mail address.",
        "Enter one such as name@example.com.",
    ),
    Reason(
        "desk_job",
        "A candidate is made on a job, and none was chosen or it is not known.",
        "Choose the job that the person is for, by its id in the ATS.",
    ),
    Reason(
        "desk_number",
        "Nothing of this number waits on the desk, or the answer is none to what waits there.",
        "List what waits with its numbers and answers: landbridge desk.",
    ),
    Reason(
        "desk_taken",
        "Somebody else has settled this before.",
        "See by whom and how, and take that back if it is a mistake: landbridge desk settled.",
    ),
    Reason(
        "desk_name",
        "A candidate has a first and a last name, and one is missing.",
        "Enter both.",
    ),
    Reason(
        "export_address",
        "The address for exported people without an e-mail cannot be another one for each person.",
        "Write it with {id} before the @, at a domain of your own, such as exports+{id}@example.com; or choose wait.",
    ),
    Reason(
        "teams_not_told",
        "This ATS does not tell who is on the hiring team of a job, so access lists would hide all jobs.",
        "Leave it at everybody: whoever has a seat goes on seeing all jobs.",
    ),
    Reason(
        "source_missing",
        "The ATS has no candidate source with the name LinkedIn Recruiter, which exported people have to show.",
        "Add a source of that name in SmartRecruiters, then let the desk try again.",
    ),
    Reason(
        "linkedin_secret_by_hand",
        "The LinkedIn application was not made by Landbridge, so its secret cannot be renewed here.",
        "Make the new secret in LinkedIn's developer portal and save it in the LinkedIn connection.",
    ),
    Reason(
        "linkedin_resource_unknown",
        "LinkedIn does not know the address of a resource.",
        "Check generation, version and corrections of the LinkedIn connection.",
    ),
    Reason(
        "linkedin_not_enabled",
        "The integration is not enabled in LinkedIn Recruiter, so LinkedIn takes no data.",
        "An admin enables it in Recruiter: More, Admin Settings, ATS tab, company level and contract level.",
    ),
    Reason(
        "linkedin_calls_used_up",
        "LinkedIn's calls for seats, InMails and notes are used up for the moment.",
        "Nothing; seats are read by themselves as soon as there are calls again. What is connected stays connected.",
    ),
    Reason(
        "linkedin_server_error",
        "LinkedIn failed. Some of these failures come from data it cannot digest.",
        "Nothing; it is tried again, and records that cause it are found and set aside.",
    ),
    Reason(
        "linkedin_version_ended",
        "LinkedIn has switched off the version of its API that the connection names.",
        "Set a newer version in the LinkedIn connection.",
    ),
)
