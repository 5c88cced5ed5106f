"""`reviewer worker`: once for cron, for good until a signal, and what it says."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from reviewer.cli.codes import Exit

from .conftest import Run
from .test_processes import end, start


def test_once_with_nothing_to_do(cli: Run) -> None:
    done = cli("worker", "--once")
    assert (done.code, done.err) == (Exit.OK, "")
    assert done.out == "Done: 0 due by time, 0 notifications sent.\n"


def test_once_carries_out_what_expired(cli: Run, submitted: Callable[..., str]) -> None:
    one = submitted(expires_at="2020-01-01T00:00:00Z")
    done = cli("worker", "--once", "--json")
    assert done.code == Exit.OK
    [clocks, last] = done.lines
    assert clocks["what"] == "clocks"
    assert (last["what"], last["clocks"], last["sent"]) == ("done", 1, 0)
    assert cli("worker", "--once", "--json").lines[-1]["clocks"] == 0
    assert "expired" in cli("show", one).out


def test_a_queue_that_is_not_there_is_one_sentence(cli: Run) -> None:
    done = cli("worker", "--once", "--queue", "nothing://x")
    assert done.code == Exit.UNAVAILABLE
    assert "no backend" in done.sentence


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, Exit.OK), (signal.SIGINT, Exit.INTERRUPTED)]
)
def test_it_works_until_a_signal_and_says_what_it_did(
    home: Path, submitted: Callable[..., str], number: signal.Signals, code: Exit
) -> None:
    submitted(expires_at="2020-01-01T00:00:00Z")
    worker = start(home, "worker")
    assert worker.stdout is not None
    assert worker.stdout.readline().startswith("Working on sqlite://")
    assert worker.stdout.readline() == "1 due by time carried out.\n"
    worker.send_signal(number)
    assert end(worker) == (code, "Done: 1 due by time, 0 notifications sent.\n", "")


def test_on_what_cannot_be_written_it_does_not_start(
    cli: Run, submitted: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted()
    monkeypatch.setattr("backends.sql.open.writable", lambda _path: False)  # root may write all
    done = cli("worker", "--once")
    assert done.code == Exit.UNAVAILABLE
    assert done.sentence.startswith("The queue cannot be written, so that a worker has nothing")
