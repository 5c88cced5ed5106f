"""An artifact's text as Textual content: the only form in which a widget may have it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .shown import TAB, Newlines, Piece, Tabs, line_pieces, pieces

if TYPE_CHECKING:
    from textual.content import Content, Span
    from textual.style import Style

HIDDEN_STYLE = "bold reverse"
QUIET_STYLE = "dim"


def show(
    text: str,
    style: str | Style = "",
    *,
    newlines: Newlines = "keep",
    tabs: Tabs = "expand",
    tab: int = TAB,
) -> Content:
    """The text as content that no markup was read from, with what is made visible standing out.

    The pieces mean what they mean without any colour; reverse video tells a made-visible
    character from the same letters written out in the text.
    """
    return content(pieces(text, newlines=newlines, tabs=tabs, tab=tab), style)


def show_line(text: str, limit: int | None = None, style: str | Style = "") -> Content:
    """The same on one line of at most `limit` cells, for titles and cells of tables."""
    return content(line_pieces(text, limit), style)


def content(shown: Iterable[Piece], style: str | Style = "") -> Content:
    """Content made from pieces."""
    # Textual is imported here so that the CLI and the SDK do without it.
    from textual.content import Content, Span

    parts = list(shown)
    text = "".join(piece.shown for piece in parts)
    spans = [Span(0, len(text), style)] if style and text else []
    return Content(text, spans + marks(parts), strip_control_codes=False)


def marks(shown: Iterable[Piece]) -> list[Span]:
    """The spans that make the made-visible pieces stand out, in offsets of the shown text."""
    from textual.content import Span

    spans, offset = [], 0
    for piece in shown:
        end = offset + len(piece.shown)
        if piece.kind != "text":
            spans.append(Span(offset, end, HIDDEN_STYLE if piece.kind == "hidden" else QUIET_STYLE))
        offset = end
    return spans
