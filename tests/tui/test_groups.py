"""Groups: what they show, and every rule that keeps a decision on many from doing harm."""

from __future__ import annotations

import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest

from reviewer.domain.artifact import parse
from reviewer.domain.decision import Kind
from reviewer.domain.query import Query
from reviewer.domain.query import parse as query
from reviewer.shapes import analysis
from reviewer.tui.screens.dialogs.bulk import BulkDialog
from reviewer.tui.screens.group import GroupScreen
from reviewer.tui.screens.group_look import LookScreen
from reviewer.tui.screens.groups import GroupsScreen
from tests.support.refunds import ODD, refunds

from .review_desk import AGENT, Desk, desk, footer

Patch = pytest.MonkeyPatch
NUMBER = 15
ALIKE = NUMBER - len(ODD)


class Groups(Desk):
    """The desk with its groups."""

    ids: list[str]

    @property
    def list(self) -> GroupsScreen:
        return next(s for s in self.app.screen_stack if isinstance(s, GroupsScreen))

    @property
    def group(self) -> GroupScreen:
        return next(s for s in self.app.screen_stack if isinstance(s, GroupScreen))

    @property
    def look(self) -> LookScreen:
        screen = self.app.screen
        assert isinstance(screen, LookScreen), self.describe()
        return screen

    async def hand_in(self, documents: Sequence[dict[str, Any]]) -> list[str]:
        """Submits these."""
        answers = await self.queue.submit_many([parse(made) for made in documents], AGENT)
        return [answer.artifact_id for answer in answers]  # type: ignore[union-attr]

    async def groups(self, found: Query | None = None) -> GroupsScreen:
        """Opens the list of groups."""
        self.app.push_screen(GroupsScreen(found, Random(1)))
        await self.until(lambda: self.list._read, "the groups")
        return self.list

    async def open_group(self) -> GroupScreen:
        """Opens the first group, and lets a second pass once its members are drawn."""
        await self.groups()
        await self.until(lambda: self.list.list.groups, "a group")
        await self.press("enter")
        await self.drawn()
        return self.group

    async def drawn(self) -> None:
        """Waits until the members are on screen, and lets a second pass."""
        await self.until(lambda: isinstance(self.app.screen, GroupScreen), "the group")
        await self.until(lambda: self.session._shown == self.group.token, "members on screen")
        await self.pilot.pause()
        self.clock.seconds += 1

    async def look_shown(self, number: int) -> LookScreen:
        """Waits until look number `number` (from 0) is on screen."""
        await self.until(lambda: isinstance(self.app.screen, LookScreen), "a look")
        await self.until(
            lambda: (
                len(self.look.looked) == number
                and self.look.opened is not None
                and self.look.opened.id == self.look.artifact_id
                and self.session._shown == (self.look.opened.id, self.look.opened.digest)
            ),
            f"look {number}",
        )
        await self.pilot.pause()
        return self.look

    async def looks(self, number: int = 3) -> BulkDialog:
        """Takes the looks; answers with the dialog that follows."""
        for at in range(number):
            look = await self.look_shown(at)
            while len(look.looked) == at:  # page by page
                await self.press("space")
        dialog: BulkDialog = await self.dialog(BulkDialog)
        return dialog

    async def statuses(self) -> dict[str, str]:
        """The status of every artifact that was handed in."""
        return {id: await self.status(id) for id in self.ids}


@asynccontextmanager
async def groups(
    tmp_path: Path,
    monkeypatch: Patch,
    documents: Sequence[dict[str, Any]] | None = None,
    **more: Any,
) -> AsyncIterator[Groups]:
    """The desk over a queue with these artifacts; refunds, three of them odd, without."""
    async with desk(tmp_path, monkeypatch, **more) as plain:
        here = Groups(plain.app, plain.pilot, plain.queue, plain.clock)
        here.ids = await here.hand_in(refunds(NUMBER) if documents is None else documents)
        yield here


def text(widget: Any) -> str:
    """What a widget shows."""
    lines = [widget.render_line(y).text for y in range(widget.size.height)]
    return "\n".join(lines)


# --------------------------------------------------------------------------------- what is shown


async def test_groups_are_listed_with_what_they_do_and_kept_true(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with groups(tmp_path, monkeypatch) as here:
        screen = await here.groups()
        await here.until(lambda: "orders/{id}: refunded" in text(screen.list), "the sentence")
        assert f"{NUMBER} · low" in text(screen.list)
        await here.hand_in([d | {"key": f"more-{d['key']}"} for d in refunds(4)])
        await here.until(lambda: f"{NUMBER + 4} · low" in text(screen.list), "the new ones")
        await here.press("escape")
        await here.until(lambda: not isinstance(here.app.screen, GroupsScreen), "the inbox")


async def test_where_nothing_is_alike_it_says_what_a_group_is(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with groups(tmp_path, monkeypatch, refunds(1)) as here:
        screen = await here.groups()
        await here.until(lambda: "Nothing here is alike" in text(screen.list), "the words")
        assert "make a group" in text(screen.list)
        await here.press("enter")
        assert isinstance(here.app.screen, GroupsScreen)
        await here.press("escape")
        # they go by the filter that they were opened from
        screen = await here.groups(query("agent:nobody"))
        await here.until(lambda: "Nothing waits here" in text(screen.list), "the words")
        assert "agent:nobody" in text(screen.line)


async def test_b_in_the_inbox_opens_the_groups_of_its_list(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with groups(tmp_path, monkeypatch) as here:
        await here.until(lambda: here.app.inbox.reader.feed.query is not None, "the inbox")
        await here.press("b")
        await here.until(lambda: isinstance(here.app.screen, GroupsScreen), "the groups")


async def test_a_group_shows_what_is_alike_what_varies_and_who_stands_out(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with groups(tmp_path, monkeypatch) as here:
        group = await here.open_group()
        template, members = text(group.template), text(group.list)
        assert "status  delivered → refunded" in template
        assert "currency EUR" in template
        assert "3 stand out" in members
        assert "refunded is " in members
        assert "goes to payout.invalid" in members
        assert "status before is disputed" in members
        assert "resource" in members
        assert "c8801@mail.example" in members
        assert "median" in text(group.spreads)
        assert f"decides {ALIKE}" in text(group.line)
        # all of what is odd about the outlier under the cursor
        assert "others" in text(group.what_line)


async def test_members_are_sorted_by_what_varies(tmp_path: Path, monkeypatch: Patch) -> None:
    async with groups(tmp_path, monkeypatch) as here:
        group = await here.open_group()
        members = group.members
        assert members is not None

        def amounts() -> list[float]:
            column = group.list.sorted_by
            assert column is not None
            return [column.order[members.place[i]] for i in group.list._ids if i in members.alike]

        assert amounts() == sorted(amounts())
        await here.press("S")
        assert amounts() == sorted(amounts(), reverse=True)
        before = group.list.sorted_by
        await here.press("s")
        assert group.list.sorted_by is not before


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (200, 60)])
async def test_it_works_at_every_size(
    tmp_path: Path, monkeypatch: Patch, size: tuple[int, int]
) -> None:
    async with groups(tmp_path, monkeypatch, size=size, bulk_looks=1) as here:
        await here.open_group()
        for key in ("p", "p", "p", "l", "G"):
            await here.press(key)
        await here.drawn()
        await here.press("a")
        dialog = await here.looks(1)
        await here.press("2", "y")
        if isinstance(here.app.screen, BulkDialog):  # the list must be on screen first
            assert size == (40, 10)
            await here.press("shift+tab")
            await here.until(lambda: dialog.query_one("Touched").drawn, "the list")
            await here.press("y")
        await here.until_status(here.ids[0], "approved")


async def test_reading_a_group_is_told_and_can_be_stopped(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    stopped = threading.Event()

    def forever(found: Sequence[object], progress: Callable[[int], bool]) -> None:
        while progress(7):
            time.sleep(0.05)
        stopped.set()

    monkeypatch.setattr(analysis, "analyse", forever)
    async with groups(tmp_path, monkeypatch) as here:
        await here.groups()
        await here.until(lambda: here.list.list.groups, "a group")
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, GroupScreen), "the group")
        group = here.group
        await here.until(lambda: f"comparing 7 of {NUMBER}" in text(group.line), "how far it is")
        await here.press("a")
        assert "still being read" in footer(group)
        await here.press("escape")
        await here.until(lambda: isinstance(here.app.screen, GroupsScreen), "the groups")
        await here.until(stopped.is_set, "the end of the work")


# ------------------------------------------------------------------------------------ deciding


async def test_what_is_allowed_for_none_of_them_is_refused_before_any_look(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    made = [d | {"allowed": ["reject"]} for d in refunds(5)]
    async with groups(tmp_path, monkeypatch, made) as here:
        group = await here.open_group()
        await here.press("a")
        assert "Approve is not allowed here" in footer(group)
        await here.press("r")
        await here.look_shown(0)


async def test_all_that_are_alike_are_decided_as_one_after_looks_and_taken_back_as_one(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with groups(tmp_path, monkeypatch) as here:
        group = await here.open_group()
        await here.press("a")
        first = await here.look_shown(0)
        assert "Look 1 of 3" in text(first._line)
        assert not first.query_one("#writes-pane").region  # laid out as the review is
        dialog = await here.looks()
        assert dialog.number == ALIKE
        assert {entry.state.id for entry in dialog.entries} == set(here.ids[:ALIKE])
        await here.press("2", "y")
        await here.until_status(here.ids[ALIKE - 1], "approved")
        await here.drawn()
        found = await here.statuses()
        assert set(list(found.values())[:ALIKE]) == {"approved"}
        assert set(list(found.values())[ALIKE:]) == {"pending"}
        records = [(await here.queue.history(id))[-1] for id in here.ids[:ALIKE]]
        assert {record.facts["operation"].rpartition(":")[0] for record in records} == {
            here.session.undoable.operation_id  # type: ignore[union-attr]
        }
        for record in records:
            assert record.facts["seen"]["bulk"] is True
            assert record.facts["seen"]["sampled"] == 3
            assert record.facts["seen"]["lines"] > 0
            assert record.facts["seen"]["dwell_ms"] >= 750
        assert f"{ALIKE} decided" in text(group.line)
        await here.press("u")
        await here.until_status(here.ids[0], "pending")
        assert set((await here.statuses()).values()) == {"pending"}
        await here.until(lambda: f"decides {ALIKE}" in text(group.line), "all of them again")


@pytest.mark.parametrize(("looks", "asked"), [(0, 0), (1, 1), (20, 4)])
async def test_the_setting_says_how_many_looks_and_never_more_than_there_are(
    tmp_path: Path, monkeypatch: Patch, looks: int, asked: int
) -> None:
    async with groups(tmp_path, monkeypatch, refunds(NUMBER)[:4], bulk_looks=looks) as here:
        await here.open_group()
        await here.press("a")
        if asked:
            look = await here.look_shown(0)
            assert f"Look 1 of {asked} " in text(look._line)
        dialog = await here.looks(asked)
        assert dialog.number == 4


async def test_who_is_looked_at_is_chosen_by_chance(tmp_path: Path, monkeypatch: Patch) -> None:
    async with groups(tmp_path, monkeypatch) as here:
        group = await here.open_group()
        order = [entry.state.id for entry in Random(1).sample(group.aim, ALIKE)]
        await here.press("a")
        await here.look_shown(0)
        look = here.look
        await here.looks()
        assert look.looked == order[:3]
        assert order[:3] != [entry.state.id for entry in group.aim][:3]


async def test_looks_are_asked_before_a_rejection_but_not_before_a_move(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with groups(tmp_path, monkeypatch, bulk_looks=1) as here:
        await here.open_group()
        await here.press("r")
        await here.looks(1)
        await here.press("escape")
        await here.drawn()
        await here.press("z")
        await here.until(lambda: type(here.app.screen).__name__ == "SnoozeDialog", "when")


async def test_a_decision_and_a_look_typed_ahead_do_nothing(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with groups(tmp_path, monkeypatch) as here:
        await here.groups()
        await here.until(lambda: here.list.list.groups, "a group")
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, GroupScreen), "the group")
        await here.pilot.press("a")  # while it is being read
        await here.until(lambda: here.session._shown == here.group.token, "members on screen")
        await here.pilot.press("a")  # the clock stands still: not on screen for 250 ms
        await here.pilot.pause()
        assert isinstance(here.app.screen, GroupScreen)
        assert not here.group._busy
        here.clock.seconds += 1
        await here.press("a")
        look = await here.look_shown(0)
        for _ in range(5):
            await here.pilot.press("space")
            await here.pilot.pause()
        assert look.looked == []
        await here.press("space")
        await here.look_shown(1)


async def test_a_look_counts_when_every_line_was_drawn(tmp_path: Path, monkeypatch: Patch) -> None:
    long = [
        d | {"writes": [{"type": "document", "resource": f"letter/{at}", "after": page(at)}]}
        for at, d in enumerate(refunds(6))
    ]
    async with groups(tmp_path, monkeypatch, long, bulk_looks=1, size=(80, 24)) as here:
        await here.open_group()
        await here.press("a")
        look = await here.look_shown(0)
        pressed = 0
        while isinstance(here.app.screen, LookScreen):
            assert pressed < 40
            all_drawn = look.diff.all_seen
            await here.press("space")
            pressed += 1
            await here.pilot.pause()
            if not all_drawn:
                assert here.app.screen is look
        assert pressed > 2
        assert isinstance(here.app.screen, BulkDialog)


def page(at: int) -> str:
    """A text of some pages."""
    return "".join(f"line {number} of letter {at}\n" for number in range(60))


async def test_a_look_counts_when_every_write_was_on_screen(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    two = [
        d | {"writes": [*d["writes"], d["writes"][0] | {"resource": f"copies/{at}"}]}
        for at, d in enumerate(refunds(4))
    ]
    async with groups(tmp_path, monkeypatch, two, bulk_looks=1) as here:
        await here.open_group()
        await here.press("a")
        look = await here.look_shown(0)
        await here.press("space")
        await here.until(lambda: look.index == 1 and look.diff.rows is not None, "the other write")
        assert look.looked == []
        await here.look_shown(0)
        await here.press("space")
        await here.dialog(BulkDialog)


async def test_leaving_a_look_decides_nothing_and_a_look_decides_nothing(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with groups(tmp_path, monkeypatch) as here:
        await here.open_group()
        await here.press("a")
        await here.look_shown(0)
        await here.press("a", "r", "A")
        assert isinstance(here.app.screen, LookScreen)
        await here.press("space")
        await here.look_shown(1)
        await here.press("escape")
        await here.drawn()
        assert set((await here.statuses()).values()) == {"pending"}
        assert not here.group._busy


async def test_neither_the_own_key_nor_enter_confirms(tmp_path: Path, monkeypatch: Patch) -> None:
    async with groups(tmp_path, monkeypatch, bulk_looks=0) as here:
        await here.open_group()
        await here.press("a")
        await here.looks(0)
        await here.press("2", "a", "enter", "space")
        assert isinstance(here.app.screen, BulkDialog)
        assert set((await here.statuses()).values()) == {"pending"}


async def test_a_list_of_which_no_line_is_on_screen_is_not_confirmed(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with groups(tmp_path, monkeypatch, bulk_looks=0) as here:
        group = await here.open_group()
        dialog = BulkDialog(Kind.APPROVE, group.aim, {})
        await here.pilot.resize_terminal(80, 3)
        await here.pilot.pause()
        answers: list[object] = []
        here.app.push_screen(dialog, answers.append)
        await here.until(lambda: dialog._since is not None, "the dialog")
        await here.press("2", "y", "y")
        assert answers == []
        await here.pilot.resize_terminal(100, 40)
        await here.until(lambda: dialog.query_one("Touched").drawn, "the list")
        await here.press("y")
        await here.until(lambda: answers, "the answer")


async def test_nothing_is_decided_while_no_member_is_on_screen(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with groups(tmp_path, monkeypatch, bulk_looks=0) as here:
        await here.open_group()
        await here.pilot.resize_terminal(80, 3)
        await here.until(lambda: not here.group.is_drawn, "no room")
        await here.press("a")
        assert isinstance(here.app.screen, GroupScreen)
        await here.pilot.resize_terminal(100, 40)
        await here.drawn()
        await here.press("a")
        await here.dialog(BulkDialog)


# ------------------------------------------------------------------------------------ outliers
