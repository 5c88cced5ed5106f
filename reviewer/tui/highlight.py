"""Syntax colours from a process of their own, which can be killed.

Pygments goes quadratic or worse on hostile input in many of its lexers.  So the desk asks a child
process, draws the text plain until colours arrive, kills the child when it makes no progress, and
gives that text no colours from there on.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import struct
import sys
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from . import highlight_child
from .newest import Newest

Span = tuple[int, int, str]
"""Start and end in characters of the line, and the Pygments token such as `Keyword.Constant`."""

Lines = tuple[tuple[Span, ...], ...]
Key = tuple[str, str, str]

MAX_FRAME = 16 * 1024 * 1024
START_LIMIT = 20.0


@dataclass(eq=False)
class _Text:
    """A text being coloured; `lines` grows until `done`."""

    key: Key
    source: str
    lines: list[tuple[Span, ...]] = field(default_factory=list)
    done: bool = False
    weight: int = 0
    waiters: list[tuple[int, asyncio.Future[None]]] = field(default_factory=list)

    def take(self, lines: list[list[Any]], done: bool) -> None:
        for flat in lines:
            spans = zip(flat[::3], flat[1::3], map(sys.intern, flat[2::3]), strict=True)
            self.lines.append(tuple(spans))
            self.weight += 1 + len(flat) // 3
        if done:
            self.done, self.source = True, ""
        for last, waiter in self.waiters:
            if (self.done or last <= len(self.lines)) and not waiter.done():
                waiter.set_result(None)

    def between(self, first: int, last: int) -> Lines:
        found = self.lines[first:last]
        return (*found, *(() for _ in range(last - first - len(found))))


HUNG = 4096
"""Texts that made the child hang are remembered, so many."""


class Highlighter:
    """Colours for texts, by digest.

    `limit` is how many seconds the child may make no progress, `total` how many a text may take;
    texts of more than `largest` characters stay plain.  `keep` bounds the cache (spans and lines).
    """

    def __init__(
        self,
        *,
        limit: float = 1.5,
        total: float = 10.0,
        largest: int = 2_000_000,
        keep: int = 1_000_000,
    ) -> None:
        self._limit, self._total, self._keep = limit, total, keep
        self.largest = largest
        self._texts: OrderedDict[Key, _Text] = OrderedDict()
        self._hung: Newest[Key, None] = Newest(HUNG)
        self._todo: list[_Text] = []
        self._worker: asyncio.Task[None] | None = None
        self._child: asyncio.subprocess.Process | None = None
        self._requests = 0

    async def spans(
        self,
        digest: str,
        text: str,
        first: int,
        last: int,
        *,
        language: str = "",
        filename: str = "",
    ) -> Lines:
        """The colours of the lines `first` to before `last`, counted from 0, split at LF.

        Waits until they are known; lines without colours are empty.  Without a language (a Pygments
        lexer's name) the file's name decides; where neither is known nothing is started.
        """
        key = (digest, language, filename)
        known = self._texts.get(key)
        if known is None:
            if key in self._hung or len(text) > self.largest or not (language or filename):
                return tuple(() for _ in range(last - first))
            known = self._texts[key] = _Text(key, text)
            self._todo.append(known)
        self._texts.move_to_end(key)
        if not known.done and last > len(known.lines):
            await self._wait(known, last)
        return known.between(first, last)

    def peek(
        self, digest: str, first: int, last: int, *, language: str = "", filename: str = ""
    ) -> Lines:
        """The colours that are known already, for drawing without waiting."""
        known = self._texts.get((digest, language, filename))
        return known.between(first, last) if known else tuple(() for _ in range(last - first))

    def has(self, digest: str, *, language: str = "", filename: str = "") -> bool:
        """Whether all colours of a text are known."""
        known = self._texts.get((digest, language, filename))
        return known is not None and known.done

    @property
    def child(self) -> int | None:
        """The process that works, or None."""
        return self._child.pid if self._child is not None else None

    async def close(self) -> None:
        """Ends the child and whoever waits for it."""
        if self._worker is not None:
            self._worker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._worker
        for text in self._todo:
            text.take([], done=True)
        self._todo.clear()
        await self._kill()

    async def _wait(self, text: _Text, last: int) -> None:
        waiter = asyncio.get_running_loop().create_future()
        text.waiters.append((last, waiter))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        try:
            await waiter
        finally:
            text.waiters.remove((last, waiter))
            if not text.waiters and text in self._todo:  # nobody wants it any more
                self._todo.remove(text)
                self._texts.pop(text.key, None)

    async def _work(self) -> None:
        """Colours one text after the other, the latest wish first."""
        while self._todo:
            text = self._todo.pop()
            try:
                await self._colour(text)
            except (
                TimeoutError,
                asyncio.IncompleteReadError,
                OSError,
                ValueError,
                LookupError,
                TypeError,
            ):
                await self._kill()
                self._hung[text.key] = None
            except asyncio.CancelledError:
                self._texts.pop(text.key, None)
                raise
            finally:
                text.take([], done=True)
            self._forget()

    async def _colour(self, text: _Text) -> None:
        child = await self._ready()
        assert child.stdin is not None
        assert child.stdout is not None
        self._requests += 1
        body = text.source.encode("utf-8", "surrogatepass")
        _, language, filename = text.key
        request = {
            "id": self._requests,
            "language": language,
            "filename": filename,
            "size": len(body),
            "limit": self._limit * 2,
        }
        head = json.dumps(request).encode()
        async with asyncio.timeout(self._total):
            child.stdin.write(struct.pack(">I", len(head)) + head + body)
            async with asyncio.timeout(self._limit):
                await child.stdin.drain()
            while not text.done:
                async with asyncio.timeout(self._limit):
                    answer = await _message(child.stdout)
                text.take(answer["lines"], answer["done"])

    async def _ready(self) -> asyncio.subprocess.Process:
        """The child, started where there is none."""
        if self._child is not None and self._child.returncode is None:
            return self._child
        kept = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL")
        self._child = child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            str(Path(highlight_child.__file__)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={name: os.environ[name] for name in kept if name in os.environ},
            start_new_session=True,
        )
        assert child.stdout is not None
        async with asyncio.timeout(START_LIMIT):
            await _message(child.stdout)
        return child

    async def _kill(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        if child.stdin is not None:
            child.stdin.close()
        await child.wait()

    def _forget(self) -> None:
        """Drops the texts that were not asked for the longest."""
        weight = sum(text.weight for text in self._texts.values())
        for key, text in list(self._texts.items())[:-1]:
            if weight <= self._keep:
                return
            if text.done:
                weight -= text.weight
                del self._texts[key]


async def _message(stream: asyncio.StreamReader) -> Any:
    size = struct.unpack(">I", await stream.readexactly(4))[0]
    if size > MAX_FRAME:
        raise ValueError("the answer is too long")
    return json.loads(await stream.readexactly(size))


@lru_cache(maxsize=512)
def style(token: str) -> str:
    """The style of a token in the theme's variables, by Textual's own table; "" for none."""
    from pygments.token import string_to_tokentype
    from textual.highlight import HighlightTheme

    kind = string_to_tokentype(token)
    while kind is not None:
        if kind in HighlightTheme.STYLES:
            return HighlightTheme.STYLES[kind]
        kind = kind.parent
    return ""
