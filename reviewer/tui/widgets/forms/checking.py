"""Finds out in a thread what is wrong with a value, some moments after the last key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, Final

from textual.timer import Timer
from textual.widget import Widget

PAUSE: Final = 0.1
"""Seconds without a key after which the value is checked."""
PATIENCE: Final = 2.0
"""Seconds that a check may take; the schema is the agent's."""

Check = Callable[[Any], Iterable[tuple[str, str]]]
"""From a value to what is wrong with it: JSON pointers and sentences, hostile."""
Found = list[tuple[str, str]]


class Checking:
    """One check at a time for `owner`; one that takes too long is the last (`given_up`).

    `value` gives what is to be checked, and something that is another one when what was found does
    not count any more; `found` gets what is wrong, None once it was given up.
    """

    def __init__(
        self,
        owner: Widget,
        check: Check,
        value: Callable[[], tuple[Any, object]],
        found: Callable[[Found | None], None],
    ) -> None:
        self._owner, self._check, self._value, self._found = owner, check, value, found
        self._timer: Timer | None = None
        self._asked, self._running = False, False
        self.given_up = False

    @property
    def busy(self) -> bool:
        """Whether something is still to be found out."""
        return (self._asked or self._running) and not self.given_up

    def ask(self, pause: float = PAUSE) -> None:
        """Checks when nobody has asked again for so long."""
        if self._timer is not None:
            self._timer.stop()
        self._asked = True
        if pause:
            self._timer = self._owner.set_timer(pause, self._start)
        else:
            self._start()

    def _start(self) -> None:
        if not self._running and not self.given_up:
            self._running = True
            self._owner.run_worker(self._run(), group="check")

    def _checked(self, value: Any) -> Found:
        return list(self._check(value))

    async def _run(self) -> None:
        try:
            while self._asked:
                self._asked = False
                value, which = self._value()
                async with asyncio.timeout(PATIENCE):
                    found = await asyncio.to_thread(self._checked, value)
                if self._value()[1] is which:
                    self._found(found)
        except TimeoutError:
            self.given_up = True
            self._found(None)
        finally:
            self._running = False
