"""`reviewer edit`: change the writes in your editor, or hand in changed ones, and approve."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .. import config
from ..domain.errors import InputError, ReviewerError
from .commands import command
from .decisions import CommentOption, DigestOption, IdArgument, refused, send, tell
from .failure import RefusedError
from .output import say
from .session import Session

if TYPE_CHECKING:
    from ..domain.writes import Write
    from ..queue import Item, Queue


def register(app: typer.Typer) -> None:
    """Adds the command."""
    command(app, "edit", panel="Decide")(_edit)


def _edit(
    session: Session,
    artifact: IdArgument,
    writes: Annotated[
        str,
        typer.Option(metavar="FILE", help="The changed writes as a JSON array; - for stdin."),
    ] = "",
    comment: CommentOption = "",
    digest: DigestOption = "",
) -> None:
    """Change the writes and approve what you made of them.

    Opens your editor on the writes as a JSON array; with --writes they come from a file. There is
    one entry for each proposed write, null drops one. What you typed is kept as a draft until it
    was accepted.
    """
    from ..domain.decision import Refusal
    from .lookup import find

    item = session.run(lambda queue: find(queue, artifact, session.person()))
    _editable(item)
    draft = None if writes else _Draft(item)
    raw = _given(writes) if draft is None else draft.edited(session.config.editor_command())
    try:
        changed = _parsed(raw)

        async def work(queue: Queue) -> Any:
            return await send(queue, session, item, "edit", digest, writes=changed, comment=comment)

        settled = session.run(work)
        if isinstance(settled, Refusal):
            raise refused(settled)
    except ReviewerError as error:
        if draft is not None and not error.hint:
            error.hint = f"Your draft is kept: `reviewer edit {item.entry.state.id}` goes on."
        raise
    if draft is not None:
        draft.done()
    tell(session, item, settled)


def _editable(item: Item) -> None:
    state = item.entry.state
    if not item.artifact.writes:
        raise RefusedError(f"{state.id} has no writes to edit.")
    if str(state.status) != "pending":
        raise RefusedError(f"It is {state.status} already.")
    if "edit" not in state.allowed:
        allowed = ", ".join(state.allowed) or "nothing"
        raise RefusedError(f"edit is not allowed here; allowed: {allowed}.")


def _given(file: str) -> bytes:
    if file == "-" and sys.stdin is None:
        raise InputError("There is no standard input to read from.")
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise InputError(f"The file '{file}' cannot be read: {error.strerror}.") from None


def _parsed(raw: bytes) -> tuple[Write | None, ...]:
    from ..domain.artifact import parse_writes

    try:
        return parse_writes(raw)
    except InputError as error:
        raise InputError(f"The edited writes cannot be used: {error.sentence}.") from None


class _Draft:
    """The file that the editor works on; it stays until the edit was accepted.

    The name holds the digest, so that a draft never returns on other bytes than it began with.
    """

    def __init__(self, item: Item) -> None:
        state = item.entry.state
        self._proposed = _document(item)
        bare = state.digest.removeprefix("sha256:")[:12]
        self._path = config.ensure_home() / "drafts" / f"{state.id}-{bare}.json"

    def edited(self, editor: list[str]) -> bytes:
        """What the person leaves in the file; raises where the editor fails or nothing changed."""
        self._path.parent.mkdir(mode=0o700, exist_ok=True)
        if self._path.exists():
            say(f"Going on with your draft in {self._path}.", "dim")
        else:
            self._path.write_bytes(self._proposed)
        self._path.chmod(0o600)
        sys.stdout.flush()
        try:
            done = subprocess.run([*editor, str(self._path)], check=False)
        except OSError as error:
            raise ReviewerError(
                f"The editor '{editor[0]}' cannot be started: {error.strerror}.",
                "Set 'editor' in the settings, or $EDITOR, or use --writes FILE.",
            ) from None
        if done.returncode != 0:
            raise ReviewerError(
                f"The editor ended with {done.returncode}, so nothing was decided.",
                f"Your draft is kept in {self._path}.",
            )
        raw = self._path.read_bytes()
        if raw == self._proposed:
            self.done()
            raise RefusedError("Nothing was changed, so nothing was decided.")
        return raw

    def done(self) -> None:
        """Removes the draft."""
        self._path.unlink(missing_ok=True)


def _document(item: Item) -> bytes:
    """The proposed writes, laid out for a text editor; hidden characters stand as escapes."""
    proposed = [write.model_dump(mode="json", exclude_defaults=True) for write in _writes(item)]
    text = json.dumps(proposed, indent=2, ensure_ascii=False)
    safe = "".join(char if char == "\n" or char.isprintable() else _escaped(char) for char in text)
    return (safe + "\n").encode("utf-8")


def _escaped(char: str) -> str:
    return json.dumps(char, ensure_ascii=True)[1:-1] if ord(char) != 0x7F else "\\u007f"


def _writes(item: Item) -> list[Any]:
    return list(item.artifact.writes)
