"""The text of a policy file as plain values, each with its place in the text.

The file is YAML 1.2 with its core schema and nothing else: no tags, no merge keys, no dates, so
that a value is what it looks like.  Sources: YAML 1.2.2, chapter 10.3 (core schema).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from ..domain.strict_json import MAX_SAFE_INTEGER, pointer

MOST_CHARACTERS: Final = 512 * 1024
MOST_VALUES: Final = 100_000
"""Values counted where they are used: an alias counts as often as it is written."""
DEEPEST: Final = 32

_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_REAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_ENDLESS = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: Final = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_ESCAPED: Final = {"x": 2, "u": 4, "U": 8}
_BLANK: Final = frozenset(" \t\r\n")
_YAML: Final = "tag:yaml.org,2002:"
_TAGS: Final = frozenset(
    {"map", "seq", "str", "int", "float", "bool", "null", "timestamp", "merge", "value"}
)
"""What the library takes untagged values for; what they are here is told by their looks."""

Path = tuple[str | int, ...]


class Spot(NamedTuple):
    """A place in the text: line and column, both counted from 1."""

    line: int
    column: int


class Unreadable(Exception):
    """The text is no policy file at all, and where."""

    def __init__(self, sentence: str, spot: Spot, path: Path = (), hint: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.spot = spot
        self.path = path
        self.hint = hint


@dataclass
class Tree:
    """Plain JSON values, the YAML node of each path, and keys that stand twice."""

    text: str
    value: Any = None
    nodes: dict[Path, Any] = field(default_factory=dict)
    keys: dict[Path, Any] = field(default_factory=dict)
    refused: list[Unreadable] = field(default_factory=list)

    def spot(self, path: Path, *, key: bool = False) -> Spot:
        """Where a value (or its key) stands; of one that is not there, what it would stand in."""
        while path:
            node = self.nodes.get(path)
            # of a value left empty the library says that it stands where the next thing does
            empty = node is not None and node.start_mark.index == node.end_mark.index
            found = (self.keys.get(path) if key or empty else None) or node
            if found is not None:
                return Spot(found.start_mark.line + 1, found.start_mark.column + 1)
            path, key = path[:-1], True
        return Spot(1, 1)

    def spot_within(self, path: Path, line: int, column: int) -> Spot:
        """Where a character of a text value stands; line and column in the value, from 1.

        Quotes, escapes, folding and indentation are seen through.
        """
        node = self.nodes.get(path)
        if node is None or isinstance(node.value, list):
            return self.spot(path)
        value = str(node.value)
        lines = value.split("\n")
        before = sum(len(one) + 1 for one in lines[: line - 1]) + column - 1
        told = sum(character not in _BLANK for character in value[:before])
        index, last = node.start_mark.index, node.start_mark.index
        blank = before >= len(value) or value[before] in _BLANK
        for number, (index, after) in enumerate(_written(self.text, node)):
            if blank and number == told - 1:
                return _spot_at(self.text, after)
            if number == told:
                return _spot_at(self.text, index)
            last = after
        return _spot_at(self.text, last)


def grow(text: str) -> Tree:
    """The values of a text with their places; raises `Unreadable` where there is no telling them.

    What is wrong with single values is told in `Tree.refused`: keys that stand twice, tags, merge
    keys, numbers that are none in JSON.
    """
    if len(text) > MOST_CHARACTERS:
        raise Unreadable(
            f"the file has more than {MOST_CHARACTERS // 1024} KiB",
            Spot(1, 1),
            hint="A policy of this size is a mistake: is it the right file?",
        )
    tree = Tree(text)
    node = _composed(text)
    if node is None:
        raise Unreadable("the file is empty", Spot(1, 1), hint="`reviewer policy init` writes one.")
    _Growing(tree).value(node, (), 0)
    return tree


def _composed(text: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.composer import MaxDepthExceededError
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.reader import ReaderError

    yaml = YAML(typ="safe", pure=True)
    yaml.max_depth = DEEPEST + 1  # the scanner takes ever longer with the depth
    yaml.composer.warn_double_anchors = False  # a later anchor takes over the name, as YAML has it
    try:
        return yaml.compose(text)
    except ReaderError as error:
        at = text.find(chr(error.character)) if isinstance(error.character, int) else 0
        raise Unreadable(
            f"the character U+{ord(text[at]):04X} cannot stand in YAML",
            _spot_at(text, max(0, at)),
        ) from None
    except MaxDepthExceededError as error:
        mark = error.problem_mark
        spot = Spot(mark.line + 1, mark.column + 1)
        raise Unreadable(f"nested deeper than {DEEPEST}", spot) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        spot = Spot(mark.line + 1, mark.column + 1) if mark else Spot(1, 1)
        if error.problem == "but found another document":
            raise Unreadable("a file holds one policy, and here begins another", spot) from None
        why = " ".join(str(part) for part in (error.context, error.problem) if part)
        raise Unreadable(f"this is not YAML: {why}", spot) from None
    except RecursionError:
        raise Unreadable(f"nested deeper than {DEEPEST}", Spot(1, 1)) from None
    except YAMLError as error:
        raise Unreadable(f"this is not YAML: {error}"[:300], Spot(1, 1)) from None


class _Growing:
    """Makes plain values of nodes; counts what it makes, so that aliases cannot blow it up."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.left = MOST_VALUES

    def value(self, node: Any, path: Path, depth: int) -> Any:
        self.left -= 1
        spot = Spot(node.start_mark.line + 1, node.start_mark.column + 1)
        if self.left < 0:
            raise Unreadable(f"the file holds more than {MOST_VALUES:,} values", spot, path)
        if depth > DEEPEST:
            raise Unreadable(f"nested deeper than {DEEPEST}", spot, path)
        self.tree.nodes[path] = node
        tag = str(node.tag)
        if tag.removeprefix(_YAML) not in _TAGS:
            self.refuse(f"the tag '{tag[:60]}' means nothing here", spot, path, "Leave it out.")
        found: Any
        if not isinstance(node.value, list):
            found = self._scalar(node, path, spot)
        elif node.id == "sequence":
            found = [self.value(inner, (*path, i), depth + 1) for i, inner in enumerate(node.value)]
        else:
            found = self._mapping(node, path, depth)
        if not path:
            self.tree.value = found
        return found

    def _mapping(self, node: Any, path: Path, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, inner in node.value:
            spot = Spot(key.start_mark.line + 1, key.start_mark.column + 1)
            if isinstance(key.value, list):
                self.refuse("a key is a text, nothing larger", spot, path)
                continue
            name = str(key.value)
            if name == "<<" and key.style is None:
                hint = "Write the keys out; an alias (`*name`) may stand for a whole value."
                self.refuse("`<<` is not part of YAML 1.2", spot, path, hint)
                continue
            if name in found:
                first = self.tree.keys[(*path, name)].start_mark.line + 1
                self.refuse(
                    f"'{name[:60]}' stands twice, the first time in line {first}",
                    spot,
                    (*path, name),
                    "Keep one of the two.",
                )
                continue
            self.tree.keys[(*path, name)] = key
            found[name] = self.value(inner, (*path, name), depth + 1)
        return found

    def _scalar(self, node: Any, path: Path, spot: Spot) -> Any:
        text: str = node.value
        if node.style is not None:
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _ENDLESS.fullmatch(text):
            self.refuse(f"{text} is no number here", spot, path)
        elif _INTEGER.fullmatch(text):
            return self._integer(text, path, spot)
        elif _REAL.fullmatch(text):
            number = float(text)
            if math.isfinite(number):
                return number
            self.refuse(f"the number {text[:20]} is too large", spot, path)
        return text

    def _integer(self, text: str, path: Path, spot: Spot) -> Any:
        number = int(text, 0) if text[:2] in ("0o", "0x") else int(text[:40])
        if abs(number) <= MAX_SAFE_INTEGER:
            return number
        self.refuse("a whole number beyond 2^53 loses digits", spot, path)
        return text

    def refuse(self, sentence: str, spot: Spot, path: Path, hint: str = "") -> None:
        self.tree.refused.append(Unreadable(sentence, spot, path, hint))


def place_of(path: Path) -> str:
    """The JSON pointer of a path, as errors name places."""
    return pointer(path)


def _spot_at(text: str, index: int) -> Spot:
    line = text.count("\n", 0, index)
    return Spot(line + 1, index - (text.rfind("\n", 0, index) + 1) + 1)


def _written(text: str, node: Any) -> Iterator[tuple[int, int]]:
    """Begin and end in the text of each character of a scalar's value that is not blank."""
    index, end = node.start_mark.index, node.end_mark.index
    if node.style in ("|", ">"):
        # behind the header line, which may hold a comment
        index = text.find("\n", index) + 1 or end
    elif node.style in ("'", '"'):
        index, end = index + 1, end - 1
    while index < end:
        here = text[index]
        after = index + 1
        if node.style == '"' and here == "\\":
            code = text[index + 1 : index + 2]
            after = index + 2 + _ESCAPED.get(code, 0)
            # an escape that stands for a blank is none of the characters told of
            if code in "tnr \n" or (code in _ESCAPED and _is_blank(text[index + 2 : after])):
                index = after
                continue
        elif node.style == "'" and here == "'":
            after = index + 2
        if here not in _BLANK:
            yield index, after
        index = after


def _is_blank(digits: str) -> bool:
    try:
        return chr(int(digits, 16)) in _BLANK
    except (ValueError, OverflowError):
        return False
