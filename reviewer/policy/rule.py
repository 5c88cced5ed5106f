"""One rule of the policy file: when it holds, and what then."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ..domain.artifact import Risk
from .agents import Types
from .values import Code, Duration, Globs, Model, Name, QueueName, Sentence


class Added(Model):
    """A reason that a rule adds to why a person sees it."""

    code: Code
    detail: Annotated[str, Field(max_length=500)] = ""


class Then(Model):
    """What a rule does; of several rules the strictest wins.

    `person` keeps the policy from deciding alone, and so does all that only people can give: a
    `reason`, `roles`, `four_eyes`, `looks`, `lift_out`, a `quorum` of more than one.  `lift_out`
    keeps it out of a group's decision until it was looked at; `deny` ends it with a sentence that
    the agent gets.  `queue` is the first that says one, `due` the earliest, `quorum`, `looks` and
    `risk` the highest; of several `roles` those that all of them name are left.
    """

    risk: Annotated[Risk, Field(strict=False)] | None = None
    queue: QueueName | None = None
    quorum: Annotated[int, Field(ge=1, le=9)] | None = None
    roles: list[Literal["reviewer", "lead", "admin"]] = []
    four_eyes: bool = False
    looks: Annotated[int, Field(ge=0, le=100)] | None = None
    due: Duration | None = None
    reason: Added | None = None
    person: bool = False
    lift_out: bool = False
    deny: Sentence | None = None


class Rule(Model):
    """When `when` (CEL) holds of an artifact, or of any one of its writes, `then` follows.

    `agent`, `kind` and `write` (types, of which the artifact holds one at least) narrow it down
    before anything is worked out.  `variables` lists what `when` may ask.  A rule that cannot be
    worked out sends the artifact to a person.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
    about: Annotated[str, Field(max_length=500)] = ""
    each: Literal["artifact", "write"] = "artifact"
    agent: Globs = ["*"]
    kind: Globs = ["*"]
    write: Types | None = None
    when: Annotated[str, Field(min_length=1, max_length=4000)] = "true"
    then: Then

    @property
    def name(self) -> Name:
        """What people are told: the sentence, else the id."""
        return self.about or self.id
