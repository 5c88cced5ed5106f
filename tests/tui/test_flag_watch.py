"""Approve waits until every flagged line has been on the screen, wherever in a write it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .review_desk import Desk, desk, document

Patch = pytest.MonkeyPatch


def hiding(text: str) -> dict[str, Any]:
    """A document whose text hides something somewhere."""
    write = {"type": "document", "resource": "clause/1", "before": "", "after": text}
    return document(writes=[write])


LONG = "".join(f"line {n}\n" for n in range(500)) + "the end\u200b of it\n"
WIDE = "x" * 2990 + "\u200b" + "y" * 10 + "\n"


async def refused(here: Desk, id: str) -> None:
    """Asks for an approval that must not happen."""
    await here.press("a")
    await here.pilot.pause(0.3)
    assert await here.status(id) == "pending"
    assert "has not" in here.toasts()


async def test_a_flagged_line_far_below(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit(writes=hiding(LONG)["writes"])
        await here.open(id)
        await refused(here, id)
        await here.press("G")
        await here.pilot.pause(0.3)
        await here.press("a")
        await here.until_status(id, "approved")


@pytest.mark.parametrize("wrap", [False, True])
async def test_a_flagged_place_far_to_the_right(
    tmp_path: Path, monkeypatch: Patch, wrap: bool
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit(writes=hiding(WIDE)["writes"])
        await here.open(id)
        await refused(here, id)
        if wrap:
            await here.press("t")
            await here.pilot.pause(0.3)
            for _ in range(6):
                await here.press("ctrl+d")
            await here.press("G")
        else:
            here.review.diff.scroll_to(x=2960, animate=False, force=True, immediate=True)
        await here.pilot.pause(0.5)
        await here.press("a")
        await here.until_status(id, "approved")


async def test_flags_in_view_at_once_need_nothing_more(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit(writes=hiding("short\u200b\n")["writes"])
        await here.open(id)
        await here.pilot.pause(0.3)
        await here.press("a")
        await here.until_status(id, "approved")
