"""`reviewer submit`: hand artifacts in, one or thousands per second."""

from __future__ import annotations

import contextlib
import queue
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from ..domain.errors import ConflictError, InputError, ReviewerError
from .codes import Exit
from .commands import command
from .failure import complain
from .output import say, say_json
from .session import Session

if TYPE_CHECKING:
    from ..domain.artifact import Artifact
    from ..queue import Queue, Submitted
    from .blobs import Blobs
    from .reading import Read

BATCH = 500
"""How many artifacts go in one transaction."""


@dataclass
class Tally:
    """What became of the artifacts so far."""

    created: int = 0
    duplicate: int = 0
    refused: int = 0
    conflicts: int = 0

    def sentence(self) -> str:
        """For people."""
        return f"{self.created} created, {self.duplicate} there before, {self.refused} refused."

    def code(self) -> Exit:
        """Bad input outranks a conflict."""
        if self.refused > self.conflicts:
            return Exit.USAGE
        return Exit.NEGATIVE if self.conflicts else Exit.OK


def register(app: typer.Typer) -> None:
    """Adds the command."""

    @command(app, "submit", panel="Agents")
    def submit(
        session: Session,
        file: Annotated[str, typer.Argument(metavar="FILE", help="A file, or - for stdin.")],
        strict: Annotated[
            bool, typer.Option(help="Stop at the first artifact that is bad.")
        ] = False,
        blobs: Annotated[
            str,
            typer.Option(metavar="DIR", help="Where {'blob': PATH} is looked for; FILE's place."),
        ] = "",
    ) -> int:
        """Hand in one artifact (a JSON object) or many (JSON Lines).

        Prints the id of every artifact that is in the queue now. The same artifact under the same
        key is handed in once, however often it is sent. What is bad is said on stderr with its
        line and place, and does not stop the others.
        """
        from .blobs import Blobs

        directory = Path(blobs) if blobs else Path() if file == "-" else Path(file).parent
        with _opened(file) as stream:
            tally = session.run(
                lambda opened: _Submission(session, opened, strict).run(stream, Blobs(directory))
            )
        return tally.code()


@contextlib.contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    if file == "-":
        if sys.stdin is None:
            raise InputError("There is no standard input to read from.")
        # a reader of our own: the interpreter's would be locked by the thread at its end
        yield open(0, "rb", closefd=False)  # noqa: SIM115
        return
    try:
        stream = Path(file).open("rb")  # noqa: SIM115
    except OSError as error:
        raise InputError(f"The file '{file}' cannot be read: {error.strerror}.") from None
    with stream:
        yield stream


class _Ahead:
    """Reads in a thread, so that a slow writer on a pipe does not hold back what came already."""

    def __init__(self, stream: BinaryIO, blobs: Blobs) -> None:
        self._ready: queue.Queue[Read | BaseException | None] = queue.Queue(2 * BATCH)
        self._ended = False
        # a daemon: a read of a pipe that never ends must not outlive Ctrl-C
        threading.Thread(target=self._read, args=(stream, blobs), daemon=True).start()

    def _read(self, stream: BinaryIO, blobs: Blobs) -> None:
        from .reading import artifacts

        try:
            for read in artifacts(stream, blobs):
                self._ready.put(read)
            self._ready.put(None)
        except BaseException as error:
            self._ready.put(error)

    async def batch(self) -> list[Read]:
        """What is there, at least one and at most `BATCH`; empty at the end."""
        import asyncio

        batch: list[Read] = []
        while len(batch) < BATCH and not self._ended:
            try:
                found = self._ready.get_nowait()
            except queue.Empty:
                if batch:
                    break
                await asyncio.sleep(0.003)
                continue
            if isinstance(found, BaseException):
                raise found
            if found is None:
                self._ended = True
            else:
                batch.append(found)
        return batch


class _Submission:
    """Batches on their way into the queue."""

    def __init__(self, session: Session, opened: Queue, strict: bool) -> None:
        self._session, self._queue, self._strict = session, opened, strict
        self._tally = Tally()
        self._many = False

    async def run(self, stream: BinaryIO, blobs: Blobs) -> Tally:
        """Everything in the stream; raises the error of a document that stands alone."""
        reads = _Ahead(stream, blobs)
        while batch := await reads.batch():
            self._many = batch[0].line > 0
            if batch[0].error is not None and not self._many:
                raise batch[0].error
            if self._strict:
                good = next((i for i, read in enumerate(batch) if read.error), len(batch))
                batch = batch[: good + 1]
            await self._flush(batch)
            if self._strict and self._tally.refused:
                break
        if self._many:
            self._sum_up()
        return self._tally

    async def _flush(self, batch: list[Read]) -> None:
        answers = await self._submitted([read.artifact for read in batch if read.artifact])
        results = iter(answers)
        for read in batch:
            self._tell(read.line, read.error if read.error is not None else next(results))
        sys.stdout.flush()

    async def _submitted(self, artifacts: list[Artifact]) -> list[Submitted | Exception]:
        """Each agent hands in its own; the answers come back in the given order."""
        by_agent: dict[str, list[int]] = {}
        for index, artifact in enumerate(artifacts):
            by_agent.setdefault(artifact.agent.name, []).append(index)
        answers: dict[int, Submitted | Exception] = {}
        for name, indexes in by_agent.items():
            actor = self._session.agent(name)
            done = await self._queue.submit_many([artifacts[i] for i in indexes], actor)
            answers.update(zip(indexes, done, strict=True))
        return [answers[i] for i in range(len(artifacts))]

    def _tell(self, line: int, result: Submitted | Exception) -> None:
        if isinstance(result, Exception):
            self._refuse(line, result)
            return
        self._tally.created += result.created
        self._tally.duplicate += not result.created
        if self._session.as_json:
            say_json(_fact(line, result), lines=self._many)
        else:
            say(result.artifact_id)

    def _refuse(self, line: int, error: Exception) -> None:
        if not isinstance(error, ReviewerError):
            raise error
        if not self._many:
            raise error
        self._tally.refused += 1
        self._tally.conflicts += isinstance(error, ConflictError)
        if self._session.as_json:
            place = error.place if isinstance(error, InputError) else ""
            say_json({"line": line, "error": error.sentence, "place": place}, lines=True)
        complain(f"line {line}: {error}")

    def _sum_up(self) -> None:
        if self._session.as_json:
            tally = self._tally
            counts = {
                "created": tally.created,
                "duplicate": tally.duplicate,
                "refused": tally.refused,
            }
            say_json({"summary": counts}, lines=True)
        else:
            sys.stderr.write(self._tally.sentence() + "\n")


def _fact(line: int, result: Submitted) -> dict[str, Any]:
    fact: dict[str, Any] = {
        "id": result.artifact_id,
        "status": str(result.status),
        "created": result.created,
        "digest": result.digest,
    }
    return {"line": line} | fact if line else fact
