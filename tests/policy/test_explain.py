"""Why an artifact went where it went: what was stored, in sentences."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings

from reviewer.domain.artifact import parse
from reviewer.domain.instant import MINUTE, iso
from reviewer.domain.state import Course
from reviewer.policy.explain import Explanation, explain
from reviewer.policy.stored import ruling_of
from tests.domain.strategies import NOW

from .documents import documents
from .worlds import Event, World, artifact, compile_, events

GRANT = {"write": "*", "id": "all", "rates": {"hour": 2}}


def told(document: dict[str, Any], some: list[Event], number: int = -1) -> dict[str, list[str]]:
    """The sentences about one of these events, by title."""
    compiled = compile_({"version": 1} | document)
    found = explain(World(compiled).run(some)[number], compiled.policy)
    return {section.title: list(section.sentences) for section in found.sections}


@given(documents(), events())
@settings(max_examples=60, deadline=None)
def test_everything_can_be_explained(document: dict[str, Any], some: list[Event]) -> None:
    compiled = compile_(document)
    for admission in World(compiled).run(some):
        for policy in (compiled.policy, None):
            found = explain(admission, policy)
            _well_written(found)
            text = "\n".join(one for section in found.sections for one in section.sentences)
            ruling = ruling_of(admission.ruling)
            assert found.course is ruling.course
            assert ruling.policy in text
            for rule in ruling.rules:
                assert rule in text
            if ruling.course is Course.PERSON:
                assert ruling.queue in text
                assert all(reason.code in text for reason in ruling.reasons)
            if ruling.course is Course.DENY:
                assert ruling.sentence in text


def _well_written(found: Explanation) -> None:
    for section in found.sections:
        assert section.sentences
        for sentence in section.sentences:
            assert sentence.endswith((".", "!", "?", "…"))
            assert "None" not in sentence
            assert "  " not in sentence.replace("2026-", "")


def test_who_decides_and_until_when() -> None:
    chain = [
        {"after": "80%", "to": "on-call", "page": True},
        {"after": "100%", "to": "lead", "notify": ["ops"], "repeat": {"every": "10m", "times": 2}},
    ]
    queue = {
        "sla": {"low": "1h"}, "quorum": 2, "four_eyes": True, "looks": 3, "roles": ["lead"],
        "lead": "ben", "escalate": chain,
    }  # fmt: skip
    agents = {"*": {"owner": "ana", "grants": [GRANT]}}
    identity = {"act_as": "svc", "on_behalf_of": "customer:7"}
    some = [Event(0, artifact(1, identity=identity), decision="approve")]
    found = told({"agents": agents, "queues": {"*": queue}}, some)
    assert found["What came in"][:2] == [
        f"refund-bot 1 handed in refund with 1 write at {iso(NOW)}.",
        "It acts as svc on behalf of customer:7.",
    ]
    assert found["What was ruled"][0] == "It went to people in the queue default, at low risk."
    assert found["Who decides"] == [
        "2 different people must approve it; one rejection ends it.",
        "Only a lead decides.",
        "Decided as a group, 3 members must have been looked at before.",
        "ana may not approve it: four eyes.",
        "customer:7 may not approve it: four eyes.",
    ]
    due = iso(NOW + 60 * MINUTE)
    assert found["Until when"] == [
        f"It is due at {due}, 1 h after it came in.",
        f"If nobody has decided by {iso(NOW + 48 * MINUTE)} (48 min), it goes to whoever is on"
        " call, by a page.",
        f"If nobody has decided by {due} (1 h), it goes to the lead, by ops, and again twice every"
        " 10 min.",
    ]
    assert found["What became of it"] == [f"It is approved: approve by ana at {iso(NOW + MINUTE)}."]


def test_rules_rates_and_reasons() -> None:
    rules = [
        {
            "id": "big",
            "about": "Large sums",
            "each": "write",
            "when": "write.after.amount > 50.0",
            "then": {
                "person": True,
                "queue": "billing",
                "reason": {"code": "large", "detail": "a large sum"},
            },
        }
    ]
    agents = {"*": {"grants": [GRANT]}}
    some = [Event(MINUTE, artifact(n, amount=60.5)) for n in range(3)]
    found = told({"agents": agents, "rules": rules}, some)
    assert found["Rules that held"] == [
        "big (Large sums): `write.after.amount > 50.0` holds of one of its writes, so a person sees"
        " it, it goes to the queue billing, it has the reason large (a large sum)."
    ]
    assert any(reason.startswith("rate_limit: ") for reason in found["Reasons"])
    assert "large: a large sum." in found["Reasons"]
    known = "The grant all had been used for 2 of 2 writes in an hour, 2 in a day."
    assert known in found["What was known"]


def test_a_policy_that_is_not_kept_any_more() -> None:
    compiled = compile_({"version": 1, "agents": {"*": {"grants": [GRANT]}}})
    [one] = World(compiled).run([Event(0, artifact(1))])
    found = explain(one, None)
    [ruled] = [section for section in found.sections if section.title == "What was ruled"]
    assert ruled.sentences[-1] == (
        f"The policy in force was {compiled.digest}, whose text is not kept."
    )


def test_an_artifact_with_times_of_its_own() -> None:
    compiled = compile_({"version": 1, "agents": {"*": {"grants": [GRANT]}}})
    [one] = World(compiled).run([Event(0, artifact(1))])
    more = {"due_at": iso(NOW + 5 * MINUTE), "expires_at": iso(NOW + 10 * MINUTE)}
    one = replace(one, artifact=parse(one.artifact.document() | more))
    titles = {s.title: s.sentences for s in explain(one, compiled.policy).sections}
    assert titles["Until when"][:2] == (
        f"It is due at {iso(NOW + 5 * MINUTE)}, 5 min after it came in (the agent asked for"
        " that; the policy gives it longer).",
        f"It expires at {iso(NOW + 10 * MINUTE)}: then it is rejected.",
    )
