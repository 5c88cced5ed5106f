"""Rules in CEL, the Common Expression Language: compiled once, bounded when they are worked out.

The library is cel-expr-python, Google's own.  It checks types, reads regular expressions with RE2,
and ends what goes round too often ("Iteration budget exceeded").  Loaded on first use: without
rules nobody pays for it.  Source: https://github.com/google/cel-spec.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from .telling import nearest
from .variables import NAMES, VARIABLES

_ERROR = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*?)(?=\n \||\nERROR:| \[INVALID|$)", re.DOTALL)
_UNDECLARED = re.compile(r"undeclared reference to '([^']*)'")
_OVERLOAD = re.compile(r"found no matching overload for '([^']*)' applied to '\((.*)\)'")
_OPERATOR = re.compile(r"[_@]?([^\w\s]+|in)_?")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")
_MATCHES = re.compile(r"""\.matches\(\s*([rR]?(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'))\s*\)""")
_TYPES: Final = {
    "string": "a text",
    "int": "a whole number",
    "double": "a number with decimals",
    "bool": "true or false",
    "timestamp": "a time",
    "google.protobuf.Timestamp": "a time",
    "google.protobuf.Duration": "a duration",
    "list(string)": "a list of texts",
    "null": "null",
}
_FUNCTIONS: Final = frozenset(
    {"contains", "startsWith", "endsWith", "matches", "size", "has", "all", "exists", "exists_one"}
    | {"filter", "map", "int", "double", "string", "duration", "timestamp", "dyn", "type"}
    | {"getHours", "getMinutes", "getDayOfWeek", "getDate", "getMonth", "getFullYear"}
)


class Mistake(Exception):
    """What is wrong with an expression; line and column in it, from 1."""

    def __init__(self, line: int, column: int, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.line = line
        self.column = column
        self.sentence = sentence
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression, and the variables that it names."""

    text: str
    program: Any
    names: tuple[str, ...]
    write: bool


def compiled(text: str, *, write: bool) -> Expression:
    """An expression that is true or false; raises `Mistake`.

    `write` says that it is asked of each write, and so knows the variables of a write.
    """
    try:
        program = _environment(write).compile(text)
    except RuntimeError as error:
        raise _mistake(str(error), text, write) from None
    kind = program.return_type().name()
    if kind != "BOOL":
        sentence = f"this is {_typed(kind.lower())}, where true or false belongs"
        raise Mistake(1, 1, sentence, "Compare it with something: `… == …`.")
    _patterns_read(text, write)
    return Expression(text, program, _named(text, write), write)


def _patterns_read(text: str, write: bool) -> None:
    """Raises `Mistake` for a pattern written out in `matches(…)` that is none.

    The library itself says so only when the rule is asked.
    """
    for match in _MATCHES.finditer(text):
        try:
            probe = _environment(write).compile(f"''.matches({match[1]})")
        except RuntimeError:
            continue  # what looked like a text was part of another one
        answer = probe.eval(_environment(write).Activation({})).value()
        if not isinstance(answer, bool):
            before = text[: match.start(1)]
            column = len(before) - (before.rfind("\n") + 1) + 1
            raise Mistake(before.count("\n") + 1, column, _reason(str(answer)))


def any_of(expressions: Iterable[Expression]) -> Expression | None:
    """One expression that is true where any of these is; None where they make one too large.

    It fails only where none is true and one at least fails.
    """
    parts = list(expressions)
    # a comment at the end of a rule must not swallow the bracket
    text = " || ".join(f"({part.text}\n)" for part in parts)
    write = any(part.write for part in parts)
    try:
        program = _environment(write).compile(text)
    except RuntimeError:
        return None
    names = tuple(dict.fromkeys(name for part in parts for name in part.names))
    return Expression(text, program, names, write)


class Values:
    """The values of variables, made ready once for many expressions."""

    def __init__(self, values: Mapping[str, Any], *, write: bool) -> None:
        self._activation = _environment(write).Activation(dict(values))

    def holds(self, expression: Expression) -> bool | str:
        """Whether an expression is true, or why it cannot be told, in words."""
        try:
            found = expression.program.eval(self._activation)
        except RuntimeError as error:
            return _reason(str(error))
        value = found.value()
        return value if isinstance(value, bool) else _reason(str(value))


@cache
def _environment(write: bool) -> Any:
    from cel_expr_python import cel

    types = {
        "string": cel.Type.STRING,
        "int": cel.Type.INT,
        "double": cel.Type.DOUBLE,
        "dyn": cel.Type.DYN,
        "timestamp": cel.Type.TIMESTAMP,
        "list(string)": cel.Type.List(cel.Type.STRING),
        "list(dyn)": cel.Type.List(cel.Type.DYN),
    }
    known = [variable for variable in VARIABLES if write or not variable.write]
    return cel.NewEnv(variables={variable.name: types[variable.type] for variable in known})


def _named(text: str, write: bool) -> tuple[str, ...]:
    """The variables that a text may name; one too many costs a little, one too few would fail."""
    found = {match.group() for match in _NAME.finditer(re.sub(r"\s*\.\s*", ".", text))}
    known = [v.name for v in VARIABLES if write or not v.write]
    return tuple(
        name for name in known if any(one == name or one.startswith(name + ".") for one in found)
    )


def _mistake(message: str, text: str, write: bool) -> Mistake:
    found = _ERROR.search(message)
    if found is None:
        if "recursion" in message.lower():
            return Mistake(1, 1, "this is nested too deep", "Make two rules of it.")
        return Mistake(1, 1, _reason(message))
    line, column, why = int(found[1]), int(found[2]), " ".join(found[3].split())
    undeclared = _UNDECLARED.search(why)
    if undeclared:
        return _unknown(undeclared[1], text, line, column, write)
    overload = _OVERLOAD.search(why)
    if overload:
        return _untyped(overload[1], overload[2], line, column)
    if why.startswith("Syntax error"):
        why = re.sub(r"expecting \{.*", "", why.removeprefix("Syntax error: ")).strip()
        if "<EOF>" in why.partition("input")[2].partition("expecting")[0]:
            return Mistake(line, column, "it ends where more is expected")
        unexpected = re.search(r"input ('.*?')(?: expecting|$)", why)
        sentence = f"{unexpected[1]} is not expected here" if unexpected else why
        return Mistake(line, column, f"this is not CEL: {sentence}")
    return Mistake(line, column, why[:1].lower() + why[1:])


def _unknown(name: str, text: str, line: int, column: int, write: bool) -> Mistake:
    """An unknown name; the library points at its last dot, people look for its beginning."""
    lines = text.split("\n")
    here = lines[line - 1] if line <= len(lines) else ""
    if here[: column - 1].endswith(name):
        column -= len(name)  # of a function it points at the bracket
    for match in _NAME.finditer(here):
        if match.start() < column <= match.end() and match.group().startswith(name):
            column = match.start() + 1
            break
    if not write and (name == "write" or name.startswith("write.")):
        hint = "Add `each: write`, or ask the list `writes`: writes.exists(w, …)."
        return Mistake(line, column, f"'{name}' is only known in a rule with `each: write`", hint)
    known = NAMES if write else [v.name for v in VARIABLES if not v.write]
    hint = nearest(name, [*known, *_FUNCTIONS])
    return Mistake(
        line, column, f"'{name}' is not known", hint or "`reviewer policy variables` lists them."
    )


def _untyped(function: str, types: str, line: int, column: int) -> Mistake:
    operator = _OPERATOR.fullmatch(function)
    name = operator[1] if operator else function
    given = [_typed(one.strip()) for one in re.split(r",\s*(?![^()]*\))", types)]
    hint = ""
    if "double" in types and re.search(r"\bint\b", types):
        hint = "Write the whole number with decimals, 5.0."
        if types.startswith("int"):
            hint = "Write the number without decimals, or double(…) around the whole one."
    return Mistake(line, column, f"'{name}' does not go with {' and '.join(given)}", hint)


def _typed(name: str) -> str:
    return _TYPES.get(name, "a value of any type" if name == "dyn" else f"a {name}")


def _reason(message: str) -> str:
    """The library's words without the marks of its kinds of errors."""
    cut = re.sub(r"^[A-Z_]+: ", "", message)
    cut = re.sub(r" \[[A-Z_]+\]$", "", " ".join(cut.split()))
    return cut[:1].lower() + cut[1:200]
