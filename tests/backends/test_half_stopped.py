"""A kill switch whose hand died before it called anything back: nothing goes out all the same."""

from __future__ import annotations

from pathlib import Path

from backends.sql import brakes
from backends.sql.open import open_sqlite
from reviewer.domain.instant import MINUTE
from reviewer.domain.state import Status
from tests.support.invariants import invariants
from tests.support.making import ANNA, BOT, LEAD, refund

POLICY = """
version: 1
agents:
  refund-bot:
    mode: autonomous
    new_version: autonomous
    autonomy: {sample: 0, confidence: 0, known_shapes: 0, spread: null}
    grants: [{write: record}]
"""


async def test_what_was_not_called_back_yet_goes_back_when_it_is_fetched(tmp_path: Path) -> None:
    path = tmp_path / "q.db"
    queue = await open_sqlite(f"sqlite:///{path}")
    await queue.propose_policy(POLICY, "", LEAD)
    made = [refund(f"k{number}", escalations=[], risk="low") for number in range(3)]
    ids = [(await queue.submit(one, BOT)).artifact_id for one in made]
    queue.dialect.clock_offset = MINUTE
    assert await queue.verdict(ids[0]) is not None  # this one is out
    await queue.write(lambda tx: brakes.stop(tx, "refund-bot", "it pays everybody", ANNA))

    for one in ids[1:]:
        item = await queue.get(one)
        assert item is not None
        assert item.entry.state.status == Status.APPROVED, "the hand died before"
        assert await queue.verdict(one) is None
        item = await queue.get(one)
        assert item is not None
        assert item.entry.state.status == Status.PENDING
        assert [reason.code for reason in item.reasons] == ["stopped"]
    first = await queue.verdict(ids[0])
    assert first is not None
    assert first.decision == "approve", "what is out stays so"

    # whoever throws it again finishes what was begun
    again = await queue.stop("refund-bot", "again", LEAD)
    assert getattr(again, "called_back", None) == 0
    await queue.close()
    assert invariants(path) == []
