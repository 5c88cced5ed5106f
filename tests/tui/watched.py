"""The program itself, with a note of everything that its guard had to clean.

Run as `python -m tests.tui.watched [ARGUMENT…]`, in place of `python -m reviewer`; what the guard
found goes line by line into the file that `GUARD_LOG` names.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from textual.strip import Strip

from reviewer.cli import main
from reviewer.tui import guard

_clean = guard._cleaned


def _noted(strip: Strip) -> Strip:
    with Path(os.environ["GUARD_LOG"]).open("a", encoding="utf-8") as log:
        log.write(ascii(strip.text.strip()) + "\n")
    return _clean(strip)


if __name__ == "__main__":
    guard._cleaned = _noted
    sys.exit(main())
