"""The third promise on the whole desk: hostile text in every field reaches no terminal, starts no
action and ends nothing, through a real pseudo-terminal over a real queue.

Each run walks another part at another size; `REVIEWER_TEST_SEED` turns to other texts.  The whole
sweep is `python -m tests.tui.hostile_sweep`.
"""

from __future__ import annotations

import os
import zlib
from pathlib import Path

import pytest

from tests.support.hostile import TYPES, naughty

from .hostile_queue import documents, fill, furnish, own_artifact, standing
from .hostile_walk import PROGRAM, Walk

SEED = zlib.crc32(os.environ.get("REVIEWER_TEST_SEED", "").encode()) % 10_000
MANY = 48
PACE = 0.3


def queue(home: Path, seed: int) -> list[str]:
    """A furnished home with a queue of all types of writes; skips without the shared strings."""
    naughty()
    furnish(home, seed)
    return fill(home, documents(range(seed, seed + MANY), shared=True))


def test_looking_at_a_small_size_and_clicking_every_third_cell(tmp_path: Path) -> None:
    home = tmp_path / "home"
    ids = queue(home, SEED)
    before = standing(home, ids)
    with Walk(home, (80, 24), SEED, pace=PACE) as walk:
        walk.start()
        walk.click_all(3, SEED % 3)
        walk.home_again()
        walk.open_kind(TYPES[SEED % 8])
        walk.click_all(3, SEED % 3)
        walk.home_again()
        walk.run_down(3)
        walk.inbox()
        walk.filter()
        assert walk.leave() == 0
    assert walk.found() == []
    assert standing(home, ids) == before, "a click or a filter decided something"


def test_review_and_edit_at_a_middle_size(tmp_path: Path) -> None:
    home = tmp_path / "home"
    ids = queue(home, SEED + 1)
    before = standing(home, ids)
    with Walk(home, (120, 40), SEED + 1, pace=PACE) as walk:
        walk.start()
        walk.open_kind(TYPES[(SEED + 4) % 8])
        walk.review()
        walk.edit()
        walk.dialogs("rcmxz"[SEED % 4 :][:2])
        walk.home_again()
        assert walk.leave() == 0
    assert walk.found() == []
    assert standing(home, ids) == before, "a question that was left decided something"


def test_deciding_at_a_large_size(tmp_path: Path) -> None:
    home = tmp_path / "home"
    ids = queue(home, SEED + 2)
    before = standing(home, ids)
    with Walk(home, (200, 60), SEED + 2, pace=PACE) as walk:
        walk.start()
        walk.rooms()
        walk.governing()
        walk.hand_on()
        walk.open_kind(TYPES[(SEED + 6) % 8])
        walk.decide()
        walk.home_again()
        walk.bulk()
        assert walk.leave() == 0
    assert walk.found() == []
    after = standing(home, ids)
    assert sum(after[id] != before[id] for id in ids) >= 2, "the decisions were never made"
    assert "Taken back" in walk.terminal.raw.decode("utf-8", "replace")


def test_the_program_itself_without_shared_data(tmp_path: Path) -> None:
    home = tmp_path / "home"
    furnish(home, SEED + 3)
    ids = fill(home, [own_artifact(SEED + number) for number in range(24)])
    before = standing(home, ids)
    with Walk(home, (100, 30), SEED + 3, (*PROGRAM, "desk"), PACE) as walk:
        walk.start()
        walk.run_down(3)
        walk.open_kind(TYPES[SEED % 2])
        walk.read_it()
        walk.home_again()
        assert walk.leave() == 0
    assert walk.found() == []
    assert standing(home, ids) == before


@pytest.mark.parametrize("words", ["aaaa", "ruby"])
def test_a_pasted_escape_presses_no_keys(tmp_path: Path, words: str) -> None:
    home = tmp_path / "home"
    furnish(home, 0)
    ids = fill(home, [own_artifact(number) for number in range(24)])
    before = standing(home, ids)
    with Walk(home, (100, 30), 0) as walk:
        walk.start()
        walk.terminal.settle(0.4)
        walk.paste(f"\x1b{words}\x1b\x1b{words * 12}q\x1b[")
        assert walk.until("r", "Reject: why"), walk.terminal.text()
        walk.paste(f"\x1b9\x1b9{words * 12}\x1by\x13")
        walk.keys("\x1b", quiet=0.2)
        assert walk.leave() == 0
    assert walk.found() == []
    assert standing(home, ids) == before
