"""The engine's own pacing under real limits, on a clock that does not wait.

``virtual`` is the clock, ``far_sides`` the two far sides as nothing but their limits, counted by code of their own.
"""
