"""Reading a policy file: the policy it holds, or everything that is wrong with it and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError

from ..domain.errors import InputError
from .document import Policy
from .references import references
from .telling import told
from .tree import Path, Tree, Unreadable, grow, place_of

MOST_TOLD: Final = 100
"""Problems that are told; of a file with more the rest follows when these are mended."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong: line and column from 1, its JSON pointer, and a sentence.

    `hint` says what to do about it, and may be empty.
    """

    line: int
    column: int
    place: str
    sentence: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.sentence}." + (
            f" {self.hint}" if self.hint else ""
        )


class PolicyError(InputError):
    """A text that is no policy: `problems` are all that were found, in the order of the lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        # of one place the first is told: the others follow from it
        places: dict[tuple[str, int, int], Problem] = {}
        for one in problems:
            places.setdefault((one.place, one.line, one.column), one)
        self.problems = tuple(sorted(places.values()))[:MOST_TOLD]
        first, more = self.problems[0], len(self.problems) - 1
        others = f" (and {more} more)" if more else ""
        where = f"line {first.line}, column {first.column}: {first.sentence}{others}"
        super().__init__(where, first.place, first.hint)


def read(text: str) -> Policy:
    """The policy of a file's text; raises `PolicyError` with every problem that was found.

    The rules' expressions are not looked into, `compiled.load` does that.
    """
    return grown(text)[0]


def grown(text: str) -> tuple[Policy, Tree]:
    """The policy, and the places in the text of all that it holds."""
    try:
        tree = grow(text)
    except Unreadable as error:
        raise PolicyError([_problem(error)]) from None
    problems = [_problem(refused) for refused in tree.refused]
    policy: Policy | None = None
    if not isinstance(tree.value, dict):
        problems.append(problem(tree, (), "a policy file is a mapping: `version: 1`, `agents:` …"))
    else:
        try:
            policy = Policy.model_validate(tree.value)
        except ValidationError as error:
            problems += [
                problem(tree, one.path, one.sentence, one.hint, key=one.key)
                for one in told(error, tree.value)
            ]
    if policy is not None:
        problems += [
            problem(tree, one.path, one.sentence, one.hint, key=one.key)
            for one in references(policy)
        ]
    if problems or policy is None:
        raise PolicyError(problems)
    return policy, tree


def problem(tree: Tree, path: Path, sentence: str, hint: str = "", *, key: bool = False) -> Problem:
    """A problem with the value (or the key) at a path."""
    spot = tree.spot(path, key=key)
    return Problem(spot.line, spot.column, place_of(path), sentence, hint)


def _problem(error: Unreadable) -> Problem:
    return Problem(*error.spot, place_of(error.path), error.sentence, error.hint)
