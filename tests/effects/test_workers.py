"""Several real workers on one file: each step once, counted at those who are told of it."""

from __future__ import annotations

import signal
import threading
from collections import Counter
from pathlib import Path

from reviewer.domain.instant import SECOND
from reviewer.effects.worker import LEASE
from tests.support.invariants import invariants
from tests.support.receiving import hook, postbox

from .working import ended, late, opened, policy, processes, rows, states, until, worker

NUMBER = 100
ALERTED = "SELECT count(*), count(DISTINCT artifact) FROM audit WHERE event = 'alerted'"


async def test_four_workers_take_hundreds_of_steps_each_once(tmp_path: Path) -> None:
    path = tmp_path / "queue.db"
    with hook() as chat, postbox() as box:
        queue = await opened(path, policy(chat, box))
        with processes(path, 4) as running:
            ids = await late(queue, NUMBER)
            until(lambda: states(path).get("applied") == 2 * NUMBER, 120)
            answers = [ended(one, signal.SIGTERM) for one in running]
    assert [code for code, _ in answers] == [0] * 4
    links = Counter(text.rsplit("/", 1)[1] for text in chat.texts)
    assert links == dict.fromkeys(ids, 1)
    mailed = Counter(mail.get_content().rsplit("/", 1)[1].strip() for mail in box.mails)
    assert mailed == dict.fromkeys(ids, 1)
    # what they say of themselves adds up to what was done, and more than one did it
    done = [lines[-1] for _, lines in answers]
    assert sum(one["sent"] for one in done) == 2 * NUMBER
    assert sum(one["sent"] > 0 for one in done) > 1
    assert rows(path, ALERTED) == [(2 * NUMBER, NUMBER)]
    assert rows(path, "SELECT state, count(*) FROM alert GROUP BY state") == [("done", 2 * NUMBER)]
    await queue.close()
    assert invariants(path) == []


async def test_a_worker_that_is_killed_while_it_sends_leaves_it_unknown(tmp_path: Path) -> None:
    path, go = tmp_path / "queue.db", threading.Event()
    with hook() as chat:
        chat.before = lambda: go.wait(60) and None  # type: ignore[assignment]
        queue = await opened(path, policy(chat))
        ids = await late(queue, 3)
        with processes(path) as [process]:
            until(lambda: len(chat.got) == 3)
            process.kill()
            process.wait()
        go.set()
        # another one comes, and its lease is not over yet
        one, _ = worker(queue)
        await one.once()
        assert states(path) == {"running": 3}
        queue.dialect.clock_offset += LEASE + SECOND
        await one.once()
        assert states(path) == {"unknown": 3}
        queue.dialect.clock_offset += 100 * LEASE
        await one.once()
        assert len(chat.got) == 3
    for name in ids:
        events = [e for e in await queue.history(name) if e.event == "effect"]
        assert [e.facts["state"] for e in events] == ["unknown"]
    await queue.close()
    assert invariants(path) == []


async def test_a_worker_that_is_told_to_end_finishes_what_it_sends(tmp_path: Path) -> None:
    path, go = tmp_path / "queue.db", threading.Event()
    with hook() as chat:
        chat.before = lambda: go.wait(60) and None  # type: ignore[assignment]
        queue = await opened(path, policy(chat))
        await late(queue, 30)
        with processes(path) as [process]:
            until(lambda: len(chat.got) > 0)
            threading.Timer(0.5, go.set).start()
            code, lines = ended(process, signal.SIGINT)
        assert code == 130
        sent = lines[-1]["sent"]
        assert sent == len(chat.got) < 30
        assert states(path)["applied"] == sent
        assert "running" not in states(path)
        # the next one does the rest
        with processes(path) as [process]:
            until(lambda: states(path).get("applied") == 30)
            code, _ = ended(process, signal.SIGTERM)
        assert code == 0
        assert len(chat.got) == 30
    await queue.close()
    assert invariants(path) == []


async def test_workers_killed_at_any_time_never_send_twice(tmp_path: Path) -> None:
    path = tmp_path / "queue.db"
    with hook() as chat:
        queue = await opened(path, policy(chat))
        ids = await late(queue, 80)
        for number in range(1, 4):
            with processes(path, 2) as running:
                # each time at most 16 are lost between being taken and being sent
                until(lambda least=number: len(chat.got) >= 8 * least)  # type: ignore[misc]
                for process in running:
                    process.kill()
        one, _ = worker(queue)
        queue.dialect.clock_offset += LEASE + SECOND
        await one.once()
        links = Counter(text.rsplit("/", 1)[1] for text in chat.texts)
        assert set(links.values()) == {1}
        found = states(path)
        assert found.get("applied", 0) + found.get("unknown", 0) == 80
        # nothing is lost silently: whatever did not arrive is on record as unknown
        assert len(ids) - len(links) <= found.get("unknown", 0)
    assert rows(path, ALERTED) == [(80, 80)]
    await queue.close()
    assert invariants(path) == []
