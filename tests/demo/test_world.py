"""The simulated world: exactly what came in is carried out, all or none, and once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reviewer.demo import catalogue
from reviewer.demo.world import World
from reviewer.domain.artifact import Artifact, parse
from reviewer.domain.instant import SECOND

NOW = 1_795_000_000 * SECOND
MADE = [parse(one) for one in [*catalogue.first(7, NOW), *catalogue.rest(7, NOW)] if one["writes"]]
TYPES = ["file", "record", "rows", "sql", "request", "message", "tool_call", "document"]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    opened = World(tmp_path / "world.db")
    yield opened
    opened.close()


def writes_of(artifact: Artifact) -> list[dict[str, Any]]:
    return artifact.document()["writes"]


def first_with(type_: str, **wanted: Any) -> Artifact:
    return next(
        one
        for one in MADE
        if one.writes[0].type == type_
        and all(getattr(one.writes[0], name) == value for name, value in wanted.items())
    )


def test_every_kind_of_work_can_be_carried_out(tmp_path: Path) -> None:
    """Each in a world of its own, for some of them touch the same resource."""
    kinds = {(one.kind, len(one.writes), one.writes[0].type): one for one in MADE}
    assert {kind for kind, _, _ in kinds} == {one.kind for one in MADE}
    for number, one in enumerate(kinds.values()):
        world = World(tmp_path / f"{number}.db")
        world.learn(one)
        done = world.execute("a", "d", writes_of(one))
        assert done.name == "applied", (one.key, done)
        assert world.written("a") == writes_of(one)
        world.close()


def test_a_second_call_changes_nothing(world: World) -> None:
    message = first_with("message")
    world.learn(message)
    first = world.execute("a", "d", writes_of(message))
    assert world.execute("a", "d", writes_of(message)) == first
    write = message.writes[0]
    assert len(world.state(write.system, write.resource, "message")) == 1
    assert len(world.written("a")) == len(message.writes)


def test_the_world_moved(world: World) -> None:
    record = first_with("record")
    world.learn(record)
    assert world.disturb(writes_of(record)[0])
    done = world.execute("a", "d", writes_of(record))
    assert done.name == "drifted"
    assert record.writes[0].resource in done.detail
    assert world.written("a") == []


def test_all_or_none(world: World) -> None:
    fix = next(one for one in MADE if one.kind == "fix" and len(one.writes) == 3)
    world.learn(fix)
    writes = writes_of(fix)
    world.disturb(writes[1])
    path, root = fix.writes[0].resource, fix.writes[0].system
    before = world.state(root, path, "file")
    assert world.execute("a", "d", writes).name == "drifted"
    assert world.state(root, path, "file") == before
    assert world.written("a") == []


def test_a_refusing_system_leaves_the_world_as_it_was(world: World) -> None:
    call = first_with("tool_call")
    done = world.execute("a", "d", writes_of(call), fail="503")
    assert done == ("failed", "503")
    assert world.state(call.writes[0].system, call.writes[0].resource, "tool_call") is None


def test_states_afterwards(world: World) -> None:
    tidy = next(one for one in MADE if one.kind == "housekeeping")
    world.learn(tidy)
    world.execute("tidy", "d", writes_of(tidy))
    root = tidy.writes[0].system
    assert world.state(root, "bin/run.sh", "file") is None
    assert "step_three" in world.state(root, "bin/deploy.sh", "file")["text"]
    assert world.state(root, "bin/check.sh", "file")["mode"] == "100755"
    assert world.state(root, "bin/old.sh", "file") is None

    patched = first_with("record", after=None, note="")
    world.learn(patched)
    world.execute("patched", "d", writes_of(patched))
    (write,) = patched.writes
    assert world.state(write.system, write.resource, "record") == write.result()

    merged = next(one for one in MADE if one.kind == "merge")
    world.learn(merged)
    world.execute("merged", "d", writes_of(merged))
    assert world.state("crm", merged.writes[1].resource, "record") is None


def test_rows_of_one_table_from_several_artifacts(world: World) -> None:
    """Two proposals on one table rest on their own rows; each changes its own."""
    backfills = [one for one in MADE if one.kind == "backfill"]
    table = backfills[0].writes[0].resource
    for number, one in enumerate(backfills):
        copied = parse(
            json.loads(json.dumps(one.document()).replace(one.writes[0].resource, table))
        )
        world.learn(copied)
        assert world.execute(str(number), "d", writes_of(copied)).name == "applied"
    rows = world.state("warehouse", table, "rows")
    for one in backfills:
        for update in one.writes[0].updated:
            assert rows[str(update.key["id"])]["country_code"] == update.after["country_code"]


@pytest.mark.parametrize("type_", TYPES)
def test_every_type_is_met(type_: str) -> None:
    assert any(write.type == type_ for one in MADE for write in one.writes)
