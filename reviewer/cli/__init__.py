"""The command line: `reviewer …`, one module per command group.

Bare `reviewer` opens the desk without building the command tree first.  Every command imports what
it needs when it runs, so that `reviewer --help` and `reviewer schema` stay quick.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and answers with its exit code (`codes.Exit`); never raises."""
    from . import failure

    args = list(sys.argv[1:] if argv is None else argv)
    failure.prepare_streams()
    try:
        code = _run(args)
        sys.stdout.flush()
    except BaseException as error:
        return failure.told(error)
    return code


def _run(args: list[str]) -> int:
    if not args and "_REVIEWER_COMPLETE" not in os.environ:
        from .opening import open_desk
        from .session import Session

        return open_desk(Session())
    from .app import run

    return run(args)
