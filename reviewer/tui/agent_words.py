"""What is said of the agent under the cursor, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..domain.instant import long_duration
from ..policy.budget import percent, spell
from ..policy.promotion import AGAIN
from .due import moment
from .policy_words import MODES, mode_words, stopped_words
from .widgets.told import Line

if TYPE_CHECKING:
    from ..policy.agents import Grant
    from .agent_rows import AgentRow

GRANTS = 12
"""Grants that are told one by one."""
_GUTTER = "   "


def agent_lines(row: AgentRow | None, now: int) -> list[Line]:
    """Stop, promotion, mode, budget, burn, owner and grants; empty without an agent."""
    return list(_lines(row, now)) if row is not None else []


def _lines(row: AgentRow, now: int) -> Iterator[Line]:
    name = f"{row.agent} {row.version}".strip()
    about = f"  {row.kind}" if row.kind else "  every kind"
    yield Line(" ", ((name, "head"), (about, "dim")))
    if row.stop is not None:
        since = f"  since {moment(row.stop.at, now)}"
        yield Line(" ■ ", ((stopped_words(row.stop), "bad"), (since, "dim")), "bad")
        yield Line(_GUTTER, (("Nothing of it is admitted, approved or delivered.", "dim"),))
    if row.promotion is not None:
        yield Line(" ↑ ", (("A promotion is proposed: ", "mark"), (row.promotion.why, "")), "mark")
    if row.force.declined is not None:
        no = row.force.declined
        said = f"{no.by} declined to make it {no.mode}: {no.why}"
        yield Line(" ↓ ", ((said, "warn"), (f"  {moment(no.at, now)}", "dim")), "warn")
        yield Line(_GUTTER, ((AGAIN, "dim"),))
    yield from _mode(row)
    yield from _budget(row)
    for burn in row.force.burns:
        yield Line(" ! ", ((burn.sentence, "bad"),), "bad")
    yield from _entry(row)


def _mode(row: AgentRow) -> Iterator[Line]:
    sentence = MODES[row.mode][2] if row.mode in MODES else ""
    if row.stop is None:
        yield Line(" ", ((mode_words(row.mode), "head"), (f"  {sentence}", "dim")))
    why = row.why[:-1] if row.stop is not None else row.why
    for at, one in enumerate(why):
        yield Line(_GUTTER, ((one, "warn" if at else "dim"),))
    tally = row.force.tally
    facts = [f"{tally.decided:,} decided by people", f"{tally.automatic:,} by the policy"]
    facts += [f"{tally.rejected:,} rejected", f"{tally.edited:,} edited"]
    facts += [f"{tally.denied:,} denied"] * bool(tally.denied)
    yield Line(_GUTTER, ((" · ".join(facts) + f" in {spell(row.force.window)}", "dim"),))


def _budget(row: AgentRow) -> Iterator[Line]:
    budget, gauge = row.force.budget, row.force.gauge
    if budget is None or gauge is None:
        yield Line(" ", (("no error budget", "dim"),))
        return
    left = "spent" if gauge.spent else f"{gauge.left * 100:.0f} % left"
    style = "bad" if gauge.spent else "warn" if gauge.left < 0.25 else "good"
    yield Line(" ", (("error budget ", "head"), (left, style)))
    counted = ", ".join(mistake.replace("_", " ") for mistake in budget.mistakes)
    wrong = f"{gauge.mistakes:,} mistake{'s' * (gauge.mistakes != 1)}"
    said = f"{wrong} in {gauge.decided:,} decision{'s' * (gauge.decided != 1)}"
    said += f" of the last {spell(budget.window)}"
    if gauge.mistakes and gauge.decided < budget.least:
        said += f", counted as {budget.least:,}"  # else one in eight would read as two in a hundred
    said += f": {percent(gauge.share)} where {percent(budget.rate)} may be ({counted})"
    yield Line(_GUTTER, ((said, "dim"),))
    then = "it is stopped" if budget.then == "stop" else f"it is at most {budget.then}"
    if gauge.decided < budget.least:
        more = budget.least - gauge.decided
        yield Line(_GUTTER, ((f"{more:,} more decisions until it counts; then {then}", "dim"),))
    else:
        yield Line(_GUTTER, ((f"once spent, {then}", "dim"),))


def _entry(row: AgentRow) -> Iterator[Line]:
    entry = row.entry
    if entry is None:
        return
    owner = entry.owner or "nobody"
    yield Line(" ", (("owner ", "head"), (owner, ""), ("  acts as ", "dim"),
                     (", ".join(entry.identities), "")))  # fmt: skip
    number = len(entry.grants)
    if not number:
        yield Line(" ", (("no grant: it may write nothing", "warn"),))
        return
    yield Line(" ", ((f"{number} grant{'s' * (number != 1)}", "head"),))
    for at, grant in enumerate(entry.grants[:GRANTS]):
        yield Line(_GUTTER, ((_grant(grant, at), ""),))
    if number > GRANTS:
        yield Line(_GUTTER, ((f"and {number - GRANTS} more: P shows the policy", "dim"),))


def _grant(grant: Grant, at: int) -> str:
    name = grant.id or f"grant {at + 1}"
    parts = [f"{name}: {', '.join(grant.write)}"]
    for word, values in (
        ("in", grant.system), ("on", grant.resource), ("as", grant.identity),
        ("only", grant.fields), ("by", grant.actions),
    ):  # fmt: skip
        if list(values) != ["*"]:
            parts.append(f"{word} {', '.join(values)}")
    if grant.rates.hour is not None:
        parts.append(f"{grant.rates.hour} an hour")
    if grant.rates.day is not None:
        parts.append(f"{grant.rates.day} a day")
    if grant.limits:
        parts.append(f"{len(grant.limits)} limits on values")
    return " ".join(parts)


def ago(at: int, now: int) -> str:
    """`3 h 4 min ago`."""
    return f"{long_duration(now - at)} ago"
