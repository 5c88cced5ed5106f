"""From the command line to the desk, by the shortest way: the first paint counts."""

from __future__ import annotations

import codecs
import contextlib
import dataclasses
import gc
import os
import sys
from typing import TYPE_CHECKING

from .. import config
from ..domain.errors import InputError
from .session import Session

if TYPE_CHECKING:
    from ..queue import Queue


def open_desk(session: Session, view: str = "", read_only: bool = False, artifact: str = "") -> int:
    """Runs the desk until the person leaves it; `artifact` is opened at once."""
    settings = session.config
    if not in_browser():
        _needs_a_terminal()
    if session.name:
        settings = dataclasses.replace(settings, name=session.name)
    if view:
        from ..saved_views import find_view

        view = find_view(settings.views, view).name
    if artifact:
        artifact = _found(session, artifact)
    if not session.queue:
        config.ensure_home()
    gc.disable()  # what is made while it starts stays; the desk collects once its list is there
    try:
        from ..tui.app import run_desk

        done = run_desk(settings, session.url, view or None, read_only, artifact)
    finally:
        gc.enable()
    if done and not in_browser():
        from .output import say

        with contextlib.suppress(OSError):  # the terminal may have gone
            say(done)
    return 0


def in_browser() -> bool:
    """Whether a browser draws the desk (`reviewer web`), through Textual's driver for it."""
    return os.environ.get("TEXTUAL_DRIVER", "").endswith(":WebDriver")


def _needs_a_terminal() -> None:
    if not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty()):
        raise InputError("The desk needs a terminal.", hint="`reviewer list` works without one.")
    if not sys.stderr.isatty():
        sentence = "The desk is drawn on standard error, as Textual does, and that is redirected."
        hint = "Leave out `2>`: defects are logged beneath the home directory."
        raise InputError(sentence, hint=hint)
    if os.environ.get("TERM") == "dumb":
        hint = "`reviewer list` works here; another TERM, such as xterm, if it is one."
        raise InputError("The desk cannot be drawn on a dumb terminal.", hint=hint)
    if codecs.lookup(sys.stderr.encoding or "ascii").name != "utf-8":
        hint = "Set LANG to such a locale (C.UTF-8), or PYTHONUTF8=1 where the terminal knows it."
        raise InputError(f"The desk needs UTF-8, not {sys.stderr.encoding}.", hint=hint)


def _found(session: Session, given: str) -> str:
    """The id that is meant; what is not there is said before the desk is drawn."""
    from .lookup import find

    person = session.person()

    async def look(queue: Queue) -> str:
        return (await find(queue, given, person)).entry.state.id

    return session.run(look)
