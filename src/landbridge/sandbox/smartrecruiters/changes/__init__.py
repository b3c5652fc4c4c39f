"""Every change of the account, in one place per subject: API, pages and control room make theirs here, so that the same
webhooks are fired and the same lines are added to the audit trail whoever makes a change."""
