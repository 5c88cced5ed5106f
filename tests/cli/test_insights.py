"""`reviewer insights` on a real embedded queue."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from reviewer.cli.codes import Exit
from reviewer.insights.table import HEAD

from .conftest import Run


@pytest.fixture
def decided(cli: Run, submitted: Any) -> None:
    """Three decisions on two agents' artifacts, and one that waits."""
    cost = {"usd": 0.5}
    for key, agent in (("a", "refund-bot"), ("b", "refund-bot"), ("c", "=cmd|x"), ("d", "coder")):
        id = submitted(key=key, agent={"name": agent, "version": "2"}, cost=cost)
        if key in "ac":
            assert cli("approve", id).code == 0
        elif key == "b":
            assert cli("reject", id, "-r", "other", "-m", "no").code == 0


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_by_agent(cli: Run, decided: None) -> None:
    done = cli("insights")
    assert done.code == 0, done.err
    head, first, second, _, summary = done.out.splitlines()
    assert head.split()[:4] == ["agent", "version", "decided", "approved"]
    assert first.split() == [
        "refund-bot", "2", "2", "50%", "9–91", "0%", "50%", "0", "–", "$1.00", "$1.00",
    ]  # fmt: skip
    assert second.split()[:4] == ["=cmd|x", "2", "1", "100%"]
    assert summary.startswith("last 7 days: 3 decided, ")
    assert "$0.750 a success" in summary


def test_by_reviewer_and_queue(cli: Run, decided: None) -> None:
    assert cli("insights", "--by", "reviewer").out.splitlines()[1].split()[:3] == [
        "ana", "person", "3",
    ]  # fmt: skip
    [_, row, _, _] = cli("insights", "--by", "queue", "--since", "1h").out.splitlines()
    assert row.split()[1] == "3"
    assert row.split()[-2:] == ["1", "0"]


def test_json(cli: Run, decided: None) -> None:
    found = cli("insights", "--json", "--since", "90m").json
    assert found["decided"] == 3
    groups = {group["agent"]: group for group in found["groups"]}
    assert groups["refund-bot"]["reject_share"] == 0.5
    assert groups["refund-bot"]["reject_share_of"] == 2
    assert groups["refund-bot"]["cost_per_success"] == 1.0
    queues = cli("insights", "--json", "--by", "queue").json["groups"]
    assert queues[0]["open_pending"] == 1
    assert queues[0]["within_sla"] == 1.0
    [person] = cli("insights", "--json", "--by", "reviewer").json["groups"]
    assert (person["reviewer"], person["decided"]) == ("ana", 3)


def test_csv_to_a_file_and_to_stdout(cli: Run, decided: None, tmp_path: Path) -> None:
    target = tmp_path / "numbers.csv"
    done = cli("insights", "--csv", target)
    assert done.code == 0
    rows = read(target.read_bytes().decode())
    assert done.out == f"{len(rows):,} numbers in {target}.\n"
    assert tuple(rows[0]) == HEAD
    assert {row["agent"] for row in rows} == {"", "refund-bot", "'=cmd|x"}
    assert {row["span"] for row in rows} == {"bucket", "period", "now"}
    streamed = read(cli("insights", "--csv", "-").out)
    assert len(streamed) == len(rows)
    assert cli("insights", "--csv", tmp_path / "no" / "where.csv").code != 0


def test_nothing_yet_and_wrong_words(cli: Run) -> None:
    assert cli("insights", "--since", "24h").out == "No decision was taken in the last 24 hours.\n"
    assert cli("insights", "--since", "all").out == "No decision was taken yet.\n"
    assert cli("insights", "--json").json["groups"] == []
    for words in (("--by", "colour"), ("--since", "yesterday"), ("--since", "0s")):
        done = cli("insights", *words)
        assert done.code == Exit.USAGE
        assert done.sentence
