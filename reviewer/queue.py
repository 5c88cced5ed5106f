"""The Queue protocol, in five small ones by who calls, and `open_queue(url)`.

Instants are microseconds since the epoch, UTC; ids are the artifact's public ids.  Every call that
changes something names the actor.  Calls that can be refused return a `Refusal` and raise only
when the queue itself fails (`QueueError`) or the input is none (`InputError`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from importlib import import_module
from typing import Any, Protocol, cast, runtime_checkable
from urllib.parse import urlsplit

from .domain.artifact import Artifact
from .domain.decision import Actor, Decision, Refusal
from .domain.errors import QueueError
from .domain.governance import Admission, Cap, LedgerRow, PolicyRow, Stop, Stopped, Unsent
from .domain.lifecycle import State
from .domain.query import Query
from .domain.views import (
    AuditRow,
    BulkDecision,
    BulkResult,
    Change,
    Claim,
    Count,
    Effect,
    Entry,
    Event,
    Fact,
    Group,
    Groups,
    Item,
    LabelRow,
    Page,
    QueueLoad,
    Reason,
    Settled,
    StoredRow,
    Submitted,
    Target,
    Verdict,
)

__all__ = [
    "LEASE",
    "AgentSide",
    "AuditRow",
    "BulkDecision",
    "BulkResult",
    "Change",
    "Claim",
    "Count",
    "DeskSide",
    "Effect",
    "Entry",
    "Event",
    "Fact",
    "Group",
    "Groups",
    "Item",
    "LabelRow",
    "Page",
    "Queue",
    "QueueLoad",
    "Reason",
    "Records",
    "Settled",
    "StoredRow",
    "Submitted",
    "Target",
    "Verdict",
    "WorkerSide",
    "open_queue",
]

LEASE = 12 * 60 * 1_000_000
"""How long a person's claim lasts, microseconds; the desk renews it at a third."""


class AgentSide(Protocol):
    """What an agent calls."""

    async def submit(self, artifact: Artifact, actor: Actor) -> Submitted:
        """Takes an artifact in, idempotently; raises `ConflictError` for same key, other body."""

    async def submit_many(
        self, artifacts: Sequence[Artifact], actor: Actor
    ) -> list[Submitted | Exception]:
        """The same for many in few transactions; each answers for itself, in order."""

    async def get(self, artifact_id: str) -> Item | None:
        """One artifact by public id, or None."""

    async def find(self, agent: str, key: str) -> str | None:
        """The public id of an agent's key, or None."""

    async def verdict(self, artifact_id: str) -> Verdict | None:
        """The terminal decision once its undo window is over, else None."""

    async def wait(self, artifact_id: str, timeout: float | None = None) -> Verdict | None:
        """Blocks for the verdict; `timeout` in seconds, None when it ran out.

        Raises `NotFoundError` for an id that is not there.
        """

    async def withdraw(self, artifact_id: str, actor: Actor) -> State | Refusal:
        """The agent takes its pending artifact back."""

    async def report_outcome(
        self, artifact_id: str, outcome: str, detail: str, actor: Actor
    ) -> State | Refusal:
        """What happened to the writes: applied, drifted, failed, unknown, rolled_back."""


class DeskSide(Protocol):
    """What reviewers' tools call."""

    async def now(self) -> int:
        """The queue's clock: leases and deadlines go by it."""

    async def page(
        self,
        query: Query,
        actor: Actor,
        *,
        limit: int = 100,
        after: str | None = None,
        before: str | None = None,
    ) -> Page:
        """A keyset page in the query's order; `before=""` is the last page."""

    async def count(self, query: Query, actor: Actor, *, cap: int = 10_000) -> Count:
        """How many match, counted no further than `cap` unless counters know it."""

    async def facets(self, query: Query, actor: Actor) -> dict[str, dict[str, int]]:
        """Pending numbers by `queue`, `agent`, `kind`, `risk`, `status`, from counters."""

    async def groups(
        self, query: Query, actor: Actor, *, limit: int = 100, cap: int = 20_000
    ) -> Groups:
        """The pending, unsnoozed artifacts under a query by shape, the largest groups first.

        Under a filter no more than `cap` artifacts are looked at, in the order of their deadlines.
        """

    async def load(self, actor: Actor) -> tuple[QueueLoad, ...]:
        """What lies in each queue that holds pending artifacts; the most breaching queue first."""

    async def claim(
        self, artifact_id: str, actor: Actor, *, lease: int = LEASE, take_over: bool = False
    ) -> Claim | Refusal:
        """A claim on this artifact; `take_over` ends another's (leads only)."""

    async def claim_next(self, query: Query, actor: Actor, *, lease: int = LEASE) -> Claim | None:
        """A claim on the first unclaimed artifact by virtual deadline, or None."""

    async def renew(
        self, artifact_id: str, fence: int, actor: Actor, *, lease: int = LEASE
    ) -> int | Refusal:
        """Prolongs a claim; answers with its new end."""

    async def release(self, artifact_id: str, fence: int, actor: Actor) -> None:
        """Gives a claim back; a claim that is no longer held is no error."""

    async def decide(self, decision: Decision, actor: Actor) -> Settled | Refusal:
        """Any of the seven decisions, exactly once for an operation id."""

    async def decide_many(self, bulk: BulkDecision, actor: Actor) -> AsyncIterator[BulkResult]:
        """A resumable operation in chunks; yields the running result after each chunk."""

    async def undo(self, operation_id: str, actor: Actor) -> BulkResult:
        """Takes back a decision or a bulk operation while its window is open."""

    async def history(self, artifact_id: str) -> list[Event]:
        """The audit events of one artifact, oldest first."""

    async def position(self) -> int:
        """The newest event's sequence number, to start watching from."""

    def watch(self, after: int) -> AsyncIterator[list[Change]]:
        """Changes after a sequence number by any process, in batches, at least once, for ever."""


class WorkerSide(Protocol):
    """What the worker calls; every step is safe with several workers."""

    async def take_effects(
        self, worker: str, *, limit: int = 10, lease: int = LEASE, kind: str = ""
    ) -> list[Effect]:
        """Effects that are due and free, taken by this worker; of one kind, or of any."""

    async def settle_effect(
        self, effect: Effect, state: str, detail: str, *, retry_at: int | None = None
    ) -> bool:
        """Stores what became of an effect; False for a stale holder."""

    async def unsent(
        self, *, limit: int = 100, before: int | None = None, everything: bool = False
    ) -> list[Unsent]:
        """Notifications that failed or are unknown, the newest first; none is ever sent again.

        Those of pending artifacts, or of all for `everything`; `before` is the effect of the last
        one of the page before.
        """

    async def count_unsent(self) -> dict[str, int]:
        """How many there are of pending artifacts, by `failed` and `unknown`."""

    async def run_clocks(self) -> int:
        """Carries out what is due by time: leases, snoozes, expiry, steps of escalation chains.

        Each once, whoever calls it and however often; answers with how many.
        """


class Records(Protocol):
    """Labels and audit."""

    def labels(self, after: int = 0) -> AsyncIterator[LabelRow]:
        """Labels whose undo window is over, in order."""

    def audit(self, after: int = 0) -> AsyncIterator[AuditRow]:
        """The audit records in order."""

    def facts(self, since: int, until: int | None = None) -> AsyncIterator[list[Fact]]:
        """The decisions that stand, taken from `since` until before `until`, in batches by time."""

    def stored(self) -> AsyncIterator[StoredRow]:
        """What is stored of every artifact with its records, oldest first, for `audit.replay`."""


class PolicySide(Protocol):
    """The policy in force, what it makes of agents, and what people do about both.

    Only leads and admins propose, activate, cap and lift; any person may stop an agent.
    """

    async def policy(self) -> PolicyRow:
        """The policy in force; the built-in starter where nobody has activated any."""

    async def policies(self) -> list[PolicyRow]:
        """All policies that were ever proposed or in force, newest first."""

    async def propose_policy(self, text: str, note: str, actor: Actor) -> PolicyRow | Refusal:
        """Stores a policy, in force at once where the one in force asks for no second person.

        Raises `InputError` where the text is no policy.  The same text twice is one policy.
        """

    async def activate_policy(self, digest: str, actor: Actor) -> PolicyRow | Refusal:
        """Puts a stored policy in force: a proposed one, or one of before."""

    async def ruling(self, artifact_id: str) -> Admission | None:
        """What was known and ruled when it was admitted; None where there is none stored."""

    def admissions(self, since: int, until: int | None = None) -> AsyncIterator[list[Admission]]:
        """Admissions from `since` until before `until`, oldest first, in batches."""

    async def ledger(self, since: int, agent: str = "") -> list[LedgerRow]:
        """The error ledger's buckets from `since` on, by time; of one agent or of all."""

    async def caps(self) -> list[Cap]:
        """Caps in force, promotions proposed, and those that were declined last."""

    async def set_cap(
        self, agent: str, kind: str, mode: str, why: str, actor: Actor
    ) -> Refusal | None:
        """Leaves an agent's kind at most this mode; `autonomous` lifts the cap."""

    async def propose_promotion(
        self,
        agent: str,
        kind: str,
        mode: str,
        why: str,
        actor: Actor,
        *,
        as_of: int | None = None,
    ) -> bool:
        """Asks people to lift a cap; False where that was asked already.

        False too where people declined it at `as_of` or later: evidence that was looked at before
        they did so is no reason to ask again.
        """

    async def decline_promotion(
        self, agent: str, kind: str, why: str, actor: Actor
    ) -> Refusal | None:
        """Says no to a promotion that is proposed; the mode stays what it is (leads and admins).

        It stands among the caps as `declined`, until a cap is set or lifted.
        """

    async def tell_once(
        self,
        agent: str,
        kind: str,
        code: str,
        why: str,
        quiet: int,
        actor: Actor,
        *,
        also: Sequence[str] = (),
    ) -> bool:
        """Records what people are to be told of an agent's kind, such as a budget that burns.

        True for one caller of all, who tells them; False where the same `code` was recorded in the
        last `quiet` microseconds.  The codes in `also` count as told with it.
        """

    async def stops(self) -> list[Stop]:
        """Kill switches that are thrown now."""

    async def stop(self, agent: str, why: str, actor: Actor) -> Stopped | Refusal:
        """Stops an agent, or `*` all: nothing of it is admitted, approved or delivered from now on.

        Decisions that have not gone out yet go back to people.
        """

    async def resume(self, agent: str, actor: Actor) -> Refusal | None:
        """Takes a stop back (leads and admins)."""


@runtime_checkable
class Queue(AgentSide, DeskSide, WorkerSide, Records, PolicySide, Protocol):
    """A backend: all five sides.  Open by `open_queue`, closed by `close`."""

    url: str
    read_only: bool
    """Whether the store itself lets nothing be written: every write raises `QueueError`."""

    async def close(self) -> None:
        """Gives everything back; safe to call twice."""

    async def describe(self) -> dict[str, Any]:
        """Facts for `reviewer doctor`: engine, version, schema, sizes, checks."""


OWN = {"sqlite": "backends.sql.open:open_sqlite"}
"""Our own backends, as their entry points name them: to look those up takes 15 ms at each start."""


async def open_queue(url: str) -> Queue:
    """The queue at a URL, by its scheme through the entry-point group `reviewer.backends`.

    Raises `QueueError` with a sentence where there is no such backend or it cannot be opened.
    """
    opened: Queue = await backend_of(_scheme(url))(url)
    return opened


def backend_of(scheme: str) -> Callable[[str], Awaitable[Any]]:
    """What opens the queues of a scheme, imported; raises `QueueError` where there is nothing."""
    if scheme in OWN:
        module, _, name = OWN[scheme].partition(":")
        return cast("Callable[[str], Awaitable[Any]]", getattr(import_module(module), name))
    from importlib.metadata import entry_points

    found = {point.name: point for point in entry_points(group="reviewer.backends")}
    if scheme not in found:
        known = ", ".join(sorted({*found, *OWN}))
        raise QueueError(
            f"There is no backend for '{scheme}:' URLs.", f"Installed backends: {known}."
        )
    return cast("Callable[[str], Awaitable[Any]]", found[scheme].load())


def _scheme(url: str) -> str:
    try:
        scheme = urlsplit(url).scheme
    except ValueError:  # such as half an IPv6 address
        scheme = ""
    if not scheme:
        raise QueueError(
            f"'{url}' is not the URL of a queue.", "Write sqlite:////absolute/path/queue.db."
        )
    return scheme
