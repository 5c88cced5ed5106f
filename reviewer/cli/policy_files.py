"""From what a person names to the text of a policy: a file, a digest, or the starter."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

from ..domain.errors import InputError, NotFoundError

if TYPE_CHECKING:
    from ..config import Config
    from ..domain.governance import PolicyRow
    from ..policy.compiled import Compiled
    from ..policy.reading import Problem
    from ..queue import Queue

FILE = "policy.yaml"
STARTER = "starter"
SHORT = 12
"""Hex digits by which a digest is told."""
_LEAST = 4
_LIMIT = 1_000_000
"""The most bytes of a policy file."""


@dataclass(frozen=True, slots=True)
class Named:
    """A policy that somebody named: what to call it, its text, and its row where it is stored."""

    name: str
    text: str
    row: PolicyRow | None = None


def short(digest: str) -> str:
    """A digest's first digits, as people write it."""
    return digest.removeprefix("sha256:")[:SHORT]


def own_file(config: Callable[[], Config]) -> str:
    """What is meant where no file is named: `policy.yaml` here, else the one the desk edits.

    Raises `InputError` that names both places where there is neither.
    """
    if Path(FILE).exists():
        return FILE
    path = config().policy_path()
    if not path.exists():
        raise InputError(
            f"There is neither '{FILE}' here nor '{path}'.",
            hint="`reviewer policy init` writes one.",
        )
    return str(path)


def check_command(name: str) -> str:
    """The command that looks a file over, as it is typed."""
    return "reviewer policy check" if name == FILE else f"reviewer policy check {quote(name)}"


def read_file(name: str) -> str:
    """The text of a file, `-` for standard input; raises `InputError`."""
    try:
        if name == "-":
            raw = sys.stdin.buffer.read(_LIMIT + 1)
        else:
            with Path(name).open("rb") as file:
                raw = file.read(_LIMIT + 1)
    except OSError as error:
        hint = "`reviewer policy init` writes one." if isinstance(error, FileNotFoundError) else ""
        raise InputError(f"'{name}' cannot be read: {error.strerror}.", hint=hint) from None
    if len(raw) > _LIMIT:
        raise InputError(f"'{name}' is larger than a policy ever is ({_LIMIT:,} bytes).")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"'{name}' is no UTF-8 text (byte {error.start}).") from None


def compiled(named: Named) -> Compiled:
    """The policy, compiled; raises `InputError` that names the first problem's line."""
    from ..policy.compiled import load
    from ..policy.reading import PolicyError

    try:
        return load(named.text)
    except PolicyError as error:
        more = len(error.problems) - 1
        hint = f"`{check_command(named.name)}` tells {more} more." if more else ""
        sentence = problem_text(named.name, error.problems[0])
        raise InputError(sentence, hint=hint) from None


def problem_text(name: str, problem: Problem) -> str:
    """`policy.yaml:12:5: sentence`, as compilers write it, so that editors find the place."""
    return f"{name}:{problem}"


def problem_json(problem: Problem) -> dict[str, Any]:
    """The same in JSON."""
    return {
        "line": problem.line,
        "column": problem.column,
        "place": problem.place,
        "sentence": problem.sentence,
        "hint": problem.hint,
    }


async def find(queue: Queue, given: str) -> Named:
    """A file, the digest of a stored policy or its beginning, or `starter`.

    A file goes first, so that a file whose name looks like a digest is found.
    """
    if _is_file(given):
        return Named(given, read_file(given))
    row = await stored(queue, given)
    if row is not None:
        return Named(short(row.digest), row.text, row)
    if given == STARTER:
        from ..policy.starter import STARTER as text

        return Named(STARTER, text)
    if _digits(given):
        raise NotFoundError(
            f"No policy has the digest '{given}'.", "`reviewer policy history` lists them."
        )
    return Named(given, read_file(given))


def _is_file(given: str) -> bool:
    return given == "-" or Path(given).is_file()


async def stored(queue: Queue, given: str) -> PolicyRow | None:
    """The stored policy whose digest begins so; raises `InputError` where several do."""
    digits = _digits(given)
    if not digits:
        return None
    rows = [
        row
        for row in await queue.policies()
        if row.digest.removeprefix("sha256:").startswith(digits)
    ]
    if len(rows) > 1:
        names = ", ".join(short(row.digest) for row in rows[:5])
        raise InputError(f"'{given}' begins several digests: {names}.", hint="Give more of it.")
    return rows[0] if rows else None


def _digits(given: str) -> str:
    """The hex digits of what looks like a digest, else nothing."""
    digits = given.removeprefix("sha256:")
    fits = _LEAST <= len(digits) <= 64 and set(digits) <= set("0123456789abcdef")
    return digits if fits else ""
