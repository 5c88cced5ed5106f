"""Reason codes of the policy in force at the desk: in dialogs, on many, in precedents."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewer.domain.decision import Actor, Decision, Kind, Refusal
from reviewer.domain.governance import PolicyRow
from reviewer.tui.deciding import decide
from reviewer.tui.screens.dialogs.answers import RejectDialog
from reviewer.tui.screens.dialogs.bulk import BulkDialog
from reviewer.tui.screens.dialogs.choices import Choices
from reviewer.tui.screens.precedent import PrecedentScreen

from .policy_desk import drawn
from .review_desk import BOB, Desk, desk

Patch = pytest.MonkeyPatch
ADMIN = Actor("ana", roles=frozenset({"reviewer", "admin"}))
POLICY = """\
version: 1
agents:
  "*":
    grants: [{write: "*"}]
reasons:
  fraud: "it looks like\\u202e\\e[31m fraud"
  too_soon: the customer has not answered yet
  wrong_value: the sum is wrong
"""


async def in_force(here: Desk, text: str = POLICY) -> None:
    row = await here.queue.propose_policy(text, "", ADMIN)
    assert isinstance(row, PolicyRow), row
    governing = here.session.governing
    await here.until(
        lambda: governing.compiled is not None and governing.compiled.digest == row.digest,
        "the policy",
    )


async def reasons_of(here: Desk, id: str) -> list[str]:
    return list((await here.queue.history(id))[-1].facts["reasons"])


async def test_the_policys_own_have_the_first_keys(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        await in_force(here)
        id = await here.submit()
        await here.open(id)
        await here.press("R")
        dialog = await here.dialog(RejectDialog)
        said = drawn(dialog)
        assert "the customer has not answered yet" in said
        assert "the sum is wrong" in said
        assert "a value is wrong" not in said
        assert "another reason, said in words" in said
        assert "it looks like⟨U+202E⟩" in said
        assert not {"\x1b", "\u202e"} & set(said)
        await here.press("1", "2", "y")
        await here.until_status(id, "rejected")
        assert await reasons_of(here, id) == ["fraud", "too_soon"]


async def test_what_has_no_digit_is_reached_by_the_cursor(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        await in_force(here)
        id = await here.submit()
        await here.open(id)
        await here.press("R")
        dialog = await here.dialog(RejectDialog)
        rows = dialog.query_one(Choices).row_count
        assert rows == 11
        await here.press("3", *["j"] * (rows - 3), "space")
        assert dialog.query_one(Choices).chosen == ("wrong_value", "other")
        await here.press("y")
        await here.until_status(id, "rejected")
        assert await reasons_of(here, id) == ["wrong_value", "other"]


async def test_while_it_is_not_read_the_built_in_ones_are_offered(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        await here.open(id)
        here.session.governing.compiled = None
        await here.press("R")
        said = drawn(await here.dialog(RejectDialog))
        assert "a value is wrong" in said
        assert "1-9 reason" in said


async def test_many_are_rejected_for_a_reason_of_the_policy(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        await in_force(here)
        ids = [await here.submit(key=f"k{n}") for n in range(2)]
        items = [await here.queue.get(id) for id in ids]
        entries = [item.entry for item in items if item is not None]
        screen = here.app.screen
        screen.run_worker(decide(screen, Kind.REJECT, entries))
        dialog = await here.dialog(BulkDialog)
        assert "the customer has not answered yet" in drawn(dialog)
        await here.press("2", "y")
        for id in ids:
            await here.until_status(id, "rejected")
            assert await reasons_of(here, id) == ["too_soon"]


async def test_precedents_say_them_in_the_policys_words(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch, size=(200, 60)) as here:
        await in_force(here)
        for key, codes in (("one", ("too_soon", "unsafe")), ("two", ("too_soon", "gone_since"))):
            id = await here.submit(key=key)
            item = await here.queue.get(id)
            assert item is not None
            state = item.entry.state
            decision = Decision(
                Kind.REJECT, id, state.revision, state.digest, f"op-{key}", reasons=codes
            )
            assert not isinstance(await here.queue.decide(decision, BOB), Refusal)
        screen = await here.open(await here.submit(key="now"))
        await here.press("p")
        view = screen.precedents
        await here.until(lambda: any(not isinstance(r[1], str) for r in view._rows), "precedents")
        said = "".join(view.row_pane(row).ink.text for row in range(view.row_count))
        assert "the customer has not answered yet 2×" in said
        assert "it could do harm" in said
        assert "gone_since" in said, "a code that no policy explains any more stays readable"
        view.focus()
        view.go_row(next(n for n, row in enumerate(view._rows) if not isinstance(row[1], str)))
        await here.press("enter")
        top: PrecedentScreen = await here.dialog(PrecedentScreen)
        await here.until(lambda: "the customer has not answered yet" in drawn(top), "why")
