"""Writes the artifacts as JSON Lines: `python -m tests.support.airline OUT.jsonl`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.support.shared import SHARED

from . import artifacts


def main(arguments: list[str]) -> int:
    """Exit code 0, or 2 with one sentence on standard error."""
    if len(arguments) != 1:
        print("usage: python -m tests.support.airline OUT.jsonl", file=sys.stderr)
        return 2
    if not (SHARED / "tau-airline").is_dir():
        print(
            f"the airline data is not on this machine ({SHARED / 'tau-airline'})", file=sys.stderr
        )
        return 2
    made = artifacts()
    lines = (json.dumps(one, ensure_ascii=False) + "\n" for one in made)
    Path(arguments[0]).write_text("".join(lines), encoding="utf-8")
    print(f"{len(made)} artifacts")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
