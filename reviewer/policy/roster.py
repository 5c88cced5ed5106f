"""The agents as they stand: which mode is in force and why, what is left of each error budget.

Pure: the policy, the ledger, caps, stops and the time come in; the command line and the desk draw
what comes out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..domain.governance import Cap, LedgerRow, Stop, Tally
from ..domain.instant import DAY
from .agents import MODES, Budget
from .budget import (
    Burn,
    Gauge,
    budget_of,
    burns,
    by_kind,
    gauge,
    spent_words,
    standing,
    window,
)
from .document import ANY, Policy
from .promotion import DECLINED, Promotion, agent_of, capped, mode_of, proposals

UNBOUND = 30 * DAY
"""How far back the work of a kind without a budget is counted."""
STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Work:
    """What people decided on one version within the window; `at` is its last bucket."""

    version: str
    decided: int
    mistakes: int
    automatic: int
    at: int


@dataclass(frozen=True, slots=True)
class InForce:
    """One agent's kind: `mode` in force (or `stopped`), and `why` in sentences, the newest last.

    `policy_mode` is what the policy says, `new_version` the mode in which a version that nobody has
    decided on begins.  `kind` is empty for an agent that has no work yet.  `promotion` is what may
    be proposed now, `proposed` what was and waits for a person, `declined` what people said no to
    and what is not proposed again yet.  `window` is what `gauge`, `tally` and `versions` (the
    newest first) count over, microseconds.
    """

    agent: str
    kind: str
    mode: str
    why: tuple[str, ...]
    policy_mode: str
    new_version: str
    window: int
    tally: Tally
    budget: Budget | None = None
    gauge: Gauge | None = None
    versions: tuple[Work, ...] = ()
    stop: Stop | None = None
    caps: tuple[Cap, ...] = ()
    proposed: Cap | None = None
    promotion: Promotion | None = None
    declined: Cap | None = None
    burns: tuple[Burn, ...] = ()


def begins(force: InForce, work: Work | None) -> bool:
    """Whether a version is new still: the mode in which it begins holds, which says less."""
    if work is None or work.decided or force.stop is not None:
        return False
    return level(force.new_version) < level(force.mode)


def roster(
    policy: Policy,
    ledger: Iterable[LedgerRow],
    caps: Sequence[Cap],
    stops: Sequence[Stop],
    now: int,
    also: Iterable[str] = (),
) -> list[InForce]:
    """Every agent that the policy names, that has worked, or that was capped or stopped, by name.

    `also` are names of others that are known, such as of whose work waits still.  `ledger` reaches
    back to `promotion.begin(now)`, or further than every budget's window.
    """
    rows = [row for row in ledger if row.at <= now]
    kinds = by_kind(rows)
    agents = {agent for agent, _ in kinds} | set(policy.agents) | {cap.agent for cap in caps}
    agents = (agents | {stop.agent for stop in stops} | set(also)) - {ANY}
    ready = {
        (one.agent, one.kind): one
        for one in proposals(policy, rows, caps, now, {stop.agent for stop in stops})
    }
    found = []
    for agent in sorted(agents):
        entry = agent_of(policy, agent)
        named = set(entry.kinds) if entry is not None and agent in policy.agents else set()
        worked = {kind for name, kind in kinds if name == agent}
        for kind in sorted(named | worked) or [""]:
            mine = kinds.get((agent, kind), [])
            found.append(_in_force(policy, agent, kind, mine, caps, stops, ready, now))
    return found


def _in_force(
    policy: Policy,
    agent: str,
    kind: str,
    rows: list[LedgerRow],
    caps: Sequence[Cap],
    stops: Sequence[Stop],
    ready: dict[tuple[str, str], Promotion],
    now: int,
) -> InForce:
    entry = agent_of(policy, agent)
    budget = budget_of(entry, kind)
    length = budget.window if budget is not None else UNBOUND
    tally = window(rows, now, length)
    left = gauge(budget, tally) if budget is not None else None
    stop = next((one for one in stops if one.agent in (agent, ANY)), None)
    own = capped(caps, agent, kind)
    said = mode_of(entry, kind)
    spent = ""
    if budget is not None and left is not None and left.spent:
        spent = f"Its {spent_words(budget, standing(budget, tally))}."
    mode, why = _mode(said, entry is not None, own, spent, stop)
    about = [cap for cap in caps if cap.agent == agent and cap.kind in (kind, "")]
    asked = [
        cap for cap in about if cap.state == "promotion" and (level(cap.mode) > level(said) or own)
    ]
    may = ready.get((agent, kind)) or ready.get((agent, ""))
    declined = [cap for cap in about if cap.state == DECLINED and level(cap.mode) > level(mode)]
    return InForce(
        agent=agent,
        kind=kind,
        mode=mode,
        why=why,
        policy_mode=said,
        new_version=entry.new_version if entry is not None else "assisted",
        window=length,
        budget=budget,
        gauge=left,
        tally=tally,
        versions=_versions(rows, budget, now, length),
        stop=stop,
        caps=tuple(own),
        proposed=next(iter(asked), None),
        promotion=may,
        declined=declined[0] if declined and not asked and may is None else None,
        burns=tuple(burns(agent, kind, budget, rows, now)) if budget is not None else (),
    )


def _mode(
    said: str,
    known: bool,
    caps: list[Cap],
    spent: str,
    stop: Stop | None,
) -> tuple[str, tuple[str, ...]]:
    """The mode in force and the sentences that say why; each step can only be more careful."""
    mode = said
    why = [
        f"The policy says {said}."
        if known
        else "The policy does not know this agent, so that it may write nothing."
    ]
    if caps and level(caps[0].mode) < level(mode):
        mode = caps[0].mode
        why.append(f"At most {mode} is left to it by {caps[0].by}: {_ended(caps[0].why)}")
    if spent:
        mode = "assisted" if mode == MODES[-1] else mode
        why.append(spent)
    if stop is not None:
        mode = STOPPED
        whose = "all agents" if stop.agent == ANY else "it"
        why.append(f"{stop.by} stopped {whose}: {_ended(stop.why)}")
    return mode, tuple(why)


def _versions(
    rows: list[LedgerRow], budget: Budget | None, now: int, length: int
) -> tuple[Work, ...]:
    found, by_version = [], dict[str, list[LedgerRow]]()
    for row in rows:
        by_version.setdefault(row.version, []).append(row)
    for version, own in by_version.items():
        tally = window(own, now, length)
        if tally == Tally():
            continue
        wrong = gauge(budget, tally).mistakes if budget is not None else _wrong(tally)
        at = max(row.at for row in own)
        found.append(Work(version, tally.decided, wrong, tally.automatic, at))
    return tuple(sorted(found, key=lambda work: (work.at, work.version), reverse=True))


def _wrong(tally: Tally) -> int:
    """Mistakes where no budget says which count: what one without settings of its own counts."""
    return tally.rejected + tally.edited + tally.rolled_back


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else text + "."


def level(mode: str) -> int:
    """How daring a mode is, 0 for the most careful."""
    return MODES.index(mode) if mode in MODES else 0
