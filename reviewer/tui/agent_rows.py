"""The agents under the policy: a row for each agent's kind (and version), worked out from values.

No widgets and no clock.  Names and reasons are agents' and people's: whoever draws them passes
them through `untrusted`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..domain.governance import Cap, LedgerRow, Stop, Tally
from ..domain.instant import DAY
from ..policy.agents import MODES, AgentPolicy, Budget
from ..policy.budget import BUCKET, Burn, Gauge, budget_of, burns, gauge, total, window
from ..policy.document import ANY
from ..policy.promotion import agent_of, capped, mode_of

if TYPE_CHECKING:
    from ..policy.document import Policy

SPAN = 30 * DAY
"""How far back the ledger is read, or as far as the longest budget's window."""


@dataclass(frozen=True, slots=True)
class AgentRow:
    """One agent's kind as it is now; `version` is the newest, or the one that it is about.

    `mode` is the mode in force, `why` the sentence that says whence, `source` the word for it:
    `policy`, `cap`, `new version`.  `gauge` is None where there is no budget.
    """

    agent: str
    kind: str
    version: str
    entry: AgentPolicy | None
    mode: str
    source: str
    why: str
    tally: Tally
    budget: Budget | None = None
    gauge: Gauge | None = None
    burns: tuple[Burn, ...] = ()
    stop: Stop | None = None
    cap: Cap | None = None
    promotion: Cap | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells rows apart."""
        return self.agent, self.kind, self.version


def span_of(policy: Policy) -> int:
    """How far back the ledger must be read for every budget, microseconds."""
    lengths = [SPAN]
    for agent in policy.agents.values():
        budgets = [agent.budget, *(kind.budget for kind in agent.kinds.values())]
        lengths += [budget.window for budget in budgets if budget is not None]
    return max(lengths)


def rows_of(
    policy: Policy,
    ledger: Iterable[LedgerRow],
    caps: Sequence[Cap],
    stops: Sequence[Stop],
    now: int,
    *,
    versions: bool = False,
) -> list[AgentRow]:
    """All agents that the policy names, that worked lately, are capped or stopped.

    What asks for a person comes first: stopped, a promotion proposed, a budget spent, a cap.
    """
    found: dict[tuple[str, str, str], list[LedgerRow]] = {}
    for row in sorted(ledger, key=lambda row: row.at):
        found.setdefault((row.agent, row.kind, row.version if versions else ""), []).append(row)
    kinds = {(agent, kind) for agent, kind, _ in found}
    named = {(agent, kind) for agent, entry in policy.agents.items() for kind in entry.kinds}
    named |= {(cap.agent, cap.kind) for cap in caps if cap.kind}
    idle = {agent for agent in policy.agents if agent != ANY} | {cap.agent for cap in caps}
    idle |= {stop.agent for stop in stops if stop.agent != ANY}
    named = {(agent, kind) for agent, kind in named if agent != ANY} - kinds
    busy = {agent for agent, _ in kinds | named}
    keys: list[tuple[str, str, str]] = [*found, *((agent, kind, "") for agent, kind in named)]
    keys += [(agent, "", "") for agent in idle - busy - {ANY}]
    made = [
        _row(policy, agent, kind, version, found.get((agent, kind, version), []), ledger_of(
            found, agent, kind), caps, stops, now)
        for agent, kind, version in keys
    ]  # fmt: skip
    return sorted(made, key=_urgency)


def ledger_of(
    found: dict[tuple[str, str, str], list[LedgerRow]], agent: str, kind: str
) -> list[LedgerRow]:
    """The rows of every version of an agent's kind: a budget goes by all of them."""
    return [row for key, rows in found.items() if key[:2] == (agent, kind) for row in rows]


def _row(
    policy: Policy,
    agent: str,
    kind: str,
    version: str,
    rows: list[LedgerRow],
    whole: list[LedgerRow],
    caps: Sequence[Cap],
    stops: Sequence[Stop],
    now: int,
) -> AgentRow:
    entry = agent_of(policy, agent)
    shown = version or (rows[-1].version if rows else "")
    mode, source, why, cap = _mode(entry, agent, kind, shown, whole, caps)
    budget = budget_of(entry, kind)
    held = [stop for stop in stops if stop.agent in (agent, ANY)]
    asked = [c for c in caps if c.state == "promotion" and c.agent == agent]
    return AgentRow(
        agent, kind, shown, entry, mode, source, why,
        total(row.tally for row in rows if row.at + BUCKET > now - SPAN),
        budget=budget,
        gauge=gauge(budget, window(whole, now, budget.window)) if budget is not None else None,
        burns=tuple(burns(agent, kind, budget, whole, now)) if budget is not None else (),
        stop=next((stop for stop in held if stop.agent == agent), held[0] if held else None),
        cap=cap,
        promotion=next((c for c in asked if c.kind in (kind, "")), None),
    )  # fmt: skip


def _mode(
    entry: AgentPolicy | None,
    agent: str,
    kind: str,
    version: str,
    whole: list[LedgerRow],
    caps: Sequence[Cap],
) -> tuple[str, str, str, Cap | None]:
    """The most careful of what the policy, a cap and a new version leave, and whence it is."""
    mode, source, why = str(mode_of(entry, kind)), "policy", "as the policy says"
    held = capped(caps, agent, kind)
    cap = held[0] if held else None
    if cap is not None and level(cap.mode) < level(mode):
        mode, source, why = cap.mode, "cap", f"capped by {cap.by}: {cap.why}"
    known = any(row.tally.decided for row in whole if row.version == version)
    first = str(entry.new_version) if entry is not None else mode
    if whole and not known and level(first) < level(mode):
        mode, source = first, "new version"
        why = f"version {version or 'unnamed'} has never been decided on"
    return mode, source, why, cap


def level(mode: str) -> int:
    """How daring a mode is, 0 for the most careful."""
    return MODES.index(mode) if mode in MODES else 0


def _urgency(row: AgentRow) -> tuple[int, float, str, str, str]:
    rank = 4
    if row.stop is not None:
        rank = 0
    elif row.promotion is not None:
        rank = 1
    elif row.gauge is not None and (row.gauge.spent or row.burns):
        rank = 2
    elif row.source == "cap":
        rank = 3
    left = row.gauge.left if row.gauge is not None else 2.0
    return rank, left, row.agent, row.kind, row.version
