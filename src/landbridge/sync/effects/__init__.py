"""What came from LinkedIn takes its effect in the ATS, once: notes, contact details, exported people."""

from landbridge.sync.effects.slice import EffectsEnd, run_slice
from landbridge.sync.effects.working import Working

__all__ = ["EffectsEnd", "Working", "run_slice"]
