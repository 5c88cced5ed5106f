"""Verifies an exported audit record offline: JSON Lines of `{seq, record, previous, hash}`.

A chain cannot show that records are missing at its end; the head (number and hash of a record) of
a checkpoint kept elsewhere does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from ..domain.errors import InputError
from ..domain.strict_json import loads
from .authority import MISNAMED, Authority
from .chain import GENESIS, Broken, Row, misfit

Head = tuple[int, str]
"""The number and the hash of a record: where a chain stood at a time."""


@dataclass(frozen=True, slots=True)
class Unlike:
    """The first artifact that is stored otherwise than its records say, and what of it."""

    artifact_id: str
    why: str


@dataclass(frozen=True, slots=True)
class Report:
    """How far a record holds: `records` are good up to `head`; `line` is that of the break.

    `unlike` is for a live queue, whose rows were compared with the record.
    """

    records: int
    head: Head
    broken: Broken | None = None
    line: int | None = None
    unlike: Unlike | None = None

    @property
    def sound(self) -> bool:
        """Whether nothing is broken and nothing differs."""
        return self.broken is None and self.unlike is None


def export_line(seq: int, record: str, previous: str, hash: str) -> str:
    """One line of an export, without its line end."""
    row = {"seq": seq, "record": record, "previous": previous, "hash": hash}
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def verify_export(
    lines: Iterable[str | bytes], start: Head = (0, GENESIS), known: Iterable[Head] = ()
) -> Report:
    """Reads lines in order and stops at the first that is broken; blank lines are skipped.

    `start` is the head before the first line, for an export that does not begin at the beginning.
    `known` are heads kept elsewhere: the chain must pass through each of them.
    """
    wanted, authority = dict(known), Authority()
    head, good, number = start, 0, 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        seq = head[0] + 1
        try:
            row = _row(line)
        except InputError as error:
            return Report(
                good, head, Broken(seq, f"its line is no record: {error.sentence}"), number
            )
        why = misfit(row, seq, head[1])
        if not why and wanted.pop(row[0], row[3]) != row[3]:
            why = "its hash differs from the one that was kept elsewhere"
        if not why and authority.misnamed(json.loads(row[1])):
            why = MISNAMED
        if why:
            return Report(good, head, Broken(row[0], why), number)
        head, good = (row[0], row[3]), good + 1
    beyond = sorted(seq for seq in wanted if seq > head[0])
    if beyond:
        why = f"the export ends here, but record {beyond[-1]} was there before"
        return Report(good, head, Broken(head[0] + 1, why), number + 1)
    return Report(good, head)


def _row(line: str | bytes) -> Row:
    value = loads(line)
    if not isinstance(value, dict) or set(value) != {"seq", "record", "previous", "hash"}:
        raise InputError("it does not hold exactly seq, record, previous and hash")
    seq, texts = value["seq"], [value[name] for name in ("record", "previous", "hash")]
    if type(seq) is not int or not all(isinstance(text, str) for text in texts):
        raise InputError("it holds values of the wrong type")
    return seq, texts[0], texts[1], texts[2]
