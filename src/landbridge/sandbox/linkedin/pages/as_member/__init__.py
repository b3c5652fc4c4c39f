"""What a member does: answer an InMail, share contact details, close the account. Invented people need a hand."""
