"""Syntax colours for a diff: asked from the child process, laid over lines once they are there."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from rich.style import Style
from textual.app import App
from textual.style import Style as VisualStyle
from textual.widget import Widget

from ...diff.model import LineDiff, WriteDiff
from .. import highlight
from .ink import Overlay

if TYPE_CHECKING:
    from ..highlight import Highlighter

_HIGHLIGHTERS: WeakKeyDictionary[App[Any], Highlighter] = WeakKeyDictionary()

LONGEST: Final = 20_000
"""A text with a longer line stays plain: its colours would weigh far more than what is seen."""

KEPT: Final = 4
"""Writes whose colours are kept beside the one on the screen; they hold the texts."""

StyleOf = Callable[[str], Style]
"""The colour of a Pygments token in the current theme."""


def highlighter_of(app: App[Any]) -> Highlighter:
    """The one highlighter of an app: its own where it has one, else one made for it."""
    own: Highlighter | None = getattr(app, "highlighter", None)
    return own or _HIGHLIGHTERS.setdefault(app, highlight.Highlighter())


def colours_for(widget: Widget) -> StyleOf:
    """The colours of tokens on a widget's background, in its theme; never another background."""

    def colour(token: str) -> Style:
        named = highlight.style(token)
        if not named:
            return Style()
        parsed = VisualStyle.parse(named, widget.app.theme_variables)
        ground = VisualStyle(background=widget.visual_style.background)
        drawn = (ground + parsed).rich_style
        return Style(color=drawn.color, bold=parsed.bold, italic=parsed.italic)

    return colour


@dataclass(frozen=True)
class _Text:
    """One side of one section."""

    digest: str
    text: str
    lines: int
    language: str
    filename: str


class Syntax:
    """The colours of one write's texts; `overlays` gives what is known already."""

    @classmethod
    async def of(cls, highlighter: Highlighter, diff: WriteDiff, style: StyleOf) -> Syntax:
        """The colours of a diff; its texts are put together in a thread."""
        return await asyncio.to_thread(cls, highlighter, diff, style)

    def __init__(self, highlighter: Highlighter, diff: WriteDiff, style: StyleOf) -> None:
        self._highlighter = highlighter
        self._style = lru_cache(maxsize=512)(style)
        self._texts: dict[tuple[int, str], _Text] = {}
        self.complete = False
        """Whether all colours are there."""
        for number, section in enumerate(diff.sections):
            body = section.body
            if not isinstance(body, LineDiff) or not (section.language or section.filename):
                continue
            for side, lines in (("left", body.left), ("right", body.right)):
                if (
                    sum(map(len, lines)) > highlighter.largest
                    or max(map(len, lines), default=0) > LONGEST
                ):
                    continue
                text = "".join(lines)
                # the child counts lines by LF alone
                if text and text.count("\n") in (len(lines), len(lines) - 1):
                    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
                    self._texts[(number, side)] = _Text(
                        digest, text, len(lines), section.language, section.filename
                    )

    async def load(self, arrived: Callable[[int, str, int, int], None]) -> None:
        """Asks for all colours; calls back with section, side and the lines that got theirs.

        Lines are counted from 1, the last one is not among them.  What was there when it was
        loaded before, and still is, has been drawn: nobody is called back for it.
        """
        step = 2_000
        for (section, side), text in self._texts.items():
            if self.complete and self._highlighter.has(
                text.digest, language=text.language, filename=text.filename
            ):
                continue
            for first in range(0, text.lines, step):
                last = min(first + step, text.lines)
                await self._highlighter.spans(
                    text.digest, text.text, first, last,
                    language=text.language, filename=text.filename,
                )  # fmt: skip
                arrived(section, side, first + 1, last + 1)
        self.complete = True

    def overlays(self, section: int, side: str, number: int) -> Sequence[Overlay]:
        """The colours of one line, counted from 1, as far as they are known."""
        text = self._texts.get((section, side))
        if text is None:
            return ()
        (spans,) = self._highlighter.peek(
            text.digest, number - 1, number, language=text.language, filename=text.filename
        )
        return [Overlay(start, end, self._style(token)) for start, end, token in spans]


def keep(known: dict[object, Syntax], place: object, syntax: Syntax) -> None:
    """Keeps the colours of a write that may come back; those kept longest go."""
    known[place] = syntax
    while len(known) > KEPT:
        del known[next(iter(known))]
