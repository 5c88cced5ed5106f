"""Agents as text: bars, sentences, and nothing that acts on a terminal."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reviewer.cli.roster import bar, document, lines
from reviewer.domain.governance import Cap, LedgerRow, Stop, Tally
from reviewer.domain.instant import DAY
from reviewer.policy.budget import bucket
from reviewer.policy.document import Policy
from reviewer.policy.roster import InForce, roster

NOW = 1_800_000_000_000_000
EVIL = "bot\x1b]52;c;eA==\x07\u202e"


def agents(name: str = "bot", why: str = "spent", **more: Any) -> list[InForce]:
    budget = {"rate": "2%", "window": "7d", "least": 20}
    policy = Policy.model_validate(
        {"version": 1, "agents": {"*": {"mode": "autonomous", "budget": budget}}}
    )
    tally = Tally(decided=100, rejected=1, automatic=900)
    rows = [LedgerRow(name, version, "refund", bucket(NOW), tally) for version in ("1", "2")]
    caps = [Cap(name, "refund", "assisted", why, "policy", NOW - DAY)]
    return roster(policy, rows, caps, [Stop(name, why, name, NOW)], NOW, **more)


@given(st.floats(0, 1))
def test_a_bar_is_full_or_empty_only_where_that_is_so(left: float) -> None:
    drawn = bar(left)
    assert len(drawn) == 12
    assert ("-" not in drawn) == (left == 1)
    assert ("#" not in drawn) == (left == 0)


def test_a_table_and_what_is_to_be_known() -> None:
    drawn = [text for text, _ in lines(agents(), None)]
    assert drawn[0].split() == [
        "agent", "kind", "version", "mode", "budget", "left", "decided", "mistakes", "alone",
    ]  # fmt: skip
    assert drawn[1].split() == [
        "bot", "refund", "stopped", "[#####-----]", "50%", "200", "2", "of", "4", "1,800",
    ]  # fmt: skip
    assert [line.split() for line in drawn[2:4]] == [
        ["2", "100", "1", "900"],
        ["1", "100", "1", "900"],
    ]
    assert "  At most assisted is left to it by policy: spent." in drawn
    assert "  bot stopped it: spent." in drawn
    assert any("until a person lifts it" in line for line in drawn)


def test_names_and_reasons_of_strangers_never_act_on_the_terminal() -> None:
    for text, _ in lines(agents(EVIL, EVIL * 20), 100):
        assert text.isprintable() or not text
        assert "\u202e" not in text
    assert lines([], None).__next__()[0].startswith("No agent")


def test_the_document_is_json_with_every_number() -> None:
    [told] = json.loads(json.dumps([document(one) for one in agents()]))
    assert (told["mode"], told["policy_mode"]) == ("stopped", "autonomous")
    assert told["budget"] == {
        "rate": 0.02,
        "least": 20,
        "counts": ["reject", "edit", "rolled_back"],
        "then": "assisted",
        "mistakes": 2,
        "allowed": 4,
        "share": 0.01,
        "left": 0.5,
        "spent": False,
    }
    assert [work["version"] for work in told["versions"]] == ["2", "1"]
    assert told["caps"][0]["mode"] == "assisted"
    assert told["stopped"]["because"] == "spent"
