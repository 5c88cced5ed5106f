"""Error budgets: what the ledger adds up to, what is left of a budget, and how fast it burns.

Pure: the ledger's rows and the time come in.  Two kinds of mistakes are told apart, since they are
seen in different places.  People judge what they decide on (`reject`, `edit`), so those are a share
of people's decisions; outcomes (`failed`, `rolled_back`, `drifted`) befall whatever was approved,
so those are a share of all decisions, the policy's own among them.  The rate that a budget bounds
is the sum of both shares: a thousand decisions taken alone never thin out what a sample shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from ..domain import governance
from ..domain.governance import LedgerRow, Tally
from ..domain.instant import DAY, HOUR, MINUTE, long_duration
from .agents import AgentPolicy, Budget
from .facts import Standing

BUCKET = governance.BUCKET
bucket = governance.bucket
JUDGED = {"reject": "rejected", "edit": "edited"}
BEFALLEN = {"failed": "failed", "rolled_back": "rolled_back", "drifted": "drifted"}
_NAMES = tuple(field.name for field in fields(Tally))
_ROUNDING = 1e-12
"""Shares are quotients of floats: 29 of 100 is not more than 29 %."""


def add(one: Tally, other: Tally) -> Tally:
    """Two tallies as one; what is taken back is added with negative numbers."""
    return Tally(*(getattr(one, name) + getattr(other, name) for name in _NAMES))


def minus(tally: Tally) -> Tally:
    """What takes this tally back when it is added."""
    return Tally(*(-getattr(tally, name) for name in _NAMES))


def total(tallies: Iterable[Tally]) -> Tally:
    """Any number of tallies as one."""
    sums = dict.fromkeys(_NAMES, 0)
    for tally in tallies:
        for name in _NAMES:
            sums[name] += getattr(tally, name)
    return Tally(**sums)


def window(
    rows: Iterable[LedgerRow], now: int, length: int, *, version: str | None = None
) -> Tally:
    """What the buckets that reach into the last `length` microseconds add up to."""
    return total(
        row.tally
        for row in rows
        if now - length < row.at + BUCKET
        and row.at <= now
        and (version is None or row.version == version)
    )


def by_kind(rows: Iterable[LedgerRow]) -> dict[tuple[str, str], list[LedgerRow]]:
    """The rows by agent and kind, which budgets go by, in the order in which they come."""
    found: dict[tuple[str, str], list[LedgerRow]] = {}
    for row in rows:
        found.setdefault((row.agent, row.kind), []).append(row)
    return found


def budget_of(agent: AgentPolicy | None, kind: str) -> Budget | None:
    """The budget of an agent's kind: its own, else the agent's, else none."""
    if agent is None:
        return None
    own = agent.kinds.get(kind)
    return own.budget if own is not None and own.budget is not None else agent.budget


def judged(budget: Budget, tally: Tally) -> int:
    """Mistakes that people found while deciding, of those that the budget counts."""
    return sum(getattr(tally, name) for code, name in JUDGED.items() if code in budget.mistakes)


def befallen(budget: Budget, tally: Tally) -> int:
    """Mistakes that outcomes showed, of those that the budget counts."""
    return sum(getattr(tally, name) for code, name in BEFALLEN.items() if code in budget.mistakes)


def standing(budget: Budget, tally: Tally, version_decided: int = 0) -> Standing:
    """How an agent's kind stands with its budget; `tally` is that of the budget's window."""
    outcomes = befallen(budget, tally)
    return Standing(
        decided=tally.decided,
        mistakes=judged(budget, tally) + outcomes,
        version_decided=version_decided,
        outcomes=outcomes,
        automatic=tally.automatic,
    )


def _share(standing: Standing, least: int, *, pad: bool) -> float:
    """The share of mistakes; of fewer than `least` it is none, or what `least` would make it."""
    share = 0.0
    everything = standing.decided + standing.automatic
    for number, of in (
        (standing.mistakes - standing.outcomes, standing.decided),
        (standing.outcomes, everything),
    ):
        if of >= least or pad:
            share += number / max(of, least, 1)
    return share


def spent(budget: Budget, standing: Standing) -> bool:
    """Whether a budget is spent: enough decisions, and a larger share of mistakes than its rate."""
    return _share(standing, budget.least, pad=False) > budget.rate + _ROUNDING


@dataclass(frozen=True, slots=True)
class Gauge:
    """How much of a budget is left.

    `share` is the share of mistakes, where fewer than the budget's least decisions count as that
    many; `allowed` is how many mistakes that many decisions may hold; `left` is a share from 0 to
    1 of the budget.  `spent` stays False while there are too few decisions to tell, whatever is
    left.
    """

    decided: int
    mistakes: int
    share: float
    allowed: int
    left: float
    spent: bool


def gauge(budget: Budget, tally: Tally) -> Gauge:
    """What is left of a budget; `tally` is that of the budget's window."""
    stands = standing(budget, tally)
    share = _share(stands, budget.least, pad=True)
    if budget.rate > 0:
        left = min(max(1.0 - share / budget.rate, 0.0), 1.0)
    else:
        left = 0.0 if stands.mistakes > 0 else 1.0
    return Gauge(
        decided=stands.decided,
        mistakes=stands.mistakes,
        share=share,
        allowed=int(budget.rate * max(stands.decided, budget.least) + 1e-9),
        left=left,
        spent=spent(budget, stands),
    )


@dataclass(frozen=True, slots=True)
class Pace:
    """One alert: the budget burns at least `factor` times too fast in both windows."""

    factor: float
    long: int
    short: int
    page: bool


PACES: tuple[Pace, ...] = (
    Pace(14.4, HOUR, 5 * MINUTE, page=True),
    Pace(6.0, 6 * HOUR, 30 * MINUTE, page=True),
    Pace(1.0, 3 * DAY, 6 * HOUR, page=False),
)
"""Multi-window, multi-burn-rate alerts: The Site Reliability Workbook (Google, 2018), chapter 5.

The long window shows that it matters, the short one that it still goes on.  The factors are those
of a budget of 30 days, of which 2 %, 5 % and 10 % are gone when they go off."""
FEWEST = 2
"""Mistakes in the long window below which nothing is told: one alone says nothing of a pace."""


@dataclass(frozen=True, slots=True)
class Burn:
    """A budget that burns too fast: whose, how many times too fast in which windows, in words."""

    agent: str
    kind: str
    pace: Pace
    long_burn: float
    short_burn: float
    sentence: str


def burns(agent: str, kind: str, budget: Budget, rows: Iterable[LedgerRow], now: int) -> list[Burn]:
    """The alerts of one agent's kind, the fastest pace first; `rows` are those of this kind."""
    if budget.rate <= 0:  # spent with its first mistake: there is no pace to tell of
        return []
    kept = [row for row in rows if row.at > now - PACES[-1].long - BUCKET]
    found = []
    for pace in PACES:
        long, short = (
            standing(budget, window(kept, now, length)) for length in (pace.long, pace.short)
        )
        fast = _share(long, 1, pad=False) / budget.rate
        still = _share(short, 1, pad=False) / budget.rate
        if long.mistakes >= FEWEST and min(fast, still) + _ROUNDING >= pace.factor:
            sentence = _burning(agent, kind, budget, pace, long, fast)
            found.append(Burn(agent, kind, pace, fast, still, sentence))
    return found


def _burning(agent: str, kind: str, budget: Budget, pace: Pace, long: Standing, fast: float) -> str:
    return (
        f"{agent} ({kind}) burns its error budget {fast:.1f} times too fast: "
        f"{counted(long)} in the last {spell(pace.long)}, where {percent(budget.rate)} may be; at "
        f"this pace the budget of {spell(budget.window)} is spent in "
        f"{long_duration(round(budget.window / fast))}."
    )


def spent_words(budget: Budget, standing: Standing) -> str:
    """That a budget is spent and by what, as the end of a sentence."""
    return (
        f"error budget of {spell(budget.window)} is spent: {counted(standing)}, where "
        f"{percent(budget.rate)} may be"
    )


def counted(standing: Standing) -> str:
    """Mistakes in words, each kind as a part of what it is a share of.

    For example `2 of 42 decisions by people were mistakes and 1 of 900 decisions ended badly`.
    """
    found = standing.mistakes - standing.outcomes
    parts = []
    if found or not standing.outcomes:
        were = "was a mistake" if found == 1 else "were mistakes"
        parts.append(f"{found:,} of {standing.decided:,} decisions by people {were}")
    if standing.outcomes:
        everything = standing.decided + standing.automatic
        parts.append(f"{standing.outcomes:,} of {everything:,} decisions ended badly")
    return " and ".join(parts)


def percent(share: float) -> str:
    """A share in words with three digits that matter, e.g. `2 %`, `0.99 %`."""
    return f"{float(f'{share * 100:.3g}'):g} %"


def spell(length: int) -> str:
    """A window in words in its largest whole unit, e.g. `30 d`, `6 h`, `5 min`."""
    for size, unit in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
        if length >= size and length % size == 0:
            return f"{length // size} {unit}"
    return long_duration(length)
