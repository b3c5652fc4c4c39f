"""Side-by-side measurements, each one command: ``python -m benchmarks.outbound``, ``.scale``, ``.simulate``.

They are part of the repository, not of the wheel: they need PostgreSQL, two processor cores and, for the contenders
we compare ourselves with, a virtual environment of their own (``requirements/bench.txt``).
"""
