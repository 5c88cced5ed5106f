"""`reviewer list`, `show` and `diff` on a real embedded queue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reviewer.cli.codes import Exit

from .conftest import Run, artifact, file


def test_list_is_a_table_in_the_order_of_deadlines(cli: Run, submitted: Any) -> None:
    low, high = submitted(key="a", risk="low"), submitted(key="b", risk="critical")
    done = cli("list")
    head, first, second = done.out.splitlines()
    assert head.split()[:3] == ["id", "risk", "due"]
    assert first.startswith(high)
    assert "■ crit" in first
    assert second.startswith(low)
    assert "\x1b" not in done.out
    assert cli("list", "risk:low").out.count("\n") == 2
    assert cli("list", "agent:nobody").out == "Nothing matches.\n"
    assert low not in cli("list", "-risk:low").out
    assert high in cli("list", "-risk:low", "-holder:ana", "--limit", "5").out
    assert cli("list", "-x").code == Exit.USAGE


def test_list_pages_through_everything(cli: Run, tmp_path: Path) -> None:
    many = [artifact(key=f"k{i}", title=f"t{i}") for i in range(450)]
    cli("submit", file(tmp_path, *many))
    assert "50 of 450; --all lists all." in cli("list").out
    assert len(cli("list", "--limit", "210", "--json").lines) == 210
    everything = cli("list", "--all", "--json").lines
    assert {line["title"] for line in everything} == {f"t{i}" for i in range(450)}
    assert len(cli("list", "--all").out.splitlines()) == 451


def test_ids_keys_and_beginnings_name_the_same_artifact(cli: Run, submitted: Any) -> None:
    id = submitted(key="refund-8841")
    for name in (id, id[:12], "refund-8841"):
        assert cli("show", name, "--json").json["id"] == id
    submitted(key="other")
    several = cli("show", id[:3])
    assert several.code == Exit.USAGE
    assert "begins several ids" in several.sentence
    none = cli("show", "nothing")
    assert none.code == Exit.NOT_FOUND
    assert "'nothing'" in none.sentence


def test_show_and_diff(cli: Run, submitted: Any) -> None:
    id = submitted(summary="the agent's claim")
    shown = cli("show", id).out
    assert "Refund order 8841" in shown
    assert "two orders match" in shown
    diff = cli("diff", id).out
    assert '~ /status: "open" → "refunded"' in diff
    assert "\x1b" not in diff
    [write] = cli("diff", id, "--json").json["writes"]
    assert write["changed"] is True
    assert write["counts"]["changed"] == 2


def test_colour_is_by_choice(cli: Run, submitted: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    id = submitted()
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[33m" in cli("diff", id).out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in cli("diff", id).out
