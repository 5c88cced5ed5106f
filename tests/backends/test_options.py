"""Options of a queue file's URL."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path

import pytest

from reviewer.config import Config
from reviewer.domain.artifact import parse
from reviewer.domain.decision import Actor, Decision, Kind
from reviewer.domain.errors import QueueError
from reviewer.queue import OWN, BulkDecision, Settled, Target, backend_of, open_queue

AGENT, ANN = Actor("bot", "agent"), Actor("ann")
ARTIFACT = {
    "agent": {"name": "bot"},
    "kind": "note",
    "title": "t",
    "writes": [{"type": "document", "after": "x"}],
}


def test_our_own_backends_are_those_that_the_entry_points_name() -> None:
    points = entry_points(group="reviewer.backends")
    assert {point.name: point.value for point in points if point.dist.name == "reviewer"} == OWN
    assert all(backend_of(point.name) is point.load() for point in points)


async def test_a_scheme_without_a_backend_is_told_with_those_that_have_one() -> None:
    with pytest.raises(QueueError) as told:
        await open_queue("nosuch://x")
    assert "'nosuch:'" in str(told.value)
    assert "sqlite" in str(told.value.hint)


async def window(url: str) -> tuple[int, int]:
    """How long one decision and a bulk decision can be taken back, microseconds."""
    queue = await open_queue(url)
    try:
        ids = [
            (await queue.submit(parse(ARTIFACT | {"key": key}), AGENT)).artifact_id for key in "ab"
        ]
        states = [item.entry.state for id in ids if (item := await queue.get(id))]
        one, two = states
        decision = Decision(Kind.APPROVE, one.id, one.revision, one.digest, "op")
        settled = await queue.decide(decision, ANN)
        assert isinstance(settled, Settled)
        assert settled.effective_at is not None
        assert settled.state.decided_at is not None
        bulk = BulkDecision("bulk", Kind.APPROVE, (Target(two.id, two.revision, two.digest),))
        before = await queue.now()
        results = [result async for result in await queue.decide_many(bulk, ANN)]
        ends = results[-1].effective_at
        assert ends is not None
        return settled.effective_at - settled.state.decided_at, ends - before
    finally:
        await queue.close()


async def test_the_undo_window_is_the_urls_else_five_seconds(tmp_path: Path) -> None:
    plain, _ = await window(f"sqlite:///{tmp_path}/a.db")
    assert plain == 5_000_000
    longer, bulk = await window(f"sqlite:///{tmp_path}/b.db?undo=60")
    assert longer == 60_000_000
    assert bulk >= 60_000_000


async def test_the_embedded_queue_takes_it_from_the_settings() -> None:
    url = Config(undo_seconds=0).queue_url()
    Path(url.split("://")[1].split("?")[0]).parent.mkdir(parents=True, exist_ok=True)
    assert (await window(url))[0] == 0
    assert "undo" not in Config().queue_url()
    assert Config(undo_seconds=9).queue_url("sqlite:////x") == "sqlite:////x"


@pytest.mark.parametrize("option", ["undo=-1", "undo=soon", "patience=0", "wal=off", "undo"])
async def test_what_is_no_option_is_said(tmp_path: Path, option: str) -> None:
    with pytest.raises(QueueError, match=option.split("=", maxsplit=1)[0]):
        await open_queue(f"sqlite:///{tmp_path}/a.db?{option}")
