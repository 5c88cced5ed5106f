"""What came of sending something, and what may be said of it."""

from __future__ import annotations

from dataclasses import dataclass

from ...untrusted import one_line


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of it, in a sentence; `known` is False where nobody can tell whether it went out.

    What surely did not go out (`known` and not `ok`) may be sent again; the unknown never is.
    """

    ok: bool
    sentence: str
    known: bool = True


def cleaned(text: str, cells: int = 200) -> str:
    """Text as it may stand in a notification: one line, nothing hidden, not long."""
    return one_line(" ".join(text.split()), cells)


def unknown(what: str, why: str) -> Sent:
    """The answer where it is not known whether `what` (such as "the page") went out."""
    return Sent(False, f"Whether {what} went out is not known: {why}. It is not sent again.", False)
