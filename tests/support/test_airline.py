"""The importer of the airline episodes, checked against what the real tools returned."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reviewer.domain.artifact import artifact_digest, parse
from reviewer.domain.digest import digest
from tests.support.airline import __main__ as command
from tests.support.airline import artifacts, episodes, ground_truth, replayed
from tests.support.airline.build import KINDS, artifact_of
from tests.support.airline.conduct import agrees
from tests.support.airline.replay import steps, worlds
from tests.support.airline.source import HANDOFF, Episode, World, pristine
from tests.support.airline.tools import TOOLS, propose
from tests.support.shared import ROOT, shared_data

WRITES = {
    "book_reservation": 53,
    "cancel_reservation": 69,
    "update_reservation_flights": 104,
    "update_reservation_baggages": 14,
    "update_reservation_passengers": 2,
    "send_certificate": 8,
}
HANDOFFS = 48


@pytest.fixture(scope="module")
def made() -> list[dict[str, Any]]:
    shared_data("tau-airline", "trajectories.json")
    return artifacts()


def test_every_write_and_handoff_becomes_one_artifact(made: list[dict[str, Any]]) -> None:
    tools = Counter(one["metadata"]["tool"] for one in made)
    assert tools == WRITES | {HANDOFF: HANDOFFS}
    assert Counter(one["kind"] for one in made) == {KINDS[tool]: n for tool, n in tools.items()}
    assert len(list(episodes())) == 200


def test_all_are_wire_format_1_and_differ(made: list[dict[str, Any]]) -> None:
    parsed = [parse(json.dumps(one)) for one in made]
    assert len({artifact_digest(one) for one in parsed}) == len(made)
    assert len({one.key for one in parsed}) == len(made)
    for one in parsed:
        assert one.decisions == (
            ("respond", "reject")
            if one.kind == "handoff"
            else ("approve", "edit", "reject", "respond")
        )
        assert bool(one.writes) == (one.kind != "handoff")
        for reason in one.escalations:
            assert reason.detail
            assert reason.evidence is None or reason.evidence < len(one.context)


def test_the_rules_of_the_tools_give_what_the_real_tools_returned() -> None:
    agree: Counter[str] = Counter()
    for step in replayed():
        if step.call.name in TOOLS:
            assert step.proposal.answer == step.call.result, step.episode.run_id
            assert bool(step.proposal.refusals) == step.call.failed
            agree[step.call.name] += 1
    assert agree == WRITES


def test_the_after_of_a_write_is_the_record_that_the_real_tool_returned(
    made: list[dict[str, Any]],
) -> None:
    compared = 0
    for step, one in zip(replayed(), made, strict=True):
        if step.call.result.startswith("{"):
            returned = json.loads(step.call.result)
            (write,) = [w for w in one["writes"] if w["resource"].startswith("reservations/")]
            assert write["resource"] == f"reservations/{returned['reservation_id']}"
            assert write["after"] == returned
            compared += 1
    assert compared == 23 + 69 + 62 + 13 + 2


def test_what_the_agent_read_is_what_the_world_held() -> None:
    """Also after earlier writes: so each artifact's before is what the agent saw."""
    tables = {"get_reservation_details": "reservations", "get_user_details": "users"}
    seen: Counter[bool] = Counter()
    for episode in episodes():
        for call, world in worlds(episode):
            if call.name in tables and not call.failed:
                (key,) = call.arguments.values()
                assert json.dumps(world.get(f"{tables[call.name]}/{key}")) == call.result
                seen[bool(world.changed)] += 1
    assert seen == {False: 461, True: 36}


def test_a_rewarded_episode_leaves_the_world_that_the_right_actions_leave() -> None:
    outcomes: Counter[tuple[bool, float]] = Counter()
    for episode in episodes():
        left = pristine()
        for call in episode.calls():
            if not call.failed:
                left = _after(left, call.name, call.arguments)
        right = pristine()
        for action in episode.actions:
            right = _after(right, action["name"], action["kwargs"])
        outcomes[_differences(left) == _differences(right), episode.reward] += 1
    # four did the right writes and still earned nothing: they said or ended something wrong
    assert outcomes == {(True, 1.0): 84, (True, 0.0): 4, (False, 0.0): 112}


def _after(world: World, name: str, arguments: dict[str, Any]) -> World:
    if name not in TOOLS:
        return world
    proposal = propose(world, name, arguments)
    return world if proposal.refusals else world.with_records(proposal.records)


def _differences(world: World) -> dict[str, Any]:
    return {path: one for path, one in world.changed.items() if one != world.records.get(path)}


def test_nothing_after_the_call_reaches_its_artifact() -> None:
    """The same artifact comes of an episode that is cut there, with another answer and reward."""
    checked = 0
    for episode in episodes():
        for step in steps(episode):
            made, cut = artifact_of(step), _cut(episode, step.call.position)
            (again,) = [s for s in steps(cut) if s.number == step.number]
            other = artifact_of(again)
            assert other["metadata"].pop("reward") != made["metadata"].pop("reward")
            assert other == made
            checked += 1
    assert checked == sum(WRITES.values()) + HANDOFFS


def _cut(episode: Episode, position: int) -> Episode:
    poison = {"role": "tool", "name": "x", "tool_call_id": "x", "content": "{}"}
    messages = (*episode.messages[: position + 1], poison)
    return replace(episode, messages=messages, reward=1 - episode.reward, actions=())


def test_the_context_is_the_conversation_word_for_word() -> None:
    for step, one in zip(replayed(), artifacts(), strict=True):
        before = step.episode.messages[: step.call.position]
        context = one["context"]
        assert context[0] == {"type": "document", "title": "policy", "text": before[0]["content"]}
        for role in ("user", "assistant"):
            said = [m["content"] for m in before if m["role"] == role and m["content"]]
            if role == "assistant" and step.call.spoken:
                said.append(step.call.spoken)
            wire = "user" if role == "user" else "agent"
            assert [item["text"] for item in context if item.get("role") == wire] == said
        results = [m for m in before if m["role"] == "tool" and m["name"] != "think"]
        outputs = [item["output"] for item in context if item["type"] == "tool_result"]
        texts = [out if isinstance(out, str) else json.dumps(out) for out in outputs]
        assert texts == [m["content"] for m in results]
        assert context[-1]["type"] != "tool_call"


def test_writes_rest_on_the_record_before(made: list[dict[str, Any]]) -> None:
    created = 0
    for one in made:
        for write in one["writes"]:
            if "before" in write:
                assert write["precondition"] == {"digest": digest("record", write["before"])}
            else:
                created += 1
                assert one["kind"] == "book"
                assert write["after"]["created_at"] == "2024-05-15T15:00:00"
    assert created == WRITES["book_reservation"]


def test_a_call_that_the_tool_refuses_is_proposed_with_its_reason(
    made: list[dict[str, Any]],
) -> None:
    refused = [one for one in made if not one["metadata"]["expected_outcome"]["ok"]]
    assert len(refused) == 73
    for one in refused:
        words = one["metadata"]["expected_outcome"]["error"].removeprefix("Error: ")
        assert any(words in reason["detail"] for reason in one["escalations"])
        assert all(write["note"] for write in one["writes"])


def test_money_and_what_cannot_be_undone_make_the_risk(made: list[dict[str, Any]]) -> None:
    risks = {one["key"]: one["risk"] for one in made}
    assert risks["airline-43-0-1"] == "low"  # passengers' names
    assert risks["airline-0-0-2"] == "medium"  # a booking for 305 dollars
    assert risks["airline-25-0-1"] == "high"  # a cancellation for 490 dollars
    assert risks["airline-26-0-1"] == "critical"  # one for 6,178 dollars


@pytest.mark.parametrize(
    ("key", "codes"),
    [
        ("airline-25-0-1", {"cancel_without_ground"}),
        ("airline-7-0-1", {"policy_route_change", "amount_over_1000"}),
        ("airline-0-1-2", {"too_many_certificates"}),
        ("airline-13-0-1", {"policy_basic_economy_change", "flight_not_available"}),
        ("airline-0-0-2", {"repeated_attempt"}),
        ("airline-3-0-1", {"no_confirmation", "no_seats"}),
        ("airline-23-1-1", {"customer_not_identified"}),
        ("airline-40-2-1", {"certificate_gesture", "certificate_without_ground"}),
    ],
)
def test_escalations(made: list[dict[str, Any]], key: str, codes: set[str]) -> None:
    (one,) = [one for one in made if one["key"] == key]
    assert codes <= {reason["code"] for reason in one["escalations"]}


def test_some_proposals_raise_no_escalation(made: list[dict[str, Any]]) -> None:
    plain = [one for one in made if not one["escalations"]]
    assert 10 <= len(plain) <= 50
    assert all(one["metadata"]["expected_outcome"]["ok"] for one in plain)


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("Yes, please proceed with the cancellation.", True),
        ("Oui, please proceed with canceling all the eligible reservations. Merci!", True),
        ("That sounds good. Please proceed with the booking.", True),
        ("Everything looks perfect!", True),
        ("Could you help me proceed with changing the flight from ATL to LAS?", False),
        ("I'll go with the first option, Flight HAT136 & HAT039.", False),
        ("I would like to cancel all of these reservations, s'il vous plaît.", False),
        ("", False),
    ],
)
def test_what_counts_as_a_yes(text: str, yes: bool) -> None:
    assert agrees(text) is yes


def test_ground_truth_knows_the_right_calls(made: list[dict[str, Any]]) -> None:
    known = Counter((one["kind"], ground_truth(one)) for one in made)
    assert known["handoff", True] == 6
    assert known["handoff", None] == 42
    assert sum(n for (kind, right), n in known.items() if right and kind != "handoff") == 88
    assert sum(n for (_, right), n in known.items() if right is False) == 162
    right = next(one for one in made if one["kind"] == "cancel" and ground_truth(one))
    other = {"reservation_id": "NOSUCH"}
    assert ground_truth({"metadata": right["metadata"] | {"arguments": other}}) is False


def test_the_shared_tables_stay_as_they_were() -> None:
    before = digest("table", pristine().records)
    assert len(artifacts(60)) == 60
    assert digest("table", pristine().records) == before
    assert pristine().changed == {}


def test_the_command_writes_the_same_lines_every_time(
    tmp_path: Path, made: list[dict[str, Any]]
) -> None:
    written = []
    for seed in ("1", "2"):
        out = tmp_path / f"{seed}.jsonl"
        subprocess.run(
            [sys.executable, "-m", "tests.support.airline", str(out)],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        )
        written.append(out.read_bytes())
    assert written[0] == written[1]
    assert [json.loads(line) for line in written[0].splitlines()] == made


def test_the_command_says_in_one_sentence_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main([]) == 2
    monkeypatch.setattr(command, "SHARED", tmp_path)
    assert command.main([str(tmp_path / "out.jsonl")]) == 2
    assert "the airline data is not on this machine" in capsys.readouterr().err
    assert not (tmp_path / "out.jsonl").exists()
