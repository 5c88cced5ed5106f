"""Exit codes: what a script or an agent goes by."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Every exit code that `reviewer` uses; `EXIT_HELP` says them to people."""

    OK = 0
    NEGATIVE = 1
    USAGE = 2
    UNAVAILABLE = 3
    TIMEOUT = 4
    NOT_FOUND = 5
    EDITED = 6
    ANSWERED = 7
    EXPIRED = 8
    GONE = 9
    SHADOWED = 10
    INTERNAL = 70
    OUTPUT = 74
    INTERRUPTED = 130
    PIPE = 141


EXIT_HELP: dict[Exit, str] = {
    Exit.OK: "done; for `wait`: approved as proposed",
    Exit.NEGATIVE: "refused, rejected, or a check that did not pass",
    Exit.USAGE: "wrong usage, settings or input",
    Exit.UNAVAILABLE: "the queue cannot be opened or used",
    Exit.TIMEOUT: "nobody decided in time",
    Exit.NOT_FOUND: "nothing has that id or key, or nothing is left to claim",
    Exit.EDITED: "`wait`: approved with edits, so carry out the printed writes, not your own",
    Exit.ANSWERED: "`wait`: a person answered in words instead of deciding",
    Exit.EXPIRED: "`wait`: it expired",
    Exit.GONE: "`wait`: it was withdrawn or superseded",
    Exit.SHADOWED: "`wait`: recorded only, in shadow mode; carry nothing out",
    Exit.INTERNAL: "a defect of reviewer; the log has the details",
    Exit.OUTPUT: "the output cannot be written, for example to a full disk",
    Exit.INTERRUPTED: "interrupted (Ctrl-C)",
    Exit.PIPE: "the reader of the output went away",
}
