"""Counts before a move, as in vi: `5j`, `3]`, `10n`, `20G`.

Digits begin a count wherever they do nothing else; where they do (the saved views of the inbox),
`0` begins it: `05j`.  It works on every screen whose moves come from the registry, shows in the
footer while it is typed, and is gone with the next key.  No decision takes one: `5a` decides
nothing, because nobody can say what it would mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from textual import events
from textual.css.query import NoMatches

from ..actions.counted import AT_ONCE, LINES, MOST, REPEATED, decides, move_of
from .widgets.footer import DeskFooter
from .widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from textual.app import App
    from textual.dom import DOMNode

REFUSED = "A decision takes no count: nothing was decided."


class _Bound(NamedTuple):
    """What a key does right now."""

    id: str
    action: str
    node: DOMNode


class Counts:
    """The count that is being typed."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self.typed = ""

    async def takes(self, event: events.Key) -> bool:
        """Whether the key belonged to a count and has been dealt with.

        To be asked when the key has come back from the widgets, so that a field gets its digits
        and keys are dealt with in the order in which they were pressed.
        """
        digit = event.key if len(event.key) == 1 and event.key in "0123456789" else ""
        if not digit and not self.typed:
            return False  # nearly every key: what it is bound to is not looked up twice
        bound = self._bound(event.key)
        if digit and (self.typed or (bound is None and self._counts_here())):
            self._tell((self.typed + digit)[-len(str(MOST)) - 1 :])
            return True
        if not self.typed:
            return False  # a digit that does something else here
        count = min(int(self.typed), MOST)
        self.drop()
        if event.key == "escape":
            return True
        if bound is None or not count:
            return False
        if decides(bound.id):
            self._say(REFUSED)
            return True
        move = move_of(bound.id)
        if move in LINES:
            await self._go(bound, count)
        elif move in REPEATED:
            await self._repeat(bound, count)
        else:
            return False
        return True

    def drop(self) -> None:
        """Forgets what was typed."""
        if self.typed:
            self._tell("")

    def _bound(self, key: str) -> _Bound | None:
        for node, bindings in self._app.screen._modal_binding_chain:
            for binding in bindings.key_to_bindings.get(key, ()):
                return _Bound(binding.id or "", binding.action, node)
        return None

    def _counts_here(self) -> bool:
        return any(
            move_of(binding.id or "") == "down"
            for _, bindings in self._app.screen._modal_binding_chain
            for found in bindings.key_to_bindings.values()
            for binding in found
        )

    async def _repeat(self, bound: _Bound, count: int) -> None:
        lines = self._lines()
        if lines is not None and bound.id in ("down", "up"):  # in one step, however many
            lines.go(lines.cursor + (count if bound.id == "down" else -count))
            return
        with self._app.batch_update():
            for _ in range(min(count, AT_ONCE)):
                await self._app.run_action(bound.action, bound.node)

    async def _go(self, bound: _Bound, line: int) -> None:
        go_line = getattr(bound.node, "go_line", None)
        lines = self._lines()
        if go_line is not None:
            go_line(line)
        elif lines is not None:
            lines.go(_line_of(lines, line))
        else:
            await self._app.run_action(bound.action, bound.node)

    def _lines(self) -> Any:
        """What has the cursor that the moves move: the focused list or text."""
        from .widgets.virtual_lines import VirtualLines

        focused = self._app.focused
        return focused if isinstance(focused, VirtualList | VirtualLines) else None

    def _tell(self, typed: str) -> None:
        self.typed = typed
        try:
            footer = self._app.screen.query_one(DeskFooter)
        except NoMatches:
            return
        footer.count(f"{typed}…" if typed else "")

    def _say(self, sentence: str) -> None:
        say = getattr(self._app.screen, "say", None)
        if callable(say):
            say(sentence)
        else:
            self._app.notify(sentence, markup=False)


def _line_of(lines: Any, number: int) -> int:
    """The line on which a number stands in the gutter, else the line counted from the first."""
    from .widgets.diff_view import DiffView

    if isinstance(lines, DiffView) and lines.rows is not None:
        from .widgets.line_numbers import row_of_line

        row = row_of_line(lines.rows, number)
        if row is not None:
            return lines._visual.line_of(row)
    return number - 1
