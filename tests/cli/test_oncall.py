"""`reviewer oncall`: who is on call now and then."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Run

ROTATIONS = """
[[on_call]]
people = ["ana", "ben"]
starts = "2026-11-02T09:00"
every = "1w"
zone = "Europe/Berlin"

[[on_call]]
queue = "billing"
people = ["cy\u202e"]
starts = "2027-01-01T00:00"
every = "1d"
zone = "UTC"
overrides = [{ from = "2027-01-02T00:00", to = "2027-01-03T00:00", person = "dee" }]
"""


@pytest.fixture
def rotations(home: Path) -> None:
    with (home / "config.toml").open("a", encoding="utf-8") as file:
        file.write(ROTATIONS)


def test_everybody_who_is_on_call(cli: Run, rotations: None) -> None:
    done = cli("oncall", "--at", "2026-11-20T10:00:00Z", "--json")
    week = {
        "person": "ana",
        "until": "2026-11-23T08:00:00.000Z",
        "next": "ben",
        "instead_of": None,
    }
    assert done.json == [{"queue": "*", **week}, {"queue": "billing", **week}]
    shown = cli("oncall", "--at", "2027-01-02T10:00:00Z").out.splitlines()
    assert shown[0].split() == ["queue", "on", "call", "until", "next", "instead", "of"]
    assert shown[2].startswith("billing  dee")
    assert all(line.isprintable() for line in shown)


def test_one_queue_and_a_time_before_anybody(cli: Run, rotations: None) -> None:
    [told] = cli("oncall", "legal", "--at", "2026-11-24T10:00:00Z", "--json").json
    assert (told["queue"], told["person"]) == ("legal", "ben")
    before = cli("oncall", "--at", "2020-01-01T00:00:00Z")
    assert before.code == 0
    assert "nobody" in before.out
    assert cli("oncall", "--json").json[0]["person"] in ("ana", "ben")


def test_no_rotations_and_no_time(cli: Run) -> None:
    assert "no rotations" in cli("oncall").out
    assert cli("oncall", "--json").json == []
    assert cli("oncall", "--at", "noon").code != 0
    assert "not a time" in cli("oncall", "--at", "noon").sentence


def test_settings_show_rotations(cli: Run, rotations: None) -> None:
    told = cli("config", "get", "on_call", "--json").json
    assert told[0]["people"] == ["ana", "ben"]
    assert told[1]["overrides"][0]["person"] == "dee"
    refused = cli("config", "set", "on_call", "x")
    assert "is a table" in refused.sentence


def test_the_policys_rotations_go_before_those_of_the_settings(
    cli: Run, rotations: None, tmp_path: Path
) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(
        "version: 1\n"
        "agents: {'*': {grants: [{write: '*'}]}}\n"
        "on_call:\n"
        "  - {people: [fay], starts: '2026-11-02T09:00', every: 1w, zone: UTC}\n"
    )
    assert cli("policy", "activate", str(policy)).code == 0
    told = cli("oncall", "--at", "2026-11-20T10:00:00Z", "--json").json
    assert [(one["queue"], one["person"]) for one in told] == [("*", "fay")]
