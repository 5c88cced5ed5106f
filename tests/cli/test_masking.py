"""`export labels` under a policy that masks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reviewer.cli.codes import Exit
from reviewer.policy.reading import PolicyError, Problem

from .conftest import Run

POLICY = """\
version: 1
agents:
  "*":
    grants: [{write: "*"}]
"""
MASKING = (
    POLICY
    + """\
masking:
  fields: [/refund]
  patterns: ["order[ /]88\\\\d\\\\d"]
"""
)


@pytest.fixture
def decided(cli: Run, submitted: Any, home: Path, tmp_path: Path) -> Any:
    """Puts a policy in force, approves one artifact for good, and says who may do what."""

    def decide(text: str, roles: str = '["reviewer", "lead"]') -> None:
        path = tmp_path / "policy.yaml"
        path.write_text(text, encoding="utf-8")
        assert cli("policy", "activate", path).code == 0
        (home / "config.toml").write_text(f'name = "ana"\nroles = {roles}\nundo_seconds = 0\n')
        id = submitted()
        assert cli("approve", id).code == 0
        assert cli("wait", id, "--timeout", "10").code == 0

    return decide


def test_labels_leave_masked_and_stderr_says_how_much(
    cli: Run, decided: Any, tmp_path: Path
) -> None:
    decided(MASKING)
    done = cli("export", "labels", "-f", "jsonl")
    assert done.code == 0
    [line] = done.lines
    [write] = json.loads(line["final"])
    assert write["after"] == {"status": "refunded", "refund": "‹masked›"}
    assert (write["resource"], line["title"]) == ("‹masked›", "Refund ‹masked› (damaged)")
    assert "8841" not in done.out
    assert "212" not in line["proposal"]
    assert line["digest"] == line["digest_decided"] == ""
    said = done.sentence
    assert said.endswith("values were masked, as the policy in force says.")
    path = tmp_path / "out.jsonl"
    told = cli("export", "labels", "-o", path, "--json")
    assert told.json["masked"] == int(said.split()[0])
    assert path.read_text() == done.out


def test_only_admins_export_what_is_masked(cli: Run, decided: Any, home: Path) -> None:
    decided(MASKING)
    refused = cli("export", "labels", "--unmasked")
    assert refused.code == Exit.NEGATIVE
    assert "Only an admin" in refused.sentence
    assert refused.out == ""
    config = home / "config.toml"
    config.write_text(config.read_text().replace('"lead"', '"admin"'))
    done = cli("export", "labels", "--unmasked")
    assert (done.code, done.err) == (0, "")
    assert "8841" in done.out
    assert "masked" not in done.out


def test_a_policy_that_masks_nothing_says_nothing_of_it(cli: Run, decided: Any) -> None:
    decided(POLICY)
    done = cli("export", "labels")
    assert (done.code, done.err) == (0, "")
    assert "order/8841" in done.out


def test_a_policy_that_cannot_be_read_lets_nothing_out_but_for_admins(
    cli: Run, decided: Any, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided(MASKING)

    def read(_text: str) -> Any:
        raise PolicyError([Problem(1, 1, "/version", "this program reads version 1")])

    monkeypatch.setattr("reviewer.policy.reading.read", read)
    refused = cli("export", "labels")
    assert refused.code != 0
    assert "nobody knows what to mask" in refused.sentence
    assert refused.out == ""
    config = home / "config.toml"
    config.write_text(config.read_text().replace('"lead"', '"admin"'))
    assert "8841" in cli("export", "labels", "--unmasked").out
