"""Facts and rulings as the plain JSON values that a backend stores, and back.

What is not said is the default, so rows that an older reviewer stored stay readable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from typing import Any, TypeVar

from ..domain.artifact import Risk
from ..domain.state import Added, Alert, Charge, Course, Mode, Ruling
from .facts import Facts, Spread, Standing, Used

T = TypeVar("T")


def plain(value: Any) -> Any:
    """Facts or a ruling as JSON values, fields with their default left out."""
    if isinstance(value, StrEnum):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        empty = _defaults(type(value))
        found = {field.name: getattr(value, field.name) for field in fields(value)}
        return {
            name: plain(one)
            for name, one in found.items()
            if name not in empty or one != empty[name]
        }
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    return value


def facts_of(stored: Mapping[str, Any]) -> Facts:
    """The facts that were stored at an admission."""
    known = dict(stored)
    known["standing"] = _made(Standing, stored.get("standing", {}))
    known["used"] = {scope: _made(Used, one) for scope, one in stored.get("used", {}).items()}
    known["spreads"] = {path: _made(Spread, one) for path, one in stored.get("spreads", {}).items()}
    return _made(Facts, known)


def ruling_of(stored: Mapping[str, Any]) -> Ruling:
    """The ruling that was stored at an admission."""
    known = dict(stored)
    known["risk"] = Risk(stored["risk"])
    known["course"] = Course(stored.get("course", Course.PERSON))
    known["mode"] = Mode(stored.get("mode", Mode.ASSISTED))
    known["reasons"] = tuple(_made(Added, one) for one in stored.get("reasons", ()))
    known["charges"] = tuple(_made(Charge, one) for one in stored.get("charges", ()))
    known["alerts"] = tuple(
        _made(Alert, {**one, "notify": tuple(one.get("notify", ()))})
        for one in stored.get("alerts", ())
    )
    for name in ("needs", "why", "rules"):
        known[name] = tuple(stored.get(name, ()))
    return _made(Ruling, known)


_NAMES: dict[type, frozenset[str]] = {}
_DEFAULTS: dict[type, dict[str, Any]] = {}


def _made(kind: type[T], stored: Mapping[str, Any]) -> T:
    """The value; what a newer reviewer stored besides is passed over."""
    names = _NAMES.get(kind)
    if names is None:
        names = _NAMES[kind] = frozenset(field.name for field in fields(kind))  # type: ignore[arg-type]
    return kind(**{name: one for name, one in stored.items() if name in names})


def _defaults(kind: type) -> dict[str, Any]:
    found = _DEFAULTS.get(kind)
    if found is None:
        found = {}
        for field in fields(kind):
            if field.default is not MISSING:
                found[field.name] = field.default
            elif field.default_factory is not MISSING:
                found[field.name] = field.default_factory()
        _DEFAULTS[kind] = found
    return found
