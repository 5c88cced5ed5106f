"""One worker: what it sends, how it tries again, what it never sends twice, and its jobs."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from reviewer.domain.errors import QueueError
from reviewer.domain.instant import DAY, HOUR, MINUTE, SECOND
from reviewer.effects.worker import FIRST, LONGEST, TRIES, Job, backoff
from reviewer.queue import Queue
from tests.support.invariants import invariants
from tests.support.making import LEAD
from tests.support.receiving import Hook, Postbox, hook, postbox

from .working import late, opened, policy, states, worker


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "queue.db"


@pytest.fixture
def chat() -> Iterator[Hook]:
    with hook() as kept:
        yield kept


@pytest.fixture
def box() -> Iterator[Postbox]:
    with postbox() as kept:
        yield kept


async def until(holds: Callable[[], object]) -> None:
    for _ in range(1500):
        if holds():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never came")


async def test_every_step_is_told_once(path: Path, chat: Hook, box: Postbox) -> None:
    queue = await opened(path, policy(chat, box))
    ids = await late(queue, 12)
    one, told = worker(queue)
    for _ in range(3):
        await one.once()
    links = [text.rsplit("/", 1)[1] for text in chat.texts]
    assert sorted(links) == sorted(ids)
    bodies = [mail.get_content() for mail in box.mails]
    assert all(sum(name in body for body in bodies) == 1 for name in ids)
    assert states(path) == {"applied": 24}
    assert (one.done.clocks, one.done.sent, one.done.failed) == (24, 24, 0)
    assert Counter(report.what for report in told) == {"clocks": 1, "sent": 24}
    for name in ids:
        events = [e for e in await queue.history(name) if e.event in ("alerted", "effect")]
        assert Counter(e.event for e in events) == {"alerted": 2, "effect": 2}
    await queue.close()
    assert invariants(path) == []


async def test_what_surely_failed_is_tried_later_and_longer_apart_and_then_given_up(
    path: Path, chat: Hook
) -> None:
    queue = await opened(path, policy(chat))
    await late(queue, 1)
    chat.answer = lambda _number: 503
    one, told = worker(queue)
    for number in range(1, TRIES + 1):
        await one.once()
        assert len(chat.got) == number
        await one.once()
        assert len(chat.got) == number  # not before its time
        queue.dialect.clock_offset += backoff(number) + SECOND
    await one.once()
    assert len(chat.got) == TRIES
    assert [report.what for report in told[1:]] == ["later"] * (TRIES - 1) + ["failed"]
    assert states(path) == {"failed": 1}
    await queue.close()
    assert invariants(path) == []


async def test_after_failures_it_arrives_once(path: Path, chat: Hook) -> None:
    queue = await opened(path, policy(chat))
    await late(queue, 3)
    chat.answer = lambda number: 500 if number <= 3 else 200
    one, _ = worker(queue)
    await one.once()
    queue.dialect.clock_offset += MINUTE
    await one.once()
    await one.once()
    assert (one.done.later, one.done.sent, len(chat.got)) == (3, 3, 6)
    assert states(path) == {"applied": 3}
    await queue.close()


async def test_what_may_have_arrived_is_never_sent_again(path: Path, chat: Hook) -> None:
    queue = await opened(path, policy(chat))
    [name] = await late(queue, 1)

    def broken() -> None:
        raise ConnectionError

    chat.before = broken
    one, _ = worker(queue)
    await one.once()
    queue.dialect.clock_offset += DAY
    await one.once()
    assert (one.done.unknown, len(chat.got)) == (1, 1)
    assert states(path) == {"unknown": 1}
    last = (await queue.history(name))[-1]
    assert (last.event, last.facts["state"], last.facts["to"]) == ("effect", "unknown", "otto")
    await queue.close()


def test_pauses_grow_to_a_bound() -> None:
    pauses = [backoff(number) for number in range(1, TRIES + 1)]
    assert pauses[0] == FIRST
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST


async def test_a_page_goes_by_the_pager_and_without_one_it_says_so(
    path: Path, chat: Hook, tmp_path: Path
) -> None:
    steps = "- {after: 100%, to: on-call, page: true}"
    queue = await opened(path, policy(chat, steps=steps))
    await late(queue, 1)
    bare, told = worker(queue)
    await bare.once()
    assert "no pager is set" in told[-1].sentence
    out = tmp_path / "page"
    script = tmp_path / "pager.py"
    script.write_text(f"import sys; open({str(out)!r}, 'a').write(sys.argv[-1] + '\\n')\n")
    queue.dialect.clock_offset += MINUTE
    paging, _ = worker(queue, f"'{sys.executable}' '{script}'")
    await paging.once()
    await paging.once()
    [line] = out.read_text().splitlines()
    assert line.startswith("The escalation chain pages otto: ")
    assert states(path) == {"applied": 1}
    await queue.close()


async def test_a_channel_that_the_policy_in_force_lost_is_told_of(path: Path, chat: Hook) -> None:
    queue = await opened(path, policy(chat))
    await late(queue, 1)
    await queue.run_clocks()
    other = policy(chat, steps="- {after: 80%, to: on-call}").replace("chat:", "talk:")
    await queue.propose_policy(other, "", LEAD)
    one, told = worker(queue)
    await one.once()
    assert told[-1].sentence == "The policy in force has no channel 'chat'."
    assert chat.got == []
    await queue.close()


async def test_jobs_run_every_so_often_and_one_that_fails_stops_nothing(
    path: Path, chat: Hook
) -> None:
    queue = await opened(path, policy(chat))
    ran: list[int] = []

    async def job(_queue: Queue, now: int) -> str:
        ran.append(now)
        return "" if len(ran) > 1 else "Looked."

    async def broken(_queue: Queue, _now: int) -> str:
        raise ZeroDivisionError

    jobs = (Job("broken", HOUR, broken), Job("look", MINUTE, job))
    one, told = worker(queue, jobs=jobs)
    for jump in (0, SECOND, MINUTE, -DAY, SECOND, MINUTE):
        queue.dialect.clock_offset += jump
        await one.once()
    assert len(ran) == 4  # at first, a minute later, when the clock was set back, a minute later
    assert [r.sentence for r in told if r.what == "job"] == ["Looked."]
    assert {r.sentence for r in told if r.what == "trouble"} == {
        "The job 'broken' failed: ZeroDivisionError."
    }
    await late(queue, 1)
    await one.once()
    assert one.done.sent == 1
    await queue.close()


async def test_a_queue_that_cannot_be_written_is_tried_again(path: Path, chat: Hook) -> None:
    queue = await opened(path, policy(chat), "&patience=0.2")
    await late(queue, 1)
    one, told = worker(queue)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(QueueError):
            await one.once()
        stop = asyncio.Event()
        running = asyncio.create_task(one.run(stop))
        await until(lambda: told)
        other.execute("ROLLBACK")
    await until(lambda: one.done.sent == 1)
    stop.set()
    await running
    assert told[0].what == "trouble"
    assert len(chat.got) == 1
    await queue.close()
