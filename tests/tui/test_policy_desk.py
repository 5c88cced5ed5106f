"""The policy at the desk over a real queue: stops, needs, looks, rulings, activating, trying."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reviewer.domain.artifact import parse
from reviewer.domain.decision import Actor, Decision, Kind, Refusal
from reviewer.domain.governance import PolicyRow, Stopped
from reviewer.queue import Queue
from reviewer.tui.screens.agents import AgentsScreen
from reviewer.tui.screens.dialogs.bulk import BulkDialog
from reviewer.tui.screens.dialogs.governing import (
    CapDialog,
    PromotionDialog,
    ResumeDialog,
    StopDialog,
)
from reviewer.tui.screens.group_look import LookScreen
from reviewer.tui.screens.policy import PolicyScreen

from .policy_desk import drawn
from .review_desk import Desk, desk, document, footer

Patch = pytest.MonkeyPatch
ANA = Actor("ana", roles=frozenset({"reviewer", "lead"}))
POLICY = """\
version: 1
name: for tests
queues:
  billing:
    reviewers: [mia, ben]
    lead: ana
    escalate:
      - {after: 50%, to: ben}
      - {after: 100%, to: lead, page: true}
agents:
  refund-bot:
    owner: ana
    grants: [{id: everything, write: "*"}]
    budget: {rate: 10%, window: 30d, least: 2}
  shade:
    mode: shadow
    grants: [{write: "*"}]
  locked: {}
rules:
  - id: large
    about: large amounts need two people and looks
    each: write
    write: record
    when: write.after.amount > 200
    then: {quorum: 2, looks: 3, reason: {code: large}}
  - id: mine
    about: what was asked for mia is for somebody else
    when: identity.on_behalf_of == "mia"
    then: {four_eyes: true}
  - id: odd
    about: odd ones by themselves
    each: write
    write: record
    when: write.after.amount == 13
    then: {lift_out: true}
"""


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: Patch) -> None:
    monkeypatch.setenv("REVIEWER_HOME", str(tmp_path))


async def in_force(running: Desk, text: str = POLICY) -> PolicyRow:
    """Puts a policy in force by somebody else's hand, and waits until the desk has it."""
    row = await running.queue.propose_policy(text, "for the test", ANA)
    assert isinstance(row, PolicyRow), row
    governing = running.session.governing
    await running.until(
        lambda: governing.compiled is not None and governing.compiled.digest == row.digest,
        "the policy",
    )
    return row


def refund(amount: int, **more: Any) -> dict[str, Any]:
    """A refund of an amount."""
    given = {
        "agent": {"name": "refund-bot", "version": "2"},
        "queue": "billing",
        "escalations": [],
        "identity": {},
        "writes": [
            {"type": "record", "system": "crm", "resource": "order/1",
             "before": {"amount": 0}, "after": {"amount": amount}}
        ],
    }  # fmt: skip
    return document(**{**given, **more})


async def submit(running: Desk, key: str, amount: int = 5, **more: Any) -> str:
    """Hands a refund in."""
    made = parse(refund(amount, key=key, **more))
    agent = Actor(made.agent.name, "agent", frozenset({"agent"}))
    return (await running.queue.submit(made, agent)).artifact_id


async def listed(running: Desk, number: int, filter: str = "is:pending") -> None:
    """Waits until the inbox lists so many; whose they are does not matter."""
    inbox = running.app.inbox
    inbox.show_only(filter)
    inbox.action_view(2)
    inbox.show_only(filter)
    await running.until(lambda: inbox.list.row_count == number, f"{number} rows")
    await running.until(
        lambda: number == 0 or running.session._shown is not None, "the preview is drawn"
    )
    running.clock.seconds += 1


async def stopped_by_key(running: Desk, why: str) -> None:
    """Presses the switch, says why, and confirms; Enter does not."""
    await running.press("exclamation_mark")
    dialog = await running.dialog(StopDialog)
    await running.press("ctrl+s")
    assert running.app.screen is dialog, "without a reason nothing is stopped"
    await running.press(*why)
    await running.press("ctrl+s")
    await running.until(lambda: running.app.screen is not dialog, "answered")


# ------------------------------------------------------------------------- the kill switch


async def test_one_key_stops_an_agent_from_the_inbox(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await in_force(running)
        await submit(running, "a1")
        await listed(running, 1)
        await stopped_by_key(running, "flood")
        await running.until(lambda: running.session.governing.stops, "the stop is known")
        stop = (await running.queue.stops())[0]
        assert (stop.agent, stop.why, stop.by) == ("refund-bot", "flood", "mia")
        inbox = running.app.inbox
        await running.until(lambda: "■ refund-bot stopped" in drawn(inbox), "the status line")
        await running.press("a")
        assert "refund-bot is stopped by mia: flood" in footer(inbox)
        assert (await running.queue.stops()) == [stop]
        later = await running.queue.get(await submit(running, "a2"))
        assert later is not None
        assert str(later.entry.state.status) == "rejected", "denied at the next admission"


async def test_a_stop_by_somebody_else_is_seen_in_review_at_once(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await in_force(running)
        id = await submit(running, "a1")
        screen = await running.open(id)
        assert screen.refusal(Kind.APPROVE) == ""
        answer = await running.queue.stop("*", "vendor breached", ANA)
        assert isinstance(answer, Stopped)
        await running.until(lambda: screen.refusal(Kind.APPROVE), "it is refused")
        assert "All agents are stopped by ana: vendor breached" in screen.refusal(Kind.APPROVE)
        assert screen.refusal(Kind.REJECT) == ""
        await running.until(lambda: "All agents are stopped by ana" in drawn(screen), "it is said")
        await running.press("a")
        assert "stopped" in running.toasts()
        assert await running.status(id) == "pending"


async def test_a_stop_calls_back_what_has_not_gone_out(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await in_force(running)
        id = await submit(running, "a1")
        await running.open(id)
        await running.press("A")
        await running.until_status(id, "approved")
        await running.press("exclamation_mark")
        await running.dialog(StopDialog)
        await running.press(*"oops")
        await running.press("ctrl+s")
        await running.until_status(id, "pending")
        await running.until(lambda: "went back to people" in running.toasts(), "it is said")


async def test_a_lead_lets_it_go_on(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await in_force(running)
        await submit(running, "a1")
        await running.queue.stop("refund-bot", "drill", ANA)
        await running.press("B")
        screen = running.app.screen
        assert isinstance(screen, AgentsScreen)
        await running.until(lambda: screen.list.rows, "rows")
        assert screen.list.row is not None
        assert screen.list.row.agent == "refund-bot"
        assert "stopped by ana: drill" in drawn(screen)
        await running.press("R")
        dialog = await running.dialog(ResumeDialog)
        await running.press("enter", "R")
        assert running.app.screen is dialog, "neither Enter nor its own key confirms"
        await running.press("y")
        await running.until(lambda: "goes on" in running.toasts(), "resumed")
        assert await running.queue.stops() == []


async def test_who_only_reads_stops_nobody(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch, roles=("reviewer",)) as running:
        await in_force(running)
        await submit(running, "a1")
        await running.press("B")
        screen = running.app.screen
        assert isinstance(screen, AgentsScreen)
        await running.until(lambda: screen.list.rows, "rows")
        await running.press("c")
        assert "only a lead" in running.toasts()
        await running.queue.stop("refund-bot", "drill", ANA)
        await running.until(lambda: screen.stops, "the stop")
        await running.press("R")
        assert running.app.screen is screen
        running.session.read_only = True
        await running.press("exclamation_mark")
        assert running.app.screen is screen
        assert "read-only" in running.toasts()


# --------------------------------------------------------------------- caps and promotions


async def test_a_cap_is_set_and_a_promotion_decided(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await in_force(running)
        id = await submit(running, "a1")
        await decide(running.queue, id, Kind.REJECT)
        await running.press("B")
        screen = running.app.screen
        assert isinstance(screen, AgentsScreen)
        await running.until(
            lambda: any(row.kind == "change" for row in screen.list.rows), "rows of its kind"
        )
        await to(running, screen, "refund-bot")
        await running.press("c")
        await running.dialog(CapDialog)
        await running.press(*"odd", "shift+tab", "1", "ctrl+s")
        await running.until(lambda: "is at most shadow now" in running.toasts(), "capped")
        (cap,) = await running.queue.caps()
        assert (cap.agent, cap.kind, cap.mode, cap.why, cap.by) == (
            "refund-bot", "change", "shadow", "odd", "mia",
        )  # fmt: skip
        await running.until(lambda: "◌ shadow" in drawn(screen), "the mode in force")
        assert await running.queue.propose_promotion(
            "refund-bot",
            "change",
            "assisted",
            "it errs in less than 1 %",
            Actor("policy", "policy"),
        )
        await running.until(
            lambda: screen.list.row is not None and screen.list.row.promotion is not None,
            "the promotion is there",
        )
        await running.press("p")
        dialog = await running.dialog(PromotionDialog)
        assert "it errs in less than 1 %" in drawn(dialog)
        await running.press(*"fine", "shift+tab", "1", "ctrl+s")
        await running.until(lambda: "is at most assisted now" in running.toasts(), "lifted")
        assert {cap.state for cap in await running.queue.caps()} == {"capped"}


async def test_a_promotion_is_declined_without_a_cap(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await in_force(running)
        await decide(running.queue, await submit(running, "a1"), Kind.REJECT)
        policy = Actor("policy", "policy")
        asked = ("refund-bot", "change", "autonomous", "it errs in less than 1 %")
        assert await running.queue.propose_promotion(*asked, policy)
        await running.press("B")
        screen = running.app.screen
        assert isinstance(screen, AgentsScreen)
        await running.until(
            lambda: any(row.promotion is not None for row in screen.list.rows), "the promotion"
        )
        await to(running, screen, "refund-bot")
        await running.press("p")
        await running.dialog(PromotionDialog)
        await running.press(*"early", "shift+tab", "2", "ctrl+s")
        await running.until(lambda: "Declined: refund-bot" in running.toasts(), "declined")
        await running.until(
            lambda: "mia declined to make it autonomous: early" in drawn(screen), "it is shown"
        )
        [no] = await running.queue.caps()
        assert (no.state, no.by, no.why) == ("declined", "mia", "early")


async def to(running: Desk, screen: AgentsScreen, agent: str) -> None:
    at = next(n for n, row in enumerate(screen.list.rows) if row.agent == agent)
    screen.list.go(at)
    await running.pilot.pause()


async def decide(queue: Queue, id: str, kind: Kind, who: Actor = ANA) -> Any:
    """Somebody else decides."""
    item = await queue.get(id)
    assert item is not None
    state = item.entry.state
    reasons = ("other",) if kind is Kind.REJECT else ()
    made = Decision(kind, id, state.revision, state.digest, f"op-{id}-{kind}-{who.id}",
                    reasons=reasons, comment="words")  # fmt: skip
    answer = await queue.decide(made, who)
    assert not isinstance(answer, Refusal), answer
    return answer


# ------------------------------------------------------------------------ what decisions need


async def test_four_eyes_are_told_before_the_key(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await in_force(running)
        id = await submit(running, "a1", identity={"on_behalf_of": "mia"})
        screen = await running.open(id)
        await running.until(lambda: screen._ruled is not None, "the ruling")
        assert "Four eyes" in screen.refusal(Kind.APPROVE)
        assert screen.refusal(Kind.REJECT) == ""
        await running.press("P")
        said = drawn(screen)
        assert "What decisions need" in said
        assert "not mia" in said.replace("\n", " ") or "ana" in said
        await running.press("P")
        assert screen.context.display


async def test_the_policys_part_has_half_of_a_small_terminal(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch, size=(80, 24)) as running:
        await in_force(running)
        screen = await running.open(await submit(running, "a1", identity={"on_behalf_of": "mia"}))
        await running.until(lambda: screen._ruled is not None, "the ruling")
        before = screen.query_one("#context-pane").size.height
        await running.press("P")
        await running.until(lambda: screen.part.size.height >= 7, "room to read in")
        await running.press("P")
        await running.until(
            lambda: screen.query_one("#context-pane").size.height == before, "the diff's room"
        )


async def test_who_is_no_reviewer_of_the_queue_is_told_so(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch, roles=("reviewer",)) as running:
        await in_force(running, POLICY.replace("[mia, ben]", "[ben]"))
        id = await submit(running, "a1")
        screen = await running.open(id)
        assert screen.refusal(Kind.REJECT) == "mia is no reviewer of the queue billing."


async def test_what_an_agent_may_not_write_any_more_is_not_approved(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await in_force(running)
        id = await submit(running, "a1")
        await in_force(running, POLICY.replace('{id: everything, write: "*"}', "{write: file}"))
        screen = await running.open(id)
        await running.until(lambda: screen._ruled is not None, "the ruling")
        assert "beyond what refund-bot may write" in screen.refusal(Kind.APPROVE)
        await running.press("P")
        assert "beyond what" in drawn(screen)


async def test_the_review_says_what_was_ruled_and_what_comes_next(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch, size=(200, 60)) as running:
        await in_force(running)
        id = await submit(running, "a1", 300)
        screen = await running.open(id)
        await running.until(lambda: screen._ruled is not None, "the ruling")
        await running.press("P")
        said = drawn(screen)
        assert "Policy" in said
        assert "2 people must approve the same; 0 of 2 so far" in said
        assert "large amounts need two people" in said
        assert "step 1 goes to ben" in said
        before = said
        running.clock.seconds += 600
        await running.until(lambda: drawn(screen) != before, "the countdown")
        await running.press("enter")
        await running.until(lambda: isinstance(running.app.screen, PolicyScreen), "the policy")


async def test_shadow_artifacts_are_marked_where_no_title_can(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch, columns=("risk", "title", "mode")) as running:
        await in_force(running)
        await submit(running, "a1", agent={"name": "shade", "version": "1"}, title="real")
        await submit(running, "a2", title="◌ shadow")
        await listed(running, 2)
        lines = [line[:70] for line in drawn(running.app.inbox).split("\n") if "low" in line[:9]]
        real = next(line for line in lines if "real" in line)
        false = next(line for line in lines if "◌ shadow" in line and "real" not in line)
        assert real[1] == "◌"
        assert "◌ shadow" in real
        assert false[1] != "◌"
        assert "◐ assisted" in false
        id = next(e.state.id for e in running.app.inbox.list.window.rows if e.title == "real")
        screen = await running.open(id)
        assert "nothing of it is ever written" in drawn(screen)


# ---------------------------------------------------------------------------- many at once


async def test_marked_ones_that_want_looks_are_left_out(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        await in_force(running)
        ids = [await submit(running, f"a{n}", amount) for n, amount in enumerate((5, 6, 300, 13))]
        await listed(running, 4)
        await running.press("asterisk")
        await running.until(lambda: len(running.app.inbox.list.marks) == 4, "marks")
        await running.press("a")
        dialog = await running.dialog(BulkDialog)
        said = drawn(dialog)
        assert "Approve 2 artifacts?" in said
        assert "the policy wants 3 looked at before" in said
        assert "the policy wants it decided by itself" in said
        await running.press("1", "y")
        for id in ids[:2]:
            await running.until_status(id, "approved")
        assert [await running.status(id) for id in ids[2:]] == ["pending", "pending"]


async def test_a_group_is_looked_at_as_often_as_the_policy_says(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch, bulk_looks=0) as running:
        await in_force(running, POLICY.replace("quorum: 2, ", ""))
        for number in range(5):
            await submit(running, f"a{number}", 300 + number)
        await listed(running, 5)
        await running.press("b")
        await running.until(lambda: "members" in drawn(running.app.screen), "groups")
        await running.until(lambda: running.app.screen.list.row_count, "a group")  # type: ignore[attr-defined]
        await running.press("enter")
        await running.until(lambda: getattr(running.app.screen, "members", None), "members")
        await running.pilot.pause(0.1)
        running.clock.seconds += 1
        await running.ask("a", LookScreen)
        assert "Look 1 of 3" in drawn(running.app.screen)
        await running.press("escape")


# ------------------------------------------------------------------- activating, simulating
