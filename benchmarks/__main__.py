"""All measurements, one after another: ``python -m benchmarks [--json-dir DIRECTORY]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks import console, outbound, scale, simulate

ALL = {"outbound": outbound.main, "scale": scale.main, "simulate": simulate.main, "console": console.main}


def main() -> int:
    arguments = argparse.ArgumentParser(description="Run all measurements.")
    arguments.add_argument("--json-dir", type=Path, help="write one JSON file per measurement into this directory")
    options = arguments.parse_args()
    codes = []
    for name, measure in ALL.items():
        print(f"== {name}", flush=True)
        codes.append(measure(["--json", str(options.json_dir / f"{name}.json")] if options.json_dir else []))
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
