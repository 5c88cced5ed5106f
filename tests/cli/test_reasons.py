"""Reason codes of the policy in force at the command line: what is taken, told and completed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reviewer.cli import complete
from reviewer.cli.codes import Exit

from .conftest import Run

POLICY = """\
version: 1
agents:
  "*":
    grants: [{write: "*"}]
reasons:
  fraud: "it looks like `fraud`:\\e[2J now"
  wrong_value: the sum is wrong
"""


@pytest.fixture
def in_force(cli: Run, tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(POLICY, encoding="utf-8")
    done = cli("policy", "activate", path)
    assert done.code == 0, done.err


@pytest.mark.usefixtures("in_force")
def test_a_code_of_the_policy_counts_like_a_built_in_one(cli: Run, submitted: Any) -> None:
    one, other = submitted(key="a"), submitted(key="b")
    assert cli("reject", one, "-r", "fraud", "-r", "unsafe", "-r", "fraud").code == 0
    assert cli("wait", one, "--timeout", "10", "--json").json["reasons"] == ["fraud", "unsafe"]
    assert cli("escalate", other, "--to", "ben", "-r", "fraud").code == 0


def test_without_it_the_code_is_refused(cli: Run, submitted: Any) -> None:
    id = submitted()
    for command in ("reject", "escalate"):
        done = cli(command, id, "-r", "fraud")
        assert done.code == Exit.USAGE
        assert "no reason code 'fraud'" in done.sentence
        assert "Codes: wrong_value, wrong_target" in done.sentence


@pytest.mark.usefixtures("in_force")
def test_who_names_none_or_a_wrong_one_is_told_all(cli: Run, submitted: Any) -> None:
    id = submitted()
    for more in ([], ["-r", "because"]):
        done = cli("reject", id, *more)
        assert done.code == Exit.USAGE
        assert "Codes: fraud, wrong_value, wrong_target" in done.sentence
        assert done.sentence.endswith("other.")
    assert cli("show", id, "--json").json["status"] == "pending"
    assert "names under `reasons`" in " ".join(cli("reject", "--help").out.split())


@pytest.mark.usefixtures("in_force")
def test_completion_offers_them_with_words_that_act_on_no_terminal(cli: Run) -> None:
    offered = dict(complete.reasons(""))
    assert list(offered)[:2] == ["fraud", "wrong_value"]
    assert offered["wrong_value"] == "the sum is wrong"
    assert not set("\x1b`:") & set(offered["fraud"])
    assert [code for code, _ in complete.reasons("fr")] == ["fraud"]


def test_completion_without_a_queue_offers_the_built_in_ones(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIEWER_QUEUE", "nowhere://x")
    assert [code for code, _ in complete.reasons("un")] == ["unsafe"]
    (home / "config.toml").write_text("broken")
    assert [code for code, _ in complete.reasons("un")] == ["unsafe"]
