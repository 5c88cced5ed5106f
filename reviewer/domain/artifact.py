"""The artifact (wire format 1): what an agent hands in for review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from pydantic import Field, JsonValue, TypeAdapter, ValidationError, model_validator

from .context import ContextItem, When
from .decision import QUEUE_NAME, QUEUE_NAMES
from .digest import digest
from .errors import InputError
from .strict_json import check, loads, pointer
from .writes import PATTERNS, Model, Name, Text, Write

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_T = TypeVar("_T")

TOLD = 3
"""How many places that are wrong an error names; of more it says how many."""

Money = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0)]


class Risk(StrEnum):
    """How much harm a wrong write can do."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def level(self) -> int:
        """0 for low to 3 for critical."""
        return list(Risk).index(self)


_CODE = r"^[a-z][a-z0-9_.-]{0,63}$"
_KIND = r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$"
_QUEUE = rf"^({QUEUE_NAME})?$"
_MEANT = PATTERNS | {
    _CODE: "a code is small letters, digits, '.', '_' and '-', as low_confidence",
    _KIND: "a kind is letters, digits, '.', '_', ':' and '-', as refund",
    _QUEUE: QUEUE_NAMES,
}


class Agent(Model):
    """Who proposes."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    version: Annotated[str, Field(max_length=200)] = ""
    model: Annotated[str, Field(max_length=200)] = ""
    run_id: Annotated[str, Field(max_length=200)] = ""


class Identity(Model):
    """As whom the writes would be made, and for whom."""

    act_as: Annotated[str, Field(max_length=200)] = ""
    on_behalf_of: Annotated[str, Field(max_length=200)] = ""
    scopes: list[Name] = []


class Escalation(Model):
    """A reason why a person sees this; `evidence` is an index into the context."""

    code: Annotated[str, Field(pattern=_CODE)]
    detail: Text = ""
    source: Literal["agent", "policy", "budget", "sample", "person", "drift"] = "agent"
    score: Annotated[float, Field(allow_inf_nan=False)] | None = None
    evidence: Count | None = None


class Cost(Model):
    """What the run has cost so far: US dollars, tokens, seconds, steps."""

    usd: Money | None = None
    input_tokens: Count | None = None
    output_tokens: Count | None = None
    seconds: Money | None = None
    steps: Count | None = None


class Trace(Model):
    """Where the run can be looked at (W3C Trace Context)."""

    traceparent: Annotated[str, Field(max_length=200)] = ""
    url: Annotated[str, Field(max_length=8192)] = ""


class Reply(Model):
    """Where the decision goes besides polling."""

    webhook: Annotated[str, Field(pattern=r"^https?://", max_length=8192)] | None = None


_HOLDS = ("writes", "escalations")
"""An artifact that holds neither gives a person nothing to look at."""

DecisionAllowed = Literal["approve", "edit", "reject", "respond"]


class Artifact(Model):
    """Proposed writes with their context and reasons, wire format 1."""

    format: Literal[1] = 1
    key: Annotated[str, Field(max_length=200)] = ""
    agent: Agent
    kind: Annotated[str, Field(pattern=_KIND)]
    title: Annotated[str, Field(min_length=1, max_length=2000)]
    summary: Text = ""
    queue: Annotated[str, Field(pattern=_QUEUE)] = ""
    identity: Identity = Identity()
    writes: list[Write] = []
    context: list[ContextItem] = []
    escalations: list[Escalation] = []
    confidence: Share | None = None
    risk: Annotated[Risk, Field(strict=False)] = Risk.MEDIUM
    cost: Cost = Cost()
    trace: Trace = Trace()
    due_at: When | None = None
    expires_at: When | None = None
    on_expiry: Literal["reject", "escalate"] = "reject"
    allowed: Annotated[list[DecisionAllowed], Field(min_length=1)] = [
        "approve",
        "edit",
        "reject",
        "respond",
    ]
    reply: Reply = Reply()
    supersedes: Annotated[str, Field(max_length=200)] | None = None
    metadata: dict[str, JsonValue] = {}

    @model_validator(mode="after")
    def _reviewable(self) -> Artifact:
        if not any(getattr(self, name) for name in _HOLDS):
            raise ValueError("an artifact holds at least one write, or an escalation that says why")
        if self.key and self.supersedes == self.key:
            raise ValueError("an artifact cannot supersede itself")
        return self

    def document(self) -> dict[str, Any]:
        """The JSON document with defaults left out: two artifacts that mean the same are equal."""
        return self.model_dump(mode="json", exclude_defaults=True)

    @property
    def decisions(self) -> tuple[str, ...]:
        """The decisions a reviewer may take; without a write there is none to approve or edit."""
        return tuple(
            kind for kind in self.allowed if self.writes or kind not in ("approve", "edit")
        )

    def with_writes(self, writes: Sequence[Any]) -> Artifact:
        """The same artifact with other writes (an edit); the writes are valid already."""
        return self.model_copy(update={"writes": list(writes)})


_ADAPTER: TypeAdapter[Artifact] = TypeAdapter(Artifact)
_WRITE: TypeAdapter[Write] = TypeAdapter(Write)
_WRITES: TypeAdapter[list[Write | None]] = TypeAdapter(list[Write | None])


def parse(raw: str | bytes | Mapping[str, Any]) -> Artifact:
    """An artifact from JSON text or from a Python mapping.

    Raises `InputError` that names the places (JSON pointers) of the first things that are wrong.
    """
    value = _strict(raw)
    if not isinstance(value, Mapping):
        raise InputError("an artifact is a JSON object")
    if value.get("format", 1) != 1 or isinstance(value.get("format"), bool):
        raise InputError(
            f"this program reads format 1, not {value['format']!r}",
            "/format",
            "Leave 'format' out or update reviewer.",
        )
    return _validated(_ADAPTER, value)


def parse_writes(raw: str | bytes | Sequence[Any]) -> tuple[Write | None, ...]:
    """Edited writes, one for each proposed one, null where dropped; raises `InputError`."""
    value = _strict(raw)
    if not isinstance(value, list | tuple):
        raise InputError("edited writes are a JSON array, one entry for each proposed write")
    writes: list[Write | None] = _validated(_WRITES, list(value))
    return tuple(writes)


def parse_write(value: Any) -> Write:
    """One edited write; raises `InputError` with places counted from the write."""
    return _validated(_WRITE, _strict(value))


def artifact_digest(artifact: Artifact) -> str:
    """The digest that a decision on this artifact names."""
    return digest("artifact", artifact.document())


def json_schema() -> dict[str, Any]:
    """The published JSON Schema (draft 2020-12) of wire format 1."""
    schema = _ADAPTER.json_schema()
    holds = [{"required": [name], "properties": {name: {"minItems": 1}}} for name in _HOLDS]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "reviewer:artifact:1",
        **schema,
        "anyOf": holds,
    }


def instant_of(when: datetime | None) -> int | None:
    """A model's time in microseconds, or None."""
    from .instant import from_datetime

    return None if when is None else from_datetime(when)


def _strict(raw: Any) -> Any:
    if isinstance(raw, str | bytes):
        return loads(raw)
    check(raw)
    return raw


def _validated(adapter: TypeAdapter[_T], value: Any) -> _T:
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        raise _told(error) from None


def _told(error: ValidationError) -> InputError:
    """The first places that are wrong; a name that is not known goes first: others follow from it.

    The error's place is the first one's.
    """
    details = error.errors(include_url=False, include_input=False)
    details.sort(key=lambda detail: detail["type"] != "extra_forbidden")
    place, why = _place_and_reason(details[0])
    also = "".join(f"; {at}: {reason}" for at, reason in map(_place_and_reason, details[1:TOLD]))
    more = f" (and {len(details) - TOLD} more)" if len(details) > TOLD else ""
    return InputError(why + also + more, place)


def _place_and_reason(detail: ErrorDetails) -> tuple[str, str]:
    tags = {"file", "record", "rows", "sql", "request", "message", "tool_call", "document"} | {
        "tool_result",
        "note",
        "link",
        "str",
        "int",
        "list",
        "dict",
        "float",
        "bool",
    }
    parts = detail["loc"]
    # pydantic names the union member it tried; a JSON pointer must not
    place = pointer(
        tuple(
            part
            for i, part in enumerate(parts)
            if not (part in tags and (i == 0 or isinstance(parts[i - 1], int)))
        )
    )
    why = detail["msg"].removeprefix("Value error, ")
    if detail["type"] == "extra_forbidden":
        why = "this field is not known (own fields go under /metadata)"
    elif detail["type"] == "missing":
        why = "this field is missing"
    elif detail["type"] == "string_pattern_mismatch":
        why = _MEANT.get(detail["ctx"]["pattern"], why)
    return place, why[:1].lower() + why[1:]
