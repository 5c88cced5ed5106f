"""The last lines of a screen that is used with one thumb: few keys, each in a field of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.strip import Strip

from ...actions import Action, display, keys_of
from ...untrusted import one_line
from .footer import DeskFooter


class TapFooter(DeskFooter):
    """A footer that, `folded`, has two lines: keys above, words below, in fields of equal width.

    `few` are the ids of the actions that get a field.
    """

    folded = False
    few: tuple[str, ...] = ()
    _fields: tuple[tuple[str, str, str, bool], ...] = ()
    _said = ""

    def fold(self, folded: bool) -> None:
        """Takes two lines, or one."""
        if folded != self.folded:
            self.folded = folded
            self.styles.height = 2 if folded else 1
            self.refresh()

    def tell(
        self,
        actions: Sequence[Action],
        keymap: Mapping[str, str],
        forbidden: Callable[[Action], str],
        *,
        undo: str = "",
        notice: str = "",
    ) -> None:
        super().tell(actions, keymap, forbidden, undo=undo, notice=notice)
        fields = tuple(
            (
                display(keys_of(action, keymap)[0]).replace("enter", "⏎"),
                action.label,
                action.call if action.call.startswith("app.") else f"screen.{action.call}",
                bool(forbidden(action)),
            )
            for action in sorted(
                (one for one in actions if one.id in self.few), key=lambda a: self.few.index(a.id)
            )
        )
        if (fields, notice) != (self._fields, self._said):
            self._fields, self._said = fields, notice
            if self.folded:
                self.refresh()

    def render_line(self, y: int) -> Strip:
        if not self.folded:
            return super().render_line(y)
        width = self.size.width
        base = self.ground
        if self._said or self._count:
            line = self._said_lines(width)[y] if y < 2 else ""
            segments = [Segment(line, base + self.ink("bar--warn"))]
            return Strip(segments).adjust_cell_length(width, base)
        segments = []
        for start, end, (key, label, _, off) in self._places(width):
            text = shortened(key if y == 0 else label, end - start)
            name = "off" if off else "key" if y == 0 else "quiet"
            style = self.ink(f"bar--{name}")
            segments.append(Segment(text.center(end - start), base + style))
        return Strip(segments).adjust_cell_length(width, base + Style())

    def _said_lines(self, width: int) -> tuple[str, str]:
        said = one_line(f"{self._count} {self._said}".strip(), max(2, 2 * (width - 2)))
        cut = said.rfind(" ", 0, width - 1) if len(said) > width - 2 else len(said)
        cut = cut if cut > 0 else width - 2
        return f" {said[:cut]}", f" {one_line(said[cut:].strip(), max(1, width - 2))}"

    def _places(self, width: int) -> list[tuple[int, int, tuple[str, str, str, bool]]]:
        number = len(self._fields) or 1
        edges = [width * at // number for at in range(number + 1)]
        return list(zip(edges, edges[1:], self._fields, strict=False))

    async def on_click(self, event: events.Click) -> None:
        """A tap anywhere in a field is the field's."""
        if not self.folded:
            return
        event.prevent_default()  # the bar has its own fields, where it is not folded
        offset = event.get_content_offset(self)
        if offset is None or self._said:
            return
        for start, end, (_, _, action, _) in self._places(self.size.width):
            if start <= offset.x < end:
                event.stop()
                await self.run_action(action)
                return


def shortened(word: str, cells: int) -> str:
    """A word of ours in so many cells; what is left out is told by a full stop."""
    return word if len(word) <= cells else f"{word[: max(0, cells - 1)]}."
