"""The command line: `reviewer …`, one module per command group.

`reviewer` and `reviewer desk` open the desk without building the command tree first.
Every command imports what it needs when it runs, so that `reviewer --help` and `reviewer schema`
stay quick.
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
    asked = None if "_REVIEWER_COMPLETE" in os.environ else _desk_alone(args)
    if asked is not None:
        from .opening import open_desk
        from .session import Session

        given = asked.get
        session = Session(given("--queue", ""), given("--as", ""))
        return open_desk(session, given("--view", ""), "--read-only" in asked)
    from .app import run

    return run(args)


def _desk_alone(args: list[str]) -> dict[str, str] | None:
    """The options where nothing but the desk is asked for; None where the tree must read them."""
    found: dict[str, str] = {}
    valued, bare = ["--queue", "--as"], ["desk"]
    rest = list(args)
    while rest:
        option, is_given, value = rest.pop(0).partition("=")
        if option in bare and not is_given:
            if option == "desk":
                valued, bare = [*valued, "--view"], ["--read-only"]
            else:
                found[option] = option
        elif option in valued and (is_given or rest):
            found[option] = value if is_given else rest.pop(0)
        else:
            return None
    return found if all(text.strip() for text in found.values()) else None
