"""The last line: what can be done here, from the registry, and what can still be undone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from ...actions import Action, display, keys_of
from ...untrusted import show_line
from ..careful import undo_words
from .bar import Bar, Part

if TYPE_CHECKING:
    from ..session import Session

_PATH = re.compile(r"(?<![\w/])(?:[a-z]+:)?/{1,4}[^\s/'\"]+(?:/[^\s/'\"]+)+")
COUNT = 100
"""How long a typed count stays when room gets short: longest."""


def shortened(sentence: str, room: int) -> str:
    """A sentence whose long paths are cut to their last part where it finds no room, longest first.

    What went wrong stands behind the path as a rule, and would be cut off.
    """
    for path in sorted(_PATH.findall(sentence), key=len, reverse=True):
        if len(sentence) <= room:
            break
        last = path.rstrip("/").rpartition("/")[2]
        sentence = sentence.replace(path, f"…/{last}")
    return sentence


class DeskFooter(Bar):
    """Keys and words; what is not possible right now is dimmed, and its key says why."""

    _count = ""

    def count(self, typed: str) -> None:
        """Shows a count that is being typed, empty for none, on the right of everything."""
        left, right = list(self._left), [part for part in self._right if part.keep != COUNT]
        self._count = typed
        self.show(left, [*right, *self._counted()])

    def _counted(self) -> list[Part]:
        return [Part(f"{self._count} ", "key", keep=COUNT)] if self._count else []

    def serve(
        self,
        session: Session,
        actions: Iterable[Action],
        forbidden: Callable[[Action], str] = lambda _: "",
        *,
        notice: str = "",
    ) -> None:
        """Draws the words of these actions, and what the sitting has to say: its undo countdown,
        what is being sent, why the queue is out of reach; `notice` goes before the latter two.
        """
        trouble = session.trouble if session.connection == "offline" else ""
        said = notice or session.sending or trouble
        keymap, undo = session.config.keymap, undo_words(session)
        self.tell(list(actions), keymap, forbidden, undo=undo, notice=said)

    def tell(
        self,
        actions: Sequence[Action],
        keymap: Mapping[str, str],
        forbidden: Callable[[Action], str],
        *,
        undo: str = "",
        notice: str = "",
    ) -> None:
        """Draws the words of these actions.

        `forbidden` gives the reason why an action is not possible, empty where it is.  `undo` is
        the countdown; `notice` takes the place of the keys for as long as it is given.
        """
        right = [Part(show_line(undo), "warn", "app.undo", keep=99)] if undo else []
        right += self._counted()
        if notice:
            room = self.size.width - 2 - sum(part.width for part in right)
            said = shortened(notice, max(8, room))
            self.show([Part(show_line(said, max(8, room)), "warn", keep=98)], right)
            return
        left: list[Part] = []
        for number, action in enumerate(actions):
            off = bool(forbidden(action))
            key = display(keys_of(action, keymap)[0])
            keep = 90 if action.id == "help" else 60 - number
            run = action.call if action.call.startswith("app.") else f"screen.{action.call}"
            left.append(Part(key, "off" if off else "key", run, keep))
            left.append(Part(f" {action.label}  ", "off" if off else "quiet", run, keep))
        self.show(left, right)
