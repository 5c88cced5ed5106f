"""The fields of a policy as people speak of them, and which way a change of each goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ..domain.artifact import Risk
from ..domain.instant import DAY, HOUR, MINUTE, SECOND, WEEK
from .directions import (
    Direction,
    broader,
    choice,
    fewer,
    larger,
    later,
    less,
    more,
    narrower,
    narrower_paths,
    neutral,
    present,
)
from .document import ChainStep


def told(value: Any) -> str:
    """A value of the file in words."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return ", ".join(map(told, value)) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{name} {told(one)}" for name, one in value.items()) or "none"
    if hasattr(value, "model_dump"):
        return told(value.model_dump(mode="json", exclude_defaults=True))
    return str(value) or "none"


def duration(value: int | None) -> str:
    """A duration as the file has it: `4h`, `1d12h`."""
    if value is None:
        return "none"
    units = ((WEEK, "w"), (DAY, "d"), (HOUR, "h"), (MINUTE, "m"), (SECOND, "s"), (1000, "ms"))
    found = ""
    for size, unit in units:
        number, value = divmod(value, size)
        found += f"{number}{unit}" if number else ""
    return found or "0s"


def share(value: float | None) -> str:
    """A share in per cent."""
    return "none" if value is None else f"{value * 100:.6g}%"


def dollars(value: float | None) -> str:
    """US dollars."""
    return "none" if value is None else f"${value:,.6g}"


def chain(steps: Sequence[ChainStep]) -> str:
    """An escalation chain in words: `80% to on-call; 100% to lead, paged, again every 30m`."""
    return "; ".join(map(_step, steps)) or "none"


def _step(step: ChainStep) -> str:
    said = f"{share(step.after)} to {step.to}"
    if step.page:
        said += ", paged"
    if step.notify:
        said += f", told by {', '.join(step.notify)}"
    if step.repeat is not None:
        said += f", again every {duration(step.repeat.every)} {step.repeat.times} times"
    return said


class Aspect(NamedTuple):
    """One field: what people call it, which way a change goes, and how its values are said."""

    field: str
    noun: str
    direction: Direction = neutral
    say: Callable[[Any], str] = told


_RISKS = tuple(str(risk) for risk in Risk)
_MODES = ("autonomous", "assisted", "shadow")
_LOOSE_TO_STRICT_RISKS = tuple(reversed(_RISKS))

ACTIVATION = (
    Aspect("four_eyes", "needs a second person", present),
    Aspect("by", "by whom", fewer),
)
QUEUE = (
    Aspect("reviewers", "reviewers", fewer),
    Aspect("lead", "lead"),
    Aspect("roles", "roles that decide", fewer),
    Aspect("quorum", "people who must approve", more),
    Aspect("four_eyes", "four eyes", present),
    Aspect("looks", "members to look at before a bulk decision", more),
    Aspect("escalate", "escalation chain", neutral, chain),
)
AGENT = (
    Aspect("mode", "mode", later(*_MODES)),
    Aspect("new_version", "mode of a new version", later(*_MODES)),
    Aspect("owner", "owner"),
    Aspect("identities", "identities", narrower),
)
AUTONOMY = (
    Aspect("confidence", "least confidence for deciding alone", more, share),
    Aspect("risk", "highest risk for deciding alone", later(*_LOOSE_TO_STRICT_RISKS)),
    Aspect("known_shapes", "decisions on a shape before it is decided alone", more),
    Aspect("spread", "deviations that a number may lie from what was approved", less),
    Aspect("sample", "share that people see all the same", more, share),
    Aspect("cohort", "share of subjects for which it is live", less, share),
)
BUDGET = (
    Aspect("rate", "share that may be wrong", less, share),
    Aspect("window", "window of the error budget", neutral, duration),
    Aspect("least", "decisions before the error budget counts", less),
    Aspect("mistakes", "what counts as a mistake", larger),
    Aspect("then", "what a spent error budget leaves", later("assisted", "shadow", "stop")),
)
COST = (
    Aspect("task", "cost of a task", less, dollars),
    Aspect("day", "cost of a day", less, dollars),
)
RATES = (Aspect("hour", "writes in an hour", less), Aspect("day", "writes in a day", less))
SPEND = (
    Aspect("field", "field of the amounts"),
    Aspect("hour", "sum in an hour", less),
    Aspect("day", "sum in a day", less),
)
GRANT = (
    Aspect("write", "writes", narrower),
    Aspect("system", "systems", narrower),
    Aspect("resource", "resources", narrower_paths),
    Aspect("identity", "identities", narrower),
    Aspect("actions", "actions", narrower),
    Aspect("fields", "fields", narrower_paths),
    Aspect("recipients", "recipients", narrower),
    Aspect("rows", "rows", less),
    Aspect("over", "what goes over its limits goes to", later("person", "deny")),
)
LIMIT = (
    Aspect("least", "least", more),
    Aspect("most", "most", less),
    Aspect("most_change", "largest change", less),
    Aspect("one_of", "allowed values", choice),
    Aspect("longest", "longest", less),
    Aspect("matches", "pattern", present),
)
RULE = (
    Aspect("about", "sentence"),
    Aspect("each", "looked at for each"),
    Aspect("agent", "agents", broader),
    Aspect("kind", "kinds", broader),
    Aspect("write", "types of writes"),
    Aspect("when", "condition"),
)


def _raises(old: Risk | None, new: Risk | None) -> Any:
    levels = (None if one is None else one.level for one in (old, new))
    return more(*levels)


THEN = (
    Aspect("risk", "raises the risk to", _raises),
    Aspect("queue", "queue"),
    Aspect("quorum", "people who must approve", more),
    Aspect("roles", "roles that decide", fewer),
    Aspect("four_eyes", "four eyes", present),
    Aspect("looks", "members to look at before a bulk decision", more),
    Aspect("due", "time to decide", less, duration),
    Aspect("reason", "reason"),
    Aspect("person", "goes to a person", present),
    Aspect("lift_out", "lifted out of groups", present),
    Aspect("deny", "denied", present),
)
