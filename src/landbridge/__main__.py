"""``python -m landbridge`` is ``landbridge``."""

from landbridge.cli import main

main()
