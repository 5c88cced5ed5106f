"""`reviewer history`, `export labels`, `audit verify`, `audit export`: what remains."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..domain.errors import InputError, ReviewerError
from ..files import replacing
from . import complete
from .codes import Exit
from .commands import command
from .failure import RefusedError, complain
from .listing import IdArgument
from .output import Table, json_text, say, say_json, width
from .session import Session

if TYPE_CHECKING:
    from ..audit.verify import Report
    from ..policy.masking import Masker
    from ..queue import Event, Queue

OutputOption = Annotated[
    str, typer.Option("--output", "-o", metavar="FILE", help="Where to; stdout without it.")
]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    command(app, "history", panel="Records")(_history)
    export = typer.Typer(help="Write labels for training and evaluation.", no_args_is_help=True)
    command(export, "labels", panel="Records")(_labels)
    app.add_typer(export, name="export", rich_help_panel="Records")
    audit = typer.Typer(help="The tamper-evident record.", no_args_is_help=True)
    command(audit, "verify", panel="Records")(_verify)
    command(audit, "export", panel="Records")(_export_audit)
    app.add_typer(audit, name="audit", rich_help_panel="Records")


def _history(session: Session, artifact: IdArgument) -> None:
    """Show what happened to one artifact, oldest first. With --json one event per line."""
    from . import facts
    from .lookup import find

    async def work(queue: Queue) -> list[Event]:
        item = await find(queue, artifact, session.person())
        return await queue.history(item.entry.state.id)

    events = session.run(work)
    if session.as_json:
        for event in events:
            say_json(facts.event(event), lines=True)
        return
    lines = Table([("seq", 9), ("when", 24), ("event", 18), ("who", 24), ("what", 90)], width())
    for line in lines.add([_row(event) for event in events]):
        say(*line)


def _row(event: Event) -> list[str]:
    from ..audit.words import words
    from ..domain.instant import iso
    from ..untrusted import one_line

    who = event.actor if event.actor_kind == "person" else f"{event.actor} ({event.actor_kind})"
    return [
        str(event.seq), iso(event.at), one_line(event.event), one_line(who),
        one_line(words(event.facts), 200),
    ]  # fmt: skip


def _labels(
    session: Session,
    format: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            autocompletion=complete.formats,
            help="jsonl, trl-sft, trl-preference, trl-kto, openai-sft or openai-preference.",
        ),
    ] = "jsonl",
    output: OutputOption = "",
    unmasked: Annotated[
        bool, typer.Option("--unmasked", help="With what the policy masks; for admins.")
    ] = False,
) -> None:
    """Write one line of JSON for every training record that people's decisions have left.

    Decisions whose undo window is still open are not in it yet. What the policy in force names
    under `masking` is masked, and stderr says how many values were.
    """  # fmt: skip
    from ..labels.exports import Export

    Export(format)  # an unknown format is told before the queue is opened
    if unmasked and "admin" not in session.person().roles:
        raise RefusedError("Only an admin exports what the policy masks.", "not_allowed")

    count, masker = session.run(lambda queue: _write_labels(queue, format, output, unmasked))
    number = masker.count if masker is not None else 0
    if masker is not None and masker.active:
        sys.stdout.flush()
        values = "value was" if number == 1 else "values were"
        complain(f"{number:,} {values} masked, as the policy in force says.")
    if session.as_json and output:
        say_json({"format": format, "records": count, "file": output, "masked": number})
    elif output:
        say(f"{count:,} records in {output}.")


async def _write_labels(
    queue: Queue, format: str, output: str, unmasked: bool
) -> tuple[int, Masker | None]:
    """How many records were written, and what masked them."""
    from ..labels.exports import FORMATS, export_async

    masker = None if unmasked else await _masker(queue)
    later = None
    if FORMATS[format].pairs:
        later = frozenset(
            [
                (row.artifact.agent.name, row.artifact.supersedes)
                async for row in queue.labels()
                if row.artifact.supersedes
            ]
        )
    count = 0
    with _written(output) as write:
        async for line in export_async(format, queue.labels(), later, masker):
            write(line)
            count += 1
    return count, masker


async def _masker(queue: Queue) -> Masker:
    """What the policy in force masks; raises `ReviewerError` where that cannot be known."""
    from ..policy.masking import Masker
    from ..policy.reading import PolicyError, read

    try:
        return Masker.of(read((await queue.policy()).text))
    except PolicyError:
        raise ReviewerError(
            "The policy in force is of another version and cannot be read here, so that nobody "
            "knows what to mask.",
            "Update reviewer; an admin may export with --unmasked.",
        ) from None


def _export_audit(session: Session, output: OutputOption = "") -> None:
    """Write the audit record as JSON Lines, to be kept elsewhere and verified offline."""
    from ..audit.verify import export_line

    async def work(queue: Queue) -> tuple[int, str]:
        count, head = 0, ""
        with _written(output) as write:
            async for row in queue.audit():
                write(export_line(row.seq, row.record, row.previous, row.hash))
                count, head = count + 1, f"{row.seq}:{row.hash}"
        return count, head

    count, head = session.run(work)
    if session.as_json and output:
        say_json({"records": count, "head": head, "file": output})
    elif output:
        say(f"{count:,} records in {output}; head {head or 'none'}.")


def _verify(
    session: Session,
    file: Annotated[
        str, typer.Option(metavar="EXPORT", help="An export to verify offline; - for stdin.")
    ] = "",
    head: Annotated[
        list[str] | None,
        typer.Option(metavar="SEQ:HASH", help="A head kept elsewhere, which the chain must pass."),
    ] = None,
) -> int:
    """Walk the hash chain, replay it against what is stored, and name the first that does not fit.

    The chain shows changed, dropped and swapped records; the replay shows changed artifacts,
    decisions and labels. A file (--file) holds records only. Someone who can rewrite the whole
    database can rewrite the chain too: keep heads elsewhere and check them with --head.
    """
    known = [_head(text) for text in head or []]
    report = _verified_file(file, known) if file else _verified_queue(session, known)
    at = f"{report.head[0]}:{report.head[1]}"
    if session.as_json:
        fact: dict[str, Any] = {"sound": report.sound, "records": report.records, "head": at}
        if report.broken is not None:
            fact |= {"broken": report.broken.seq, "why": report.broken.why, "line": report.line}
        if report.unlike is not None:
            fact |= {"artifact": report.unlike.artifact_id, "why": report.unlike.why}
        say_json(fact)
    if report.sound:
        if not session.as_json:
            stored = "" if file else ", and what is stored is what they say"
            say(f"{report.records:,} records, every one follows the one before{stored}; head {at}.")
        return Exit.OK
    if report.unlike is not None:
        complain(f"{report.unlike.artifact_id}: {report.unlike.why}.")
        return Exit.NEGATIVE
    assert report.broken is not None
    where = f" (line {report.line})" if report.line else ""
    complain(f"Record {report.broken.seq}{where} is broken: {report.broken.why}.")
    return Exit.NEGATIVE


def _head(text: str) -> tuple[int, str]:
    seq, _, digest = text.partition(":")
    if not seq.isdigit() or len(digest) != 64:
        raise InputError(f"'{text}' is no head.", hint="Write it as SEQ:HASH, as verify prints it.")
    return int(seq), digest.lower()


def _verified_file(file: str, known: list[tuple[int, str]]) -> Report:
    from ..audit.verify import verify_export

    if file == "-" and sys.stdin is None:
        raise InputError("There is no standard input to read from.")
    if file == "-":
        return verify_export(sys.stdin.buffer, known=known)
    try:
        with Path(file).open("rb") as lines:
            return verify_export(lines, known=known)
    except OSError as error:
        raise InputError(f"The file '{file}' cannot be read: {error.strerror}.") from None


def _verified_queue(session: Session, known: list[tuple[int, str]]) -> Report:
    from ..verifying import verified

    return session.run(lambda queue: verified(queue, known))


@contextlib.contextmanager
def _written(output: str) -> Iterator[Callable[[str], int]]:
    """What writes a line: to stdout, or to a file that appears whole or not at all."""
    if not output:
        on_terminal = sys.stdout.isatty()
        yield lambda line: sys.stdout.write((_ascii_line(line) if on_terminal else line) + "\n")
        return
    try:
        with replacing(Path(output)) as file:
            yield lambda line: file.write(line + "\n")
    except OSError as error:
        raise ReviewerError(f"The file '{output}' cannot be written: {error.strerror}.") from None


def _ascii_line(line: str) -> str:
    """The same JSON in printable ASCII: nothing in it can act on a terminal."""
    import json

    return json_text(json.loads(line))
