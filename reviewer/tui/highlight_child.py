"""The process that finds out the syntax of hostile text, and that may hang: it is killed then.

Reads requests from standard input and writes answers to standard output, until end of input.
A message is 4 bytes of length (big endian) and that much JSON; a request is followed by `size`
bytes of UTF-8.  An answer carries the next lines, each a flat list of start, end, token (offsets in
characters of the line, tokens named as in Pygments without `Token.`), and `done` with the last.

It is run by its path in isolated mode, imports nothing but Pygments, holds no secret, and ends
itself when it makes no progress, so that it does not outlive a killed parent.
"""

from __future__ import annotations

import json
import signal
import struct
import sys
import time
from collections.abc import Iterator
from typing import Any, BinaryIO

LINES = 400
SECONDS = 0.05
MEMORY = 1 << 30
# Drawn as plain text anyway.
PLAIN = {"", "Text", "Text.Whitespace", "Name", "Punctuation", "Other"}


def write_message(stream: BinaryIO, message: dict[str, Any]) -> None:
    """Writes one message and flushes."""
    body = json.dumps(message, ensure_ascii=True, separators=(",", ":")).encode()
    stream.write(struct.pack(">I", len(body)) + body)
    stream.flush()


def lines_of(tokens: Iterator[tuple[int, Any, str]], text: str) -> Iterator[list[int | str]]:
    """The tokens cut into lines at LF, one list for every line of the text."""
    line: list[int | str] = []
    began = at = 0
    for index, token, value in tokens:
        if index < at:  # a lexer that goes back: what was found first stays
            continue
        while (gap := text.find("\n", at, index)) >= 0:  # the lexer left something out
            yield line
            line, began, at = [], gap + 1, gap + 1
        name = str(token)[6:]
        end = at = min(index + len(value), len(text))
        start = index
        while start < end:
            stop = text.find("\n", start, end)
            ink = end if stop < 0 else stop
            if ink > start and name not in PLAIN:
                line += (start - began, ink - began, name)
            if stop < 0:
                break
            yield line
            line, began, start = [], stop + 1, stop + 1
    yield line
    yield from ([] for _ in range(text.count("\n", at)))


def tokens_of(language: str, filename: str, text: str) -> Iterator[tuple[int, Any, str]]:
    """The tokens of a text, by the language's name or else the file's; none where it is unknown."""
    from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language) if language else get_lexer_for_filename(filename)
    except ClassNotFound:
        return iter(())
    # Offsets must stay: no line end is normalised, a CR counts as a blank; lexers want a last LF.
    return iter(lexer.get_tokens_unprocessed(text.replace("\r", " ") + "\n"))


def answer(stream: BinaryIO, request: dict[str, Any], text: str) -> None:
    """Writes the lines of a text as they are found."""
    watch(request["limit"])
    batch: list[list[int | str]] = []
    sent = time.monotonic()
    for line in lines_of(tokens_of(request["language"], request["filename"], text), text):
        batch.append(line)
        if len(batch) >= LINES or time.monotonic() - sent > SECONDS:
            write_message(stream, {"id": request["id"], "lines": batch, "done": False})
            batch, sent = [], time.monotonic()
            watch(request["limit"])
    write_message(stream, {"id": request["id"], "lines": batch, "done": True})
    watch(0)


def watch(seconds: float) -> None:
    """Lets the system end this process after so long; 0 calls that off."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def main() -> None:
    """Answers until end of input."""
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    source, target = sys.stdin.buffer, sys.stdout.buffer
    write_message(target, {"id": 0, "lines": [], "done": True})
    while head := source.read(4):
        request = json.loads(source.read(struct.unpack(">I", head)[0]))
        text = source.read(request["size"]).decode("utf-8", "surrogatepass")
        try:
            answer(target, request, text)
        except (MemoryError, RecursionError, ValueError, LookupError, TypeError, AssertionError):
            # A lexer that fails leaves the text plain from there on.
            write_message(target, {"id": request["id"], "lines": [], "done": True})
            watch(0)


if __name__ == "__main__":
    try:
        main()
    except (BrokenPipeError, KeyboardInterrupt):
        sys.exit(1)
