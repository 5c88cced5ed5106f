"""The policy file as values: who may write what, as whom, who decides, how fast.

The file is YAML 1.2 and read by `reading.read`, which names line and column of what is wrong.
`*` as the name of a queue or an agent stands for every one that has no entry of its own.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from ..domain.artifact import Risk
from .agents import AgentPolicy
from .rule import Rule
from .values import Code, Duration, Model, Name, Part, QueueName, Sentence

ANY = "*"
Role = Literal["reviewer", "lead", "admin", "auditor"]


class Repeat(Model):
    """A step is taken again `every` so often, `times` times at most, while nobody has decided."""

    every: Duration
    times: Annotated[int, Field(ge=1, le=100)] = 3


class ChainStep(Model):
    """One step of an escalation chain.

    `after` is a share of the time from admission to the due time.  `to` is `on-call`, `lead`, a
    person, `@group` or `queue:NAME`; `page` calls the pager besides; `notify` names channels.
    """

    after: Part
    to: Name
    page: bool = False
    notify: list[Name] = []
    repeat: Repeat | None = None


class QueuePolicy(Model):
    """One queue: who works it, how fast, who must agree, and what happens when nobody does.

    `reviewers` are persons and `@groups`; where there are any, only they, leads and admins decide.
    `four_eyes`: neither the agent's owner nor the one on whose behalf it was asked may approve.
    `looks` is how many members of a group must have been looked at before it is decided as one.
    """

    reviewers: list[Name] = []
    lead: Name | None = None
    roles: list[Role] = []
    sla: dict[Annotated[Risk, Field(strict=False)], Duration] = {}
    quorum: Annotated[int, Field(ge=1, le=9)] = 1
    four_eyes: bool = False
    looks: Annotated[int, Field(ge=0, le=100)] = 0
    escalate: list[ChainStep] = []


class OverridePolicy(Model):
    """Somebody else is on call from `start` until before `end` (local wall times, ISO 8601)."""

    start: str
    end: str
    person: Name


class RotationPolicy(Model):
    """People who are on call for a queue in turn (see `schedule.Rotation`)."""

    queue: Name = ANY
    people: Annotated[list[Name], Field(min_length=1)]
    starts: str
    every: str
    zone: str
    overrides: list[OverridePolicy] = []


class Activation(Model):
    """How another policy takes this one's place; with `four_eyes` a second person must agree."""

    four_eyes: bool = False
    by: list[Name] = []


class Assistant(Model):
    """`blind_first`: the assistant's opinion stays hidden until the reviewer has one."""

    blind_first: bool = True


class Masking(Model):
    """What is masked before anything goes to exports of labels and to notifications.

    `fields` are patterns of JSON pointers into what writes change, everything under them included;
    `patterns` are regular expressions (RE2) over every text and number.
    """

    fields: list[Name] = []
    patterns: list[Name] = []


class Webhook(Model):
    """A Slack-compatible incoming webhook; `secret` names an entry of the OS keyring instead."""

    type: Literal["webhook"]
    url: Annotated[str, Field(pattern=r"^https?://", max_length=8192)] | None = None
    secret: Name | None = None


class Mail(Model):
    """E-mail over SMTP with STARTTLS; `secret` names the password's entry in the OS keyring."""

    type: Literal["mail"]
    host: Name
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    tls: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    secret: Name | None = None
    sender: Name
    to: Annotated[dict[Name, Name], Field(min_length=1)]


class Terminal(Model):
    """A note on the desk of whoever it is for (a bell, OSC 9)."""

    type: Literal["terminal"]


Channel = Annotated[Webhook | Mail | Terminal, Field(discriminator="type")]


class Policy(Model):
    """The whole file, format 1."""

    version: Literal[1]
    name: Annotated[str, Field(max_length=200)] = ""
    about: Annotated[str, Field(max_length=4000)] = ""
    activation: Activation = Activation()
    groups: dict[Name, list[Name]] = {}
    queues: dict[QueueName | Literal["*"], QueuePolicy] = {}
    on_call: list[RotationPolicy] = []
    agents: Annotated[dict[Name, AgentPolicy], Field(min_length=1)]
    rules: list[Rule] = []
    reasons: dict[Code, Sentence] = {}
    assistant: Assistant = Assistant()
    masking: Masking = Masking()
    notify: dict[Name, Channel] = {}

    def document(self) -> dict[str, Any]:
        """The plain values with defaults left out; what the digest is made of."""
        return self.model_dump(mode="json", exclude_defaults=True)


_TOLD = {
    "version": "The format of the file.",
    "name": "What people call this policy.",
    "about": "What it is for, in words.",
    "activation": "How another policy takes this one's place.",
    "groups": "People by group; `@name` stands for a group wherever a person does.",
    "queues": "Who works each queue, how fast, and what happens when nobody does.",
    "on_call": "Who is on call in turn.",
    "agents": "What each agent may write, as whom, and how much of it alone.",
    "rules": "When this holds, that follows; of several rules the strictest wins.",
    "reasons": "Codes of reasons of your own, each with its meaning.",
    "assistant": "How the assistant takes part.",
    "masking": "What nobody but reviewers may see.",
    "notify": "Channels by which people are told.",
}
_ADAPTER: TypeAdapter[Policy] = TypeAdapter(Policy)


def json_schema() -> dict[str, Any]:
    """The published JSON Schema (draft 2020-12), by which editors complete the file."""
    schema = _ADAPTER.json_schema(mode="validation")
    for name, told in _TOLD.items():
        schema["properties"][name]["description"] = told
    names = {"pattern": r"^(\*|[a-z0-9][a-z0-9_.-]{0,63})$"}
    schema["properties"]["queues"]["propertyNames"] = names
    # a mapping whose keys follow a pattern has no others
    schema["properties"]["reasons"]["additionalProperties"] = False
    schema["$defs"]["ChainStep"]["properties"]["to"]["examples"] = ["on-call", "lead", "@group"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "reviewer:policy:1",
        **schema,
    }
