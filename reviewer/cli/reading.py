"""Artifacts out of a file or a pipe: one JSON object, or JSON Lines, told apart by looking.

JSON Lines are streamed: memory holds one line.  A line that is no artifact is reported and the
next one is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from ..domain import strict_json
from ..domain.artifact import parse
from ..domain.errors import InputError
from .blobs import Blobs

if TYPE_CHECKING:
    from ..domain.artifact import Artifact

LIMIT = strict_json.MAX_BYTES
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Read:
    """What stood at a line (from 1; 0 for a whole document): an artifact, or why there is none."""

    line: int
    artifact: Artifact | None = None
    error: InputError | None = None


def artifacts(stream: BinaryIO, blobs: Blobs) -> Iterator[Read]:
    """Every artifact of a stream of bytes, in order; raises `InputError` for an empty one."""
    lines = _Lines(stream)
    first = lines.first()
    if first is None:
        raise InputError("there is nothing in it", hint="Give one JSON object, or JSON Lines.")
    if _is_object(first):
        rest = lines.after()
        second = next(rest, None)
        if second is None:
            yield _one(0, first, blobs)
            return
        yield _one(lines.first_number, first, blobs)
        yield _one(*second, blobs)
        yield from (_one(number, line, blobs) for number, line in rest)
        return
    yield from _not_an_object_first(lines, first, blobs)


def _not_an_object_first(lines: _Lines, first: bytes, blobs: Blobs) -> Iterator[Read]:
    """The first line alone is no object: one document over many lines, or a bad first line."""
    held: list[tuple[int, bytes]] = [(lines.first_number, first)]
    size, rest = len(first), lines.after()
    for number, line in rest:
        held.append((number, line))
        size += len(line)
        if size > LIMIT:
            break
    if size <= LIMIT:
        whole = _one(0, b"\n" * (lines.first_number - 1) + lines.raw(held), blobs)
        if whole.artifact is not None or not any(_is_object(line) for _, line in held[1:]):
            yield whole
            return
    for number, line in held:
        yield _one(number, line, blobs)
    yield from (_one(number, line, blobs) for number, line in rest)


class _Lines:
    """The lines of a stream with their numbers; blank ones are passed over."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._number = 0
        self.first_number = 0

    def first(self) -> bytes | None:
        """The first line that is not blank, without a byte order mark."""
        for number, line in self._read():
            self.first_number = number
            return line
        return None

    def after(self) -> Iterator[tuple[int, bytes]]:
        """The lines after it."""
        return self._read()

    def raw(self, held: list[tuple[int, bytes]]) -> bytes:
        """The held lines as they stood, with the blank ones between, so that places are right."""
        parts, at = [], held[0][0]
        for number, line in held:
            parts.append(b"\n" * (number - at) + line)
            at = number
        return b"".join(parts)

    def _read(self) -> Iterator[tuple[int, bytes]]:
        while line := self._stream.readline(LIMIT + 1):
            self._number += 1
            number = self._number
            if self._number == 1:
                line = line.removeprefix(BOM)
            if len(line) > LIMIT and not line.endswith(b"\n"):
                self._skip()
            line = line.removesuffix(b"\n").removesuffix(b"\r")
            if line.strip():
                yield number, line

    def _skip(self) -> None:
        while part := self._stream.readline(LIMIT):
            if part.endswith(b"\n"):
                return


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(strict_json.loads(line), dict)
    except InputError as error:
        # a duplicate key or a NaN is a bad object, yet an object
        return error.place != "" and line.strip().startswith(b"{")


def _one(number: int, line: bytes, blobs: Blobs) -> Read:
    try:
        if b"blob" not in line and line.lstrip().startswith(b"{"):
            return Read(number, parse(line))  # nothing to inline: the text is checked only once
        value: Any = strict_json.loads(line)
        if isinstance(value, list) and number == 0:
            raise InputError(
                "this is a JSON array; an artifact is an object", hint="Write one object per line."
            )
        return Read(number, parse(blobs.inlined(value)))
    except InputError as error:
        return Read(number, error=error)
