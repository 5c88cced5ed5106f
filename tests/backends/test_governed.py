"""What is stored of policies, caps, stops and rulings is what the records say."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from backends.sql.open import open_sqlite
from backends.sql.queue import SqlQueue
from reviewer.domain.errors import TamperedError
from reviewer.domain.governance import PolicyRow
from reviewer.verifying import verified
from tests.support.invariants import invariants
from tests.support.making import ANNA, BOT, LEAD, refund

LAX = "version: 1\nagents: {'*': {grants: [{write: '*'}]}}\n"
STRICT = "version: 1\nagents: {'*': {grants: [{write: file}]}}\n"


async def governed(queue: SqlQueue) -> None:
    """One of everything."""
    await queue.submit(refund("before"), BOT)
    for text in (LAX, STRICT):
        assert isinstance(await queue.propose_policy(text, "", LEAD), PolicyRow)
    await queue.submit(refund("denied"), BOT)
    await queue.set_cap("refund-bot", "", "shadow", "new", LEAD)
    await queue.propose_promotion("refund-bot", "", "assisted", "well done", ANNA)
    await queue.set_cap("other", "", "shadow", "new", LEAD)
    await queue.set_cap("other", "", "autonomous", "old", LEAD)
    await queue.stop("refund-bot", "enough", ANNA)
    await queue.stop("*", "enough", ANNA)
    await queue.resume("*", LEAD)


async def test_all_is_as_recorded(queue: SqlQueue, path: Path) -> None:
    await governed(queue)
    assert (await verified(queue, ())).sound
    assert invariants(path) == []


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("UPDATE policy SET state = 'retired'", "in force"),
        ("UPDATE policy SET proposed_by = 'mallory'", "not proposed by"),
        ("UPDATE policy SET text = replace(text, 'file', '\"*\"')", "text of the policy"),
        ("DELETE FROM stop", "stopped"),
        ("UPDATE stop SET why = 'by mistake'", "stopped"),
        ("INSERT INTO stop VALUES ('x', '', 'anna', 1)", "stopped"),
        ("UPDATE cap SET mode = 'assisted'", "cap"),
        ("DELETE FROM cap WHERE state = 'promotion'", "promotion"),
        ("UPDATE ruling SET document = replace(document, 'denied', 'granted')", "ruling"),
        ("DELETE FROM ruling", "ruling"),
    ],
)
async def test_what_was_changed_behind_the_queue_is_found(
    queue: SqlQueue, path: Path, sql: str, why: str
) -> None:
    await governed(queue)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute(sql).rowcount > 0
        connection.commit()
    report = await verified(queue, ())
    assert report.broken is None
    assert report.unlike is not None
    assert why in report.unlike.why


async def test_nothing_is_admitted_under_a_policy_that_was_changed(
    queue: SqlQueue, path: Path
) -> None:
    await governed(queue)
    await queue.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE policy SET text = ?", (LAX,))
        connection.commit()
    again = await open_sqlite(f"sqlite://{path}")
    with pytest.raises(TamperedError):
        await again.submit(refund("new"), BOT)
    # a kill switch works whatever the policy is
    assert await again.resume("refund-bot", LEAD) is None
    await again.stop("refund-bot", "", ANNA)
    await again.close()
