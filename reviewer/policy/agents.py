"""What the policy file says of an agent: owner, identities, grants, mode, budgets."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field, JsonValue, WithJsonSchema

from ..domain.artifact import Risk
from .values import Amount, Duration, Globs, Model, Name, Share, _several

Mode = Literal["shadow", "assisted", "autonomous"]
MODES: tuple[Mode, ...] = ("shadow", "assisted", "autonomous")
"""From the most careful to the least."""
WriteType = Literal[
    "file", "record", "rows", "sql", "request", "message", "tool_call", "document", "*"
]
_TYPE = {"enum": [*get_args(WriteType)]}
Types = Annotated[
    list[WriteType],
    BeforeValidator(_several),
    Field(min_length=1),
    WithJsonSchema({"anyOf": [_TYPE, {"type": "array", "items": _TYPE, "minItems": 1}]}),
]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Mistake = Literal["reject", "edit", "failed", "rolled_back", "drifted"]


class Limit(Model):
    """What the values at a place must keep to, as they stand when the write is done.

    `least` and `most` are for numbers, and what is no number there is not covered: neither a text
    "5" nor true.  `most_change` bounds how far a number goes from what it was before, and so needs
    one before.  `longest` bounds the characters of a text or the entries of a list, `matches` (RE2)
    describes the whole of a text, `one_of` are the values that are allowed.
    """

    least: Finite | None = None
    most: Finite | None = None
    most_change: Amount | None = None
    one_of: list[JsonValue] | None = None
    longest: Annotated[int, Field(ge=0)] | None = None
    matches: Name | None = None


class Rates(Model):
    """How many writes in any hour, and in any day."""

    hour: Annotated[int, Field(ge=0)] | None = None
    day: Annotated[int, Field(ge=0)] | None = None


class Spend(Model):
    """How much may be written in sum: `field` is the JSON pointer pattern of the amounts."""

    field: Name
    hour: Amount | None = None
    day: Amount | None = None


class Grant(Model):
    """Writes that an agent may propose: type, system, resource, identity, fields, values, rates.

    `resource`, `fields` and the places of `limits` are path patterns: `*` stays within a step, `**`
    crosses `/`, and `*` alone is everything.  A request's resource is its address without the
    query; one that can be read in two ways (steps up, escaped slashes) is only covered by `*`.
    `fields` are JSON pointers into what the write changes, and a write that changes any other field
    is not covered; `changes` says which fields each type of write has.  `actions` are a file's
    action (in any case); `create`, `modify`, `delete` of a record or document; `insert`, `update`,
    `delete` of rows; a request's method; an SQL text's verbs; a message's channel; a tool's name.
    `recipients` are addresses without names.  `rows` is the most rows that one write changes.  Of
    what goes over a rate or a spend, `over` says whether a person sees it or whether it is denied.
    """

    id: Name | None = None
    write: Types
    system: Globs = ["*"]
    resource: Globs = ["*"]
    identity: Globs = ["*"]
    actions: Globs = ["*"]
    fields: Globs = ["*"]
    recipients: Globs = ["*"]
    limits: dict[Name, Limit] = {}
    rows: Annotated[int, Field(ge=0)] | None = None
    rates: Rates = Rates()
    spend: Spend | None = None
    over: Literal["person", "deny"] = "person"


class Budget(Model):
    """The share of an agent's work that may be wrong in a window before it falls back to people.

    It is spent when at least `least` decisions were taken in `window` and more than `rate` of them
    were `mistakes`; then the agent is at most `then`, or stopped.
    """

    rate: Share
    window: Duration
    least: Annotated[int, Field(ge=1)] = 20
    mistakes: list[Mistake] = ["reject", "edit", "rolled_back"]
    then: Literal["assisted", "shadow", "stop"] = "assisted"


class CostLimit(Model):
    """US dollars that one task, and all tasks of a day, may have cost; beyond, a person sees it."""

    task: Amount | None = None
    day: Amount | None = None


class Autonomy(Model):
    """The limits inside which `autonomous` decides alone; all else goes to people.

    `confidence` is the least (with 0 the agent need not give any), `risk` the highest;
    `known_shapes` how often its shape must have
    been decided before, 0 for never minding; `spread` how many standard deviations a number may
    lie from what was approved before, None for never minding; `sample` is the share that goes to
    people all the same, `cohort` the share of subjects for which it is live at all.
    """

    confidence: Share = 0.8
    risk: Annotated[Risk, Field(strict=False)] = Risk.MEDIUM
    known_shapes: Annotated[int, Field(ge=0)] = 1
    spread: Amount | None = 4.0
    sample: Share = 0.05
    cohort: Share = 1.0


class KindPolicy(Model):
    """What differs for one kind of an agent's tasks."""

    mode: Mode | None = None
    autonomy: Autonomy | None = None
    budget: Budget | None = None
    cost: CostLimit | None = None


class AgentPolicy(Model):
    """One agent; without a grant it may write nothing at all.

    `new_version` is the mode in which a version that has never been decided on starts.
    """

    owner: Name | None = None
    identities: Globs = ["*"]
    mode: Mode = "assisted"
    new_version: Mode = "assisted"
    autonomy: Autonomy = Autonomy()
    grants: list[Grant] = []
    budget: Budget | None = None
    cost: CostLimit = CostLimit()
    kinds: dict[Name, KindPolicy] = {}
