"""The policy that holds where nobody has activated any: one person sees everything."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Final

from .compiled import Compiled, load

STARTER: Final = (resources.files(__package__) / "starter.yaml").read_text(encoding="utf-8")
"""The text of the file, with its comments."""


@cache
def starter() -> Compiled:
    """The starter, compiled once."""
    return load(STARTER)
