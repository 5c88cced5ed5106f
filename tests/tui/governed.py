"""Policies, ledgers, caps and stops made up for the desk's screens, at an instant that stands."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, TypeVar

from reviewer.domain.governance import Admission, Cap, LedgerRow, PolicyRow, Stop, Tally
from reviewer.domain.instant import DAY, HOUR, MINUTE, parse_iso
from reviewer.policy.compiled import Compiled, load

T = TypeVar("T")
NOW = parse_iso("2026-11-20T10:00:00Z")

TEXT = """\
# who may write what, as whom
version: 1
name: billing and friends
activation: {four_eyes: true, by: [ana, mia]}
queues:
  billing:
    reviewers: [ana, "@finance"]
    lead: ana
    quorum: 2
    four_eyes: true
    sla: {high: 30m, low: 4h}
    escalate:
      - {after: 80%, to: on-call}
      - {after: 100%, to: lead, page: true, repeat: {every: 10m}}
groups:
  finance: [ben, cy]
agents:
  refund-bot:
    owner: ana
    identities: svc-refunds
    mode: autonomous
    budget: {rate: 2%, window: 30d, least: 20}
    grants:
      - id: refunds
        write: record
        system: crm
        resource: order/*
        fields: [/status, /refund/**]
        rates: {hour: 40, day: 300}
  mailer:
    mode: assisted
    budget: {rate: 5%, window: 7d}
  "*":
    mode: shadow
rules:
  - id: large-refund
    about: an amount above 200 needs two
    when: write.after.refund.amount > 200.0
    each: write
    then: {quorum: 2}
"""


def compiled_of() -> Compiled:
    """The same, ready for ruling."""
    return load(TEXT)


def row(
    agent: str, kind: str, decided: int, *, ago: int = DAY, version: str = "2.3.1", **more: Any
) -> LedgerRow:
    """A bucket of an agent's kind."""
    return LedgerRow(agent, version, kind, NOW - ago, Tally(decided=decided, **more))


LEDGER = (
    row("refund-bot", "refund", 120, rejected=1, automatic=800, approved=119),
    row("refund-bot", "refund", 4, version="2.4", ago=HOUR, rejected=1),
    row("refund-bot", "note", 31, rejected=2, edited=1),
    row("mailer", "reply", 44, edited=1),
    row("crm-sync", "merge", 7),
    row("顧客-bot", "merge", 40, rejected=1),
)
CAPS = (
    Cap("refund-bot", "note", "assisted", "The error budget of 2 % is spent", "policy", NOW - HOUR),
    Cap("mailer", "reply", "autonomous", "mailer (reply) made 1 mistake in 44 decisions: it errs "
        "in less than 4.9 % where 5 % may be.  It may go from assisted to autonomous.",
        "policy", NOW - HOUR, "promotion"),
)  # fmt: skip
STOPS = (Stop("crm-sync", "it merges the wrong people", "ben", NOW - 20 * MINUTE),)
ROWS = (
    PolicyRow("sha256:9c41e07d22bb10ff", TEXT.replace("2%", "4%"), "proposed", "twice the budget",
              "ben", NOW - 2 * HOUR),
    PolicyRow("sha256:3fa9c1d2e4b5a697", TEXT, "active", "after the audit", "ana", NOW - 6 * DAY,
              "mia", NOW - 5 * DAY),
    PolicyRow("sha256:77aa01b2c3d4e5f6", "version: 1\nagents: {'*': {}}\n", "retired", "",
              "mia", NOW - 90 * DAY, "", NOW - 90 * DAY),
)  # fmt: skip


class Governed:
    """The policy's side of a queue, made up."""

    def __init__(
        self,
        rows: Sequence[PolicyRow] = ROWS,
        ledger: Sequence[LedgerRow] = LEDGER,
        caps: Sequence[Cap] = CAPS,
        stops: Sequence[Stop] = STOPS,
        admitted: Sequence[Admission] = (),
    ) -> None:
        self.rows, self.given, self.held = list(rows), list(ledger), list(caps)
        self.thrown, self.admitted = list(stops), list(admitted)

    async def policy(self) -> PolicyRow:
        return next(row for row in self.rows if row.state == "active")

    async def policies(self) -> list[PolicyRow]:
        return self.rows

    async def ledger(self, since: int, agent: str = "") -> list[LedgerRow]:
        return [r for r in self.given if r.at >= since and agent in ("", r.agent)]

    async def caps(self) -> list[Cap]:
        return self.held

    async def stops(self) -> list[Stop]:
        return self.thrown

    async def admissions(
        self, since: int, until: int | None = None
    ) -> AsyncIterator[list[Admission]]:
        yield [one for one in self.admitted if since <= one.at]

    under: Any = None
    """The real queue, for all that is not about policies."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.under, name)

    async def read(self, call: Callable[[Any], Awaitable[T]]) -> T:
        """In the place of the session's."""
        return await call(self)
