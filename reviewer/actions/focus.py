"""Focus: one artifact after the other."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from .model import Action
from .model import one as _one


def focus() -> Iterable[Action]:
    """What focus adds to a review, and what its end offers."""
    one = partial(_one, "focus", "Focus")
    yield one("focus.skip", ">", "skip", "Leave it for now and go on; it comes back at the end.")
    yield one("focus.back", "<", "", "Back to the one that was skipped last.")
    yield one("focus.restart", "backspace", "", "Forget counts and skips; begin anew.")
    ended = partial(_one, "focus_end", "Focus")
    yield ended("focus.again", "s", "skipped", "Go through the skipped ones.")
