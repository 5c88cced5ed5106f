"""Agents as text and as JSON: modes, error budgets as bars, what waits to be decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ..domain.instant import iso
from ..policy.promotion import AGAIN
from ..policy.roster import begins
from ..untrusted import one_line
from .facts import at
from .output import Table

if TYPE_CHECKING:
    from ..domain.governance import Cap, Stop
    from ..policy.promotion import Promotion
    from ..policy.roster import InForce

BAR = 10
_COLUMNS = (
    ("agent", 24), ("kind", 18), ("version", 12), ("mode", 10), ("budget left", 40),
    ("decided", 9), ("mistakes", 12), ("alone", 9),
)  # fmt: skip


def lines(agents: list[InForce], room: int | None) -> Iterator[tuple[str, str]]:
    """The table, then what is to be known of each in sentences; lines with their style."""
    if not agents:
        yield "No agent has handed anything in, and the policy names none.", ""
        return
    yield from Table(_COLUMNS, room).add([row for one in agents for row in _rows(one)])
    for one in agents:
        said = list(_sentences(one))
        if said:
            yield "", ""
            yield _name(one), "bold"
            yield from said


def bar(left: float) -> str:
    """What is left of a budget as a bar; full only where all is left, empty only where none is."""
    cells = min(max(round(left * BAR), int(left > 0)), BAR - int(left < 1))
    return f"[{'#' * cells}{'-' * (BAR - cells)}]"


def _rows(one: InForce) -> Iterable[list[str]]:
    """A line for the version at work, and one for each other version in the window."""
    gauge, versions = one.gauge, one.versions
    budget, mistakes = "no budget", ""
    if gauge is not None:
        budget = f"{bar(gauge.left)} {gauge.left:4.0%}" + ("  spent" if gauge.spent else "")
        mistakes = f"{gauge.mistakes:,} of {gauge.allowed:,}"
    elif versions:
        mistakes = f"{sum(work.mistakes for work in versions):,}"
    name = [one_line(one.agent, 24), one_line(one.kind, 18)]
    only = versions[0] if len(versions) == 1 else None
    newest = one_line(only.version, 12) if only is not None else ""
    mode = one.new_version if begins(one, only) else one.mode
    numbers = [f"{one.tally.decided:,}", mistakes, f"{one.tally.automatic:,}"]
    yield [*name, newest, mode, budget, *numbers]
    for work in versions if len(versions) > 1 else ():
        own = [f"{work.decided:,}", f"{work.mistakes:,}", f"{work.automatic:,}"]
        starts = one.new_version if begins(one, work) else ""
        yield ["", "", one_line(work.version, 12), starts, "", *own]


def _sentences(one: InForce) -> Iterator[tuple[str, str]]:
    """Why its mode is not simply the policy's, and what a person may do about it."""
    if len(one.why) > 1:
        for why in one.why:
            yield f"  {_said(why)}", ""
    spent = one.gauge is not None and one.gauge.spent
    for burn in one.burns[:1] if not spent else ():
        yield f"  {_said(burn.sentence)}", "alert" if burn.pace.page else "yellow"
    if one.caps and one.proposed is None and one.promotion is None:
        yield "  A cap stays until a person lifts it: `reviewer cap … autonomous`.", "dim"
    if one.proposed is not None:
        yield f"  Proposed: {_said(one.proposed.why)}", "cyan"
        if one.promotion is None:
            yield "  That holds no longer.", "alert"
        elif one.caps:
            yield "  `reviewer promote` agrees to it. With --decline it says no.", "dim"
        else:
            yield "  The policy is what says less; the mode is changed there.", "dim"
    elif one.promotion is not None:
        yield f"  Could be proposed: {_said(one.promotion.why)}", "dim"
    if one.declined is not None:
        no = one.declined
        who, when = one_line(no.by, 40), iso(no.at)[:10]
        yield f"  {who} declined to make it {no.mode}, {when}: {_said(no.why)}", "yellow"
        yield f"  {AGAIN}", "dim"


def _name(one: InForce) -> str:
    kind = f" ({one_line(one.kind, 40)})" if one.kind else ""
    return f"{one_line(one.agent, 60)}{kind}: {one.mode}"


def _said(text: str) -> str:
    return one_line(text, 600)


def document(one: InForce) -> dict[str, Any]:
    """One agent's kind as a JSON value."""
    budget, gauge = one.budget, one.gauge
    return {
        "agent": one.agent,
        "kind": one.kind,
        "mode": one.mode,
        "why": list(one.why),
        "policy_mode": one.policy_mode,
        "new_version": one.new_version,
        "decided": one.tally.decided,
        "automatic": one.tally.automatic,
        "sampled": one.tally.sampled,
        "denied": one.tally.denied,
        "window_seconds": one.window // 1_000_000,
        "budget": None
        if budget is None or gauge is None
        else {
            "rate": budget.rate,
            "least": budget.least,
            "counts": list(budget.mistakes),
            "then": budget.then,
            "mistakes": gauge.mistakes,
            "allowed": gauge.allowed,
            "share": gauge.share,
            "left": gauge.left,
            "spent": gauge.spent,
        },
        "versions": [
            {
                "version": work.version,
                "decided": work.decided,
                "mistakes": work.mistakes,
                "automatic": work.automatic,
                "last": at(work.at),
            }
            for work in one.versions
        ],
        "stopped": None if one.stop is None else _stop(one.stop),
        "caps": [_cap(cap) for cap in one.caps],
        "proposed": None if one.proposed is None else _cap(one.proposed),
        "declined": None if one.declined is None else _cap(one.declined),
        "promotion": None if one.promotion is None else _promotion(one.promotion),
        "burns": [
            {
                "factor": burn.pace.factor,
                "long": burn.long_burn,
                "short": burn.short_burn,
                "page": burn.pace.page,
                "sentence": burn.sentence,
            }
            for burn in one.burns
        ],
    }


def _stop(stop: Stop) -> dict[str, Any]:
    return {"agent": stop.agent, "because": stop.why, "by": stop.by, "at": at(stop.at)}


def _cap(cap: Cap) -> dict[str, Any]:
    named = {"kind": cap.kind, "mode": cap.mode, "because": cap.why, "by": cap.by}
    return named | {"at": at(cap.at)}


def _promotion(one: Promotion) -> dict[str, Any]:
    evidence = [
        {
            "version": shown.version,
            "since": at(shown.since),
            "decided": shown.decided,
            "mistakes": shown.mistakes,
            "bound": shown.bound,
        }
        for shown in one.evidence
    ]
    return {"mode": one.mode, "why": one.why, "lifts": one.lifts, "evidence": evidence}
