"""What was found hidden or posing in an artifact: for the banner, and for the guard of approve."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from ..untrusted.artifact import inspect_artifact
from ..untrusted.flags import Flag, summary

if TYPE_CHECKING:
    from ..domain.artifact import Artifact

LINES: Final = 3
"""How many kinds of flags the banner names."""
PLACES: Final = 3
"""How many places it names for each."""


def find(artifact: Artifact) -> tuple[Flag, ...]:
    """Every flag of an artifact, in the order of the document."""
    return inspect_artifact(artifact)


def flagged_writes(flags: Sequence[Flag]) -> list[int]:
    """The indexes of the writes that carry a flag."""
    parts = [flag.place.split("/") for flag in flags]
    found = {int(part[2]) for part in parts if part[1:2] == ["writes"] and part[2:3]}
    return sorted(found)


def banner_lines(flags: Sequence[Flag]) -> list[tuple[str, str]]:
    """Marks and sentences: how many of what, and where; the gravest first."""
    lines = []
    kinds = summary(flags)
    for code, _, sentence in kinds[:LINES]:
        same = [flag for flag in flags if flag.code == code]
        places = list(dict.fromkeys(flag.place for flag in same))
        where = ", ".join(places[:PLACES])
        more = f" and {len(places) - PLACES} more" if len(places) > PLACES else ""
        sample = next((f" {flag.sample}" for flag in same if flag.sample), "")
        lines.append(("⚑", f"{sentence}{sample}  in {where}{more}"))
    if len(kinds) > LINES:
        lines.append(("⚑", f"and {len(kinds) - LINES} more kinds of flags"))
    return lines
