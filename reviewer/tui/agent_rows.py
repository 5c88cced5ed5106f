"""The agents under the policy as rows: one for each agent's kind, or for each version of it.

Worked out from `policy.roster`, without widgets and clock.  Names and reasons are agents' and
people's: whoever draws them passes them through `untrusted`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..domain.governance import Cap, LedgerRow, Stop
from ..policy.agents import AgentPolicy
from ..policy.promotion import agent_of, begin
from ..policy.roster import UNBOUND, InForce, Work, begins, level, roster

if TYPE_CHECKING:
    from ..policy.document import Policy


@dataclass(frozen=True, slots=True)
class AgentRow:
    """One agent's kind as it is now, at the newest version or at the one that it is about.

    `mode` is the mode in force for that version, `source` the word for whence it is: `policy`,
    `cap`, `budget`, `new version`, `stop`; `why` are the sentences.
    """

    force: InForce
    entry: AgentPolicy | None
    version: str
    mode: str
    source: str
    why: tuple[str, ...]
    decided: int
    automatic: int

    @property
    def agent(self) -> str:
        """The agent's name."""
        return self.force.agent

    @property
    def kind(self) -> str:
        """The kind of its tasks, empty where it has done none."""
        return self.force.kind

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells rows apart."""
        return self.agent, self.kind, self.version

    @property
    def stop(self) -> Stop | None:
        """The kill switch that holds it."""
        return self.force.stop

    @property
    def promotion(self) -> Cap | None:
        """What is proposed and waits for a person."""
        return self.force.proposed

    @property
    def spent(self) -> bool:
        """Whether its error budget is spent."""
        return self.force.gauge is not None and self.force.gauge.spent


def since_of(policy: Policy, now: int) -> int:
    """From when on the ledger must be read: for every budget, and for evidence of promotions."""
    lengths = [UNBOUND]
    for agent in policy.agents.values():
        budgets = [agent.budget, *(kind.budget for kind in agent.kinds.values())]
        lengths += [budget.window for budget in budgets if budget is not None]
    return min(begin(now), now - max(lengths))


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
    forces = roster(policy, ledger, caps, stops, now)
    return rows_from(forces, policy, versions=versions)


def rows_from(
    forces: Iterable[InForce], policy: Policy | None = None, *, versions: bool = False
) -> list[AgentRow]:
    """The same from what is worked out already; without a policy no row has an entry."""
    made = [row for force in forces for row in _rows(policy, force, versions)]
    return sorted(made, key=_urgency)


def _rows(policy: Policy | None, force: InForce, versions: bool) -> Iterator[AgentRow]:
    entry = agent_of(policy, force.agent) if policy is not None else None
    works = force.versions if versions else force.versions[:1]
    for work in works or (None,):
        mode, source, why = _mode(force, work)
        whole = force.tally if not versions or work is None else None
        decided = whole.decided if whole is not None else work.decided if work else 0
        automatic = whole.automatic if whole is not None else work.automatic if work else 0
        version = work.version if work is not None else ""
        yield AgentRow(force, entry, version, mode, source, why, decided, automatic)


def _mode(force: InForce, work: Work | None) -> tuple[str, str, tuple[str, ...]]:
    """The most careful of what the kind has and what a version that nobody knows starts in."""
    if force.stop is not None:
        return force.mode, "stop", force.why
    source = "policy"
    if force.caps and level(force.caps[0].mode) < level(force.policy_mode):
        source = "cap"
    elif force.mode != force.policy_mode:
        source = "budget"
    mode, why = force.mode, force.why
    if work is not None and begins(force, work):
        mode, source = force.new_version, "new version"
        said = f"Nobody has decided on version {work.version or 'unnamed'} yet: it starts {mode}."
        why = (*why, said)
    return mode, source, why


def _urgency(row: AgentRow) -> tuple[int, float, str, str, str]:
    rank = 4
    if row.stop is not None:
        rank = 0
    elif row.promotion is not None:
        rank = 1
    elif row.spent or row.force.burns:
        rank = 2
    elif row.source != "policy":
        rank = 3
    gauge = row.force.gauge
    left = gauge.left if gauge is not None else 2.0
    return rank, left, row.agent, row.kind, row.version
