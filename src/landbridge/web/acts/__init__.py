"""What can be done in a workspace, whoever does it: somebody on a page, or a program with a token.

Each act does one thing and notes it in the activity. Pages (``web/console``) and the JSON API (``web/api``) read what
was entered, call the act, and show what came of it; neither does anything itself that the other would have to repeat.
What an act is about and cannot find, in this workspace, raises NothingThereError: a page answers 404, the API too.
"""
