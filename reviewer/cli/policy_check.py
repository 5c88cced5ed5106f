"""`reviewer policy init`, `check`, `schema`, `variables`: write a policy with the editor's help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from ..domain.errors import InputError, ReviewerError
from .codes import Exit
from .output import Table, json_text, say, say_json, width
from .policy_files import (
    FILE,
    check_command,
    own_file,
    problem_json,
    problem_text,
    read_file,
    short,
)
from .session import Session

SCHEMA_FILE = "policy.schema.json"
FileArgument = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="A policy file, or - for standard input.",
        show_default="policy.yaml here, else the one that the desk edits",
    ),
]


def check(session: Session, file: FileArgument = "") -> int:
    """Check a policy file: every problem on a line of its own, as FILE:LINE:COLUMN: sentence.

    Nothing is changed. The exit code is 2 where there are problems.
    """
    from ..policy.compiled import load
    from ..policy.reading import PolicyError
    from ..untrusted import one_line

    file = file or own_file(lambda: session.config)
    text = read_file(file)
    try:
        found = load(text)
    except PolicyError as error:
        if session.as_json:
            problems = [problem_json(problem) for problem in error.problems]
            say_json({"file": file, "good": False, "digest": None, "problems": problems})
        else:
            for problem in error.problems:
                say(one_line(problem_text(file, problem), 2000))
        return Exit.USAGE
    policy = found.policy
    if session.as_json:
        say_json({"file": file, "good": True, "digest": found.digest, "problems": []})
        return Exit.OK
    parts = (("agent", policy.agents), ("queue", policy.queues), ("rule", policy.rules))
    counts = ", ".join(f"{len(many)} {noun}{'s' * (len(many) != 1)}" for noun, many in parts)
    say(f"{one_line(file)} is good: {counts} ({short(found.digest)}).")
    return Exit.OK


def init(
    session: Session,
    file: Annotated[str, typer.Argument(metavar="FILE", help="The file to write.")] = FILE,
) -> None:
    """Write a first policy to begin from, and its schema beside it, by which editors complete it.

    It is the policy that holds until another one is activated. A file that is there is left alone.
    """
    from ..policy.starter import STARTER
    from ..untrusted import one_line

    path = Path(file)
    schema_path = path.parent / SCHEMA_FILE
    hint = f"# yaml-language-server: $schema=./{SCHEMA_FILE}\n"
    _write(path, hint + STARTER)
    kept = schema_path.exists() and not _ours(schema_path)
    if not kept:
        _replace(schema_path)
    if session.as_json:
        say_json({"file": str(path), "schema": None if kept else str(schema_path)})
        return
    say(f"{one_line(str(path))} is written; `{one_line(check_command(str(path)))}` looks it over.")
    if kept:
        say(f"{one_line(str(schema_path))} is not this program's, and was left as it is.", "yellow")


def schema(session: Session) -> None:
    """Print the JSON Schema of policy files (draft 2020-12).

    Editors with a YAML language server take it from the first line of the file:
    # yaml-language-server: $schema=./policy.schema.json
    """
    del session  # it is JSON either way
    say(_schema_text().rstrip("\n"))


def variables(session: Session) -> None:
    """List what the conditions of rules (CEL) may ask: name, type, meaning.

    Those of a write are known in rules with `each: write` only.
    """
    from ..policy.variables import VARIABLES

    if session.as_json:
        say_json([_variable(one) for one in VARIABLES])
        return
    rows = [[one.name, one.type, one.meaning] for one in VARIABLES]
    for line in Table((("name", 24), ("type", 12), ("meaning", 200)), width()).add(rows):
        say(*line)


def _variable(one: Any) -> dict[str, Any]:
    return {"name": one.name, "type": one.type, "meaning": one.meaning, "each_write": one.write}


def _schema_text() -> str:
    from ..policy.document import json_schema

    return json_text(json_schema(), indent=2) + "\n"


def _ours(path: Path) -> bool:
    """Whether a file is a schema of ours, which a newer one may replace."""
    from ..policy.document import json_schema

    try:
        return f'"{json_schema()["$id"]}"' in path.read_text(encoding="utf-8")[:10_000]
    except (OSError, UnicodeDecodeError):
        return False


def _write(path: Path, text: str) -> None:
    """Writes a file that must not be there yet."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise InputError(
            f"'{path}' is there already, and is left as it is.", hint="Name another file."
        ) from None
    except OSError as error:
        raise _unwritten(path, error) from None


def _replace(path: Path) -> None:
    try:
        path.write_text(_schema_text(), encoding="utf-8")
    except OSError as error:
        raise _unwritten(path, error) from None


def _unwritten(path: Path, error: OSError) -> ReviewerError:
    return ReviewerError(f"The file '{path}' cannot be written: {error.strerror}.")
