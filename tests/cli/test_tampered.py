"""The queue file is changed behind the commands: each refuses in one sentence, verify names it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from reviewer.cli.codes import Exit

from .conftest import Run, file


def tamper(home: Path, statement: str) -> None:
    """Changes the file with SQLite alone."""
    with closing(sqlite3.connect(home / "queue.db")) as raw:
        changed = raw.execute(statement).rowcount
        raw.commit()
    assert changed > 0


def pass_window(home: Path) -> None:
    """Lets every undo window have ended, as if a day had passed; the record keeps its times."""
    for table in ("artifact", "decision", "label"):
        tamper(home, f"UPDATE {table} SET effective_at = effective_at - 60000000")


SWAP = "UPDATE artifact_body SET payload = replace(payload, 'refunded', 'hacked')"


def test_swapped_bytes_are_refused_by_every_command(
    cli: Run, submitted: Any, home: Path, tmp_path: Path
) -> None:
    id = submitted(key="a")
    whole = submitted(key="b", title="Something else", writes=[])
    assert cli("audit", "verify").code == Exit.OK
    tamper(home, SWAP)
    writes = file(tmp_path, [], name="w.json")
    for command in (
        ("show", id),
        ("diff", id),
        ("approve", id),
        ("reject", id, "-r", "unsafe"),
        ("edit", id, "--writes", writes),
        ("wait", id, "--timeout", "1"),
    ):
        done = cli(*command)
        assert (done.code, done.out) == (Exit.UNAVAILABLE, ""), command
        assert done.sentence == (
            f"The stored artifact {id} is not the one that was handed in. "
            "Run `reviewer audit verify`; restore the file from a backup."
        )
    assert len(cli("list", "--json").lines) == 2
    assert cli("show", whole).code == Exit.OK
    done = cli("audit", "verify")
    assert done.code == Exit.NEGATIVE
    assert done.sentence == f"{id}: the stored artifact is not the one of record 1."
    report = cli("audit", "verify", "--json").json
    assert (report["sound"], report["artifact"], report["records"]) == (False, id, 2)
    assert "broken" not in report


@pytest.mark.parametrize("table", ["decision", "artifact_body"])
def test_what_was_decided_is_not_delivered_once_it_was_swapped(
    cli: Run, submitted: Any, home: Path, tmp_path: Path, table: str
) -> None:
    id = submitted()
    [write] = cli("show", id, "--json").json["artifact"]["writes"]
    write["after"]["status"] = "EDITOR"
    if table == "decision":
        assert cli("edit", id, "--writes", file(tmp_path, [write], name="w.json")).code == Exit.OK
        tamper(home, "UPDATE decision SET writes = replace(writes, 'EDITOR', 'HACKED')")
        why = f"The stored decision on {id} is not the one that was taken."
        broken = f"{id}: the stored writes are not those of record 2."
    else:
        assert cli("approve", id).code == Exit.OK
        tamper(home, SWAP)
        why = f"The stored artifact {id} is not the one that was handed in."
        broken = f"{id}: the stored artifact is not the one of record 1."
    verified = cli("audit", "verify")
    assert (verified.code, verified.sentence) == (Exit.NEGATIVE, broken)
    pass_window(home)
    waited = cli("wait", id, "--timeout", "20s")
    assert (waited.code, waited.out) == (Exit.UNAVAILABLE, "")
    assert waited.sentence.startswith(why)
    if table == "artifact_body":
        for target in ((), ("-o", tmp_path / "labels.jsonl")):
            exported = cli("export", "labels", *target)
            assert (exported.code, exported.out) == (Exit.UNAVAILABLE, "")
            assert exported.sentence.startswith(why)
        assert not (tmp_path / "labels.jsonl").exists()


def test_an_artifact_that_is_gone_is_named(cli: Run, submitted: Any, home: Path) -> None:
    submitted(key="a")
    id = submitted(key="b")
    submitted(key="c")
    tamper(home, f"DELETE FROM artifact WHERE public_id = '{id}'")
    done = cli("audit", "verify")
    assert done.code == Exit.NEGATIVE
    assert done.sentence == f"{id}: what record 2 says of it is not stored."


def test_an_artifact_that_no_record_knows_is_named(cli: Run, submitted: Any, home: Path) -> None:
    id = submitted(key="a")
    tamper(home, "DELETE FROM audit")
    done = cli("audit", "verify")
    assert done.code == Exit.NEGATIVE
    assert done.sentence == f"{id}: no record says that it was handed in."


def test_a_second_withdrawal_is_refused(cli: Run, submitted: Any) -> None:
    id = submitted()
    assert cli("withdraw", id).code == Exit.OK
    done = cli("withdraw", id)
    assert (done.code, done.out) == (Exit.NEGATIVE, "")
    assert "It is withdrawn already." in done.sentence
