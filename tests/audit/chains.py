"""Audit chains as a queue would store them, for tests."""

from __future__ import annotations

from hypothesis import strategies as st

from reviewer.audit.chain import GENESIS, Row, link
from reviewer.audit.record import event
from reviewer.audit.verify import export_line
from reviewer.domain.decision import Actor
from tests.domain.strategies import NOW, json_objects


def chain(facts: list[dict[str, object]]) -> list[Row]:
    """A sound chain with one record for each facts."""
    rows: list[Row] = []
    previous = GENESIS
    for seq, one in enumerate(facts, 1):
        record = event(seq, "noted", f"a_{seq}", Actor("ann"), NOW + seq, dict(one), "sha256:p")
        rows.append((seq, record, previous, link(previous, record)))
        previous = rows[-1][3]
    return rows


def lines(rows: list[Row]) -> list[str]:
    """The export of a chain."""
    return [export_line(*row) for row in rows]


chains = st.lists(json_objects, min_size=2, max_size=7).map(chain)
