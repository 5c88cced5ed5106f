"""A case without what the policy masks: the artifacts, the final writes, and what was said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ...domain.artifact import parse_writes
from ...domain.views import LabelRow
from ...policy.masked import artifact, write
from ...policy.masking import Masker
from ..delta import Patch, field_delta
from .revisions import Case


def masked(masker: Masker, case: Case) -> Case:
    """The case as it may go out; the same where nothing in it is masked.

    Where something is, the digests are left out: one over few possible values can be guessed back.
    """
    before = masker.count
    row = _row(masker, case.row)
    rejected = tuple(artifact(masker, one) for one in case.rejected)
    return Case(row, rejected) if masker.count > before else case


def _row(masker: Masker, row: LabelRow) -> LabelRow:
    before = masker.count
    told, label = artifact(masker, row.artifact), dict(row.label)
    for name in ("comment", "reviewer"):
        label[name] = masker.text(label[name])
    if "writes" in label:
        final = [
            write(masker, one).model_dump(mode="json", exclude_defaults=True)
            for one in parse_writes(label["writes"])
            if one is not None
        ]
        label["writes"] = final
        label["delta"] = _delta(told.document().get("writes", []), final, label.get("delta", []))
    if masker.count == before:
        return row
    label["digest"] = ""
    if "digest_decided" in label:
        label["digest_decided"] = ""
    return replace(row, artifact=told, label=label)


def _delta(proposed: list[Any], final: list[Any], patch: Patch) -> Patch:
    """The patch between masked writes; the unmasked one tells which writes were dropped."""
    whole = (step["path"] for step in patch if step["op"] == "remove")
    dropped = {int(path[1:]) for path in whole if path.count("/") == 1}
    kept = iter(final)
    return field_delta(
        proposed, [None if index in dropped else next(kept) for index in range(len(proposed))]
    )
