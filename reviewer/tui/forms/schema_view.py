"""What a JSON Schema says about one field: its types, choices, words and bounds.

The schema is the artifact's and hostile, so nothing in it is taken to have the shape that it should
have, references stay inside the document and are followed a bounded number of times.  Source: JSON
Schema 2020-12, core (references) and validation (keywords).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from .json_text import Path

TYPES: Final = ("string", "number", "integer", "boolean", "null", "object", "array")
MAX_RULES: Final = 200
"""Schemas that are looked at for one field."""
MAX_CHOICES: Final = 1_000
_BOUNDS: Final = (
    ("minimum", "≥ {}"), ("exclusiveMinimum", "> {}"), ("maximum", "≤ {}"),
    ("exclusiveMaximum", "< {}"), ("multipleOf", "a multiple of {}"),
    ("minLength", "at least {} characters"), ("maxLength", "at most {} characters"),
    ("minItems", "at least {} items"), ("maxItems", "at most {} items"),
    ("pattern", "pattern {}"), ("format", "{}"),
)  # fmt: skip

Rule = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a field; all texts are hostile.

    `types` is empty where any will do.  `choices` are the values of an `enum` or `const`, None
    where it is free.  `members` are the properties that an object may have by name, in order.
    """

    types: tuple[str, ...] = ()
    choices: tuple[Any, ...] | None = None
    title: str = ""
    description: str = ""
    bounds: tuple[str, ...] = ()
    required: frozenset[str] = frozenset()
    members: tuple[str, ...] = ()
    others: bool = True
    default: Any = field(default=...)
    """The value it starts with; `...` where the schema names none."""

    def takes(self, type: str) -> bool:
        """Whether a value of this JSON type may stand here."""
        return (
            not self.types or type in self.types or (type == "number" and "integer" in self.types)
        )


class SchemaView:
    """One schema, asked by path; without a schema every answer is empty."""

    def __init__(self, schema: Mapping[str, Any] | None) -> None:
        self._schema = schema
        self._known: dict[Path, Facts] = {}
        self._none = Facts()
        self._by_value = False

    def facts(self, path: Path, value: Any) -> Facts:
        """What is said about the field at a path; `value` is the whole document as it stands.

        Of alternatives (`oneOf`, `anyOf`) those count that the values leave open.
        """
        if self._schema is None:
            return self._none
        if path not in self._known:
            self._known[path] = merged(self._rules(path, value))
        return self._known[path]

    def forget(self) -> None:
        """The document has another value: what depends on it is asked anew."""
        if self._by_value:
            self._known.clear()

    def _rules(self, path: Path, value: Any) -> list[Rule]:
        budget = _Budget(self._schema)
        here = list(budget.open(self._schema, value))
        for key in path:
            value = _inside(value, key)
            here = [deep for rule in here for near in _below(rule, key)
                    for deep in budget.open(near, value)]  # fmt: skip
        self._by_value = self._by_value or budget.by_value
        return here


class _Budget:
    """Takes schemas apart into rules, a bounded number of them."""

    def __init__(self, root: Any) -> None:
        self._root = root
        self._left = MAX_RULES
        self.by_value = False
        """Whether it met alternatives, of which the value decides."""

    def open(self, schema: Any, value: Any, depth: int = 0) -> Iterator[Rule]:
        """A schema, what it refers to, all of its `allOf`, and the alternatives that fit."""
        self._left -= 1
        if not isinstance(schema, Mapping) or self._left < 0 or depth > 16:
            return
        yield schema
        reference = schema.get("$ref")
        if isinstance(reference, str) and reference.startswith("#"):
            yield from self.open(_at(self._root, reference[1:]), value, depth + 1)
        for part in _list(schema.get("allOf")):
            yield from self.open(part, value, depth + 1)
        for word in ("oneOf", "anyOf"):
            ways = _list(schema.get(word))[:50]
            self.by_value = self.by_value or bool(ways)
            opened = [list(self.open(way, value, depth + 1)) for way in ways]
            fitting = [rules for rules in opened if _fits(rules, value)] or opened
            kinds = merged_alternatives([merged(rules) for rules in opened])
            if kinds is not None:
                yield kinds
            unsure = len(fitting) > 1 and value is not ...
            yield from (_open_ended(rule, unsure) for rules in fitting[:1] for rule in rules)


def _open_ended(rule: Rule, unsure: bool) -> Rule:
    """A rule of one alternative without what the others leave open."""
    without = ("type", "enum", "const", "required") if unsure else ("type", "enum", "const")
    return {word: said for word, said in rule.items() if word not in without}


def merged_alternatives(ways: list[Facts]) -> Rule | None:
    """One rule for several alternatives: the union of their types and of their choices."""
    if not ways:
        return None
    rule: dict[str, Any] = {}
    if all(way.types for way in ways):
        rule["type"] = list(dict.fromkeys(type for way in ways for type in way.types))
    if all(way.choices is not None for way in ways):
        rule["enum"] = [choice for way in ways for choice in way.choices or ()]
    elif all(way.choices is not None or way.types == ("null",) for way in ways):
        rule["enum"] = [choice for way in ways for choice in way.choices or ((None,))]
    return rule


def merged(rules: list[Rule]) -> Facts:
    """The facts of rules that all hold."""
    types: tuple[str, ...] = ()
    choices: tuple[Any, ...] | None = None
    title = description = ""
    bounds: dict[str, None] = {}
    required: set[str] = set()
    members: dict[str, None] = {}
    others, default = True, ...
    for rule in rules:
        said = _types(rule.get("type"))
        types = tuple(type for type in types if type in said) or said if said else types
        if "const" in rule:
            choices = (rule["const"],)
        elif isinstance(rule.get("enum"), list) and choices is None:
            choices = tuple(rule["enum"][:MAX_CHOICES])
        title = title or _text(rule.get("title"))
        description = description or _text(rule.get("description"))
        for word, words in _BOUNDS:
            if isinstance(rule.get(word), str | int | float) and rule[word] is not True:
                bounds[words.format(rule[word])] = None
        required.update(name for name in _list(rule.get("required")) if isinstance(name, str))
        properties = rule.get("properties")
        if isinstance(properties, Mapping):
            members |= dict.fromkeys(name for name in properties if isinstance(name, str))
        others = others and rule.get("additionalProperties") is not False
        if "default" in rule and default is ...:
            default = rule["default"]
    return Facts(
        types, choices, title, description, tuple(bounds), frozenset(required), tuple(members),
        others, default,
    )  # fmt: skip


def _below(rule: Rule, key: str | int) -> Iterator[Any]:
    """The schemas that a rule has for what is inside."""
    if isinstance(key, str):
        properties = rule.get("properties")
        if isinstance(properties, Mapping) and key in properties:
            yield properties[key]
        elif isinstance(rule.get("additionalProperties"), Mapping):
            yield rule["additionalProperties"]
        return
    first = _list(rule.get("prefixItems"))
    if not first and isinstance(rule.get("items"), list):  # before 2020-12
        first = rule["items"]
    if 0 <= key < len(first):
        yield first[key]
    elif isinstance(rule.get("items"), Mapping):
        yield rule["items"]


def _fits(rules: list[Rule], value: Any) -> bool:
    """Whether a value could belong to this alternative: its type, and the constants in it."""
    if value is ...:
        return True
    for rule in rules:
        types = _types(rule.get("type"))
        if types and not set(types) & type_names(value):
            return False
        if "const" in rule and rule["const"] != value:
            return False
        properties = rule.get("properties")
        if isinstance(value, Mapping) and isinstance(properties, Mapping):
            for name, inner in value.items():
                said = properties.get(name)
                if isinstance(said, Mapping) and (
                    ("const" in said and said["const"] != inner)
                    or (isinstance(said.get("enum"), list) and inner not in said["enum"])
                ):
                    return False
    return True


def type_names(value: Any) -> set[str]:
    """The JSON Schema types of a value; a whole number has two."""
    if value is None:
        return {"null"}
    if isinstance(value, bool):
        return {"boolean"}
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return {"integer", "number"}
    for name, kinds in (("number", float), ("string", str), ("array", list)):
        if isinstance(value, kinds):
            return {name}
    return {"object"}


def _inside(value: Any, key: str | int) -> Any:
    if isinstance(value, Mapping) and key in value:
        return value[key]
    if isinstance(value, list) and isinstance(key, int) and 0 <= key < len(value):
        return value[key]
    return ...


def _at(root: Any, fragment: str) -> Any:
    """What a reference within the document points at (RFC 6901)."""
    for part in unquote(fragment).split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(root, list) and name.isdecimal():
            root = _inside(root, int(name))
        else:
            root = root.get(name) if isinstance(root, Mapping) else None
    return root


def _types(said: Any) -> tuple[str, ...]:
    names = [said] if isinstance(said, str) else _list(said)
    return tuple(name for name in names if isinstance(name, str) and name in TYPES)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value[:1000] if isinstance(value, str) else ""
