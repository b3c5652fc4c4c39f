"""Scenarios: YAML files that set a sandbox up, stir it while a client works with it, and say what must come out.

script      what may stand in a file            reading   from YAML, with the line of every mistake
conditions  what is waited for and expected     running   carries a script out
rooms       routes of the control room
examples/   scenarios to start from, which also run in the tests
"""

from landbridge.sandbox.scenarios.reading import EXAMPLES, ScriptError, example, read_script
from landbridge.sandbox.scenarios.running import Report, run

__all__ = ["EXAMPLES", "Report", "ScriptError", "example", "read_script", "run"]
