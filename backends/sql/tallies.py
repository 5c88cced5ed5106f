"""The names of what is counted, in the order of `governance.Tally` and of the ledger's columns."""

from __future__ import annotations

from dataclasses import fields

from reviewer.domain.governance import Tally

TALLY: tuple[str, ...] = tuple(field.name for field in fields(Tally))
