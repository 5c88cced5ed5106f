"""DESIGN §5's invariants, checked from the stored data alone: plain sqlite3, none of the queue."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from reviewer.audit.chain import verify
from reviewer.audit.replay import disagreement
from reviewer.domain.views import StoredDecision, StoredLabel, StoredRow

STATUS_AFTER = {
    "approve": "approved",
    "edit": "approved",
    "reject": "rejected",
    "respond": "answered",
}
_ARTIFACT = (
    "public_id", "agent", "key", "kind", "status", "digest", "revision", "title", "decision",
    "decided_by", "decided_at", "effective_at", "outcome",
)  # fmt: skip
Check = Callable[[sqlite3.Connection], Iterator[str]]


def invariants(path: str | Path) -> list[str]:
    """Everything that does not hold in a queue file, in sentences; empty when all is well."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("BEGIN")  # one state for all checks
        return [sentence for check in CHECKS for sentence in check(connection)]


def _sound(db: sqlite3.Connection) -> Iterator[str]:
    for (line,) in db.execute("PRAGMA integrity_check"):
        if line != "ok":
            yield f"sqlite: {line}"
    try:
        db.execute(
            "INSERT INTO artifact_search (artifact_search, rank) VALUES ('integrity-check', 1)"
        )
    except sqlite3.DatabaseError as error:
        yield f"full-text index: {error}"


def _replayed(db: sqlite3.Connection) -> Iterator[str]:
    """1, 4 and 7. Every artifact with its decisions and labels is what its records say."""
    filed = 0
    for row in stored(db):
        filed += len(row.records)
        if why := disagreement(row):
            yield f"{row.artifact_id}: {why}"
    speaking = db.execute("SELECT count(*) FROM audit WHERE artifact <> ''").fetchone()[0]
    if filed != speaking:
        yield f"{speaking} records speak of artifacts, {filed} of stored ones"


def stored(db: sqlite3.Connection) -> Iterator[StoredRow]:
    """What is stored of every artifact, read without the queue."""
    artifacts = db.execute(
        f"SELECT {', '.join(f'a.{name}' for name in _ARTIFACT)}, b.payload, a.id FROM artifact a"
        " LEFT JOIN artifact_body b USING (id) ORDER BY a.id"
    )
    for *columns, number in artifacts:
        decisions = [
            StoredDecision(*(*row[:12], row[12] is not None, row[13]))
            for row in db.execute(
                "SELECT operation_id, revision, kind, actor, actor_kind, at, digest,"
                " digest_decided, reasons, comment, writes, effective_at, undone_at, bulk"
                " FROM decision WHERE artifact_id = ? ORDER BY id",
                (number,),
            )
        ]
        labels = db.execute(
            "SELECT revision, effective_at, document FROM label WHERE artifact_id = ?", (number,)
        )
        records = db.execute(
            "SELECT seq, event, record FROM audit WHERE artifact = ? ORDER BY seq", (columns[0],)
        )
        ruling = db.execute(
            "SELECT document FROM ruling WHERE artifact_id = ?", (number,)
        ).fetchone()
        rest = (
            tuple(decisions),
            tuple(StoredLabel(*row) for row in labels),
            tuple((seq, event, record) for seq, event, record in records),
            ruling[0] if ruling else None,
        )
        yield StoredRow(*(*columns, *rest))


def _decisions(db: sqlite3.Connection) -> Iterator[str]:
    """2. At most one terminal decision stands, and it is the one the artifact shows."""
    standing = defaultdict(list)
    for row in db.execute(
        "SELECT * FROM decision WHERE effective_at IS NOT NULL AND undone_at IS NULL"
    ):
        standing[row["artifact_id"]].append(row)
    for row in db.execute("SELECT * FROM artifact"):
        name, found = row["public_id"], standing.pop(row["id"], [])
        decided = row["status"] in STATUS_AFTER.values()
        if len(found) != int(decided):
            yield f"{name} is {row['status']} with {len(found)} standing decisions"
            continue
        for decision in found:
            shown = (row["status"], row["revision"], row["effective_at"], row["decided_by"])
            taken = (
                STATUS_AFTER[decision["kind"]],
                decision["revision"] + 1,
                decision["effective_at"],
                decision["actor"],
            )
            if shown != taken:
                yield f"{name} shows {shown}, decided was {taken}"
            if decision["digest"] != row["digest"]:
                yield f"{name} was decided on another digest than its own"
        if (row["decided_at"] is None) != (row["status"] == "pending"):
            yield f"{name} is {row['status']}, decided at {row['decided_at']}"
    for number in standing:
        yield f"a decision stands on artifact {number}, which is not there"


def _audit(db: sqlite3.Connection) -> Iterator[str]:
    """6. The audit chain has no gap."""
    rows = db.execute("SELECT seq, record, previous, hash FROM audit ORDER BY seq").fetchall()
    for broken in verify(tuple(row) for row in rows):
        yield f"audit record {broken.seq}: {broken.why}"
    if rows and rows[0]["seq"] != 1:
        yield f"the audit chain starts at {rows[0]['seq']}"
    for seq, artifact, event, record in db.execute(
        "SELECT seq, artifact, event, record FROM audit"
    ):
        value = json.loads(record)
        if (value["seq"], value["artifact"], value["event"]) != (seq, artifact, event):
            yield f"audit record {seq} says other than its columns"


def _authority(db: sqlite3.Connection) -> Iterator[str]:
    """3. Every record names the policy that was in force when it was written, labels do as well."""
    force, proposed = "", set()
    for seq, event, record in db.execute("SELECT seq, event, record FROM audit ORDER BY seq"):
        value = json.loads(record)
        named, digest = value["policy"], value["facts"].get("digest")
        # before, records named the policy of the artifact's admission
        if value["format"] > 1 and (not named or named != (force or named) or named in proposed):
            yield f"audit record {seq} names {named}, in force was {force}"
        if event == "policy_proposed":
            proposed.add(digest)
        elif event == "policy_activated":
            proposed.discard(digest)
            force = digest


def _labels(db: sqlite3.Connection) -> Iterator[str]:
    """7. An operation is recorded once, and no label hangs in the air."""
    seen = set()
    for (record,) in db.execute("SELECT record FROM audit"):
        operation = json.loads(record)["facts"].get("operation")
        if operation in seen and json.loads(record)["event"] != "window_moved":
            yield f"operation {operation} is recorded twice"
        if operation is not None:
            seen.add(operation)
    for (number,) in db.execute(
        "SELECT l.id FROM label l LEFT JOIN decision d"
        " ON d.artifact_id = l.artifact_id AND d.revision = l.revision WHERE d.id IS NULL"
    ):
        yield f"the label {number} belongs to no decision"


def _effects(db: sqlite3.Connection) -> Iterator[str]:
    """2 and 8. One delivery for each standing decision, none for one taken back, each once.

    None at all in shadow mode.
    """
    called_back = {
        name for (name,) in db.execute("SELECT artifact FROM audit WHERE event = 'called_back'")
    }
    for row in db.execute(
        "SELECT d.operation_id, d.undone_at, d.effective_at, e.state, e.due_at, e.attempts,"
        " count(e.id) AS n, a.public_id, a.mode FROM decision d"
        " JOIN artifact a ON a.id = d.artifact_id LEFT JOIN effect e"
        " ON e.artifact_id = d.artifact_id AND e.revision = d.revision AND e.kind = 'deliver'"
        " WHERE d.effective_at IS NOT NULL GROUP BY d.id"
    ):
        name = row["operation_id"]
        if row["mode"] == "shadow":
            if row["n"]:
                yield f"decision {name} on what is only recorded has an effect"
        elif row["n"] != 1:
            yield f"decision {name} has {row['n']} effects"
        elif (row["state"] == "cancelled") != (row["undone_at"] is not None):
            yield f"decision {name} (undone: {row['undone_at']}) has an effect {row['state']}"
        elif row["attempts"] == 0 and row["due_at"] < row["effective_at"]:
            yield f"the effect of {name} is due inside its undo window"
        late = row["undone_at"] is not None and row["undone_at"] >= row["effective_at"]
        if late and row["public_id"] not in called_back:
            yield f"decision {name} was taken back after its undo window"
    for name, number in db.execute(
        "SELECT artifact, count(*) FROM audit WHERE event = 'delivered' GROUP BY artifact"
        " HAVING count(*) > 1"
    ):
        yield f"{name} was delivered {number} times by the record"


def _fences(db: sqlite3.Connection) -> Iterator[str]:
    """5. Fencing tokens only grow, one for each claim."""
    last: dict[str, int] = defaultdict(int)
    for artifact, record in db.execute(
        "SELECT artifact, record FROM audit WHERE event = 'claimed' ORDER BY seq"
    ):
        fence = json.loads(record)["facts"]["fence"]
        if fence != last[artifact] + 1:
            yield f"{artifact} gave out fence {fence} after {last[artifact]}"
        last[artifact] = fence
    for name, fence, status, owner in db.execute(
        "SELECT public_id, fence, status, lease_owner FROM artifact"
    ):
        if fence != last[name]:
            yield f"{name} has fence {fence}, on the record {last[name]}"
        if status != "pending" and owner:
            yield f"{name} is {status} and claimed by {owner}"


def _counters(db: sqlite3.Connection) -> Iterator[str]:
    """What is kept beside the artifacts equals them: counters, listed reasons, chips."""
    truth = {
        (*key,): number
        for *key, number in db.execute(
            "SELECT queue, agent, kind, risk, CASE WHEN status = 'pending' AND snoozed_until"
            " IS NOT NULL THEN 'snoozed' ELSE status END AS s, count(*) FROM artifact"
            " GROUP BY queue, agent, kind, risk, s"
        )
    }
    kept = {
        (*key,): number
        for *key, number in db.execute(
            "SELECT queue, agent, kind, risk, status, number FROM counter WHERE number <> 0"
        )
    }
    if truth != kept:
        yield f"counters say {sorted(kept.items())}, true is {sorted(truth.items())}"
    shapes = dict(db.execute("SELECT shape, decided || '/' || rejected FROM shape_counter"))
    for shape, decided in db.execute(
        "SELECT CASE WHEN own_shape = '' THEN shape ELSE own_shape END AS own,"
        " sum(status IN ('approved', 'rejected', 'answered') AND decided_by <> 'policy')"
        " || '/' || sum(status = 'rejected' AND decided_by <> 'policy')"
        " FROM artifact GROUP BY own"
    ):
        if shapes.get(shape, "0/0") != decided:
            yield f"of {shape} people decided {decided}, counted were {shapes.get(shape)}"
    for name, code in db.execute(
        "SELECT a.public_id, r.code FROM reason r JOIN artifact a ON a.id = r.artifact_id"
        " WHERE r.leads = 1 AND (r.rank <> a.rank OR r.listed <>"
        " (a.status = 'pending' AND a.snoozed_until IS NULL))"
    ):
        yield f"{name}: the reason {code} is listed otherwise than its artifact stands"
    chips: dict[int, list[str]] = defaultdict(list)
    for number, code in db.execute(
        "SELECT artifact_id, code FROM reason WHERE leads = 1 ORDER BY id"
    ):
        chips[number].append(code)
    for number, name, shown in db.execute("SELECT id, public_id, reasons FROM artifact"):
        if shown != "\n".join(chips[number]):
            yield f"{name} shows the reasons {shown!r}, it has {chips[number]}"


def _alerts(db: sqlite3.Connection) -> Iterator[str]:
    """Each step of a chain is carried out once, on the record, and only then told of."""
    done = {
        (name, step, turn)
        for name, step, turn in db.execute(
            "SELECT a.public_id, al.step, al.turn FROM alert al JOIN artifact a"
            " ON a.id = al.artifact_id WHERE al.state = 'done'"
        )
    }
    seen = set()
    for name, record in db.execute("SELECT artifact, record FROM audit WHERE event = 'alerted'"):
        facts = json.loads(record)["facts"]
        step = (name, facts["step"], facts["turn"])
        if step in seen:
            yield f"step {step} was carried out twice"
        seen.add(step)
    if seen != done:
        yield f"steps on record and stored as done differ: {sorted(seen ^ done)}"
    for name, kind, document in db.execute(
        "SELECT a.public_id, e.kind, n.document FROM effect e JOIN artifact a"
        " ON a.id = e.artifact_id LEFT JOIN notice n ON n.effect_id = e.id WHERE e.revision = 0"
    ):
        told = json.loads(document or "{}")
        if (name, told.get("step"), told.get("turn")) not in done:
            yield f"{name} has the notification {kind} of a step that was not carried out"


def _ledger(db: sqlite3.Connection) -> Iterator[str]:
    """The error ledger adds up to the decisions that stand, with what was reported of them."""
    # what was decided under an older schema is in no ledger
    if db.execute(
        "SELECT count(*) FROM artifact WHERE id NOT IN (SELECT artifact_id FROM ruling)"
    ).fetchone()[0]:
        return
    people = "d.actor <> 'policy'"
    truth = db.execute(
        f"SELECT a.agent, a.kind, a.agent_version, sum({people}), sum({people} AND d.kind ="
        f" 'approve'), sum(d.kind = 'edit'), sum({people} AND d.kind = 'reject'),"
        " sum(d.kind = 'approve' AND d.actor = 'policy'),"
        " sum(d.kind = 'reject' AND d.actor = 'policy'), sum(a.outcome = 'failed'),"
        " sum(a.outcome = 'drifted'), sum(a.outcome = 'rolled_back') FROM decision d"
        " JOIN artifact a ON a.id = d.artifact_id"
        " WHERE d.effective_at IS NOT NULL AND d.undone_at IS NULL GROUP BY 1, 2, 3"
    )
    kept = db.execute(
        "SELECT agent, kind, version, sum(decided), sum(approved), sum(edited), sum(rejected),"
        " sum(automatic), sum(denied), sum(failed), sum(drifted), sum(rolled_back)"
        " FROM ledger GROUP BY 1, 2, 3"
    )
    wanted = {tuple(row[:3]): tuple(row[3:]) for row in truth}
    found = {tuple(row[:3]): tuple(row[3:]) for row in kept}
    for key in wanted.keys() | found.keys():
        nothing = (0,) * 9
        if wanted.get(key, nothing) != found.get(key, nothing):
            yield f"the ledger of {key} says {found.get(key)}, true is {wanted.get(key)}"
    for bucket, low in db.execute(
        "SELECT bucket, min(decided, approved, edited, rejected, sampled, automatic, denied,"
        " failed, drifted, rolled_back) AS low FROM ledger WHERE low < 0"
    ):
        yield f"the bucket {bucket} of the ledger holds {low}"


def _bulks(db: sqlite3.Connection) -> Iterator[str]:
    """A target of a bulk is done exactly when its decision is stored."""
    for row in db.execute(
        "SELECT o.operation_id, i.n, i.state, d.id FROM operation o"
        " JOIN operation_item i ON i.operation = o.id"
        " LEFT JOIN decision d ON d.operation_id = o.operation_id || ':' || i.n"
        " WHERE (i.state = 'done') <> (d.id IS NOT NULL)"
    ):
        yield f"target {row['n']} of {row['operation_id']} is {row['state']}, decision {row['id']}"


CHECKS: tuple[Check, ...] = (
    _sound,
    _replayed,
    _decisions,
    _audit,
    _authority,
    _labels,
    _effects,
    _fences,
    _counters,
    _alerts,
    _ledger,
    _bulks,
)
