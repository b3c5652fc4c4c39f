"""The senders that are compared, each a program of its own so that none warms up another.

Every one is started with ``--database URL --sink URL --shape whole|consent``, sends all candidates in batches of 100,
one batch after another, and prints one line of JSON with records, seconds, processor seconds and peak memory. The clock
runs from the first thing done with the database to the last answer of the far side; starting Python and importing are
not counted.
"""
