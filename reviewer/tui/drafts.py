"""Drafts: what somebody typed and has not sent, kept on disk until it is decided.

One file for each artifact below `drafts/` in the desk's home, replaced atomically, readable by its
owner alone.  A draft survives a crash, a lost claim and a lost connection; it names the digest it
was written on, so that a changed proposal can be told.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed on one artifact.

    `digest` is the proposal that it was typed on, `saved_at` an instant.  `texts` are the edited
    forms' texts by the number of the write, `dropped` the writes to leave out, `comments` the words
    by kind of decision.
    """

    artifact_id: str
    digest: str
    saved_at: int = 0
    texts: Mapping[int, str] = field(default_factory=dict)
    dropped: tuple[int, ...] = ()
    comments: Mapping[str, str] = field(default_factory=dict)

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
            raw: Any = json.loads(self._path(artifact_id).read_text(encoding="utf-8"))
            draft = Draft(
                str(raw["artifact_id"]),
                str(raw["digest"]),
                int(raw["saved_at"]),
                {int(number): str(text) for number, text in raw["texts"].items()},
                tuple(int(number) for number in raw["dropped"]),
                {str(kind): str(words) for kind, words in raw["comments"].items()},
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return draft if draft.artifact_id == artifact_id else None

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
        handle, temporary = tempfile.mkstemp(dir=self._folder, prefix=".draft-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(asdict(draft), file)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(self._path(draft.artifact_id))
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise

    def drop(self, artifact_id: str) -> None:
        """Forgets the draft on an artifact."""
        self._path(artifact_id).unlink(missing_ok=True)

    def _path(self, artifact_id: str) -> Path:
        name = hashlib.sha256(artifact_id.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        return self._folder / f"{name}.json"
