"""What a key may ask for next, drawn in small pieces while nobody presses one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.timer import Timer
    from textual.widget import Widget

SLICE = 0.0005
"""Seconds at most that are drawn at a time, but for a piece that takes longer: a key waits so."""
BETWEEN = 0.001
"""Seconds between two of them, for keys."""


class Ahead:
    """Takes from `pieces`, each of which was drawn when it comes, `still` seconds after `rest`."""

    def __init__(
        self, widget: Widget, still: float, pieces: Callable[[], Iterator[object]]
    ) -> None:
        self._widget, self._still, self._pieces = widget, still, pieces
        self._left: Iterator[object] = iter(())
        self._timer: Timer | None = None

    def rest(self) -> None:
        """Something else may come next: it begins anew, a while after the last time."""
        self._stop()
        self._timer = self._widget.set_timer(self._still, self._begin)

    def _begin(self) -> None:
        self._left = self._pieces()
        self._timer = self._widget.set_interval(BETWEEN, self._draw)

    def _draw(self) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + SLICE
        for _ in self._left:
            if loop.time() >= end:
                return
        self._stop()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
