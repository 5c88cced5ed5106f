"""What lists of rows share: cells of a width, their styles, a line when there is nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from ...untrusted import one_line
from .virtual_list import VirtualList


class Rows(VirtualList):
    """A virtual list whose cells have styles by name: `quiet late mark warn head good`."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "list--head", "list--quiet", "list--late", "list--soon", "list--critical", "list--high",
        "list--medium", "list--low", "list--mark", "list--marked", "list--warn", "list--good",
        "list--gone", "list--rule",
    }  # fmt: skip
    DEFAULT_CSS = """
    Rows {
        & > .list--head { color: $quiet; }
        & > .list--quiet { color: $quiet; }
        & > .list--late { color: $text-error; text-style: bold; }
        & > .list--soon { color: $text-warning; }
        & > .list--critical { color: $text-error; text-style: bold; }
        & > .list--high { color: $text-warning; }
        & > .list--medium { color: $text-primary; }
        & > .list--low { color: $quiet; }
        & > .list--mark { color: $text-accent; text-style: bold; }
        & > .list--marked { background: $accent 12%; }
        & > .list--warn { color: $text-warning; }
        & > .list--good { color: $text-success; }
        & > .list--gone { color: $faint; text-style: strike; }
        & > .list--rule { color: $border; }
    }
    """

    def strip(self, cells: Sequence[tuple[str, str]], width: int, *, marked: bool = False) -> Strip:
        """Cells (text ready to be drawn, style) one after the other."""
        base = self.ground + (self.style_of("marked") if marked else Style())
        segments = [Segment(text, base + self.style_of(style)) for text, style in cells]
        return Strip(segments).adjust_cell_length(width, base)


def fit(text: str, width: int, *, right: bool = False) -> str:
    """A text of anybody in exactly so many cells, made visible and cut."""
    shown = one_line(text, width) if width > 0 else ""
    gap = " " * (width - cell_len(shown))
    return gap + shown if right else shown + gap
