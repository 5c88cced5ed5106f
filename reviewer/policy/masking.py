"""Masking: what the policy hides before a text leaves for exports and notifications.

`fields` are path patterns of JSON pointers into what a write changes (see `changes`), `patterns`
are regular expressions (RE2) over every text.  Keys stay, values become `MASK`; so a number does.
Nothing is masked in the queue itself, nor on the screen of who decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

import re2

from ..domain.artifact import Artifact
from ..domain.writes import (
    DocumentWrite,
    FileWrite,
    MessageWrite,
    RecordWrite,
    RequestWrite,
    RowsWrite,
    SqlWrite,
    ToolCallWrite,
)
from . import globs
from .document import Policy
from .pointers import escaped

MASK: Final = "‹masked›"
T = TypeVar("T")
_BASE: Final[Mapping[type, Mapping[str, str]]] = {
    FileWrite: {"before": "", "after": ""},
    RecordWrite: {"before": "", "after": ""},
    RowsWrite: {},
    SqlWrite: {"statement": "/statement", "parameters": "/parameters"},
    RequestWrite: {"headers": "/headers", "body": "/body", "before": ""},
    MessageWrite: {
        "to": "/to", "cc": "/cc", "bcc": "/bcc", "subject": "/subject", "body": "/body",
        "thread": "/thread", "before": "",
    },
    ToolCallWrite: {"arguments": "", "before": ""},
    DocumentWrite: {"before": "/content", "after": "/content"},
}  # fmt: skip
"""Where the attributes of each type of write stand among its fields."""
_TYPES: Final = dict(
    zip(
        ("file", "record", "rows", "sql", "request", "message", "tool_call", "document"),
        _BASE,
        strict=True,
    )
)


class Masker:
    """Masks by one policy; `masked` counts the values that it has taken out."""

    def __init__(self, policy: Policy) -> None:
        masking = policy.masking
        self._field = globs.paths(masking.fields) if masking.fields else None
        options = re2.Options()
        options.log_errors = False
        self._patterns = [re2.compile(pattern, options) for pattern in masking.patterns]
        self.masked = 0

    @property
    def active(self) -> bool:
        """Whether the policy hides anything at all."""
        return self._field is not None or bool(self._patterns)

    def text(self, text: str) -> str:
        """A text without what a pattern matches."""
        for pattern in self._patterns:
            text, number = pattern.subn(lambda _: MASK, text)
            self.masked += number
        return text

    def value(self, value: Any, at: str | None = None) -> Any:
        """A JSON value, masked; `at` is its pointer among a write's fields, None outside of one."""
        if at is not None and self._hidden(at):
            return self._hide(value)
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {
                name: self.value(inner, None if at is None else f"{at}/{escaped(name)}")
                for name, inner in value.items()
            }
        if isinstance(value, list | tuple):
            return [
                self.value(inner, None if at is None else f"{at}/{number}")
                for number, inner in enumerate(value)
            ]
        return value

    def artifact(self, artifact: Artifact) -> Artifact:
        """The same artifact, masked: writes by field and pattern, every other text by pattern."""
        if not self.active:
            return artifact
        others = {
            name: self._model(getattr(artifact, name)) for name in ("context", "identity", "cost")
        }
        return artifact.model_copy(
            update=others
            | {
                "title": self.text(artifact.title),
                "summary": self.text(artifact.summary),
                "metadata": self.value(artifact.metadata),
                "escalations": self._model(artifact.escalations),
                "writes": [self._write(write) for write in artifact.writes],
            }
        )

    def label(self, label: Mapping[str, Any]) -> dict[str, Any]:
        """A label's document, masked: its final writes, its patch, what people wrote."""
        if not self.active:
            return dict(label)
        found = dict(label) | {"comment": self.text(label.get("comment", ""))}
        if "writes" in label:
            found["writes"] = [self._plain(write) for write in label["writes"]]
        if "delta" in label:
            found["delta"] = [self._operation(one) for one in label["delta"]]
        return found

    def _hidden(self, at: str) -> bool:
        return self._field is not None and self._field(at)

    def _hide(self, value: Any) -> Any:
        """A value that is hidden as a whole; what has parts keeps its shape."""
        if isinstance(value, dict):
            return {name: self._hide(inner) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self._hide(inner) for inner in value]
        if value is None or value == MASK:
            return value
        self.masked += 1
        return MASK

    def _model(self, value: Any) -> Any:
        """A pydantic value with every text in it masked by pattern; its numbers stay."""
        if hasattr(value, "model_copy"):
            names = type(value).model_fields
            return value.model_copy(update={n: self._model(getattr(value, n)) for n in names})
        if isinstance(value, list | tuple):
            return [self._model(inner) for inner in value]
        return self.value(value)

    def _write(self, write: T) -> T:
        places = _BASE[type(write)]
        changed: dict[str, Any] = {
            name: self._part(getattr(write, name), at) for name, at in places.items()
        }
        if isinstance(write, RecordWrite) and write.patch is not None:
            changed["patch"] = [self._operation(one, "") for one in write.patch]
        if isinstance(write, RowsWrite):
            changed["inserted"] = [self.value(row, "") for row in write.inserted]
            changed["deleted"] = [self.value(row, "") for row in write.deleted]
            changed["updated"] = [
                row.model_copy(
                    update={n: self.value(getattr(row, n), "") for n in ("key", "before", "after")}
                )
                for row in write.updated
            ]
        rest = type(write).model_fields.keys() - changed.keys() - {"type", "action"}  # type: ignore[attr-defined]
        return _copied(write, changed | {name: self._model(getattr(write, name)) for name in rest})

    def _part(self, value: Any, at: str) -> Any:
        """An attribute of a write: JSON, or a file's or a draft's state."""
        if not hasattr(value, "model_copy"):
            return self.value(value, at)
        names = {"text": "/content", "base64": "/content"}
        update = {
            name: self.value(getattr(value, name), names.get(name, f"/{name}"))
            for name in type(value).model_fields
        }
        return value.model_copy(update=update)

    def _plain(self, write: Mapping[str, Any]) -> dict[str, Any]:
        """A final write as a label has it, which is as JSON."""
        found = dict(write)
        for name, at in _BASE[_TYPES[write["type"]]].items():
            if name in found:
                found[name] = self._state(found[name], at, write["type"])
        for name in ("inserted", "deleted"):
            if name in found:
                found[name] = [self.value(row, "") for row in found[name]]
        if "updated" in found:
            found["updated"] = [
                {part: self.value(row[part], "") for part in row} for row in found["updated"]
            ]
        if "patch" in found:
            found["patch"] = [self._operation(one, "") for one in found["patch"]]
        return {name: self.value(inner) for name, inner in found.items()}

    def _state(self, value: Any, at: str, type_: str) -> Any:
        if type_ == "file" and isinstance(value, dict):
            return {
                name: self.value(inner, "/content" if name in ("text", "base64") else f"/{name}")
                for name, inner in value.items()
            }
        return self.value(value, at)

    def _operation(self, one: Mapping[str, Any], base: str | None = None) -> dict[str, Any]:
        """One operation of a patch: of a record's own, or of a label's over all writes."""
        found = dict(one)
        if "value" not in found:
            return found
        path = str(found.get("path", ""))
        places = [path] if base is not None else _behind(path)
        if any(map(self._hidden, places)):
            found["value"] = self._hide(found["value"])
        else:
            found["value"] = self.value(found["value"], places[0])
        return found


def _behind(path: str) -> list[str]:
    """What `/NUMBER/ATTRIBUTE/…` may be among the fields of a write whose type is not told."""
    steps = path.split("/")
    attribute = steps[2] if len(steps) > 2 else ""
    inner = "".join(f"/{step}" for step in steps[3:])
    content = ["/content"] if inner in ("", "/text", "/base64") else []
    return [inner, f"/{attribute}{inner}", *content]


def _copied(write: T, changed: dict[str, Any]) -> T:
    copy: Callable[..., T] = write.model_copy  # type: ignore[attr-defined]
    return copy(update=changed)
