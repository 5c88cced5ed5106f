"""The alarm: it rings when more are breaching than before, not for what was there."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest

from reviewer.config import parse as settings
from reviewer.domain.errors import ReviewerError
from reviewer.tui.alarm import QUIET, Alarm, called_out
from tests.support.terminal import leaks

from .review_desk import Desk, desk

Patch = pytest.MonkeyPatch
_NUMBERS = count()
LATE = "2020-01-01T00:00:00Z"


async def breaching(here: Desk, number: int) -> None:
    """So many more artifacts that are due in the past."""
    for _ in range(number):
        await here.submit(key=f"late-{next(_NUMBERS)}", due_at=LATE)


async def test_it_rings_when_there_are_more_than_before(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        rang: list[int] = []
        alarm = Alarm(here.session, rang.append)
        await breaching(here, 2)
        await alarm.look()
        assert rang == []  # they were there before
        await alarm.look()
        await breaching(here, 1)
        here.clock.seconds += 1
        await alarm.look()
        assert rang == [3]
        await breaching(here, 1)
        here.clock.seconds += 1
        await alarm.look()
        assert rang == [3]  # so soon it stays quiet,
        here.clock.seconds += QUIET
        await alarm.look()
        assert rang == [3, 4]  # and tells it later


async def test_the_desk_says_so_on_any_screen(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        await here.app._look_for_breaches().wait()
        await breaching(here, 1)
        await here.open(await here.submit())
        await here.app._look_for_breaches().wait()
        assert "1 artifact is past the due time." in here.toasts()


def test_what_is_written_is_ours_alone(monkeypatch: Patch) -> None:
    monkeypatch.delenv("TMUX", raising=False)
    assert called_out("off", 3) == ""
    for how in ("bell", "osc9"):
        assert leaks(called_out(how, 3).encode()) == []
    assert leaks(b"\x07")
    monkeypatch.setenv("TMUX", "/tmp/x,1,0")
    assert called_out("osc9", 3).startswith("\x1bPtmux;\x1b\x1b]9;reviewer")


def test_the_setting_is_one_of_three(tmp_path: Path) -> None:
    assert settings('alarm = "osc9"', tmp_path).alarm == "osc9"
    with pytest.raises(ReviewerError, match="one of bell, osc9, off"):
        settings('alarm = "siren"', tmp_path)
