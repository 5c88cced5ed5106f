"""Promotions: what an agent has shown well enough that people are asked to leave it more.

Pure, and nothing here promotes: `proposals` only says what to ask and in which words.

People look at these numbers every day and stop when they like them, so a common 95 % interval
would be wrong far more often than once in twenty.  `upper_bound` is right at all times at once.
Let k of n decisions be mistakes, each with the same chance p.  Under a uniform prior on the chance
the marginal likelihood of what was seen is B(k+1, n-k+1), so its ratio to the likelihood under p,

    M_n(p) = B(k+1, n-k+1) / (p^k (1-p)^(n-k)) = 1 / ((n+1) C(n,k) p^k (1-p)^(n-k)),

is a martingale that starts at 1 when p is true: a mixture of likelihood ratios.  By Ville's
inequality it ever reaches 1/alpha with a chance of at most alpha.  All p with M_n(p) < 1/alpha
therefore hold the true one at every n with a chance of 1-alpha; `upper_bound` is their upper end.
It is careful: of the prior only the part below p speaks against p, and that part by itself reaches
1/alpha with a chance of alpha p at most, so where mistakes are rare the bound is hardly ever wrong.

Sources: H. Robbins, Statistical Methods Related to the Law of the Iterated Logarithm, Annals of
Mathematical Statistics 41 (1970), 1397-1409, for (n+1) C(n,k) p^k (1-p)^(n-k) <= alpha; J. Ville,
Étude critique de la notion de collectif (1939); S. Howard, A. Ramdas, J. McAuliffe and J. Sekhon,
Time-uniform, nonparametric, nonasymptotic confidence sequences, Annals of Statistics 49 (2021), for
the beta-binomial mixture in general.

It holds for a beginning that was not chosen by looking at what came after it: a version's first
decision, the moment of a cap, a mark of the calendar.  It never holds for a window that rolls.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from ..domain.governance import Cap, LedgerRow, Tally
from ..domain.instant import DAY, to_datetime
from .agents import MODES, AgentPolicy, Mode
from .autonomy import terms
from .budget import BUCKET, befallen, budget_of, by_kind, gauge, judged, percent, total, window
from .document import ANY, Policy

ALPHA = 0.05
"""The chance that the bound is ever too low."""
DECLINED = "declined"
"""The state of a cap that says which proposal people declined last."""
AGAIN = (
    "It is proposed again once twice as many decisions count for it, or when a new version has"
    " shown enough."
)
SPAN = 90 * DAY
"""Evidence begins at a multiple of this, so that no more than two of them are ever read."""


def upper_bound(mistakes: int, decided: int, alpha: float = ALPHA) -> float:
    """What the chance of a mistake is below, at every number of decisions at once (see above).

    `mistakes` of `decided` were seen; the answer is a share from 0 to 1, and is never below the
    true one with a chance of 1 - `alpha`, however often and whenever one looks.
    """
    if decided <= 0 or mistakes >= decided:
        return 1.0
    constant = (
        math.log(decided + 1)
        + math.lgamma(decided + 1)
        - math.lgamma(mistakes + 1)
        - math.lgamma(decided - mistakes + 1)
        - math.log(alpha)
    )
    low, high = mistakes / decided, 1.0  # above its top the likelihood only falls
    while high - low > 1e-12:
        middle = (low + high) / 2
        right = constant + (decided - mistakes) * math.log1p(-middle)
        right += mistakes * math.log(middle) if mistakes else 0.0
        low, high = (middle, high) if right > 0 else (low, middle)
    return high


def begin(now: int) -> int:
    """Where evidence begins at the earliest: a mark of the calendar, one to two spans ago."""
    return max(0, now // SPAN - 1) * SPAN


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was seen of one version of an agent's kind since `since`, and what it bounds."""

    version: str
    since: int
    decided: int
    mistakes: int
    bound: float


@dataclass(frozen=True, slots=True)
class Promotion:
    """A promotion to ask people for: to which mode, and why in a sentence.

    `lifts` says that a cap stands in its way; otherwise it is the policy that says less, and a
    person changes it there.
    """

    agent: str
    kind: str
    mode: Mode
    why: str
    lifts: bool
    evidence: tuple[Evidence, ...]


def agent_of(policy: Policy, name: str) -> AgentPolicy | None:
    """What the policy says of an agent: its own entry, else that of `*`, else nothing."""
    return policy.agents.get(name) or policy.agents.get(ANY)


def mode_of(agent: AgentPolicy | None, kind: str) -> Mode:
    """The mode that the policy gives an agent's kind."""
    if agent is None:
        return "assisted"
    return terms(agent, kind).mode


def capped(caps: Iterable[Cap], agent: str, kind: str) -> list[Cap]:
    """The caps in force on an agent's kind, the most careful first."""
    found = [
        cap
        for cap in caps
        if cap.state == "capped" and cap.agent in (agent, ANY) and cap.kind in (kind, "")
    ]
    return sorted(found, key=lambda cap: _level(cap.mode))


def proposals(
    policy: Policy,
    ledger: Iterable[LedgerRow],
    caps: Sequence[Cap],
    now: int,
    stopped: Collection[str] = (),
) -> list[Promotion]:
    """The promotions that the ledger is good enough for, each one step up.

    An agent's kind is proposed when its bound is not above the rate of its error budget, which is
    not spent, and nobody stopped it; without a budget there is no rate to show.  Evidence is what
    the version at work now has done since it began or since the cap was set, whichever is later.

    What people declined is proposed again when the decisions that count have doubled since, or
    when a version is at work that had shown nothing then.
    """
    kinds = {
        (agent, kind): [row for row in rows if row.at <= now]
        for (agent, kind), rows in by_kind(ledger).items()
        if agent not in stopped and ANY not in stopped
    }
    found = []
    for cap in caps:
        if cap.state == "capped":
            found += _lifted(policy, kinds, caps, cap, now)
    for (agent, kind), rows in kinds.items():
        entry = agent_of(policy, agent)
        mode = mode_of(entry, kind)
        if mode == MODES[-1] or capped(caps, agent, kind):
            continue
        shown = _shown(entry, kind, rows, 0, now)
        above = MODES[_level(mode) + 1]
        if shown is not None and not _declined(caps, agent, kind, above, [(shown, rows)]):
            why = _sentence(agent, kind, entry, [shown], mode, above)
            found.append(Promotion(agent, kind, above, why, False, (shown,)))
    return found


def _lifted(
    policy: Policy,
    kinds: dict[tuple[str, str], list[LedgerRow]],
    caps: Sequence[Cap],
    cap: Cap,
    now: int,
) -> list[Promotion]:
    """The proposal to lift one cap: every kind that it holds must have shown enough since."""
    entry = agent_of(policy, cap.agent)
    level = _level(cap.mode)
    under = {
        kind: rows
        for (agent, kind), rows in kinds.items()
        if agent == cap.agent and cap.kind in (kind, "")
    }
    if not any(_level(mode_of(entry, kind)) > level for kind in under):
        return []
    seen = []
    for kind, rows in under.items():
        since = [row for row in rows if row.at >= cap.at]
        if cap.kind == "" and not total(row.tally for row in since).decided:
            continue
        shown = _shown(entry, kind, since, cap.at, now, before=rows)
        if shown is None:
            return []
        seen.append((shown, since))
    above = MODES[level + 1]
    if not seen or _declined(caps, cap.agent, cap.kind, above, seen):
        return []
    evidence = [shown for shown, _ in seen]
    kind = cap.kind or next(iter(under))
    why = _sentence(cap.agent, cap.kind, entry, evidence, cap.mode, above, kind)
    why += f" The cap was set by {cap.by}: {cap.why}"
    return [Promotion(cap.agent, cap.kind, above, why, True, tuple(evidence))]


def _declined(
    caps: Iterable[Cap],
    agent: str,
    kind: str,
    mode: str,
    seen: Sequence[tuple[Evidence, list[LedgerRow]]],
) -> bool:
    """Whether people said no to this, or to less, on much the same evidence.

    How much there was then is counted in the ledger: what was decided in the five minutes in which
    they said so belongs to it.
    """
    for cap in caps:
        if (cap.state, cap.agent, cap.kind) != (DECLINED, agent, kind):
            continue
        if _level(mode) < _level(cap.mode):
            continue
        before = [_decided_by(cap.at, shown, rows) for shown, rows in seen]
        return all(before) and sum(shown.decided for shown, _ in seen) < 2 * sum(before)
    return False


def _decided_by(at: int, shown: Evidence, rows: Iterable[LedgerRow]) -> int:
    """How many of the decisions that count now had been taken by then."""
    return sum(
        row.tally.decided
        for row in rows
        if row.version == shown.version and shown.since <= row.at <= at
    )


def _shown(
    entry: AgentPolicy | None,
    kind: str,
    rows: list[LedgerRow],
    since: int,
    now: int,
    *,
    before: list[LedgerRow] | None = None,
) -> Evidence | None:
    """The evidence of the version at work, where it is enough for the budget's rate.

    `before` holds the rows from before `since` too, by which the budget may still be spent.
    """
    budget = budget_of(entry, kind)
    if budget is None or not rows:
        return None
    version = _at_work(rows)
    own = [row for row in rows if row.version == version]
    tally = total(row.tally for row in own)
    mistakes = min(judged(budget, tally) + befallen(budget, tally), tally.decided)
    bound = upper_bound(mistakes, tally.decided)
    spent = gauge(budget, window(before or rows, now, budget.window)).spent
    if spent or bound > budget.rate:
        return None
    return Evidence(version, max(since, min(row.at for row in own)), tally.decided, mistakes, bound)


def _at_work(rows: list[LedgerRow]) -> str:
    """The version that was worked with last; of several the one that has shown least."""
    last = max(row.at for row in rows)
    least: dict[str, Tally] = {}
    for version in {row.version for row in rows if row.at > last - BUCKET}:
        least[version] = total(row.tally for row in rows if row.version == version)
    return min(sorted(least), key=lambda version: least[version].decided)


def _sentence(
    agent: str,
    kind: str,
    entry: AgentPolicy | None,
    evidence: Sequence[Evidence],
    mode: str,
    above: str,
    budget_kind: str = "",
) -> str:
    budget = budget_of(entry, kind or budget_kind)
    may = percent(budget.rate) if budget is not None else ""
    worst = max(evidence, key=lambda shown: shown.bound)
    mistakes = "1 mistake" if worst.mistakes == 1 else f"{worst.mistakes:,} mistakes"
    version = f" version {worst.version}" if worst.version else ""
    return (
        f"{agent} ({kind or 'every kind'}){version} made {mistakes} in {worst.decided:,} decisions "
        f"since {to_datetime(worst.since):%Y-%m-%d}: with 95 % certainty, however often one looks, "
        f"it errs in less than {percent(worst.bound)} where {may} may be. "
        f"It may go from {mode} to {above}."
    )


def _level(mode: str) -> int:
    return MODES.index(mode) if mode in MODES else 0
