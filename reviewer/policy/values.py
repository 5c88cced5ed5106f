"""Values of the policy file as people write them: durations, shares, names, patterns."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from ..domain.errors import InputError
from ..domain.instant import parse_duration


class Model(BaseModel):
    """Frozen, and refuses fields that it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _duration(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError("a duration is written like 30m, 4h or 1d")
    try:
        return parse_duration(value)
    except InputError as error:
        raise ValueError(f"{error.sentence}: write it like 30m, 4h or 1d") from None


def _share(value: Any) -> Any:
    if isinstance(value, str) and value.endswith("%"):
        try:
            return float(value[:-1]) / 100
        except ValueError:
            raise ValueError("a share is written like 2% or 0.02") from None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("a share is written like 2% or 0.02")
    return float(value)


def _several(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Duration = Annotated[
    int,
    BeforeValidator(_duration),
    Field(gt=0),
    WithJsonSchema({"type": "string", "pattern": r"^(\d+(\.\d+)?(ms|s|m|h|d|w))+$"}),
]
"""Microseconds, written like `30m`."""

_SHARE_SCHEMA = {
    "anyOf": [
        {"type": "number", "minimum": 0},
        {"type": "string", "pattern": r"^\d+(\.\d+)?%$"},
    ]
}
Share = Annotated[float, BeforeValidator(_share), Field(ge=0, le=1), WithJsonSchema(_SHARE_SCHEMA)]
"""A number from 0 to 1, written like `2%` or `0.02`."""
Part = Annotated[float, BeforeValidator(_share), Field(ge=0, le=10), WithJsonSchema(_SHARE_SCHEMA)]
"""A share of a time that may go beyond the whole: `80%`, `150%`."""
Name = Annotated[str, Field(min_length=1, max_length=200)]
Sentence = Annotated[str, Field(min_length=1, max_length=500)]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.-]{0,63}$")]
QueueName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
Globs = Annotated[
    list[Name],
    BeforeValidator(_several),
    Field(min_length=1),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
"""One pattern or several, `*` for everything; see `globs` for plain and path patterns."""
Amount = Annotated[float, Field(ge=0, allow_inf_nan=False, strict=False)]
