"""How the settings, the letters of a jump and the choice of what to copy look.

`pytest --snapshot-update` makes the pictures anew; look at them before they are committed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from reviewer.config import Config
from reviewer.tui.app import DeskApp
from reviewer.tui.session import Session

from .review_desk import followed
from .test_inbox_looks import submit

PAGES = {
    "theme": ("comma",),
    "columns": ("L", "j", "greater_than_sign"),
    "keys": ("comma", "3", "j", "enter"),
    "views": ("V", "2"),
    "jump": ("semicolon",),
    "copy": ("y",),
}


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("page", PAGES)
def test_page(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    snap_compare: Any,
    size: tuple[int, int],
    page: str,
) -> None:
    monkeypatch.setenv("REVIEWER_HOME", str(tmp_path))
    url = f"sqlite:///{tmp_path}/queue.db"
    app = DeskApp(Session(Config(name="mia", theme="reviewer")), url)

    async def go(pilot: Pilot[None]) -> None:
        await submit(pilot, url)
        for key in PAGES[page]:
            await pilot.press(key)
            while len(app.screen_stack) < 2:
                await pilot.pause(0.02)
            await followed(pilot)
        await pilot.pause(0.2)
        for line in app.screen.query("#foot, .dialog--keys").results(Static):
            assert str(line.render())

    assert snap_compare(app, terminal_size=size, run_before=go)
