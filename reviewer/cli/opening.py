"""From the command line to the desk, by the shortest way: the first paint counts."""

from __future__ import annotations

import dataclasses
import sys

from .. import config
from ..domain.errors import InputError
from .session import Session


def open_desk(session: Session, view: str = "", read_only: bool = False) -> int:
    """Runs the desk until the person leaves it."""
    settings = session.config
    if not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty()):
        raise InputError("The desk needs a terminal.", hint="`reviewer list` works without one.")
    if session.name:
        settings = dataclasses.replace(settings, name=session.name)
    if view and view not in {v.name for v in settings.views}:
        names = ", ".join(v.name for v in settings.views)
        raise InputError(f"There is no view '{view}'.", hint=f"Views: {names}.")
    if not session.queue:
        config.ensure_home()
    from ..tui.app import run_desk

    run_desk(settings, session.url, view=view or None, read_only=read_only)
    return 0
