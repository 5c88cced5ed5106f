"""In which colours and in which width a diff is painted."""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style

from ...diff.model import WriteDiff
from .diff_draw import Painter, Styles
from .diff_layout import digits
from .diff_sheet import Sheet
from .ink import Looks
from .virtual_lines import VirtualLines
from .visual_lines import Wrapped


class DiffPaint(VirtualLines):
    """Virtual lines with the styles of a diff, and painters for its sheets."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "diff--dim", "diff--number", "diff--added", "diff--removed", "diff--added-word",
        "diff--removed-word", "diff--fold", "diff--head", "diff--alert", "diff--path",
        "diff--hidden", "diff--quiet",
    }  # fmt: skip
    DEFAULT_CSS = """
    DiffPaint {
        & > .diff--dim { color: $text-muted; }
        & > .diff--number { color: $text-disabled; }
        & > .diff--added { background: $success 14%; }
        & > .diff--removed { background: $error 14%; }
        & > .diff--added-word { background: $success 42%; }
        & > .diff--removed-word { background: $error 42%; }
        & > .diff--fold { color: $text-disabled; }
        & > .diff--head { color: $text-accent; text-style: bold; }
        & > .diff--alert { color: $text-warning; text-style: bold; }
        & > .diff--path { color: $text-primary; }
        & > .diff--hidden { color: $text-error; background: $error 30%; text-style: bold; }
        & > .diff--quiet { color: $text-disabled; }
    }
    """

    def painter_of(self, sheet: Sheet, room: int) -> Painter:
        """Draws the rows of a sheet, also while others are being laid out."""
        rows = sheet.rows
        return Painter(
            self._styles(), room, digits(rows.diff), rows.options.split, sheet.colours, sheet.inks
        )

    def painter_for(self, diff: WriteDiff, split: bool, room: int = 0) -> Painter:
        """Measures rows that are laid out anew."""
        wide = room or self.room
        return Painter(self._styles(), wide, digits(diff), split, lambda *_: ())

    @property
    def room_for_all(self) -> int:
        """The width for a line where there are more than the screen holds."""
        return max(1, self.content_region.width - self.styles.scrollbar_size_vertical)

    def room_of(self, sheet: Sheet) -> int:
        """The width that lines will have, as far as it can be known before they are drawn."""
        fits = sheet.visual.count <= self.content_region.height
        always = isinstance(sheet.visual, Wrapped)
        return self.content_region.width if fits and not always else self.room_for_all

    def _styles(self) -> Styles:
        def full(name: str) -> Style:
            return self.component(f"diff--{name}")

        def over(name: str) -> Style:
            style = full(name)
            underline = True if self.app.no_color else None
            return Style(bgcolor=style.bgcolor, bold=style.bold, underline=underline)

        hidden, quiet = full("hidden"), full("quiet")
        return Styles(
            text=self.ground, dim=full("dim"), number=full("number"), added=full("added"),
            removed=full("removed"), added_word=over("added-word"),
            removed_word=over("removed-word"), fold=full("fold"), head=full("head"),
            alert=full("alert"), path=full("path"),
            looks=Looks(hidden + Style(reverse=True if self.app.no_color else None),
                        Style(color=quiet.color)),
        )  # fmt: skip
