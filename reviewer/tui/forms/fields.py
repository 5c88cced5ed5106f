"""The fields of a JSON document as lines of a form: what is there, what could be, what is wrong.

A model without a widget.  Values are held by `JsonText`, so what nobody touches keeps its bytes.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from ...domain.errors import InputError
from ...domain.strict_json import pointer
from .compared import Compared
from .json_text import JsonText, Kind, Node, Path
from .schema_view import Facts, SchemaView
from .typed import dumps, first_value, retyped, typed

MANY: Final = 100
"""An object or array with more parts, other than the outermost, begins folded."""
_DEEP: Final = 4
"""How many levels of required members are made with a new object."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a field that is there (`node`), one that is not, or what is wrong with the above.

    `was` is the proposed value of a field that was removed.  Texts are hostile.
    """

    what: Literal["field", "absent", "wrong"]
    path: Path
    label: str = ""
    node: Node | None = None
    was: Node | None = None
    sentence: str = ""
    folds: Literal["", "open", "shut"] = ""

    @property
    def depth(self) -> int:
        """How deep it is nested; 0 at the outermost."""
        return max(0, len(self.path) - 1)


class Fields:
    """A document, the proposed one that it is marked against, and the schema of both.

    With `fixed` the outermost members neither come nor go.  `lines` are those that are not folded
    away.
    """

    def __init__(
        self,
        document: JsonText,
        proposed: JsonText | None,
        schema: Mapping[str, Any] | None = None,
        *,
        fixed: bool = False,
    ) -> None:
        self.document = document
        self.compared = Compared(document, proposed)
        self.schema = SchemaView(schema)
        self.fixed = fixed
        self.lines: list[Line] = []
        self.wrong: dict[Path, tuple[str, ...]] = {}
        self.refused: tuple[Path, str] | None = None
        self.folded: dict[Path, bool] = {}
        self._value: Any = ...
        self._numbers: dict[Path, int] = {}
        self.rebuild()

    # ------------------------------------------------------------------ reading

    @property
    def value(self) -> Any:
        """The document's value; read again after a change only."""
        if self._value is ...:
            self._value = self.document.value
        return self._value

    def facts(self, path: Path) -> Facts:
        """What the schema says of a field."""
        return self.schema.facts(path, self.value)

    def sign(self, line: Line) -> str:
        """`~` where a value differs from the proposed one, `+` new, `−` removed, or a blank."""
        if line.what == "absent":
            return "−" if line.was is not None else " "
        return " " if line.what == "wrong" else self.compared.sign(line.path)

    def wrong_inside(self, line: Line) -> int:
        """How many things are wrong within what is folded away on a line."""
        if line.folds != "shut":
            return 0
        size = len(line.path)
        return sum(
            len(said)
            for path, said in self.wrong.items()
            if len(path) > size and path[:size] == line.path
        )

    def path_of(self, place: str) -> Path:
        """The path at a JSON pointer, as far down as there is something."""
        path: Path = ()
        for part in place.split("/")[1:]:
            name = part.replace("~1", "/").replace("~0", "~")
            node = self.document.find(path)
            if node is None or node.kind not in ("object", "array"):
                break
            is_index = node.kind == "array" and name.isdecimal()
            path = (*path, int(name) if is_index else name)
        return path

    def line_of(self, path: Path) -> int:
        """The number of the line that shows a path, or of the nearest around it."""
        lines = {
            line.path: number for number, line in enumerate(self.lines) if line.what != "wrong"
        }
        while path and path not in lines:
            path = path[:-1]
        return lines.get(path, 0)

    def show(self, path: Path) -> None:
        """Unfolds whatever hides a path."""
        for length in range(1, len(path)):
            self.folded[path[:length]] = False
        self.rebuild()

    # ------------------------------------------------------------------ lines

    def rebuild(self) -> None:
        """Makes the lines anew."""
        self._numbers = {}
        self.lines = [*self._complaints(()), *self._inside(self.document.root, ())]

    def _complain_again(self, path: Path) -> None:
        """Puts what is wrong with one field below it, in the place of what stood there."""
        number = self.line_of(path)
        there = bool(self.lines) and self.lines[number].path == path
        if path and not there:
            return  # it is folded away
        first = number + 1 if path else 0
        last = first
        while last < len(self.lines) and self.lines[last].what == "wrong":
            if self.lines[last].path != path:
                break
            last += 1
        self.lines[first:last] = self._complaints(path)
        self._numbers = {}

    def _inside(self, node: Node, path: Path) -> Iterator[Line]:
        for part in node.parts:
            here = (*path, part.key)
            inner = part.node
            label = part.key if isinstance(part.key, str) else f"[{part.key}]"
            many = inner.kind in ("object", "array") and bool(inner.parts or self._missing(here))
            shut = many and self.folded.setdefault(here, len(inner.parts) > MANY)
            yield Line(
                "field", here, label, inner, folds="shut" if shut else "open" if many else ""
            )
            yield from self._complaints(here)
            if many and not shut:
                yield from self._inside(inner, here)
        gone = self.compared.gone(path)
        for key, was in gone.items():
            here = (*path, key)
            yield Line("absent", here, key if isinstance(key, str) else f"[{key}]", was=was)
            yield from self._complaints(here)
        for name in self._missing(path):
            if name not in gone:
                yield Line("absent", (*path, name), name)
                yield from self._complaints((*path, name))

    def _missing(self, path: Path) -> list[str]:
        """Members that the schema knows and the object at a path has not."""
        node = self.document.find(path)
        if node is None or node.kind != "object":
            return []
        return [name for name in self.facts(path).members if node.place(name) is None]

    def _complaints(self, path: Path) -> Iterator[Line]:
        if self.refused is not None and self.refused[0] == path:
            yield Line("wrong", path, sentence=self.refused[1])
            return
        for sentence in self.wrong.get(path, ()):
            yield Line("wrong", path, sentence=sentence)

    def complain(self, found: Iterable[tuple[str, str]]) -> bool:
        """Takes what is wrong as pointers and sentences; True where other lines came of it."""
        wrong: dict[Path, tuple[str, ...]] = {}
        for place, said in found:
            path, name = self.path_of(place), _required(said)
            sentence = said if name is None else "it is required"
            path = path if name is None else (*path, name)
            wrong[path] = tuple(dict.fromkeys((*wrong.get(path, ()), sentence)))
        changed = [
            path for path in {**wrong, **self.wrong} if wrong.get(path) != self.wrong.get(path)
        ]
        self.wrong = wrong
        for path in changed:
            self._complain_again(path)
        return bool(changed)

    # ------------------------------------------------------------------ changing

    def put(self, path: Path, source: str) -> None:
        """Another value, as JSON text, for a field that is there."""
        node = self.document.find(path)
        assert node is not None
        nested = node.kind in ("object", "array") or source[0] in "{["
        self.document.put(path, source)
        self._changed()
        if nested:
            self.rebuild()
            return
        number = self.line_of(path)  # the line holds the node that is gone
        line = self.lines[number]
        self.lines[number] = Line("field", path, line.label, self.document.find(path))

    def type(self, path: Path, text: str, kind: Kind) -> None:
        """What is typed into a field of this kind; what cannot stand there is `refused`."""
        try:
            source = typed(text, kind)
        except InputError as error:
            self.refuse(path, str(error))
            return
        self.refuse(path, "")
        self.put(path, source)

    def refuse(self, path: Path, sentence: str) -> None:
        """Says why what is typed into a field cannot stand there; nothing takes it back."""
        before, self.refused = self.refused, (path, sentence) if sentence else None
        for refused in {before, self.refused}:
            if refused is not None and before != self.refused:
                self._complain_again(refused[0])

    def add(self, path: Path) -> Path:
        """Adds the absent field at a path, an item to an array; answers with where it is now."""
        around = self.document.find(path[:-1])
        assert around is not None
        was = self.compared.gone(path[:-1]).get(path[-1])
        if was is not None:
            source = was.source
            path = (*path[:-1], self.compared.proposed_place(path[:-1], was))
        elif around.kind == "array" and not self.facts(path).types and around.parts:
            source = dumps(retyped(None, _name(around.parts[-1].node)))
        else:
            source = dumps(self._first(path))
        self.document.add(path, source)
        self.folded[path[:-1]] = False
        self._changed()
        self.rebuild()
        return path

    def _first(self, path: Path, deep: int = 0) -> Any:
        facts = self.facts(path)
        members = {}
        if deep < _DEEP:
            wanted = [name for name in facts.members if name in facts.required]
            members = {name: self._first((*path, name), deep + 1) for name in wanted}
        return first_value(facts, members)

    def why_not_remove(self, path: Path) -> str:
        """Why a field cannot be removed, or nothing."""
        if self.fixed and len(path) == 1:
            return "This field stays; empty it instead."
        return (
            "" if self.document.find(path) is not None and path else "There is nothing to remove."
        )

    def remove(self, path: Path) -> None:
        """Takes a field out."""
        self.document.remove(path)
        self._changed()
        self.refused = None
        self.rebuild()

    def restore(self, path: Path) -> bool:
        """Makes a field what was proposed; False where nothing was, or it is so already."""
        if self.document.find(path) is None:
            if path[-1] not in self.compared.gone(path[:-1]):
                return False
            self.add(path)
            return True
        was = self.compared.counterpart(path)
        self.refused = None
        if was is None or self.compared.sign(path) == " ":
            self.rebuild()
            return False
        self.put(path, was.source)
        self.rebuild()
        return True

    def choices(self, path: Path) -> tuple[Any, ...]:
        """The values between which one chooses here; none where it is free."""
        facts = self.facts(path)
        if facts.choices is not None:
            return facts.choices
        node = self.document.find(path)
        if node is not None and node.kind == "boolean":
            return (False, True, None) if "null" in facts.types else (False, True)
        return ()

    def choose(self, path: Path, step: int) -> bool:
        """The next (1) or former (-1) choice; False where there is none."""
        choices = [dumps(choice) for choice in self.choices(path)]
        node = self.document.find(path)
        if node is None or not choices:
            return False
        now = dumps(node.value)
        place = choices.index(now) + step if now in choices else 0
        self.put(path, choices[place % len(choices)])
        return True

    def retype(self, path: Path) -> bool:
        """The next type that may stand here; False where there is only this one."""
        node = self.document.find(path)
        assert node is not None
        facts, order = self.facts(path), ("string", "number", "boolean", "null", "object", "array")
        allowed = [type for type in order if facts.takes(type)]
        if facts.choices is not None or not set(allowed) - {node.kind}:
            return False
        at = allowed.index(node.kind) + 1 if node.kind in allowed else 0
        type = allowed[at % len(allowed)]
        self.put(path, dumps(retyped(node.value, type)))
        self.rebuild()
        return True

    def kind_to_type(self, path: Path) -> Kind:
        """As what typing into a field is read: its kind, for null the first that may stand here."""
        node = self.document.find(path)
        assert node is not None
        facts = self.facts(path)
        if node.kind == "null" or (facts.types and not facts.takes(node.kind)):
            for type in facts.types or ("string",):
                if type in ("string", "number", "integer"):
                    return "number" if type == "integer" else type  # type: ignore[return-value]
        return node.kind

    def _changed(self) -> None:
        self._value = ...
        self.schema.forget()
        self.compared.forget()


def _required(sentence: str) -> str | None:
    """The member that a sentence of the validator says is missing."""
    said, found, rest = sentence.partition(" is a required property")
    if not found or rest:
        return None
    try:
        name = ast.literal_eval(said)
    except (ValueError, SyntaxError):
        return None
    return name if isinstance(name, str) else None


def _name(node: Node) -> str:
    return "string" if node.kind == "null" else node.kind


def place_of(path: Path) -> str:
    """The JSON pointer of a path."""
    return pointer(path)


def preview(node: Node, most: int = 4_000) -> str:
    """A value for a line, hostile: a text in quotes, the number of parts of anything nested."""
    if node.kind in ("object", "array"):
        count, noun = len(node.parts), "field" if node.kind == "object" else "item"
        return f"{count or 'no'} {noun}{'' if count == 1 else 's'}"
    if node.kind != "string":
        return node.source[:most]
    value = json.loads(node.source)
    return f'"{value}"' if len(value) <= most else f'"{value[:most]}'
