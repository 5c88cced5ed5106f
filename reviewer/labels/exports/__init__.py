"""Exports of labels for training and evaluation: one module per format, found by name.

Every line of a format has the same fields with the same types and no list that may be empty,
because Arrow readers (`datasets`, pandas) fix the schema by the first ten megabytes.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ...domain.errors import InputError
from ...domain.views import LabelRow
from ..label import seeded
from .revisions import Case, Key, Revisions

if TYPE_CHECKING:
    from ...policy.masking import Masker

Records = Callable[[Case], Iterator[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Exporter:
    """One format: its name, a sentence about it, the module whose `records` makes its lines.

    `pairs` says whether it needs to know which rejected revisions an approved one followed.
    """

    name: str
    sentence: str
    module: str
    pairs: bool = False

    def records(self) -> Records:
        """The function from a case to this format's records."""
        made: Records = import_module(f".{self.module}", __package__).records
        return made


FORMATS: dict[str, Exporter] = {
    exporter.name: exporter
    for exporter in (
        Exporter("jsonl", "everything that a label holds, one line for each label", "jsonl"),
        Exporter("trl-sft", "TRL fine-tuning: messages of approved and edited", "trl_sft"),
        Exporter("trl-preference", "TRL preference pairs (DPO)", "trl_preference", pairs=True),
        Exporter("trl-kto", "TRL unpaired preference (KTO): approved and rejected", "trl_kto"),
        Exporter("openai-sft", "OpenAI fine-tuning: messages and tools", "openai_sft"),
        Exporter("openai-preference", "OpenAI preference (DPO)", "openai_preference", pairs=True),
    )
}


class Export:
    """One export under way: rows go in by `lines` in the queue's order, lines of text come out.

    Preference formats keep each rejected artifact, compressed, until a later revision of it is
    approved.  `superseded` (see `superseded_keys`, from a first pass over the same rows) bounds
    that to those that have a later revision.  `masker` takes out what the policy masks and counts
    it; nothing is masked without one.
    """

    def __init__(
        self, format: str, superseded: Set[Key] | None = None, masker: Masker | None = None
    ) -> None:
        if format not in FORMATS:
            raise InputError(
                f"there is no export format '{format}'", hint=f"Formats: {', '.join(FORMATS)}."
            )
        self._records = FORMATS[format].records()
        self._masker = masker
        self._revisions = Revisions(superseded) if FORMATS[format].pairs else None

    def lines(self, row: LabelRow) -> Iterator[str]:
        """The lines, without line ends, that this label adds.

        None for a seeded test, and none for what no person decided: a policy teaches nothing that
        it was not told.
        """
        if seeded(row.artifact) or row.label["reviewer_kind"] != "person":
            return
        # revisions are followed by keys that may be masked
        rejected = self._revisions.follow(row) if self._revisions else ()
        for record in self._told(Case(row, rejected)):
            yield json.dumps(record, ensure_ascii=False, allow_nan=False, separators=(",", ":"))

    def _told(self, case: Case) -> Iterable[dict[str, Any]]:
        """The records of a case, masked; what leaves none counts as nothing masked."""
        if self._masker is None or not self._masker.active:
            return self._records(case)
        from .masked import masked

        before = self._masker.count
        found = list(self._records(masked(self._masker, case)))
        if not found:
            self._masker.count = before
        return found


def export(
    format: str,
    rows: Iterable[LabelRow],
    superseded: Set[Key] | None = None,
    masker: Masker | None = None,
) -> Iterator[str]:
    """The lines of an export of rows in the queue's order; raises `InputError` for no format."""
    running = Export(format, superseded, masker)
    return (line for row in rows for line in running.lines(row))


async def export_async(
    format: str,
    rows: AsyncIterable[LabelRow],
    superseded: Set[Key] | None = None,
    masker: Masker | None = None,
) -> AsyncIterator[str]:
    """The same for rows as a queue gives them."""
    running = Export(format, superseded, masker)
    async for row in rows:
        for line in running.lines(row):
            yield line
