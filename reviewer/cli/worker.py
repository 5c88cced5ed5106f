"""`reviewer worker`: the clocks, the notifications and the periodic jobs of a queue."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import signal
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..domain.errors import QueueError
from .codes import Exit
from .commands import command
from .output import say, say_json
from .session import Session

if TYPE_CHECKING:
    from ..effects.worker import Report, Worker
    from ..queue import Queue

_STYLES = {"failed": "red", "unknown": "alert", "later": "yellow", "trouble": "red"}


def register(app: typer.Typer) -> None:
    """Adds the command."""
    command(app, "worker", panel="This machine")(_worker)


def _worker(
    session: Session,
    once: Annotated[
        bool, typer.Option("--once", help="Do what is due now, then end; for cron.")
    ] = False,
) -> int:
    """Carry out what is due by time: escalation steps, expiry, snoozes, notifications.

    Runs until it is told to end (Ctrl+C, SIGTERM) and finishes what it is sending then. Any number
    of workers may run on one queue; each step and each notification is one worker's. The desk runs
    one of its own where the queue is a file. With --once it ends with 1 where a notification could
    not be sent.
    """

    async def work(queue: Queue) -> int:
        if queue.read_only:
            sentence = "The queue cannot be written, so that a worker has nothing to do on it."
            raise QueueError(sentence, "Run the worker where the queue may be written.")
        from ..domain.permalink import place_of
        from ..effects.jobs import JOBS
        from ..effects.notify.sending import Setup
        from ..effects.worker import Worker

        setup = Setup(place_of(session.url), session.config.pager)
        worker = Worker(queue, setup, JOBS, _teller(session.as_json))
        if not once:
            code = await _until_told(worker, session.as_json)
            _say_done(worker, session.as_json)
            return code
        await worker.once()
        _say_done(worker, session.as_json)
        done = worker.done
        return Exit.NEGATIVE if done.later + done.failed + done.unknown else Exit.OK

    code = session.run(work)
    sys.stdout.flush()
    return code


async def _until_told(worker: Worker, as_json: bool) -> int:
    """Works until a signal comes; a second one ends it at once, as signals do."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    codes: list[Exit] = []

    def told(number: signal.Signals, code: Exit) -> None:
        loop.remove_signal_handler(number)
        codes.append(code)
        stop.set()

    for number, code in ((signal.SIGTERM, Exit.OK), (signal.SIGINT, Exit.INTERRUPTED)):
        # Windows has no handlers on the loop: Ctrl+C is an exception there
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, told, number, code)
    if as_json:
        say_json({"what": "started", "worker": worker.name}, lines=True)
    else:
        say(f"Working on {_shown(worker.queue.url)} as {worker.name}. Ctrl+C ends it.")
    sys.stdout.flush()
    await worker.run(stop)
    return codes[0] if codes else Exit.OK


def _say_done(worker: Worker, as_json: bool) -> None:
    if as_json:
        counted = dataclasses.asdict(worker.done)
        say_json({"what": "done", "worker": worker.name, **counted}, lines=True)
    else:
        say(f"Done: {worker.done.sentence()}")


def _teller(as_json: bool) -> Any:
    def tell(report: Report) -> None:
        if as_json:
            say_json(_plain(report), lines=True)
        else:
            from ..untrusted import one_line

            say(one_line(report.sentence, 400), _STYLES.get(report.what, ""))
        sys.stdout.flush()

    return tell


def _plain(report: Report) -> dict[str, Any]:
    found: dict[str, Any] = {"what": report.what, "sentence": report.sentence}
    notice = report.notice
    if notice is not None:
        found |= {
            "artifact": notice.artifact_id,
            "step": notice.step,
            "turn": notice.turn,
            "channel": notice.channel,
            "to": notice.to,
        }
    return found


def _shown(url: str) -> str:
    """The queue's URL without a password in it."""
    from urllib.parse import urlsplit, urlunsplit

    from ..untrusted import one_line

    parts = urlsplit(url)
    if parts.password is not None:
        host = parts.netloc.rpartition("@")[2]
        url = urlunsplit(parts._replace(netloc=f"{parts.username}:…@{host}"))
    return one_line(url, 200)
