"""Notifications that did not arrive, or may not have."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from .model import Action
from .model import one as _one


def notices() -> Iterable[Action]:
    """What their screen does."""
    one = partial(_one, "notices", "Notices")
    yield one("notices.open", "enter", "open", "Open the artifact that it is about.")
    yield one(
        "notices.all", "*", "all",
        "Those of artifacts that were decided since too, or only of what waits.",
    )  # fmt: skip
