"""`reviewer doctor`: is all well on this machine, and if not, what to do."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer

from .. import __version__, config
from ..domain.errors import ReviewerError
from .codes import Exit
from .commands import command
from .output import say, say_json, width
from .session import Session

if TYPE_CHECKING:
    from ..queue import Queue

WAL_RESET_FIXED = (3, 51, 3)
"""The SQLite that no longer loses pages when several processes reset a WAL at once."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: `state` is ok, note, warning or broken."""

    name: str
    state: str
    sentence: str


def register(app: typer.Typer) -> None:
    """Adds the command."""
    command(app, "doctor", panel="This machine")(_doctor)


def _doctor(session: Session) -> int:
    """Look at versions, terminal, settings, file permissions and the queue."""
    checks = list(_checks(session))
    broken = any(check.state == "broken" for check in checks)
    if session.as_json:
        say_json(
            {
                "sound": not broken,
                "checks": [
                    {"name": c.name, "state": c.state, "sentence": c.sentence} for c in checks
                ],
            }
        )
    else:
        for check in checks:
            _say(check)
    return Exit.NEGATIVE if broken else Exit.OK


def _say(check: Check) -> None:
    from ..untrusted import one_line

    marks = {"ok": ("✓", "green"), "note": ("·", ""), "warning": ("!", "yellow"),
             "broken": ("✗", "red")}  # fmt: skip
    mark, style = marks[check.state]
    text, indent = one_line(check.sentence), " " * 16
    room = width()
    lines = textwrap.wrap(text, room - 16) if room else [text]
    name = check.name.replace("queue.", "  ")
    say(f"{mark} {name:<13} {lines[0] if lines else ''}".rstrip(), style)
    for line in lines[1:]:
        say(indent + line, style)


def _checks(session: Session) -> Iterator[Check]:
    yield _versions()
    yield _terminal()
    yield from _settings(session)
    yield from _files()
    yield from _queue(session)


def _versions() -> Check:
    from importlib.metadata import PackageNotFoundError, version

    def of(name: str) -> str:
        try:
            return f"{name} {version(name)}"
        except PackageNotFoundError:
            return f"{name} is missing"

    names = ("textual", "pydantic", "sqlalchemy", "sqlmodel", "typer")
    python = sys.version.split()[0]
    found = ", ".join(of(name) for name in names)
    state = "broken" if "missing" in found else "ok"
    return Check("versions", state, f"reviewer {__version__}, Python {python}, {found}")


def _terminal() -> Check:
    if not sys.stdout.isatty():
        return Check("terminal", "note", "the output is no terminal")
    size = shutil.get_terminal_size()
    name = os.environ.get("TERM", "") or "none"
    what = f"{name}, {size.columns}×{size.lines}, encoding {sys.stdout.encoding}"
    if os.environ.get("NO_COLOR"):
        what += ", without colour (NO_COLOR)"
    if "utf" not in (sys.stdout.encoding or "").lower():
        return Check("terminal", "warning", f"{what}; set LANG to a UTF-8 locale")
    if name in ("none", "dumb"):
        return Check("terminal", "warning", f"{what}; the desk needs a better TERM")
    return Check("terminal", "ok", what)


def _settings(session: Session) -> Iterator[Check]:
    from .settings import problems

    path = config.config_path()
    try:
        found = problems(session.config)
    except ReviewerError as error:
        yield Check("settings", "broken", str(error))
        return
    for sentence in found:
        yield Check("settings", "broken", sentence)
    if not found:
        there = str(path) if path.exists() else f"defaults; {path} does not exist"
        yield Check("settings", "ok", there)
        who = session.person()
        roles = ", ".join(sorted(who.roles))
        yield Check("you", "ok", f"{who.id} ({roles})")


def _files() -> Iterator[Check]:
    home = config.home()
    if not home.exists():
        yield Check("home", "note", f"{home} will be made when it is needed")
        return
    if not os.access(home, os.W_OK):
        yield Check("home", "broken", f"{home} cannot be written")
        return
    open_ones = [p.name or str(p) for p in (home, *sorted(home.glob("*"))) if _others_may(p)]
    if open_ones and os.name != "nt":
        listed = ", ".join(open_ones[:5])
        yield Check(
            "home", "warning", f"others on this machine can read {listed}: chmod go= {home}"
        )
        return
    free = shutil.disk_usage(home).free
    state = "warning" if free < 100 * 2**20 else "ok"
    yield Check("home", state, f"{home}, {free / 2**30:.1f} GiB free")


def _others_may(path: Any) -> bool:
    try:
        return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)) and (
            path == config.home() or not _closed_above(path)
        )
    except OSError:
        return False


def _closed_above(path: Any) -> bool:
    """Whether the home directory keeps others out, so that a file's own mode does not matter."""
    return not path.parent.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)


def _sqlite(number: str) -> Check:
    version = tuple(int(part) for part in number.split(".") if part.isdigit())
    if version < WAL_RESET_FIXED:
        return Check(
            "sqlite",
            "note",
            f"{number}: up to 3.51.2 several processes that reset the WAL at once can lose pages; "
            "reviewer writes and checkpoints behind a gate of its own, so it is not affected, but "
            "do not write to the queue's file with other programs",
        )
    return Check("sqlite", "ok", number)


def _notices(unsent: dict[str, int]) -> Check:
    from ..effects.notify.unsent import counted

    said = counted(unsent)
    if not said:
        return Check("notices", "ok", "nobody waits for a notification that did not arrive")
    return Check(
        "notices", "warning",
        f"{said}: `reviewer notices` lists them; tell these people yourself, none is sent again",
    )  # fmt: skip


def _queue(session: Session) -> Iterator[Check]:
    async def work(queue: Queue) -> tuple[dict[str, Any], dict[str, int]]:
        return await queue.describe(), await queue.count_unsent()

    try:
        url = session.url
        facts, unsent = session.run(work)
    except ReviewerError as error:
        yield Check("queue", "broken", str(error))
        return
    from .output import json_text

    yield Check("queue", "ok", url)
    if facts.get("engine") == "sqlite":
        yield _sqlite(str(facts.get("version", "")))
    yield _notices(unsent)
    for name, value in facts.items():
        if name == "url":
            continue
        text = value if isinstance(value, str) else json_text(value)
        yield Check(f"queue.{name}", "note", text)
