"""A screen's first frame is drawn when there is something in it."""

from __future__ import annotations

from typing import TypeVar

from textual.screen import Screen

T = TypeVar("T")

PATIENCE = 0.1
"""Seconds after which an empty screen is drawn all the same."""


class FirstFrame(Screen[T]):
    """Keeps what was there on the terminal until `there` is called, for a moment at most.

    An empty frame costs as much as a full one and would go again at once.
    """

    _is_there = False

    def on_mount(self) -> None:
        self.set_timer(PATIENCE, self.there)

    def there(self) -> None:
        """What the screen is for is there now, or takes long."""
        if not self._is_there:
            self._is_there = True
            self.refresh()

    def _compositor_refresh(self) -> None:
        if self._is_there:
            super()._compositor_refresh()
        else:
            self._dirty_widgets.clear()  # the first frame is whole; else Textual asks again at once
