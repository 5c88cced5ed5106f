"""Bulk decisions: stored as asked for, carried out in chunks, taken up again after a crash.

Every artifact gets its own decision, audit record, label and effect; a chunk stores them in a few
set-wise statements and then leaves the gate, so that other people's claims wait for one chunk only.

The undo window does not start to close before the last artifact is decided: all of them share one
`effective_at`, set at the start to the expected end plus the window.  A bulk that is slower than
expected moves it on for those decided before.  Only a bulk taken up again after its first part
has gone out has more than one; undo then says which are too late.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from reviewer.domain import lifecycle
from reviewer.domain.decision import Actor, Code, Decision, Kind, Refusal
from reviewer.domain.errors import InputError
from reviewer.domain.lifecycle import Step
from reviewer.queue import BulkDecision, BulkResult

from . import consequences
from .clocks import expire
from .deciding import against_policy, decided_row, decision_row, label_row, not_found, undo_one
from .rows import Hot, hot
from .transaction import Transaction, effect

CHUNK = 250
"""Artifacts decided in one transaction; about 15 ms."""
UNDO_CHUNK = 200
ALLOWANCE = 200
"""Microseconds that one artifact of a bulk is expected to take at most."""
UNDO_MARGIN = 1_000_000
"""An undo in time keeps the window open for at least this long until it is done."""


@dataclass(slots=True)
class Operation:
    """A bulk decision under way: its number, how far it is, when its undo window ends."""

    number: int
    operation_id: str
    total: int
    effective_at: int
    after: int = -1
    decided: int = 0
    skipped: tuple[Refusal, ...] = ()

    def result(self) -> BulkResult:
        """The running result."""
        return BulkResult(self.operation_id, self.decided, self.skipped, self.effective_at)


def start(tx: Transaction, bulk: BulkDecision, actor: Actor) -> Operation:
    """Stores the request with all its targets, or finds it again; raises `InputError`."""
    if bulk.kind is Kind.EDIT:
        raise InputError("an edit is made one by one, not in bulk")
    request = _request(bulk)
    targets = {target.artifact_id: target for target in bulk.targets}
    listed = json.dumps([(t.artifact_id, t.revision, t.digest) for t in targets.values()])
    digest = hashlib.sha256(f"{request}\n{listed}".encode()).hexdigest()
    row = tx.one("operation_get", operation_id=bulk.operation_id)
    if row is not None:
        number, who, _, before, total, _, effective_at = row
        if (who, before) != (actor.id, digest):
            raise InputError("this operation id was used for another decision")
        return _resumed(tx, Operation(number, bulk.operation_id, total, effective_at))
    effective_at = tx.now + tx.dialect.undo_window + ALLOWANCE * len(targets)
    number = tx.one(
        "operation_insert",
        operation_id=bulk.operation_id,
        actor=actor.id,
        request=request,
        digest=digest,
        total=len(targets),
        at=tx.now,
        effective_at=effective_at,
    )[0]
    tx.many(
        "item_insert",
        [
            {
                "operation": number,
                "n": n,
                "artifact": target.artifact_id,
                "revision": target.revision,
                "digest": target.digest,
                "state": "todo",
                "code": "",
                "sentence": "",
            }
            for n, target in enumerate(targets.values())
        ],
    )
    return Operation(number, bulk.operation_id, len(targets), effective_at)


def _request(bulk: BulkDecision) -> str:
    value = [bulk.kind, bulk.reasons, bulk.comment, bulk.to, bulk.until]
    return json.dumps(value, ensure_ascii=False)


def _resumed(tx: Transaction, operation: Operation) -> Operation:
    counted = dict(tx.all("items_counted", operation=operation.number))
    operation.decided = counted.get("done", 0)
    rows = tx.all("items_skipped", operation=operation.number)
    operation.skipped = tuple(Refusal(Code(code), text, name) for name, code, text in rows)
    return operation


def chunk(tx: Transaction, operation: Operation, bulk: BulkDecision, actor: Actor) -> bool:
    """Decides the next targets; False when none are left.  Moves `operation` on."""
    rows = tx.all("items_todo", operation=operation.number, after=operation.after, limit=CHUNK)
    if not rows:
        return False
    _keep_window(tx, operation, operation.total - operation.decided)
    effective_at = operation.effective_at
    decided: list[tuple[Hot, Step, Decision]] = []
    refused: list[tuple[int, Refusal]] = []
    for row in rows:
        n, artifact_id, revision, digest = row[:4]
        one = Decision(
            bulk.kind,
            artifact_id,
            revision,
            digest,
            f"{bulk.operation_id}:{n}",
            None,
            bulk.reasons,
            bulk.comment,
            None,
            bulk.to,
            bulk.until,
            bulk.seen,
        )
        found = hot(row[4:]) if row[4] is not None else None
        step = _settle(tx, found, one, actor, effective_at)
        if isinstance(step, Refusal) or found is None:
            refused.append((n, step if isinstance(step, Refusal) else not_found(artifact_id)))
        else:
            decided.append((found, step, one))
    _store(tx, bulk, decided, actor)
    _refuse(tx, operation, refused)
    tx.run("items_done", operation_=operation.number, first=rows[0][0], last=rows[-1][0])
    operation.after = rows[-1][0]
    operation.decided += len(decided)
    operation.skipped += tuple(refusal for _, refusal in refused)
    return True


def _settle(
    tx: Transaction, found: Hot | None, one: Decision, actor: Actor, effective_at: int
) -> Step | Refusal:
    if found is None:
        return not_found(one.artifact_id)
    state = found.state
    if state.expires_at is not None and (expired := expire(tx, found)) is not None:
        state = expired.state
    step = lifecycle.settle(state, one, actor, tx.now, None, effective_at - tx.now)
    if isinstance(step, Refusal):
        return step
    return against_policy(tx, found, one, actor) or step


def _store(
    tx: Transaction,
    bulk: BulkDecision,
    decided: list[tuple[Hot, Step, Decision]],
    actor: Actor,
) -> None:
    final = [it for it in decided if it[1].label]
    for found, step, _ in decided:
        if not step.label:  # a move, or one of several approvals
            tx.store(found, step, actor)
    now, name = tx.now, bulk.operation_id
    tx.many("artifact_decide", [decided_row(f, s, d, actor) for f, s, d in final])
    tx.many("audit_insert", [tx.recorded(s, actor) for _, s, _ in final])
    tx.many("effect_insert", [effect(f, s) for f, s, _ in final if s.effect])
    tx.many("label_insert", [label_row(tx, f, s, d, actor) for f, s, d in final])
    tx.many("decision_insert", [decision_row(now, f, s, d, actor, name) for f, s, d in decided])
    consequences.taken(tx, final, actor)


def _refuse(tx: Transaction, operation: Operation, refused: list[tuple[int, Refusal]]) -> None:
    tx.many(
        "item_settle",
        [
            {
                "operation_": operation.number,
                "n_": n,
                "state_": "skipped",
                "code_": str(refusal.code),
                "sentence_": refusal.sentence,
            }
            for n, refusal in refused
        ],
    )


def _keep_window(tx: Transaction, operation: Operation, left: int) -> None:
    """Moves the shared end of the undo window on when this bulk is slower than expected."""
    if tx.now + tx.dialect.undo_window <= operation.effective_at:
        return
    extend(tx, operation, tx.now + tx.dialect.undo_window + ALLOWANCE * left)


def extend(tx: Transaction, operation: Operation, effective_at: int) -> None:
    """Moves the end of the window; what has gone out already stays as it is."""
    was = operation.effective_at
    if was > tx.now:
        values = {"bulk_": operation.operation_id, "was": was, "effective_at_": effective_at}
        for name in ("extend_artifacts", "extend_effects", "extend_labels", "extend_decisions"):
            tx.run(name, **values)
        facts = {"operation": operation.operation_id, "from": was, "to": effective_at}
        tx.note("window_moved", Actor("clock", "policy", frozenset(), "built-in"), facts)
    tx.run("operation_effective", id_=operation.number, effective_at_=effective_at)
    operation.effective_at = effective_at


@dataclass(slots=True)
class Undoing:
    """A bulk operation being taken back; `keeps` where its window waits for it."""

    operation: Operation
    keeps: bool
    after: int = 0
    undone: int = 0
    refused: tuple[Refusal, ...] = ()


def undo_start(tx: Transaction, operation_id: str, actor: Actor) -> Undoing | None:
    """Stops what is still to be done and keeps the window open; None for an unknown id."""
    row = tx.one("operation_get", operation_id=operation_id)
    if row is None:
        return None
    number, who, _, _, total, _, effective_at = row
    operation = Operation(number, operation_id, total, effective_at)
    if who == actor.id:
        sentence = "The operation was taken back before this was decided."
        tx.run("items_stop", operation_=number, code_=str(Code.INVALID), sentence_=sentence)
    undoing = Undoing(operation, keeps=who == actor.id)
    _keep_open(tx, undoing)
    return undoing


def _keep_open(tx: Transaction, undoing: Undoing) -> None:
    """Moves the end of the window on where it would close before all are taken back."""
    operation = undoing.operation
    expected = ALLOWANCE * (operation.total - undoing.undone - len(undoing.refused))
    if undoing.keeps and tx.now < operation.effective_at < tx.now + UNDO_MARGIN + expected:
        extend(tx, operation, tx.now + 2 * (UNDO_MARGIN + expected))


def undo_chunk(tx: Transaction, undoing: Undoing, actor: Actor) -> bool:
    """Takes the next decisions back; False when none are left."""
    rows = tx.all(
        "decisions_of_bulk",
        bulk=undoing.operation.operation_id,
        after=undoing.after,
        limit=UNDO_CHUNK,
    )
    if rows:
        _keep_open(tx, undoing)
    for row in rows:
        number, revision, decided_by, undone_at = row[:4]
        found = hot(row[4:])
        refusal = undo_one(tx, found, revision, decided_by, undone_at is not None, actor)
        undoing.after = number
        if refusal is None:
            undoing.undone += 1
        else:
            undoing.refused += (refusal,)
    return bool(rows)
