"""Runs the demo: a queue of its own, the agents in a child process, the desk in front."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from ..domain.errors import InputError, ReviewerError
from .agent import Pace, clock, submit_all

if TYPE_CHECKING:
    from ..config import Config

SEED = 8841
_OURS = ("queue.db", "world.db", "agents.log")


def run_demo(
    home: Path | None = None, headless: bool = False, *, keep: bool = False, seconds: float = 12.0
) -> int:
    """Opens the desk on the demo; answers with the exit code.

    Everything lies in `demo` below `home` (else below the usual home, else in a temporary
    directory) and begins anew unless `keep`.  A second demo joins the one that runs.  `headless`
    lets a simulated reviewer work for some `seconds` and prints a summary as JSON.
    """
    from .. import config

    settings = config.load()
    if not headless and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise InputError("The desk needs a terminal.", hint="`reviewer demo --headless` does not.")
    place = _place(home)
    with _alone(place) as first:
        if first and not keep:
            _clear(place)
        seeded = (place / "queue.db").exists()
        url = queue_url(place)
        if first and not seeded:
            asyncio.run(seed(url))
        if not first:
            return _open(settings, url, place, headless, seconds)
        child = start_agents(url, place, settings.actor_name(), seeded=seeded, headless=headless)
        try:
            return _open(settings, url, place, headless, seconds)
        finally:
            stop_agents(child)


def queue_url(place: Path) -> str:
    """The demo's queue in a directory."""
    return "sqlite:///" + quote((place / "queue.db").absolute().as_posix(), safe="/:~ ")


async def seed(url: str) -> None:
    """The first sixty artifacts: all that the first screen needs."""
    from ..queue import open_queue
    from . import catalogue

    queue = await open_queue(url)
    try:
        await submit_all(queue, catalogue.first(SEED, clock()))
    finally:
        await queue.close()


def start_agents(
    url: str,
    place: Path,
    reviewer: str,
    *,
    seeded: bool = False,
    headless: bool = False,
    pace: Pace | None = None,
) -> subprocess.Popen[bytes]:
    """Starts the agents' process; it ends when this process does, or by `stop_agents`."""
    chosen = pace or (Pace(0.5, 0.0, work=0.1) if headless else Pace())
    command = [
        sys.executable, "-m", "reviewer.demo.process", url, str(place / "world.db"),
        "--parent", str(os.getpid()), "--seed", str(SEED), "--reviewer", reviewer,
        "--every", str(chosen.every), "--colleagues", str(chosen.colleagues),
        "--drift", str(chosen.drift), "--failure", str(chosen.failure), "--work", str(chosen.work),
    ]  # fmt: skip
    if seeded:
        command.append("--seeded")
    with (place / "agents.log").open("ab") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            # the terminal's Ctrl+C is for the desk alone
            start_new_session=os.name == "posix",
        )


def stop_agents(child: subprocess.Popen[bytes]) -> None:
    """Ends the agents' process: by its pipe, and by force where that takes too long."""
    if child.stdin is not None:
        child.stdin.close()
    try:
        child.wait(timeout=4)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _open(settings: Config, url: str, place: Path, headless: bool, seconds: float) -> int:
    if headless:
        from .headless import report

        sys.stdout.write(asyncio.run(report(url, place, seconds)) + "\n")
        return 0
    from ..tui.app import run_desk

    run_desk(settings, url)
    return 0


def _place(home: Path | None) -> Path:
    from .. import config

    place = (config.home() if home is None else home) / "demo"
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        if home is not None:
            raise ReviewerError(
                f"The directory {place} cannot be made: {error.strerror}.",
                "Name another with --home.",
            ) from None
        place = Path(tempfile.mkdtemp(prefix="reviewer-demo-"))
    return place


@contextmanager
def _alone(place: Path) -> Iterator[bool]:
    """Whether no other demo runs here; the system frees the lock when this process ends."""
    import sqlite3

    lock = None
    try:
        lock = sqlite3.connect(place / "running.lock", timeout=0, isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
        first = True
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise ReviewerError(
                f"The demo cannot write to {place}: {error}.", "Name another with --home."
            ) from None
        first = False
    try:
        yield first
    finally:
        if lock is not None:
            lock.close()


def _clear(place: Path) -> None:
    try:
        for name in _OURS:
            for path in place.glob(f"{name}*"):
                path.unlink(missing_ok=True)
    except OSError as error:
        raise ReviewerError(
            f"The last demo in {place} cannot be cleared away: {error.strerror}.",
            "Go on with it by --keep, or name another place with --home.",
        ) from None
