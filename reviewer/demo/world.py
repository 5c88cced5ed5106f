"""The world that the demo's agents write to: simulated systems in one SQLite file, and its log.

A resource's state is a JSON value.  `execute` carries out all writes of an artifact in one
transaction, or none, and at most once: the ledger `executed` has the artifact's id as its key.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from ..domain.artifact import Artifact
from .effects import Drifted, change, glimpse

_SCHEMA = """
CREATE TABLE IF NOT EXISTS resource (
    system TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL,
    PRIMARY KEY (system, name, kind)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS executed (
    artifact_id TEXT PRIMARY KEY, digest TEXT NOT NULL, outcome TEXT NOT NULL,
    detail TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS log (
    seq INTEGER PRIMARY KEY, artifact_id TEXT NOT NULL, number INTEGER NOT NULL,
    written TEXT NOT NULL, UNIQUE (artifact_id, number));
"""


class Outcome(NamedTuple):
    """What became of an approval: `applied`, `drifted` or `failed`, and a sentence."""

    name: str
    detail: str


class World:
    """Opens (and makes) the world in a file.  One process writes it, any may read."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Closes the file."""
        self._db.close()

    def learn(self, artifact: Artifact) -> None:
        """Puts the resources that an artifact speaks of into the world, as its agent saw them.

        A resource that exists stays as it is.
        """
        for write in artifact.writes:
            document = write.model_dump(mode="json")
            for name, state in glimpse(document):
                key = (write.system, name, write.type)
                known = self._state(key)
                if known is None:
                    self._put(key, state)
                elif write.type == "rows":
                    self._put(key, state | known)

    def disturb(self, write: Mapping[str, Any]) -> bool:
        """Somebody else changes what the write rests on; False where it rests on nothing."""
        touched = False
        for name, _ in glimpse(dict(write)):
            key = (write.get("system", ""), name, write["type"])
            state = self._state(key)
            if state is not None:
                self._put(key, {"changed by somebody else": state})
                touched = True
        return touched

    def execute(
        self, artifact_id: str, digest: str, writes: Sequence[Mapping[str, Any]], *, fail: str = ""
    ) -> Outcome:
        """Carries out approved writes, all or none; a second call answers what the first did.

        `fail` is the sentence with which a simulated system refuses.
        """
        with closing(self._db.cursor()) as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            done = self.outcome(artifact_id)
            if done is not None:
                cursor.execute("ROLLBACK")
                return done
            outcome = Outcome("failed", fail) if fail else self._attempt(artifact_id, writes)
            cursor.execute(
                "INSERT INTO executed VALUES (?, ?, ?, ?)", (artifact_id, digest, *outcome)
            )
            cursor.execute("COMMIT")
        return outcome

    def outcome(self, artifact_id: str) -> Outcome | None:
        """What became of an artifact here, or None."""
        row = self._db.execute(
            "SELECT outcome, detail FROM executed WHERE artifact_id = ?", (artifact_id,)
        ).fetchone()
        return Outcome(*row) if row else None

    def written(self, artifact_id: str) -> list[dict[str, Any]]:
        """The writes that were carried out for an artifact, in order, as they came in."""
        rows = self._db.execute(
            "SELECT written FROM log WHERE artifact_id = ? ORDER BY number", (artifact_id,)
        )
        return [json.loads(text) for (text,) in rows]

    def executions(self) -> dict[str, Outcome]:
        """Every artifact that was executed, with its outcome."""
        rows = self._db.execute("SELECT artifact_id, outcome, detail FROM executed")
        return {key: Outcome(*rest) for key, *rest in rows}

    def state(self, system: str, name: str, kind: str) -> Any:
        """A resource as it is now; None where there is none."""
        return self._state((system, name, kind))

    def _attempt(self, artifact_id: str, writes: Sequence[Mapping[str, Any]]) -> Outcome:
        self._db.execute("SAVEPOINT attempt")
        try:
            for number, write in enumerate(writes):
                self._write(write)
                self._db.execute(
                    "INSERT INTO log (artifact_id, number, written) VALUES (?, ?, ?)",
                    (artifact_id, number, _text(dict(write))),
                )
        except Drifted as drifted:
            self._db.execute("ROLLBACK TO attempt")
            return Outcome("drifted", str(drifted))
        finally:
            self._db.execute("RELEASE attempt")
        count = len(writes)
        return Outcome("applied", f"{count} write{'s' if count > 1 else ''} carried out")

    def _write(self, write: Mapping[str, Any]) -> None:
        system, kind = str(write.get("system", "")), str(write["type"])

        def now(name: str) -> Any:
            return self._state((system, name, kind))

        for name, state in change(dict(write), now):
            self._put((system, name, kind), state)

    def _state(self, key: tuple[str, str, str]) -> Any:
        row = self._db.execute(
            "SELECT state FROM resource WHERE system = ? AND name = ? AND kind = ?", key
        ).fetchone()
        return json.loads(row[0]) if row else None

    def _put(self, key: tuple[str, str, str], state: Any) -> None:
        if state is None:
            self._db.execute("DELETE FROM resource WHERE system = ? AND name = ? AND kind = ?", key)
        else:
            self._db.execute(
                "INSERT OR REPLACE INTO resource VALUES (?, ?, ?, ?)", (*key, _text(state))
            )


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, sort_keys=True)
