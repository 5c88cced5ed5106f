"""Precedents: on the same resource exactly, of the same shape, how they were decided; read-only."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from reviewer.domain.artifact import parse, parse_writes
from reviewer.domain.decision import Decision, Kind, Refusal
from reviewer.tui.precedent_reading import Group, Said, precedents
from reviewer.tui.screens.precedent import PrecedentScreen
from reviewer.tui.screens.review import ReviewScreen

from ..support.hostile import hostile_artifact
from .review_desk import AGENT, BOB, Desk, desk

Patch = pytest.MonkeyPatch


def order(number: int, amount: float = 10, **more: Any) -> dict[str, Any]:
    """The write of a refund."""
    return {
        "type": "record", "system": "crm", "resource": f"order/{number}",
        "before": {"status": "open", "amount": 0},
        "after": {"status": "refunded", "amount": amount}, **more,
    }  # fmt: skip


async def decided(
    here: Desk, key: str, kind: Kind, writes: list[dict[str, Any]], **more: Any
) -> str:
    """An artifact that bob has decided."""
    title = more.pop("title", f"Refund {key}")
    id = await here.submit(key=key, writes=writes, title=title)
    item = await here.queue.get(id)
    assert item is not None
    state = item.entry.state
    if "edited" in more:
        more["writes"] = parse_writes(more.pop("edited"))
    said = await here.queue.decide(
        Decision(kind, id, state.revision, state.digest, f"op-{key}", **more), BOB
    )
    assert not isinstance(said, Refusal), said
    return id


async def groups_of(here: Desk, id: str) -> dict[str, Group]:
    item = await here.queue.get(id)
    assert item is not None
    return {group.heading: group for group in await precedents(here.session, item)}


def screen_text(screen: ReviewScreen) -> str:
    return "\n".join(strip.text for strip in screen._compositor.render_strips())


async def test_a_resource_is_the_same_only_where_it_is_exactly_the_same(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        same = await decided(here, "p1", Kind.APPROVE, [order(88)])
        await decided(here, "p2", Kind.APPROVE, [order(881)])
        await decided(here, "p3", Kind.APPROVE, [order(88, system="other")])
        await decided(here, "p4", Kind.APPROVE, [order(7)], title="about order/88")
        groups = await groups_of(here, await here.submit(key="now", writes=[order(88)]))
        on_it = groups["On this resource"]
        assert [entry.state.id for entry in on_it.entries] == [same]
        assert [entry.state.id for entry in groups["Same shape"].entries][-1] == same
        assert len(groups["Same shape"].entries) >= 3


async def test_they_say_how_often_how_and_why(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch, size=(200, 60)) as here:
        for n in range(3):
            await decided(here, f"a{n}", Kind.APPROVE, [order(n)])
        for n, reason in enumerate(("wrong_value", "wrong_value", "unsafe")):
            more = {"reasons": (reason,), "comment": "not by my watch"}
            await decided(here, f"r{n}", Kind.REJECT, [order(n + 10)], **more)
        screen = await here.open(await here.submit(key="now", writes=[order(99)]))
        await here.press("p")
        await here.until(lambda: "rejected" in screen_text(screen), "the counts")
        text = " ".join(screen_text(screen).split())
        assert "3 approved" in text
        assert "3 rejected" in text
        joined = "".join(screen.precedents.row_pane(row).ink.text for row in range(20)
                         if row < screen.precedents.row_count)  # fmt: skip
        assert "a value is wrong 2×, it could do harm" in joined
        assert "bob" in joined
        assert "“not by my watch”" in joined
        assert "Nobody has decided about it before" in joined


async def test_the_first_of_its_kind_is_told_so(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch, size=(200, 60)) as here:
        screen = await here.open(await here.submit())
        await here.press("p")
        await here.until(lambda: "first of its kind" in screen_text(screen), "it teaches")
        await here.press("enter")
        await here.until(lambda: "Put the cursor on a precedent" in here.toasts(), "it is said")


async def open_first(here: Desk, screen: ReviewScreen) -> PrecedentScreen:
    """Opens the first precedent of the artifact on the screen."""
    await here.press("p")
    view = screen.precedents
    await here.until(lambda: any(not isinstance(r[1], str) for r in view._rows), "precedents")
    view.focus()
    row = next(n for n, found in enumerate(view._rows) if not isinstance(found[1], str))
    view.go_row(row)
    await here.press("enter")
    top: PrecedentScreen = await here.dialog(PrecedentScreen)
    await here.until(lambda: top.opened is not None and top.diff.rows is not None, "the precedent")
    here.clock.seconds += 1
    return top


async def test_one_is_opened_to_be_read_and_left_again(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch, size=(200, 60)) as here:
        more = {"reasons": ("unsafe",), "comment": "too much"}
        before = await decided(here, "p1", Kind.REJECT, [order(88, 500)], **more)
        id = await here.submit(key="now", writes=[order(88)])
        screen = await here.open(id)
        top = await open_first(here, screen)
        text = screen_text(top)
        assert "Precedent. Rejected by bob" in text
        assert "it could do harm “too much”" in text
        await here.press("a", "A", "r", "e", "T")
        await here.until(lambda: "to be read only" in here.toasts(), "it is refused")
        assert here.app.screen is top
        assert await here.status(before) == "rejected"
        await here.press("escape")
        await here.until(lambda: here.app.screen is screen, "back")
        assert screen.focused is screen.precedents
        assert screen.opened is not None
        assert screen.opened.claimed
        assert here.session.fence(id) is not None


async def test_of_an_edited_one_the_final_form_is_shown(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch, size=(200, 60)) as here:
        proposed = order(88, 500)
        final = copy.deepcopy(proposed)
        final["after"]["amount"] = 450
        before = await decided(here, "p1", Kind.EDIT, [proposed], edited=[final])
        screen = await here.open(await here.submit(key="now", writes=[order(88)]))

        async def over() -> bool:
            return await here.queue.verdict(before) is not None

        for _ in range(500):  # the undo window is the queue's own
            if await over():
                break
            await here.pilot.pause(0.05)
        top = await open_first(here, screen)
        text = screen_text(top)
        assert "Edited and approved by bob" in text
        assert "/0/after/amount 500 → 450" in text
        assert "0 → 450" in text
        assert not top.aim or top.refusal(Kind.APPROVE)


async def test_a_precedent_that_was_taken_back_is_not_claimed(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch, size=(200, 60)) as here:
        before = await decided(here, "p1", Kind.APPROVE, [order(88)])
        screen = await here.open(await here.submit(key="now", writes=[order(88)]))
        await here.press("p")
        view = screen.precedents
        await here.until(lambda: any(not isinstance(r[1], str) for r in view._rows), "precedents")
        # so that the window to take it back is still open, however slow the machine is
        monkeypatch.setattr(here.queue.dialect, "clock_offset", -60_000_000)  # type: ignore[attr-defined]
        await here.queue.undo("op-p1", BOB)
        assert await here.status(before) == "pending"
        top = await open_first_again(here, screen)
        assert here.session.fence(before) is None
        await here.press("a", "ctrl+s", "A")
        assert here.app.screen is top
        assert await here.status(before) == "pending"


async def open_first_again(here: Desk, screen: ReviewScreen) -> PrecedentScreen:
    await here.press("p")
    return await open_first(here, screen)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_hostile_precedents_stay_text(
    tmp_path: Path, monkeypatch: Patch, size: tuple[int, int]
) -> None:
    """`desk` asserts at its end that the guard had nothing to do."""
    async with desk(tmp_path, monkeypatch, size=size) as here:
        ids = []
        for number in (1, 9):
            body = hostile_artifact(number)
            body["agent"] = {"name": "\u202eevil\x1b[2J"}
            ids.append((await here.queue.submit(parse(body), AGENT)).artifact_id)
        item = await here.queue.get(ids[0])
        assert item is not None
        comment = "\x1b]52;c;AAAA\x07[@click=app.quit]x[/]"
        said = Decision(
            Kind.REJECT, ids[0], item.entry.state.revision, item.entry.state.digest, "op",
            reasons=("other",), comment=comment,
        )  # fmt: skip
        assert not isinstance(await here.queue.decide(said, BOB), Refusal)
        screen = ReviewScreen(ids[1])
        here.app.push_screen(screen)
        await here.until(lambda: screen.opened is not None and screen.diff.rows is not None)
        top = await open_first(here, screen)
        assert "^[]52;c;AAAA^G" in screen_text(top)
        await here.press("escape", "escape", "escape", "escape")
        await here.until(lambda: not isinstance(here.app.screen, ReviewScreen), "left")


def test_reasons_are_counted_of_what_was_read() -> None:
    assert Group("x").counts == []
    assert Group("x", said={"1": Said(("unsafe",))}).reasons("reject") == []
