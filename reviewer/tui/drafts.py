"""Drafts: what somebody typed and has not sent, kept on disk until it is decided.

One file for each artifact below `drafts/` in the desk's home, replaced atomically, readable by its
owner alone.  A draft survives a crash, a lost claim and a lost connection.  It names the digest it
was written on and keeps what was proposed then, so that it can be carried over to another proposal.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from ..files import replace_text

PATIENCE: Final = 4.0
"""A draft is written again after so many times as long as writing it took."""
KEPT: Final = 50
"""So many drafts of decided artifacts stay for an undo."""
_ASIDE: Final = ".decided"


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed on one artifact.

    `digest` is the proposal that it was typed on, `saved_at` an instant.  `texts` are the edited
    forms' texts by the number of the write, `dropped` the writes to leave out, `comments` the words
    by kind of decision.

    `bases` are the proposed texts that were edited, `targets` say which write of a proposal has
    which number, `choices` are the sides chosen for conflicts by their numbers, `left_out` the
    pieces of a file's change (`reviewer.diff.hunks`) that were left out.
    """

    artifact_id: str
    digest: str
    saved_at: int = 0
    texts: Mapping[int, str] = field(default_factory=dict)
    dropped: tuple[int, ...] = ()
    comments: Mapping[str, str] = field(default_factory=dict)
    bases: Mapping[int, str] = field(default_factory=dict)
    targets: Mapping[int, str] = field(default_factory=dict)
    choices: Mapping[int, Mapping[int, str]] = field(default_factory=dict)
    left_out: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether there is nothing worth keeping."""
        return not (self.texts or self.dropped or any(self.comments.values()))

    @property
    def edited(self) -> bool:
        """Whether a write was touched."""
        return bool(self.texts or self.dropped)


class Drafts:
    """The drafts below one folder; a file that cannot be read counts as none."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, artifact_id: str) -> Draft | None:
        """The draft on an artifact, whatever proposal it was typed on."""
        try:
            draft = _read(json.loads(self._path(artifact_id).read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return draft if draft.artifact_id == artifact_id else None

    def size(self, artifact_id: str) -> int:
        """How many bytes the draft on an artifact takes, 0 where there is none."""
        try:
            return self._path(artifact_id).stat().st_size
        except OSError:
            return 0

    def comment(self, artifact_id: str, kind: str) -> str:
        """The words typed for a kind of decision, or nothing."""
        draft = self.load(artifact_id)
        return draft.comments.get(kind, "") if draft else ""

    def keep_comment(
        self, artifact_id: str, digest: str, kind: str, words: str, saved_at: int
    ) -> None:
        """Keeps the words typed for a kind of decision."""
        draft = self.load(artifact_id) or Draft(artifact_id, digest)
        comments = {**draft.comments, kind: words}
        self.save(replace(draft, comments=comments, saved_at=saved_at))

    def save(self, draft: Draft) -> None:
        """Keeps a draft instead of the one before; raises OSError where the disk refuses."""
        if draft.empty:
            self.drop(draft.artifact_id)
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_text(self._path(draft.artifact_id), json.dumps(asdict(draft)))

    def drop(self, artifact_id: str) -> None:
        """Forgets the draft on an artifact."""
        self._path(artifact_id).unlink(missing_ok=True)

    def set_aside(self, artifact_id: str) -> None:
        """Forgets the draft on an artifact that was decided, unless `bring_back` follows."""
        path = self._path(artifact_id)
        with contextlib.suppress(FileNotFoundError):
            path.replace(path.with_suffix(_ASIDE))
        with contextlib.suppress(OSError):  # another desk may clear out as well
            aside = sorted(self._folder.glob(f"*{_ASIDE}"), key=lambda one: one.stat().st_mtime_ns)
            for old in aside[:-KEPT]:
                old.unlink(missing_ok=True)

    def bring_back(self, artifact_id: str) -> None:
        """The decision was taken back: the draft is there again, unless there is a newer one."""
        path = self._path(artifact_id)
        if not path.exists():
            with contextlib.suppress(FileNotFoundError):
                path.with_suffix(_ASIDE).replace(path)

    def _path(self, artifact_id: str) -> Path:
        name = hashlib.sha256(artifact_id.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        return self._folder / f"{name}.json"


class Keeper:
    """Keeps one artifact's draft in a thread: of several wishes the last holds.

    `failed` hears of a disk that refuses.  A desk that ends right now calls `now`.
    """

    def __init__(self, store: Drafts, failed: Callable[[OSError], None]) -> None:
        self._store, self._failed = store, failed
        self._known: Draft | None = None
        self._next: Draft | None = None
        self._work: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()
        self._turn = threading.Lock()

    def knows(self, draft: Draft | None) -> None:
        """This draft is on disk already."""
        self._known = draft

    def keep(self, draft: Draft) -> None:
        """Keeps a draft soon."""
        self._next = draft
        if self._work is None or self._work.done():
            self._hurry.clear()
            self._work = asyncio.create_task(self._write())

    async def flush(self) -> None:
        """Returns when the last draft is on disk, or was refused."""
        self._hurry.set()
        if self._work is not None:
            await self._work

    def now(self) -> None:
        """Writes what is left to write and returns then."""
        draft, self._next = self._next, None
        if draft is not None:
            with contextlib.suppress(OSError):  # there is nobody left to tell
                self._put(draft)

    async def _write(self) -> None:
        while self._next is not None:
            draft, self._next = self._next, None
            begun = time.monotonic()
            try:
                wrote = await asyncio.to_thread(self._put, draft)
            except OSError as error:
                self._failed(error)
                continue
            if self._next is not None and wrote:
                with contextlib.suppress(TimeoutError):
                    pause = PATIENCE * (time.monotonic() - begun)
                    await asyncio.wait_for(self._hurry.wait(), pause)

    def _put(self, draft: Draft) -> bool:
        """Writes a draft, unless the one on disk is the same; raises OSError."""
        with self._turn:  # `now` does not wait for the thread
            known = self._known
            if draft.empty if known is None else replace(known, saved_at=draft.saved_at) == draft:
                return False
            if known is not None and draft.saved_at < known.saved_at:
                return False
            self._store.save(draft)
            self._known = draft
            return True


def _read(raw: Any) -> Draft:
    """A draft from its JSON; raises what a broken one raises.  Older drafts have fewer fields."""

    def numbered(name: str, read: Callable[[Any], Any]) -> dict[int, Any]:
        return {int(number): read(value) for number, value in raw.get(name, {}).items()}

    return Draft(
        str(raw["artifact_id"]),
        str(raw["digest"]),
        int(raw["saved_at"]),
        {int(number): str(text) for number, text in raw["texts"].items()},
        tuple(int(number) for number in raw["dropped"]),
        {str(kind): str(words) for kind, words in raw["comments"].items()},
        numbered("bases", str),
        numbered("targets", str),
        numbered("choices", lambda value: {int(n): str(side) for n, side in value.items()}),
        numbered("left_out", lambda value: tuple(map(int, value))),
    )
