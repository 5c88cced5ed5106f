"""The rows of the agents' screen, from values."""

from __future__ import annotations

import random

from rich.cells import cell_len

from reviewer.domain.governance import Stop
from reviewer.domain.instant import DAY, HOUR
from reviewer.policy.document import Policy
from reviewer.policy.promotion import begin
from reviewer.tui.agent_rows import rows_of, since_of
from reviewer.tui.agent_words import agent_lines
from reviewer.tui.widgets.agent_list import budget_cells

from .governed import CAPS, LEDGER, NOW, STOPS, compiled_of, row

POLICY = compiled_of().policy


def test_what_asks_for_a_person_comes_first() -> None:
    rows = rows_of(POLICY, LEDGER, CAPS, STOPS, NOW)
    assert [(one.agent, one.kind) for one in rows[:3]] == [
        ("crm-sync", "merge"), ("mailer", "reply"), ("refund-bot", "note"),
    ]  # fmt: skip
    assert rows[0].stop is STOPS[0]
    assert rows[1].promotion is CAPS[1]
    assert (rows[2].mode, rows[2].source, rows[2].spent) == ("assisted", "cap", True)


def test_the_order_of_the_ledger_does_not_matter() -> None:
    mixed = list(LEDGER)
    random.Random(1).shuffle(mixed)
    keys = [one.key for one in rows_of(POLICY, LEDGER, CAPS, STOPS, NOW)]
    assert [one.key for one in rows_of(POLICY, mixed, CAPS, STOPS, NOW)] == keys


def test_versions_are_told_apart_on_request() -> None:
    rows = rows_of(POLICY, LEDGER, (), (), NOW, versions=True)
    refunds = {r.version: r for r in rows if (r.agent, r.kind) == ("refund-bot", "refund")}
    assert set(refunds) == {"2.3.1", "2.4"}
    assert refunds["2.4"].decided == 4
    assert refunds["2.3.1"].automatic == 800


def test_a_version_that_nobody_knows_starts_where_the_policy_says() -> None:
    fresh = row("refund-bot", "refund", 0, version="3.0", ago=HOUR, automatic=3)
    rows = rows_of(POLICY, (*LEDGER, fresh), (), (), NOW, versions=True)
    new = next(one for one in rows if one.version == "3.0")
    assert (new.mode, new.source) == ("assisted", "new version")
    assert "Nobody has decided on version 3.0" in new.why[-1]


def test_everybody_may_be_stopped() -> None:
    rows = rows_of(POLICY, LEDGER, (), (Stop("*", "drill", "ben", NOW),), NOW)
    assert all(one.stop is not None and one.mode == "stopped" for one in rows)
    assert all("■" in line.gutter for line in agent_lines(rows[0], NOW)[1:2])


def test_budgets_are_told_in_their_room_by_shape_and_words() -> None:
    for one in rows_of(POLICY, LEDGER, CAPS, STOPS, NOW):
        for width in (18, 24, 32):
            cells = budget_cells(one, width)
            assert sum(cell_len(text) for text, _ in cells) == width
    spent = next(one for one in rows_of(POLICY, LEDGER, CAPS, (), NOW) if one.spent)
    assert "spent" in "".join(text for text, _ in budget_cells(spent, 18))


def test_the_ledger_is_read_as_far_back_as_the_longest_budget() -> None:
    assert since_of(POLICY, NOW) == begin(NOW)
    agent = {"budget": {"rate": 0.02, "window": "400d"}}
    longest = Policy.model_validate({"version": 1, "agents": {"bot": agent}})
    assert since_of(longest, NOW) == NOW - 400 * DAY


def test_all_that_is_said_of_an_agent() -> None:
    rows = rows_of(POLICY, LEDGER, CAPS, STOPS, NOW)
    said = {
        (one.agent, one.kind): "\n".join(
            "".join(text for text, _ in line.words) for line in agent_lines(one, NOW)
        )
        for one in rows
    }
    note = said["refund-bot", "note"]
    assert "At most assisted is left to it by policy" in note
    assert "3 mistakes in 31 decisions of the last 30 d" in note
    assert "refunds: record in crm on order/* only /status, /refund/**" in note
    assert "A promotion is proposed" in said["mailer", "reply"]
    assert "no grant: it may write nothing" in said["mailer", "reply"]
    assert "crm-sync is stopped by ben" in said["crm-sync", "merge"]
    assert agent_lines(None, NOW) == []


def test_a_share_of_few_decisions_says_what_it_is_a_share_of() -> None:
    """One mistake in four decisions is no "2 %" to anybody who is not told that they are few."""
    few = row("refund-bot", "refund", 4, ago=HOUR, rejected=1)
    (one,) = (r for r in rows_of(POLICY, (few,), (), (), NOW) if r.kind == "refund")
    budget = one.force.budget
    assert budget is not None
    assert budget.least > 4
    said = "\n".join("".join(text for text, _ in line.words) for line in agent_lines(one, NOW))
    assert f"1 mistake in 4 decisions of the last 30 d, counted as {budget.least}: " in said
