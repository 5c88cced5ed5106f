"""The filter language: one for the desk's search bar, the CLI, the API and saved views.

`agent:refund-bot kind:refund,exchange risk:>=high due:<1h reason:low_confidence is:unclaimed
-queue:billing "free text"`.  Terms are joined by AND, values within a term by OR; `-` negates;
`*` at the end of a value matches any ending.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from .artifact import Risk
from .errors import InputError, QueryError
from .instant import parse_duration
from .lifecycle import Status


class Op(StrEnum):
    """How a value is compared."""

    EQ = "="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    PREFIX = "*"


TEXT_FIELDS = (
    "agent", "kind", "queue", "reason", "shape", "assignee", "holder", "key", "id", "by", "for",
)  # fmt: skip
TIME_FIELDS = ("due", "age", "decided")
FLAGS = (
    "pending", "open", "decided", "claimed", "unclaimed", "mine", "escalated", "snoozed",
    "breaching", "stuck", "assigned", "unassigned",
    *(s.value for s in Status if s.value != "pending"),
)  # fmt: skip
FIELDS = (*TEXT_FIELDS, *TIME_FIELDS, "risk", "status", "is", "sort")
SORTS = ("deadline", "newest", "oldest")


@dataclass(frozen=True, slots=True)
class Term:
    """One condition.  `values` are texts; microseconds for times, levels 0–3 for risk."""

    field: str
    op: Op
    values: tuple[str | int, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed filter: terms joined by AND, words for full-text search, and an order."""

    terms: tuple[Term, ...] = ()
    words: tuple[str, ...] = ()
    sort: str = "deadline"
    text: str = ""

    def has(self, field: str, value: str | None = None) -> bool:
        """Whether a term on `field` (with `value`) is among the terms."""
        return any(t.field == field and (value is None or value in t.values) for t in self.terms)


_TOKEN = re.compile(
    r"""\s*(?P<neg>-)?(?:(?P<field>[a-zA-Z]+):(?P<value>"[^"]*"|[^\s"]*)|(?P<word>"[^"]*"?|\S+))"""
)
_COMPARE = re.compile(r"(<=|>=|<|>|=)?(.*)", re.DOTALL)


def parse(text: str) -> Query:
    """A query from its text; raises `QueryError` with the offset of the term it cannot read."""
    terms: list[Term] = []
    words: list[str] = []
    sort = "deadline"
    for match in _TOKEN.finditer(text.rstrip()):
        at = match.start() + len(match[0]) - len(match[0].lstrip())
        if match["field"] is None:
            word = match["word"].strip('"').strip()
            if match["neg"]:
                raise QueryError("free text cannot be negated", at, "Negate a field: -agent:NAME.")
            if word:
                words.append(word)
            continue
        term = _term(match["field"].lower(), match["value"].strip('"'), bool(match["neg"]), at)
        if term.field == "sort":
            sort = str(term.values[0])
        else:
            terms.append(term)
    return Query(tuple(terms), tuple(words), sort, text.strip())


def _term(field: str, raw: str, negated: bool, at: int) -> Term:
    if field not in FIELDS:
        known = ", ".join(FIELDS)
        raise QueryError(f"there is no field '{field}'", at, f"Fields: {known}.")
    if not raw:
        raise QueryError(f"'{field}:' needs a value", at)
    if field in TIME_FIELDS:
        return _time(field, raw, negated, at)
    if field == "risk":
        return _risk(raw, negated, at)
    values = tuple(value for value in raw.split(",") if value)
    if field in ("is", "status", "sort"):
        allowed = {"is": FLAGS, "status": tuple(Status), "sort": SORTS}[field]
        for value in values:
            if value not in allowed:
                raise QueryError(
                    f"'{value}' is not a value of '{field}:'", at, f"Values: {', '.join(allowed)}."
                )
        return Term(field, Op.EQ, values, negated)
    if any(value.endswith("*") for value in values):
        if len(values) > 1:
            raise QueryError("a value with * stands alone", at, f"Write {field}:{values[0]}.")
        return Term(field, Op.PREFIX, (values[0].rstrip("*"),), negated)
    return Term(field, Op.EQ, values, negated)


def _split(raw: str) -> tuple[Op | None, str]:
    match = _COMPARE.fullmatch(raw)
    assert match is not None
    return (Op(match[1]) if match[1] else None), match[2]


def _time(field: str, raw: str, negated: bool, at: int) -> Term:
    op, value = _split(raw)
    try:
        micros = parse_duration(value.removeprefix("-"))
    except InputError as error:
        raise QueryError(error.sentence, at, error.hint) from None
    sign = -1 if value.startswith("-") else 1
    return Term(field, op or Op.LE, (sign * micros,), negated)


def _risk(raw: str, negated: bool, at: int) -> Term:
    op, value = _split(raw)
    short = {"med": "medium", "crit": "critical"}
    names = [short.get(name, name) for name in value.split(",")]
    for name in names:
        if name not in tuple(Risk):
            raise QueryError(f"'{name}' is not a risk", at, f"Risks: {', '.join(Risk)}.")
    if len(names) > 1 and op is not None:
        raise QueryError("a comparison takes one risk", at)
    return Term("risk", op or Op.EQ, tuple(Risk(name).level for name in names), negated)
