"""What a schema holds besides tables and indexes: triggers and the full-text index, by dialect.

These texts belong to released migrations: a change is a new list and a new migration.
"""

from __future__ import annotations

_LINE = "{0}.queue, {0}.agent, {0}.kind, {0}.risk, {1}"
_STATUS = (
    "CASE WHEN {0}.status = 'pending' AND {0}.snoozed_until IS NOT NULL "
    "THEN 'snoozed' ELSE {0}.status END"
)


def _count(row: str, change: int) -> str:
    values = _LINE.format(row, _STATUS.format(row))
    return (
        "INSERT INTO counter (queue, agent, kind, risk, status, number) "
        f"VALUES ({values}, {change}) "
        "ON CONFLICT (queue, agent, kind, risk, status) "
        f"DO UPDATE SET number = number + ({change});"
    )


_MOVED = """
OLD.status IS NOT NEW.status OR OLD.queue IS NOT NEW.queue OR OLD.risk IS NOT NEW.risk
OR OLD.snoozed_until IS NOT NEW.snoozed_until"""

FIRST: dict[str, tuple[str, ...]] = {
    "sqlite": (
        f"""CREATE TRIGGER artifact_counted AFTER INSERT ON artifact BEGIN
{_count("NEW", 1)}
END""",
        f"""CREATE TRIGGER artifact_recounted AFTER UPDATE OF status, queue, risk, snoozed_until
ON artifact WHEN {_MOVED} BEGIN
{_count("OLD", -1)}
{_count("NEW", 1)}
END""",
        """CREATE TRIGGER artifact_relisted AFTER UPDATE OF status, rank, snoozed_until
ON artifact WHEN NEW.reasons <> '' AND (OLD.status IS NOT NEW.status
OR OLD.rank IS NOT NEW.rank OR OLD.snoozed_until IS NOT NEW.snoozed_until) BEGIN
UPDATE reason SET rank = NEW.rank,
listed = (NEW.status = 'pending' AND NEW.snoozed_until IS NULL)
WHERE artifact_id = NEW.id AND leads = 1;
END""",
        # the body never changes, so there is nothing to follow but inserts
        """CREATE VIRTUAL TABLE artifact_search USING fts5(
search, content='artifact_body', content_rowid='id', tokenize='unicode61 remove_diacritics 2')""",
    ),
}

_READY = "({0}.status = 'pending' AND {0}.snoozed_until IS NULL)"
_SHAPED = """INSERT INTO shape_counter (shape, number) VALUES (NEW.shape, {0})
ON CONFLICT (shape) DO UPDATE SET number = number + excluded.number;"""

SECOND: dict[str, tuple[str, ...]] = {
    "sqlite": (
        f"""CREATE TRIGGER artifact_shaped AFTER INSERT ON artifact
WHEN {_READY.format("NEW")} BEGIN
{_SHAPED.format("1")}
END""",
        f"""CREATE TRIGGER artifact_reshaped AFTER UPDATE OF status, snoozed_until ON artifact
WHEN {_READY.format("NEW")} <> {_READY.format("OLD")} BEGIN
{_SHAPED.format(f"{_READY.format('NEW')} - {_READY.format('OLD')}")}
END""",
    ),
}

# equalities: for IN, SQLite would build a table of the three words each time
_BY_PEOPLE = (
    "(({0}.status = 'approved' OR {0}.status = 'rejected' OR {0}.status = 'answered')"
    " AND {0}.decided_by <> 'policy')"
)
_REJECTED = "({0}.status = 'rejected' AND {0}.decided_by <> 'policy')"


def _change(condition: str) -> str:
    return f"{condition.format('NEW')} - {condition.format('OLD')}"


def _moved(condition: str) -> str:
    return f"{condition.format('NEW')} <> {condition.format('OLD')}"


_JUDGED = f"""{_change(_BY_PEOPLE)}, {_change(_REJECTED)})
ON CONFLICT (shape) DO UPDATE SET number = number + excluded.number,
decided = decided + excluded.decided, rejected = rejected + excluded.rejected;"""
_INTO = "INSERT INTO shape_counter (shape, number, decided, rejected) VALUES"

THIRD: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "DROP TRIGGER artifact_reshaped",
        f"""CREATE TRIGGER artifact_reshaped AFTER UPDATE OF status, snoozed_until ON artifact
WHEN NEW.own_shape = '' AND ({_moved(_READY)} OR {_moved(_BY_PEOPLE)}) BEGIN
{_INTO} (NEW.shape, {_change(_READY)}, {_JUDGED}
END""",
        # what the policy adds reasons to lies in another group, but is known by its own shape
        f"""CREATE TRIGGER artifact_reshaped_apart AFTER UPDATE OF status, snoozed_until ON artifact
WHEN NEW.own_shape <> '' AND {_moved(_READY)} BEGIN
{_SHAPED.format(_change(_READY))}
END""",
        f"""CREATE TRIGGER artifact_judged_apart AFTER UPDATE OF status ON artifact
WHEN NEW.own_shape <> '' AND {_moved(_BY_PEOPLE)} BEGIN
{_INTO} (NEW.own_shape, 0, {_JUDGED}
END""",
    ),
}
