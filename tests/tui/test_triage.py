"""Triage: due times over all queues, live; every key acts on the row that was seen, or on none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from reviewer.domain.decision import Actor, Decision, Kind
from reviewer.domain.instant import DAY, HOUR, MINUTE, SECOND
from reviewer.tui.due import countdown, span
from reviewer.tui.screens.dialogs.answers import EscalateDialog, ReassignDialog, SnoozeDialog
from reviewer.tui.screens.inbox import InboxScreen
from reviewer.tui.screens.review import ReviewScreen
from reviewer.tui.screens.triage import TriageScreen
from reviewer.tui.targets import targets

from .review_desk import BOB, Desk, desk
from .triage_desk import ROTATIONS, drawn, hand_in, settled, titles, triage

pytestmark = pytest.mark.usefixtures("utc")


@pytest.fixture
def utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")


async def moved(running: Desk, id: str, kind: Kind = Kind.ESCALATE, to: str = "") -> None:
    """Bob moves an artifact, elsewhere."""
    item = await running.queue.get(id)
    assert item is not None
    state = item.entry.state
    decision = Decision(kind, id, state.revision, state.digest, f"op-{id}-{kind}-{to}", to=to)
    answer = await running.queue.decide(decision, BOB)
    assert hasattr(answer, "state"), answer


async def test_what_breaches_next_stands_first_whatever_its_risk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch, on_call=ROTATIONS) as running:
        far = await hand_in(running, "far", 3000, risk="critical")
        await hand_in(running, "soon", 300, queue="legal")
        await hand_in(running, "late", -60, risk="medium")
        await hand_in(running, "next", 600, risk="high")
        screen = await triage(running, 4)
        assert titles(screen) == ["late", "soon", "next", "far"]
        await moved(running, far)  # brought forward in the queue's order, not in that of due times
        await running.until(lambda: screen.due.window.rows[3].state.escalated, "escalated")
        assert titles(screen) == ["late", "soon", "next", "far"]
        shown = drawn(screen)
        assert "ana" in shown
        assert "ben until" in shown or "cy until" in shown
        assert [load.queue for load in screen.load.loads] == ["billing", "legal"]


async def test_more_than_one_read_brings_all_of_them_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reviewer.tui.due.STEP", 3)
    monkeypatch.setattr("reviewer.tui.triage_reader.STEP", 4)
    async with desk(tmp_path, monkeypatch) as running:
        risks = ("low", "medium", "high", "critical")
        ids = [
            await hand_in(running, f"t{n:02d}", 60 * (n * 7 % 20) + 60, risk=risks[n % 4])
            for n in range(20)
        ]
        for id in ids[::5]:
            await moved(running, id)
        await running.press("t")
        await running.until(lambda: isinstance(running.app.screen, TriageScreen))
        screen = running.app.screen
        assert isinstance(screen, TriageScreen)
        for known in range(4, 20):
            await running.until(lambda least=known: screen.due.row_count >= least)  # type: ignore
            await running.press("G")
        await running.until(lambda: screen.due.row_count == 20, "all are read")
        dues = [entry.state.due_at for entry in screen.due.window.rows]
        assert dues == sorted(dues)


async def test_a_key_does_nothing_before_the_row_was_on_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await hand_in(running, "one", 60)
        await hand_in(running, "two", 120)
        screen = await triage(running, 2)
        for key in ("x", "z", "m", "M", "p", "T"):
            await running.pilot.press("j" if screen.due.cursor == 0 else "k")
            await running.until(lambda: running.session._shown is not None)
            await running.pilot.press(key)  # at once: the clock stands still
            await running.pilot.pause()
            assert running.app.screen is screen, key
            assert "has not been on screen long enough" in running.toasts(), key
            running.app.clear_notifications()
            await settled(running, screen)
        await running.ask("x", EscalateDialog)


async def test_the_row_stays_under_the_cursor_when_others_come_and_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch, size=(80, 30)) as running:
        for n in range(6):
            await hand_in(running, f"t{n}", 600 + n * 60)
        screen = await triage(running, 6)
        await running.press("j", "j", "j")
        assert screen.entry is not None
        assert screen.entry.title == "t3"
        await hand_in(running, "urgent", 5)
        await running.until(lambda: screen.due.row_count == 7)
        assert (screen.entry.title, screen.due.cursor) == ("t3", 4)
        await settled(running, screen)
        dialog = await running.ask("z", SnoozeDialog)
        assert "t3" in dialog._what.plain


async def test_a_row_that_left_hands_its_place_to_one_that_is_too_new_to_act_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        first = await hand_in(running, "first", 60)
        second = await hand_in(running, "second", 120)
        screen = await triage(running, 2)
        item = await running.queue.get(first)
        assert item is not None
        state = item.entry.state
        gone = Decision(Kind.APPROVE, first, state.revision, state.digest, "op-gone")
        await running.queue.decide(gone, BOB)
        await running.until(lambda: titles(screen) == ["second"])
        await running.until(
            lambda: running.session._shown is not None and running.session._shown[0] == second
        )
        await running.pilot.press("M")  # meant for the first
        await running.pilot.pause()
        assert "has not been on screen long enough" in running.toasts()
        await settled(running, screen)
        await running.press("M")
        await running.until(lambda: "reassigned" in running.toasts())
        after = await running.queue.get(second)
        assert after is not None
        assert after.entry.state.assignee == "mia"


async def test_what_changed_under_the_cursor_must_be_seen_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        id = await hand_in(running, "one", 60)
        screen = await triage(running, 1)
        await moved(running, id, to="zoe")
        await running.until(lambda: screen.due.window.rows[0].state.assignee == "zoe")
        await running.until(lambda: screen._revision == (id, 2))
        await running.pilot.press("M")
        await running.pilot.pause()
        assert "has not been on screen long enough" in running.toasts()


async def test_a_line_of_the_list_never_counts_for_the_review_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long the row was there: what is decided in the review must have been seen there."""
    async with desk(tmp_path, monkeypatch) as running:
        id = await hand_in(running, "one", 60)
        await triage(running, 1)
        await running.pilot.press("enter", "a")
        await running.until(lambda: isinstance(running.app.screen, ReviewScreen))
        await running.shown(id)
        await running.pilot.pause()
        assert await running.status(id) == "pending"
        await running.press("escape")
        await running.until(lambda: isinstance(running.app.screen, TriageScreen))


async def test_approve_and_reject_are_no_keys_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        id = await hand_in(running, "one", 60)
        screen = await triage(running, 1)
        await running.press("a", "A", "r", "R", "c", "e")
        assert running.app.screen is screen
        assert await running.status(id) == "pending"


async def test_moves_ask_as_everywhere_and_keep_the_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        one = await hand_in(running, "one", 60)
        two = await hand_in(running, "two", 120)
        screen = await triage(running, 2)
        dialog = await running.ask("x", EscalateDialog)
        await running.press(*"dee")
        dialog.query_one("#words").focus()
        await running.pilot.pause()
        await running.press(*"help", "ctrl+s")
        await running.until(lambda: "escalated one" in running.toasts())
        await running.until(lambda: screen.due.window.rows[0].state.escalated)
        item = await running.queue.get(one)
        assert item is not None
        assert item.entry.state.assignee == "dee"
        assert [(r.code, r.detail) for r in item.reasons][-1] == ("escalated", "help")
        await settled(running, screen)
        await running.press("j")
        dialog = await running.ask("m", ReassignDialog)
        assert "two" in dialog._what.plain
        await running.press(*"eli", "ctrl+s")
        await running.until(lambda: "reassigned two" in running.toasts())
        await running.until(lambda: screen.due.window.rows[1].state.assignee == "eli")
        await settled(running, screen)
        await running.ask("z", SnoozeDialog)
        await running.press("2", "y")
        await running.until(lambda: titles(screen) == ["one"])
        assert await running.status(two) == "pending"


async def test_take_over_is_for_leads_and_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        id = await hand_in(running, "one", 60)
        await running.queue.claim(id, BOB)
        screen = await triage(running, 1)
        assert "bob" in drawn(screen)
        await running.press("T")
        await running.until(lambda: isinstance(running.app.screen, ReviewScreen))
        await running.shown(id)
        item = await running.queue.get(id)
        assert item is not None
        assert item.entry.state.lease_owner == "mia"


async def test_take_over_without_the_role_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch, roles=("reviewer",)) as running:
        id = await hand_in(running, "one", 60)
        await running.queue.claim(id, BOB)
        screen = await triage(running, 1)
        await running.press("T")
        assert "only a lead may do that" in running.toasts()
        await running.press("x")
        await running.until(lambda: "bob has claimed it" in running.toasts())
        assert running.app.screen is screen


async def test_next_claims_the_most_urgent_that_is_free_in_the_queue_that_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await hand_in(running, "held", 30, queue="legal")
        free = await hand_in(running, "free", 90, queue="legal")
        await hand_in(running, "other", 10, queue="billing")
        await running.queue.claim((await running.queue.find("coder", "held")) or "", BOB)
        screen = await triage(running, 3)
        await running.press("tab", "j")
        await running.until(lambda: screen.load.has_focus)
        while screen.load.queue != "legal":
            await running.press("j")
        await running.press("enter")
        await running.until(lambda: titles(screen) == ["held", "free"])
        await running.press("n")
        await running.until(lambda: isinstance(running.app.screen, ReviewScreen))
        await running.shown(free)


async def test_a_queue_is_chosen_and_left_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await hand_in(running, "a", 60, queue="legal")
        await hand_in(running, "b", 30, queue="billing")
        screen = await triage(running, 2)
        await running.press("tab")
        await running.until(lambda: screen.load.has_focus)
        await running.press("x")  # a queue is no artifact
        assert "tab goes to the artifacts first" in running.toasts()
        assert running.app.screen is screen
        await running.press("G", "enter")
        await running.until(lambda: titles(screen) == ["a"])
        assert screen.due.has_focus
        assert "legal" in drawn(screen)
        await running.press("escape")
        await running.until(lambda: titles(screen) == ["b", "a"])
        await running.press("escape")
        await running.until(lambda: isinstance(running.app.screen, InboxScreen))


async def test_keys_typed_ahead_of_the_queues_go_to_the_queues(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch, size=(40, 20)) as running:
        await hand_in(running, "a", 60, queue="legal")
        await hand_in(running, "b", 30, queue="billing")
        screen = await triage(running, 2)
        last = screen.load.loads[-1].queue
        for key in ("tab", "G", "enter"):
            running.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await running.until(lambda: screen.reader.queue == last)
        await running.until(lambda: screen.due.row_count == 1 and screen.due.has_focus)
        assert running.app.screen is screen


async def test_the_queues_stay_in_hand_when_the_telephone_is_turned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch, size=(90, 24)) as running:
        await hand_in(running, "a", 60, queue="legal")
        screen = await triage(running, 1)
        await running.press("tab")
        await running.until(lambda: screen.load.has_focus)
        await running.pilot.resize_terminal(40, 20)
        await running.until(lambda: screen.load.region.area and not screen.due.region.area)
        await running.press("G", "enter")
        await running.until(lambda: screen.reader.queue == "legal" and screen.due.region.area)


async def test_read_only_moves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with desk(tmp_path, monkeypatch, on_call=ROTATIONS, pager="true") as running:
        running.session.read_only = True
        id = await hand_in(running, "one", 60)
        screen = await triage(running, 1)
        await running.press("x", "m", "M", "z", "p", "n", "T")
        assert running.app.screen is screen
        item = await running.queue.get(id)
        assert item is not None
        assert item.entry.state.revision == 1
        assert not item.entry.state.lease_owner


async def test_countdowns_tick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        id = await hand_in(running, "one", 90)
        screen = await triage(running, 1)
        due = screen.due.window.rows[0].state.due_at
        running.session.now = lambda: due - 61 * SECOND  # type: ignore[method-assign]
        await running.until(lambda: "1m01s" in drawn(screen))
        running.session.now = lambda: due + 5 * SECOND  # type: ignore[method-assign]
        await running.until(lambda: "-5s" in drawn(screen))
        assert await running.status(id) == "pending"


async def test_nothing_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        screen = await triage(running, 0)
        assert "Nothing waits in any queue." in drawn(screen)
        await running.press("x", "p", "T", "enter", "M", "y")
        assert running.app.screen is screen
        assert "there is no artifact under the cursor" in running.toasts()


async def test_hostile_text_is_shown_and_acts_on_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nasty = "\x1b]52;c;AAAA\x07 \u202eevil [@click=app.quit]x[/]"
    async with desk(tmp_path, monkeypatch, size=(40, 20)) as running:
        await hand_in(running, "one", 60, title=nasty)
        screen = await triage(running, 1)
        assert all(char.isprintable() or char == "\n" for char in drawn(screen))
        await running.ask("x", EscalateDialog)
        lines = running.app.screen._compositor.render_strips(screen.size)
        assert all(line.text.isprintable() for line in lines)


# ----------------------------------------------------------------------------- room, a thumb


@pytest.mark.parametrize("size", [(30, 12), (46, 24), (30, 8), (80, 11)])
async def test_a_telephone_has_the_list_and_what_is_needed_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    async with desk(tmp_path, monkeypatch, size=size, on_call=ROTATIONS) as running:
        for n in range(9):
            await hand_in(running, f"task {n}", n * 60 - 90)
        screen = await triage(running, 9)
        shown = drawn(screen)
        assert "task 0" in shown
        assert "Triage" in shown
        assert not screen.load.region.area
        if size[0] < 60:
            assert (screen.due.tall, screen.due.HEAD) == (2, 0)
        if size[1] >= 12:
            assert "9 open" in shown
            fields = shown.splitlines()[-2:]
            assert fields[0].split() == ["⏎", "T", "x", "p", "tab"]
            assert "page" in fields[1]
        await running.press("tab")
        await running.until(lambda: screen.load.has_focus and screen.load.region.area)
        assert "billing" in drawn(screen)
        assert "task 0" not in drawn(screen)
        await running.press("tab")
        await running.until(lambda: screen.due.has_focus and screen.due.region.area)


async def test_a_tap_anywhere_in_a_field_or_on_either_line_of_a_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch, size=(40, 20)) as running:
        for n in range(4):
            await hand_in(running, f"task {n}", n * 60 + 60)
        screen = await triage(running, 4)
        await running.pilot.click("#due", offset=(20, 5))  # the second line of the third
        assert screen.entry is not None
        assert screen.entry.title == "task 2"
        await settled(running, screen)
        for line in (0, 1):
            for cell in (16, 23):  # the outermost cells of the third field
                await running.pilot.click("#footer", offset=(cell, line))
                dialog = await running.dialog(EscalateDialog)
                assert "task 2" in dialog._what.plain
                await running.press("escape")
                await running.until(lambda: running.app.screen is screen)
                await settled(running, screen)
        await running.pilot.click("#due", offset=(20, 0), times=2)
        await running.until(lambda: isinstance(running.app.screen, ReviewScreen))


async def test_a_jump_goes_to_the_row_whose_first_line_has_the_letter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch, size=(40, 20)) as running:
        for n in range(4):
            await hand_in(running, f"task {n}", n * 60 + 60)
        screen = await triage(running, 4)
        top = screen.due.region.y
        rows = [target for target in targets(screen) if target.rank and target.y >= top]
        assert [target.y - top for target in rows] == [
            2,
            4,
            6,
        ]  # on the first one stands the list's
        rows[1].go()
        assert screen.due.cursor == 2
        assert not any(target.y >= 18 for target in targets(screen)), "the footer's words decide"


async def test_a_row_that_is_cut_off_is_not_acted_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch, size=(40, 20)) as running:
        await hand_in(running, "one", 60)
        screen = await triage(running, 1)
        screen.due.styles.height = 1
        await running.pilot.pause()
        await running.press("M")
        assert "enter opens it first" in running.toasts()


# ------------------------------------------------------------------------------------- times


@given(st.integers(-200 * DAY, 200 * DAY))
def test_a_countdown_finds_room_and_says_which_side_it_is_on(left: int) -> None:
    text = countdown(left)
    assert len(text) <= 7
    assert text.startswith("-") == (left < 0)


@pytest.mark.parametrize(
    ("left", "text"),
    [
        (0, "0s"),
        (59 * SECOND, "59s"),
        (-12 * MINUTE - 4 * SECOND, "-12m04s"),
        (HOUR + 40 * MINUTE, "1h40m"),
        (2 * DAY + 3 * HOUR, "2d3h"),
        (-150 * DAY, "-150d"),
    ],
)
def test_countdowns(left: int, text: str) -> None:
    assert countdown(left) == text


def test_a_length_of_time_in_one_unit() -> None:
    lengths = (0, 90 * MINUTE, 3 * DAY, -1)
    assert [span(length) for length in lengths] == ["now", "1h", "3d", "now"]


async def test_who_is_on_call_by_the_policy_in_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = (
        "version: 1\nagents: {'*': {grants: [{write: '*'}]}}\n"
        "on_call: [{people: [fay], starts: '2020-01-01T09:00', every: 1w, zone: UTC}]\n"
    )
    async with desk(tmp_path, monkeypatch, on_call=ROTATIONS) as running:
        await hand_in(running, "one", 60)
        lead = Actor("lea", roles=frozenset({"lead"}))
        await running.queue.propose_policy(policy, "", lead)
        screen = await triage(running, 1)
        await running.until(lambda: running.session.governing.policy is not None, "the policy")
        screen.reader.look_again()
        await running.until(lambda: "fay" in drawn(screen), "who is on call")
