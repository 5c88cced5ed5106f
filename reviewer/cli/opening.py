"""From the command line to the desk, by the shortest way: the first paint counts."""

from __future__ import annotations

import codecs
import dataclasses
import gc
import os
import sys

from .. import config
from ..domain.errors import InputError
from .session import Session


def open_desk(session: Session, view: str = "", read_only: bool = False) -> int:
    """Runs the desk until the person leaves it."""
    settings = session.config
    # the screen is drawn on stderr, as Textual does
    if not (sys.stdin and all(s.isatty() for s in (sys.stdin, sys.stdout, sys.stderr))):
        raise InputError("The desk needs a terminal.", hint="`reviewer list` works without one.")
    if os.environ.get("TERM") == "dumb":
        hint = "`reviewer list` works here; another TERM, such as xterm, if it is one."
        raise InputError("The desk cannot be drawn on a dumb terminal.", hint=hint)
    if codecs.lookup(sys.stderr.encoding or "ascii").name != "utf-8":
        hint = "Set LANG to such a locale (C.UTF-8), or PYTHONUTF8=1 where the terminal knows it."
        raise InputError(f"The desk needs UTF-8, not {sys.stderr.encoding}.", hint=hint)
    if session.name:
        settings = dataclasses.replace(settings, name=session.name)
    if view and view not in {v.name for v in settings.views}:
        names = ", ".join(v.name for v in settings.views)
        raise InputError(f"There is no view '{view}'.", hint=f"Views: {names}.")
    if not session.queue:
        config.ensure_home()
    gc.disable()  # what is made while it starts stays; the desk collects once its list is there
    try:
        from ..tui.app import run_desk

        run_desk(settings, session.url, view=view or None, read_only=read_only)
    finally:
        gc.enable()
    return 0
