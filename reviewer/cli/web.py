"""The desk in a browser: `reviewer web`."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from ..domain.errors import InputError, ReviewerError
from .commands import command
from .output import say, say_json
from .session import Session


def register(app: typer.Typer) -> None:
    """Adds the command."""
    command(app, "web", panel="Desk")(_web)


def _web(
    session: Session,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 0,
    view: Annotated[str, typer.Option(metavar="NAME", help="The saved view to begin with.")] = "",
    read_only: Annotated[bool, typer.Option(help="Look, decide nothing.")] = False,
) -> None:
    """Serve the desk to a browser on this machine; the printed address holds the token."""
    try:
        from ..browser import BrowserDesk
    except ImportError:
        raise ReviewerError(
            "The desk in a browser needs textual-serve.",
            "Install it: pip install 'reviewer[browser]'.",
        ) from None
    os.environ.setdefault("PYTHONUTF8", "1")  # for the desk, which a pipe would tell nothing
    try:
        desk = BrowserDesk(arguments(session, view, read_only), port)
    except OSError as error:
        raise InputError(
            f"Port {port} cannot be used: {error.strerror}.", hint="Leave out --port."
        ) from None
    if session.as_json:
        say_json({"address": desk.address}, lines=True)
    else:
        say(f"The desk is at {desk.address}")
        say("Only this machine can open it, and only with that address. Ctrl+C ends it.")
    sys.stdout.flush()
    desk.run()


def arguments(session: Session, view: str, read_only: bool) -> list[str]:
    """The command line of the desk that each tab runs."""
    found = ["--queue", session.url] if session.queue else []
    found += ["--as", session.name] if session.name else []
    found += ["desk"]
    found += ["--view", view] if view else []
    return found + (["--read-only"] if read_only else [])
