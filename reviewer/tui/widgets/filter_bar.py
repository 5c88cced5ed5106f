"""The filter: what it is, and while it is edited, what could come next or what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input

from ...domain.errors import QueryError
from ...untrusted import show_line
from ..completion import candidates, complete
from ..spelling import spell_out, take_back
from .bar import Bar, Part

HISTORY = 50
"""How many filters are remembered."""


class _Terms(Suggester):
    def __init__(self, bar: FilterBar) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._bar = bar

    async def get_suggestion(self, value: str) -> str | None:
        return complete(value, self._bar.known)


class FilterInput(Input):
    """The field; asks the bar for history and tells it when the person leaves."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "history(-1)", show=False),
        Binding("down", "history(1)", show=False),
        Binding("tab", "cursor_right_end", show=False),
        Binding("escape", "cancel", show=False),
    ]

    class History(Message):
        """An older (-1) or newer (1) filter is wanted."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class Cancelled(Message):
        """The filter shall be as it was."""

    def action_history(self, step: int) -> None:
        self.post_message(self.History(step))

    def action_cancel(self) -> None:
        self.post_message(self.Cancelled())

    def action_cursor_right_end(self) -> None:
        """Takes the completion."""
        self.cursor_position = len(self.value)
        self.action_cursor_right()


class FilterBar(Vertical):
    """The filter of the list; live while it is typed."""

    DEFAULT_CSS = """
    FilterBar {
        height: auto;
        & > FilterInput.-textual-compact { height: 1; padding: 0 1; background: $panel; }
    }
    """

    class Changed(Message):
        """Another filter applies."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Closed(Message):
        """It is not edited any more."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.text = ""
        self.known: Mapping[str, Sequence[str]] = {}
        self.order = "deadline"
        self.marked = ""
        self.changed = False
        self.error: tuple[str, int] | None = None
        self._before = ""
        self._history: list[str] = []
        self._place = 0
        self._line = Bar(id="filter-line")

    def compose(self) -> ComposeResult:
        yield self._line

    @property
    def editing(self) -> bool:
        """Whether somebody is typing a filter."""
        return bool(self.query(FilterInput))

    async def edit(self) -> None:
        """Starts typing."""
        if self.editing:
            return
        self._before, self._place = self.text, len(self._history)
        field = FilterInput(
            spell_out(self.text).text,
            placeholder="agent:… risk:>=high due:<1h words",
            suggester=_Terms(self),
            compact=True,
            select_on_focus=False,
        )
        await self.mount(field, before=0)
        self.screen.set_focus(field)  # at once: what is typed meanwhile belongs to it
        self.tell()

    async def leave(self, text: str) -> None:
        """Stops typing; `text` is the filter now."""
        if text.strip() and (not self._history or self._history[-1] != text):
            self._history = [*self._history[-HISTORY + 1 :], text]
        await self.query(FilterInput).remove()
        self._apply(text)
        self.post_message(self.Closed())
        self.tell()

    def set_text(self, text: str) -> None:
        """Puts a filter that belongs to another view; tells nobody."""
        self.text, self.error = text, None
        self.tell()

    def set_error(self, sentence: str, at: int) -> None:
        """The filter cannot be read: why, and the offset of the term."""
        self.error = (sentence, at)
        self.tell()

    def tell(self) -> None:
        """Draws the line under the field while editing, else the filter itself."""
        order = {"deadline": "by deadline ↑", "newest": "newest first", "oldest": "oldest first"}
        right = [Part(order.get(self.order, self.order), "quiet", "screen.sort", keep=3)]
        if self.changed and not self.editing:
            right.insert(0, Part("changed · V saves   ", "off", "screen.save_view", keep=2))
        if self.marked:
            right.append(Part(f"   {self.marked}", "warn", keep=9))
        right.append(Part(" "))
        self._line.show(self._hint() if self.editing or self.error else self._shown(), right)

    def _shown(self) -> list[Part]:
        if self.text:
            return [
                Part("/ ", "key", "screen.filter"),
                Part(show_line(self.text), "text", "screen.filter"),
            ]
        return [Part("/ ", "key", "screen.filter"), Part("filter", "off", "screen.filter")]

    def _hint(self) -> list[Part]:
        if self.error is not None:
            sentence, at = self.error
            at = min(at, self.size.width // 3)
            room = max(10, self.size.width - at - 36)
            return [
                Part(" " * at + "^ ", "bad", keep=9),
                Part(show_line(sentence, room), "bad", keep=9),
            ]
        _, found = candidates(self.text, self.known)
        words = [Part(f"{word}  ", "quiet", keep=20 - i) for i, word in enumerate(found[:12])]
        return words or [Part("enter keeps it  esc drops it  ↑ earlier  tab completes", "off")]

    def _apply(self, text: str) -> None:
        if text != self.text:
            self.text, self.error = text, None
            self.post_message(self.Changed(text))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._apply(take_back(event.value))
        self.tell()

    @on(Input.Submitted)
    async def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        text = take_back(event.value)
        from ...domain.query import parse

        try:  # here, not by what the list has said so far: its word on the last letters may be out
            parse(text)
        except QueryError as error:
            self.set_error(str(error), error.at)
        else:
            await self.leave(text)

    @on(FilterInput.Cancelled)
    async def _cancelled(self, event: FilterInput.Cancelled) -> None:
        event.stop()
        self.error = None
        await self.leave(self._before)

    @on(FilterInput.History)
    def _recalled(self, event: FilterInput.History) -> None:
        event.stop()
        if self._history:
            self._place = max(0, min(self._place + event.step, len(self._history) - 1))
            field = self.query_one(FilterInput)
            field.value = spell_out(self._history[self._place]).text
            field.cursor_position = len(field.value)
