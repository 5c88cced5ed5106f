"""The session: clock, claims and renewals, decisions sent once, undo, the 250 ms rule."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from reviewer.config import Config
from reviewer.domain.artifact import parse
from reviewer.domain.decision import Actor, Code, Decision, Kind, Refusal
from reviewer.domain.errors import QueueError
from reviewer.domain.query import Query
from reviewer.domain.views import BulkDecision, BulkResult, Claim, Settled, Target
from reviewer.queue import Queue, open_queue
from reviewer.tui import connection
from reviewer.tui.session import ClaimLost, Session

from .review_desk import AGENT, Clock, document

LEASE = Config().lease


class Flaky:
    """A queue whose calls of one name fail; `after` lets them reach the queue first."""

    def __init__(self, queue: Queue, name: str, times: int, *, after: bool = False) -> None:
        self._queue, self._name, self._times, self._after = queue, name, times, after
        self.sent: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._queue, name)
        if name != self._name:
            return call

        async def failing(*args: Any, **more: Any) -> Any:
            self.sent.append(args[0])
            if self._times <= 0:
                return await call(*args, **more)
            self._times -= 1
            if self._after:
                await call(*args, **more)
            raise QueueError("the line is down")

        return failing


@asynccontextmanager
async def sitting(tmp_path: Path, **more: Any) -> AsyncIterator[tuple[Session, Queue, Clock]]:
    clock = Clock()
    url = f"sqlite:///{tmp_path}/queue.db"
    queue = await open_queue(url)
    session = Session(Config(name="mia"), monotonic=clock, **more)
    await session.connect(url)
    yield session, queue, clock
    await session.close()
    await queue.close()


async def submitted(queue: Queue, key: str = "a1") -> Any:
    answer = await queue.submit(parse(document(key=key)), AGENT)
    item = await queue.get(answer.artifact_id)
    assert item is not None
    return item.entry.state


def approve(session: Session, state: Any, **more: Any) -> Decision:
    return Decision(
        Kind.APPROVE, state.id, state.revision, state.digest, session.new_operation(), **more
    )


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "RETRY", (0.01,) * 5)


async def test_the_clock_is_the_queues_and_goes_on_by_itself(tmp_path: Path) -> None:
    async with sitting(tmp_path) as (session, queue, clock):
        before = session.now()
        assert abs(before - await queue.now()) < 5_000_000
        clock.seconds += 60
        assert session.now() - before == 60_000_000
        assert session.connection == "live"


async def test_a_claim_is_held_renewed_and_given_back(tmp_path: Path) -> None:
    async with sitting(tmp_path) as (session, queue, clock):
        state = await submitted(queue)
        claim = await session.claim(state.id)
        assert isinstance(claim, Claim)
        assert session.fence(state.id) == claim.fence
        first = session.held(state.id)
        assert first is not None
        await session.renew_due()
        assert session.held(state.id) == first, "nothing is due before a third is used up"
        clock.seconds += LEASE / 1e6 / 3 + 1
        session.touch()
        await session.renew_due()
        await session.release(state.id)
        assert session.held(state.id) is None
        item = await queue.get(state.id)
        assert item is not None
        assert item.entry.state.lease_owner == ""


async def test_a_claim_ends_where_nobody_is_there(tmp_path: Path) -> None:
    lost: list[ClaimLost] = []
    async with sitting(tmp_path) as (session, queue, clock):
        session.on_claim_lost(lost.append)
        state = await submitted(queue)
        await session.claim(state.id)
        clock.seconds += LEASE / 1e6 + 1
        await session.renew_due()
        assert session.held(state.id) is None
        assert "nobody pressed a key" in lost[0].sentence


async def test_a_claim_that_another_took_over_is_said_to_be_lost(tmp_path: Path) -> None:
    lost: list[ClaimLost] = []
    async with sitting(tmp_path) as (session, queue, clock):
        session.on_claim_lost(lost.append)
        state = await submitted(queue)
        await session.claim(state.id)
        lead = Actor("lea", roles=frozenset({"lead"}))
        assert isinstance(await queue.claim(state.id, lead, take_over=True), Claim)
        clock.seconds += LEASE / 1e6 / 2
        session.touch()
        await session.renew_due()
        assert [one.artifact_id for one in lost] == [state.id]


async def test_a_decision_can_be_taken_back_while_its_window_is_open(tmp_path: Path) -> None:
    async with sitting(tmp_path) as (session, queue, _clock):
        state = await submitted(queue)
        answer = await session.decide(approve(session, state), "approved a1")
        assert isinstance(answer, Settled)
        assert session.undoable is not None
        assert session.undoable.sentence == "approved a1"
        result = await session.undo()
        assert result is not None
        assert result.decided == 1
        assert session.undoable is None
        assert await session.undo() is None


async def test_what_can_be_undone_passes_with_time(tmp_path: Path) -> None:
    async with sitting(tmp_path) as (session, queue, clock):
        first, second = await submitted(queue, "a1"), await submitted(queue, "a2")
        await session.decide(approve(session, first), "one")
        clock.seconds += 2
        await session.decide(approve(session, second), "two")
        await session.undo()
        assert session.undoable is not None, "the one before is next"
        assert session.undoable.sentence == "one"
        clock.seconds += 60
        assert session.undoable is None


@pytest.mark.parametrize("after", [False, True])
async def test_a_lost_reply_never_decides_twice(tmp_path: Path, after: bool) -> None:
    async with sitting(tmp_path) as (session, queue, _clock):
        state = await submitted(queue)
        assert session.queue is not None
        flaky = Flaky(session.queue, "decide", 2, after=after)
        session._line.queue = flaky  # type: ignore[assignment]
        answer = await session.decide(approve(session, state))
        assert isinstance(answer, Settled)
        assert len(flaky.sent) == 3
        assert len({decision.operation_id for decision in flaky.sent}) == 1
        events = [event.event for event in await queue.history(state.id)]
        assert events.count("decided") == 1


async def test_the_same_decision_made_again_keeps_its_operation_id(tmp_path: Path) -> None:
    async with sitting(tmp_path) as (session, queue, _clock):
        state = await submitted(queue)
        assert session.queue is not None
        flaky = Flaky(session.queue, "decide", connection.SEND_TRIES, after=True)
        session._line.queue = flaky  # type: ignore[assignment]
        with pytest.raises(QueueError, match="cannot be reached"):
            await session.decide(approve(session, state))
        assert session.connection == "offline"
        answer = await session.decide(approve(session, state))
        assert isinstance(answer, Settled)
        assert len({decision.operation_id for decision in flaky.sent}) == 1
        assert session.connection == "live"


async def test_what_is_made_again_under_another_claim_has_its_fence(tmp_path: Path) -> None:
    async with sitting(tmp_path) as (session, queue, _clock):
        state = await submitted(queue)
        assert session.queue is not None
        await session.claim(state.id)
        gone = Flaky(session.queue, "decide", connection.SEND_TRIES)
        session._line.queue = gone  # type: ignore[assignment]
        with pytest.raises(QueueError, match="cannot be reached"):
            await session.decide(approve(session, state, fence=session.fence(state.id)))
        await session.release(state.id)
        await session.claim(state.id)
        answer = await session.decide(approve(session, state, fence=session.fence(state.id)))
        assert isinstance(answer, Settled)
        assert len({decision.operation_id for decision in gone.sent}) == 1


async def test_a_claim_that_is_taken_over_is_told_at_once(tmp_path: Path) -> None:
    lost: list[ClaimLost] = []
    async with sitting(tmp_path) as (session, queue, _clock):
        session.on_claim_lost(lost.append)
        state = await submitted(queue)
        await session.claim(state.id)
        await queue.claim(state.id, Actor("bob", "person", frozenset({"lead"})), take_over=True)
        for _ in range(500):
            if lost:
                break
            await asyncio.sleep(0.02)
        assert [told.sentence for told in lost] == ["bob has taken your claim over."]
        assert session.held(state.id) is None


async def test_reads_are_tried_again_until_the_queue_answers(tmp_path: Path) -> None:
    async with sitting(tmp_path) as (session, queue, _clock):
        state = await submitted(queue)
        seen: list[str] = []
        session.on_state(lambda: seen.append(session.connection))
        assert session.queue is not None
        session._line.queue = Flaky(session.queue, "get", 7)  # type: ignore[assignment]
        item = await session.read(lambda q: q.get(state.id))
        assert item is not None
        assert "offline" in seen  # the watch may say "live" in between: it still hears
        assert seen[-1] == "live"


async def test_a_slow_queue_is_shown_as_slow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "SLOW", 0.01)
    async with sitting(tmp_path) as (session, _queue, _clock):
        seen: list[str] = []
        session.on_state(lambda: seen.append(session.connection))
        await session.read(lambda _queue: asyncio.sleep(0.1))
        assert seen == ["slow", "live"]


async def test_many_are_decided_as_one_operation_and_taken_back_as_one(tmp_path: Path) -> None:
    async with sitting(tmp_path) as (session, queue, _clock):
        states = [await submitted(queue, f"a{n}") for n in range(5)]
        targets = tuple(Target(s.id, s.revision, s.digest) for s in states)
        bulk = BulkDecision(session.new_operation(), Kind.APPROVE, targets, ("alike",))
        told: list[BulkResult] = []

        def note(result: BulkResult) -> bool:
            told.append(result)
            return True

        result = await session.decide_many(bulk, note, lambda done: f"approved {done.decided}")
        assert isinstance(result, BulkResult)
        assert result.decided == 5
        assert told[-1].decided == 5
        assert session.undoable is not None
        assert session.undoable.sentence == "approved 5"
        undone = await session.undo()
        assert undone is not None
        assert undone.decided == 5


async def test_a_read_only_desk_decides_nothing(tmp_path: Path) -> None:
    async with sitting(tmp_path, read_only=True) as (session, queue, _clock):
        state = await submitted(queue)
        answer = await session.decide(approve(session, state))
        assert isinstance(answer, Refusal)
        assert answer.code is Code.NOT_ALLOWED
        assert not session.may_decide


async def test_a_read_only_desk_claims_nothing(tmp_path: Path) -> None:
    async with sitting(tmp_path, read_only=True) as (session, queue, _clock):
        state = await submitted(queue)
        for take_over in (False, True):
            answer = await session.claim(state.id, take_over)
            assert isinstance(answer, Refusal)
            assert answer.code is Code.NOT_ALLOWED
        assert await session.claim_next(Query()) is None
        item = await queue.get(state.id)
        assert item is not None
        assert not item.entry.state.lease_owner


async def test_changes_by_others_are_heard(tmp_path: Path) -> None:
    async with sitting(tmp_path) as (session, queue, _clock):
        heard: set[str] = set()
        session.on_change(lambda changes: heard.update(c.artifact_id for c in changes))
        state = await submitted(queue)
        for _ in range(200):
            if state.id in heard:
                break
            await asyncio.sleep(0.02)
        assert state.id in heard


def test_a_key_counts_only_when_pressed_after_250_ms_on_screen() -> None:
    clock = Clock()
    session = Session(Config(), monotonic=clock)
    session.note_shown("a", "d1")
    clock.seconds += 1.0
    session.touch(age=0.9)
    assert not session.shown_long_enough("a", "d1"), "typed ahead while the screen was busy"
    session.touch(age=0.7)
    assert session.shown_long_enough("a", "d1")
    assert not session.shown_long_enough("a", "d2")
    assert session.dwell_ms("a", "d1") == 1000
    session.note_shown("b", "d1")
    clock.seconds += 0.2
    session.touch()
    assert not session.shown_long_enough("b", "d1")
    session.note_hidden()
    clock.seconds += 5
    session.touch()
    assert not session.shown_long_enough("b", "d1")


def test_viewed_marks_belong_to_content() -> None:
    session = Session(Config())
    session.mark_viewed("sha256:1")
    assert session.is_viewed("sha256:1")
    assert not session.is_viewed("sha256:2")
    session.mark_viewed("sha256:1", False)
    assert not session.is_viewed("sha256:1")


async def test_a_store_that_cannot_be_written_is_a_desk_to_look_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sitting(tmp_path) as (session, _, _):
        assert session.may_decide
    monkeypatch.setattr("backends.sql.open.writable", lambda _path: False)
    url = f"sqlite:///{tmp_path}/queue.db"
    session = Session(Config(name="mia"))
    await session.connect(url)
    assert session.read_only
    assert not session.may_decide
    await session.close()
