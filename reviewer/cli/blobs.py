"""File contents that stand beside a submission: `{"blob": "path"}` becomes text or base64.

The path comes out of the artifact, so it is not trusted: it stays beneath one directory, also
after symbolic links are followed.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from ..domain.errors import InputError
from ..domain.strict_json import MAX_BYTES


class Blobs:
    """The blobs beneath a directory."""

    def __init__(self, directory: Path) -> None:
        self._root = directory

    def inlined(self, artifact: Any) -> Any:
        """The artifact with its file writes' blobs inlined; raises `InputError` with the place.

        Anything that is not shaped like an artifact passes through for the parser to refuse.
        """
        writes = artifact.get("writes") if isinstance(artifact, dict) else None
        if not isinstance(writes, list):
            return artifact
        done = [self._write(index, write) for index, write in enumerate(writes)]
        return artifact | {"writes": done}

    def _write(self, index: int, write: Any) -> Any:
        if not isinstance(write, dict) or write.get("type") != "file":
            return write
        changed = {}
        for side in ("before", "after"):
            state = write.get(side)
            if isinstance(state, dict) and "blob" in state:
                changed[side] = self._state(state, f"/writes/{index}/{side}/blob")
        return write | changed

    def _state(self, state: dict[str, Any], place: str) -> dict[str, Any]:
        if "text" in state or "base64" in state:
            raise InputError("give 'blob', 'text' or 'base64', not several", place)
        raw = self._read(state["blob"], place)
        rest = {key: value for key, value in state.items() if key != "blob"}
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            text = "\0"
        if "\0" in text:
            return rest | {"base64": base64.b64encode(raw).decode("ascii")}
        return rest | {"text": text}

    def _read(self, named: Any, place: str) -> bytes:
        if not isinstance(named, str) or not named or "\0" in named:
            raise InputError("a blob is named by a relative path", place)
        try:
            root = self._root.resolve(strict=True)
            path = (root / named).resolve(strict=True)
            if Path(named).is_absolute() or not path.is_relative_to(root):
                raise InputError(f"the blob '{named}' lies outside {root}", place)
            if not path.is_file():
                raise InputError(f"the blob '{named}' is no file", place)
            if path.stat().st_size > MAX_BYTES:
                raise InputError(f"'{named}' has more than {MAX_BYTES // 2**20} MiB", place)
            return path.read_bytes()
        except FileNotFoundError:
            raise InputError(
                f"the blob '{named}' is not there",
                place,
                f"Put it beneath {self._root}, or name the directory with --blobs.",
            ) from None
        except (OSError, RuntimeError, ValueError) as error:
            why = getattr(error, "strerror", None) or type(error).__name__
            raise InputError(f"the blob '{named}' cannot be read: {why}", place) from None
