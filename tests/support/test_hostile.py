"""The hostile artifacts are artifacts, and no field of theirs is harmless."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from reviewer.domain.artifact import parse
from reviewer.untrusted import one_line, show, visible
from reviewer.untrusted.characters import NEVER

from .hostile import PAYLOADS, TYPES, count, hostile, hostile_artifact, is_hostile

CLOSED = {  # fields that take only what the format names
    "type", "role", "source", "action", "mode", "method", "kind", "queue", "code", "risk",
    "on_expiry", "allowed", "base64", "at", "due_at", "expires_at",
}  # fmt: skip


def texts(value: Any, field: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner, field)


@pytest.mark.parametrize("kind", TYPES)
def test_every_free_field_is_hostile(kind: str) -> None:
    for index in range(TYPES.index(kind), 160, len(TYPES)):
        artifact = parse(json.dumps(hostile_artifact(index, supersedes=hostile(index, 200))))
        assert artifact.writes[0].type == kind
        for field, text in texts(artifact.model_dump(mode="json")):
            assert field in CLOSED or is_hostile(text), f"{index}: {field} is {text!r}"


def test_thousands_of_hostile_texts_come_out_harmless() -> None:
    assert count() > 10_000
    for index in range(0, count(), 7):
        text = hostile(index)
        assert text
        for shown in (visible(text), one_line(text, 30), show(text).plain):
            assert not NEVER.search(shown.replace("\n", ""))
    assert {hostile(index, 9)[:9] for index in range(len(PAYLOADS))}
