"""`wait`, `report`, `withdraw`, the labels and the audit record."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from reviewer.cli.codes import Exit

from .conftest import Done, Run, file


def verdicts(cli: Run, ids: dict[str, str]) -> dict[str, Done]:
    return {name: cli("wait", id, "--timeout", "20s") for name, id in ids.items()}


def test_wait_tells_every_verdict_by_its_exit_code(
    cli: Run, submitted: Any, tmp_path: Path
) -> None:
    names = ("approved", "edited", "rejected", "answered", "withdrawn", "superseded")
    ids = {name: submitted(key=name) for name in names}
    ids["expired"] = submitted(key="expired", expires_at="2001-01-01T00:00:00Z")
    assert cli("wait", ids["approved"], "--timeout", "0").code == Exit.TIMEOUT
    cli("approve", ids["approved"])
    [write] = cli("show", ids["edited"], "--json").json["artifact"]["writes"]
    write["after"]["refund"] = 100
    cli("edit", ids["edited"], "--writes", file(tmp_path, [write], name="w.json"))
    cli("reject", ids["rejected"], "-r", "wrong_value", "-r", "unsafe", "-m", "too much")
    cli("respond", ids["answered"], "ask first")
    cli("withdraw", ids["withdrawn"])
    submitted(key="next", supersedes="superseded")
    found = verdicts(cli, ids)
    assert {name: done.code for name, done in found.items()} == {
        "approved": Exit.OK,
        "edited": Exit.EDITED,
        "rejected": Exit.NEGATIVE,
        "answered": Exit.ANSWERED,
        "withdrawn": Exit.GONE,
        "superseded": Exit.GONE,
        "expired": Exit.EXPIRED,
    }
    assert found["approved"].json["writes"][0]["after"]["refund"] == 212
    assert found["edited"].json["writes"][0]["after"]["refund"] == 100
    assert found["rejected"].json["reasons"] == ["wrong_value", "unsafe"]
    assert found["rejected"].json["comment"] == "too much"
    assert found["rejected"].json["writes"] == []
    assert found["answered"].json["comment"] == "ask first"
    assert cli("report", ids["approved"], "applied", "--json").json["outcome"] == "applied"
    assert cli("report", ids["rejected"], "applied").code == Exit.NEGATIVE
    assert cli("withdraw", ids["approved"]).code == Exit.NEGATIVE
    exported(cli, tmp_path)


def exported(cli: Run, tmp_path: Path) -> None:
    """What the decisions above left as labels, in every format."""
    from reviewer.labels.exports import FORMATS

    counts = {}
    for format in FORMATS:
        path = tmp_path / f"{format}.jsonl"
        counts[format] = cli("export", "labels", "-f", format, "-o", path, "--json").json["records"]
        assert len(path.read_text().splitlines()) == counts[format]
        assert cli("export", "labels", "-f", format).out == path.read_text()
    assert counts["jsonl"] == 4
    assert counts["trl-preference"] >= 1
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_an_export_is_written_into_a_pipe_that_stays_one(
    cli: Run, submitted: Any, tmp_path: Path
) -> None:
    submitted()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE, text=True)
    try:
        assert cli("audit", "export", "-o", pipe).code == Exit.OK
        assert pipe.is_fifo()
        assert json.loads(reader.communicate(timeout=10)[0])["seq"] == 1
    finally:
        reader.kill()


def test_audit_is_verified_live_and_offline(cli: Run, submitted: Any, tmp_path: Path) -> None:
    id = submitted()
    cli("reassign", id, "ben")
    report = cli("audit", "verify", "--json").json
    assert report["sound"] is True
    assert report["records"] == 2
    path = tmp_path / "audit.jsonl"
    cli("audit", "export", "-o", path)
    assert cli("audit", "verify", "--file", path, "--head", report["head"]).code == Exit.OK
    cli("reassign", id, "cara")
    assert cli("audit", "verify", "--head", report["head"]).code == Exit.OK
    beyond = cli("audit", "verify", "--head", f"9:{'0' * 64}")
    assert beyond.code == Exit.NEGATIVE
    first, second = path.read_text().splitlines()
    path.write_text(first + "\n" + second.replace("ben", "eve") + "\n")
    broken = cli("audit", "verify", "--file", path)
    assert broken.code == Exit.NEGATIVE
    assert "Record 2 (line 2) is broken: its text was changed" in broken.sentence


def test_a_record_changed_in_the_file_is_named(cli: Run, submitted: Any, home: Path) -> None:
    import sqlite3

    id = submitted()
    cli("reassign", id, "ben")
    with sqlite3.connect(home / "queue.db") as raw:
        names = [row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        table = next(name for name in names if "audit" in name and "fts" not in name)
        for (trigger,) in raw.execute(
            "SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name=?", (table,)
        ).fetchall():
            raw.execute(f'DROP TRIGGER "{trigger}"')
        raw.execute(f"UPDATE {table} SET record = replace(record, 'ben', 'eve') WHERE seq = 2")
    raw.close()
    done = cli("audit", "verify")
    assert done.code == Exit.NEGATIVE
    assert "Record 2 is broken" in done.sentence
