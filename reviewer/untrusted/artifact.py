"""The flags of a whole artifact, with the place of each."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any

from reviewer.domain.artifact import Artifact
from reviewer.domain.strict_json import pointer

from .flags import Flag, inspect


def inspect_artifact(artifact: Artifact | Mapping[str, Any]) -> tuple[Flag, ...]:
    """The flags of every text and every field name of an artifact or its document.

    A file given as base64 is read as text where it is UTF-8, and flagged as `binary` otherwise.
    """
    document = artifact.document() if isinstance(artifact, Artifact) else artifact
    return tuple(flag for place, text in _texts(document) for flag in _flags(place, text))


def _flags(place: str, text: str) -> tuple[Flag, ...]:
    if not place.endswith("/base64"):
        return inspect(text, place)
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error:
        return inspect(text, place)
    try:
        inner = raw.decode("utf-8")
    except UnicodeDecodeError:
        inner = "\0"
    if "\0" in inner:
        return (Flag("binary", place, 1, 1, 1, f"{len(raw)} bytes"),)
    return inspect(inner, place)


def _texts(value: Any) -> Iterator[tuple[str, str]]:
    """Every string with its JSON pointer; a field's name stands at the field's own place."""
    todo: list[tuple[tuple[str | int, ...], Any]] = [((), value)]
    while todo:
        parts, item = todo.pop()
        if isinstance(item, str):
            yield pointer(parts), item
        elif isinstance(item, Mapping):
            for key, inner in reversed(list(item.items())):
                todo.append(((*parts, key), inner))
            for key in item:
                yield pointer((*parts, key)), key
        elif isinstance(item, list | tuple):
            todo.extend(((*parts, index), item[index]) for index in reversed(range(len(item))))
