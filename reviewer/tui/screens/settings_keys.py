"""The keys: pick an action, press another key, see what it clashes with; saved and live at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from typing_extensions import override

from ...actions.remap import Remappable, clashes, problems, remappable, reserved, with_key
from ..widgets.diff_draw import Pane
from ..widgets.pane_lines import PaneLines

SHOWN = 3
"""How many clashes are told at once."""


class KeysEdit(PaneLines):
    """Actions by group with their keys; what was changed has a dot."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "change(False)", show=False),
        Binding("plus", "change(True)", show=False),
        Binding("backspace,delete", "reset", show=False),
        Binding("X", "reset_all", show=False),
    ]
    DEFAULT_CSS = "KeysEdit { height: 1fr; background: $surface; }"

    class Say(Message):
        """A sentence for the line beneath."""

        def __init__(self, sentence: str, wrong: bool = False) -> None:
            super().__init__()
            self.sentence, self.wrong = sentence, wrong

    class Chosen(Message):
        """An action's keys shall be others; None gives it its own back, an empty id gives all."""

        def __init__(self, id: str, keys: str | None) -> None:
            super().__init__()
            self.id, self.keys = id, keys

    def __init__(self, keymap: Mapping[str, str], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.keymap = dict(keymap)
        self.catching = ""
        self._more = self._sure = False
        self._all = remappable()
        self._rows: list[Remappable | str] = []
        self.search("")

    # ------------------------------------------------------------------ what is shown

    def search(self, words: str) -> None:
        """Shows the actions that match these words."""
        rows: list[Remappable | str] = []
        group = ""
        for one in sorted(self._all, key=lambda one: self._groups.index(one.group)):
            if not one.matches(words, self.keymap):
                continue
            if one.group != group:
                group = one.group
                rows.append(group)
            rows.append(one)
        self._rows = rows
        if self.is_mounted:
            self._begin()

    def _begin(self) -> None:
        """The cursor on the first action, with its group's name above it."""
        self.rebuild()
        self.redraw()
        self.go_row(1)
        self.scroll_to(y=0, animate=False, force=True, immediate=True)

    @property
    def _groups(self) -> list[str]:
        return list(dict.fromkeys(one.group for one in self._all))

    def on_mount(self) -> None:
        self._begin()
        self.call_after_refresh(self._begin)  # its height is known only then

    def told(self, keymap: Mapping[str, str]) -> None:
        """The keymap is this one now."""
        self.keymap = dict(keymap)
        self._panes.clear()
        self.redraw()

    @property
    def here(self) -> Remappable | None:
        """The action under the cursor."""
        found = self._rows[self.row] if self._rows else None
        return found if isinstance(found, Remappable) else None

    @property
    def row_count(self) -> int:
        return len(self._rows)

    @override
    def row_pane(self, row: int) -> Pane:
        one = self._rows[row]
        if isinstance(one, str):
            return self.pane(" ", (one, self.style("head")))
        changed = one.id in self.keymap
        catching = one.id == self.catching
        keys = "press a key" if catching else one.keys(self.keymap)
        mark = self.style("warn" if catching else "good" if changed else "")
        gutter = f" {'●' if changed else ' '} {keys:<18} "
        return self.pane(gutter, (one.sentence, self.style("")), gutter_style=mark)

    # ------------------------------------------------------------------ changing

    def action_change(self, more: bool) -> None:
        """Waits for the new key of the action under the cursor."""
        one = self.here
        if one is not None:
            self.catching, self._more = one.id, more
            what = "another key" if more else "the new key"
            where = ", ".join(one.places)
            self._tell(f"Press {what} for '{one.id}' ({where}); esc leaves it as it is.")

    def action_reset(self) -> None:
        """Gives the action its own keys back."""
        one = self.here
        if one is None:
            return
        if one.id not in self.keymap:
            self._tell(f"'{one.id}' has its own keys.")
            return
        without = {id: keys for id, keys in self.keymap.items() if id != one.id}
        wrong = problems(self.keymap, without)
        if wrong:
            self._tell(f"Not yet: {'; '.join(wrong[:SHOWN])}.", wrong=True)
        else:
            self.post_message(self.Chosen(one.id, None))

    def action_reset_all(self) -> None:
        """Gives every action its own keys back, after a question."""
        if self.keymap:
            self._sure = True
            number = len(self.keymap)
            self._tell(f"Give {number} changed actions their own keys back? y does, esc does not.")

    async def on_key(self, event: events.Key) -> None:
        """Catches the new key, before anything can act on it."""
        if self._sure:
            event.stop()
            event.prevent_default()
            self._sure = False
            if event.key == "y":
                self.post_message(self.Chosen("", None))
            else:
                self._tell("Everything stays as it is.")
        elif self.catching:
            event.stop()
            event.prevent_default()
            self._catch(event.key)

    def on_blur(self) -> None:
        """Whoever goes elsewhere has not chosen."""
        self._stop()

    def _stop(self) -> None:
        self.catching, self._sure = "", False
        self._panes.clear()
        self.redraw()

    def _catch(self, key: str) -> None:
        if key == "escape":
            self._stop()
            self._tell("It stays as it is.")
            return
        why = reserved(key)
        candidate = with_key(self.keymap, self.catching, key, more=self._more)
        wrong = [why] if why else clashes(self.keymap, candidate, self.catching)
        if wrong:
            more = f"; and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
            told = "; ".join(wrong[:SHOWN])
            self._tell(f"Not possible: {told}{more}. Another key, or esc.", wrong=True)
            return
        id, keys = self.catching, candidate[self.catching]
        self._stop()
        self.post_message(self.Chosen(id, keys))

    def _tell(self, sentence: str, *, wrong: bool = False) -> None:
        self._panes.clear()
        self.redraw()
        self.post_message(self.Say(sentence, wrong))
