"""The one door through which an agent's text reaches a terminal, a widget or a log.

`visible` (for output also named `plain`) and `one_line` give text, `show` and `show_line` give
content for widgets, `lay_out` gives the mapping between source and what is shown of it.  `inspect`
says what a reviewer must be told; `reviewer.untrusted.artifact` does so for a whole artifact, and
`reviewer.untrusted.log` is the door for logs.
"""

from typing import TYPE_CHECKING, Any

from .content import HIDDEN_STYLE, QUIET_STYLE, content, marks, show, show_line
from .shown import Piece, Shown, lay_out, line_pieces, one_line, pieces, plain, visible

if TYPE_CHECKING:
    from .flags import SENTENCES, Flag, inspect, lines, summary

__all__ = [
    "HIDDEN_STYLE",
    "QUIET_STYLE",
    "SENTENCES",
    "Flag",
    "Piece",
    "Shown",
    "content",
    "inspect",
    "lay_out",
    "line_pieces",
    "lines",
    "marks",
    "one_line",
    "pieces",
    "plain",
    "show",
    "show_line",
    "summary",
    "visible",
]


def __getattr__(name: str) -> Any:
    """Flags are wanted behind the first paint, so their tables are made on first use."""
    if name in ("SENTENCES", "Flag", "inspect", "lines", "summary"):
        from . import flags

        return getattr(flags, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
