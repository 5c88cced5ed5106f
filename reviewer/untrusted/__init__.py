"""The one door through which an agent's text reaches a terminal, a widget or a log.

`visible` (for output also named `plain`) and `one_line` give text, `show` and `show_line` give
content for widgets, `lay_out` gives the mapping between source and what is shown of it.
"""

from .content import HIDDEN_STYLE, QUIET_STYLE, content, marks, show, show_line
from .shown import Piece, Shown, lay_out, line_pieces, one_line, pieces, plain, visible

__all__ = [
    "HIDDEN_STYLE",
    "QUIET_STYLE",
    "Piece",
    "Shown",
    "content",
    "lay_out",
    "line_pieces",
    "marks",
    "one_line",
    "pieces",
    "plain",
    "show",
    "show_line",
    "visible",
]
