"""A home full of hostile text: settings, a real SQLite queue, people and decisions in it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import tomlkit

from reviewer.domain.artifact import parse
from reviewer.domain.decision import Actor, Decision, Kind, Refusal
from reviewer.queue import Queue, open_queue
from tests.support.hostile import PAYLOADS, TYPES, hostile_artifact

BOT = Actor("bot", "agent", frozenset({"agent"}))


def payload(seed: int) -> str:
    """A short hostile text that needs no shared data: three payloads between letters."""
    parts = [PAYLOADS[(seed * 7 + step * 11) % len(PAYLOADS)] for step in range(3)]
    return f"a{parts[0]}b{parts[1]}c{parts[2]}d"


def own_artifact(index: int) -> dict[str, Any]:
    """A hostile artifact made of payloads alone, for where the shared data is absent."""
    text = [payload(index * 13 + step) for step in range(12)]
    return {
        "key": f"own-{index}{text[0]}",
        "agent": {"name": text[1], "version": text[2]},
        "kind": f"hostile-{TYPES[index % 2]}",
        "title": text[3],
        "summary": text[4],
        "identity": {"act_as": text[5], "on_behalf_of": text[6]},
        "writes": [
            {"type": "file", "system": text[7], "resource": f"src/{index}.py",
             "before": {"text": "\n".join(text)}, "after": {"text": "\n".join(text[::-1])}},
            {"type": "record", "system": text[8], "resource": text[9],
             "before": {text[10]: text[11]}, "after": {text[10]: text[0]}},
        ][:: 1 if index % 2 == 0 else -1],
        "context": [{"type": "message", "role": "user", "text": line} for line in text],
        "escalations": [{"code": "hostile", "detail": text[2], "score": 0.5}],
    }  # fmt: skip


def documents(indexes: Iterable[int], shared: bool) -> list[dict[str, Any]]:
    """Hostile artifacts of these indexes: from the shared strings, or of payloads alone."""
    if not shared:
        return [own_artifact(index) for index in indexes]
    return [hostile_artifact(index) | {"supersedes": None} for index in indexes]


def furnish(home: Path, seed: int) -> None:
    """Writes settings whose names and filters are hostile."""
    filters = [
        "", "is:pending sort:newest", "is:claimed", "is:decided sort:newest", f'"{payload(seed)}"',
        f"nofield:{payload(seed + 1)}", "is:escalated", f'agent:"{payload(seed + 2)}"', "is:stuck",
    ]  # fmt: skip
    views = [
        {"name": f"{number}{payload(seed + number)}", "filter": text}
        for number, text in enumerate(filters)
    ]
    settings = {"name": "me" + payload(seed + 30), "undo_seconds": 20, "views": views}
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    (home / "config.toml").write_text(tomlkit.dumps(settings), encoding="utf-8")


def fill(home: Path, made: Sequence[dict[str, Any]]) -> list[str]:
    """Submits artifacts to the home's queue and lets people with hostile names work on some."""
    return asyncio.run(_fill(f"sqlite:///{home / 'queue.db'}", made))


async def _fill(url: str, made: Sequence[dict[str, Any]]) -> list[str]:
    queue = await open_queue(url)
    try:
        taken = await queue.submit_many([parse(json.dumps(one)) for one in made], BOT)
        ids = [one.artifact_id for one in taken if not isinstance(one, Exception)]
        assert len(ids) == len(made), [one for one in taken if isinstance(one, Exception)][:3]
        kinds = (Kind.REJECT, Kind.ESCALATE, Kind.REASSIGN, Kind.RESPOND)
        for number, artifact_id in enumerate(ids[-8:]):
            await _work_on(queue, artifact_id, number, kinds[number % 4])
        for number, artifact_id in enumerate(ids[-11:-8]):
            await queue.claim(artifact_id, Actor("ben" + payload(number)))
        return ids
    finally:
        await queue.close()


async def _work_on(queue: Queue, artifact_id: str, number: int, kind: Kind) -> None:
    item = await queue.get(artifact_id)
    assert item is not None
    state = item.entry.state
    decision = Decision(
        kind, artifact_id, state.revision, state.digest, f"op-{artifact_id}",
        reasons=("other",), comment=payload(number + 3),
        to=("queue:" if number < 4 else "") + payload(number + 5),
    )  # fmt: skip
    actor = Actor("ann" + payload(number), "person", frozenset({"reviewer", "lead"}))
    # earlier versions took any name of a queue, and their files are still opened
    with patch("reviewer.domain.refusing.place_wrong", return_value=""):
        answer = await queue.decide(decision, actor)
    assert not isinstance(answer, Refusal), answer


def standing(home: Path, ids: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    """What was decided on each artifact; looking and claiming do not change it."""
    return asyncio.run(_standing(f"sqlite:///{home / 'queue.db'}", ids))


async def _standing(url: str, ids: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    queue = await open_queue(url)
    try:
        found = {}
        for artifact_id in ids:
            item = await queue.get(artifact_id)
            assert item is not None
            state = item.entry.state
            found[artifact_id] = (
                state.status, state.assignee, state.queue, state.digest, state.approvers,
                state.snoozed_until, state.escalated,
            )  # fmt: skip
        return found
    finally:
        await queue.close()
