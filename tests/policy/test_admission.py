"""Admission: limits, rules and modes, each with its own reason; chance and time come in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.artifact import Artifact, Risk
from reviewer.domain.instant import DAY, HOUR, MINUTE, iso
from reviewer.domain.state import Added, Charge, Course, Mode, Ruling
from reviewer.policy.admission import asks
from reviewer.policy.autonomy import in_cohort, numbers_of
from reviewer.policy.compiled import Compiled
from reviewer.policy.facts import Facts, Spread, Standing, Used
from reviewer.policy.route import SLA, route
from reviewer.policy.starter import starter
from tests.domain.strategies import NOW, artifact_documents
from tests.policy.policies import KNOWN, Document, autonomous, made, of, proposal, record, ruled
from tests.policy.test_changes import WRITES

WRITE = record({"amount": 1}, {"amount": 2})


def codes(ruling: Ruling) -> list[str]:
    """The codes of the reasons, in their order."""
    return [reason.code for reason in ruling.reasons]


def alone(*rules: Document, agent: Document | None = None, **policy: Any) -> Compiled:
    """A policy under which `bot` decides alone as far as it may."""
    named = [rule | {"id": f"r{at}"} for at, rule in enumerate(rules)]
    return made({"agents": {"bot": agent or autonomous()}, "rules": named} | policy)


@given(artifact_documents())
def test_under_the_starter_everything_goes_where_it_went_before(document: Document) -> None:
    from reviewer.domain.artifact import parse

    artifact = parse(document)
    found, before = ruled(starter(), artifact, Facts()), route(artifact, NOW)
    assert replace(found, why=()) == replace(before, policy=starter().digest)


def test_under_the_starter_every_type_of_write_is_seen_by_a_person() -> None:
    for write in WRITES.values():
        found = ruled(starter(), proposal(write), Facts())
        assert (found.course, found.reasons, found.needs, found.charges) == (
            Course.PERSON,
            *3 * [()],
        )
    assert ruled(starter(), proposal(), Facts()).course is Course.PERSON


def test_what_nothing_stands_against_is_approved() -> None:
    found = ruled(alone(), proposal(WRITE))
    assert (found.course, found.mode, found.reasons) == (Course.APPROVE, Mode.AUTONOMOUS, ())
    assert "The policy's mode for it is autonomous" in found.why


AGAINST: dict[str, tuple[Document, Document, Facts]] = {
    "low_confidence": ({"confidence": 0.95}, {}, KNOWN),
    "high_risk": ({}, {"risk": "high"}, KNOWN),
    "new_shape": ({}, {}, replace(KNOWN, shape_decided=0)),
    "hidden_text": ({}, {}, replace(KNOWN, flags=1)),
    "escalated_by_agent": ({}, {"escalations": [{"code": "unsure"}]}, KNOWN),
    "far_value": (
        {},
        {},
        replace(KNOWN, spreads={"record crm /amount": Spread(9, 10.0, 1.0)}),
    ),
    "cohort": ({"cohort": 0.0}, {}, KNOWN),
    "sample": ({"sample": 0.5}, {}, replace(KNOWN, draw=0.4)),
    "new_version": ({}, {}, replace(KNOWN, standing=Standing())),
    "capped": ({}, {}, replace(KNOWN, cap="assisted")),
    "no_approval": ({}, {"allowed": ["reject"]}, KNOWN),
}
SOURCES = {"new_shape": "drift", "far_value": "drift", "sample": "sample"}


@pytest.mark.parametrize("code", AGAINST)
def test_each_way_to_people_has_its_own_reason(code: str) -> None:
    autonomy, more, facts = AGAINST[code]
    agent = autonomous(autonomy=autonomy)
    if code == "new_version":
        del agent["new_version"]
    found = ruled(alone(agent=agent), proposal(WRITE, **more), facts)
    assert found.course is Course.PERSON
    assert codes(found) == [code]
    assert found.reasons[0].source == SOURCES.get(code, "policy")
    assert found.reasons[0].detail in found.why
    assert found.charges == ()


def test_confidence_that_is_not_given_is_low_unless_none_is_asked_for() -> None:
    artifact = proposal(WRITE, confidence=None)
    assert codes(ruled(alone(), artifact)) == ["low_confidence"]
    none = autonomous(autonomy={"confidence": 0})
    assert ruled(alone(agent=none), artifact).course is Course.APPROVE


def test_where_nobody_looked_for_hidden_characters_there_may_be_some() -> None:
    assert codes(ruled(alone(), proposal(WRITE), replace(KNOWN, flags=None))) == ["hidden_text"]


def test_only_what_is_left_goes_into_the_sample() -> None:
    agent = autonomous(autonomy={"sample": 1.0})
    assert codes(ruled(alone(agent=agent), proposal(WRITE), replace(KNOWN, draw=0.999))) == [
        "sample"
    ]
    risky = proposal(WRITE, risk="critical")
    assert codes(ruled(alone(agent=agent), risky, KNOWN)) == ["high_risk"]


def test_a_question_without_writes_is_for_people() -> None:
    found = ruled(alone(), proposal())
    assert (found.course, codes(found)) == (Course.PERSON, ["escalated_by_agent"])


def test_a_spent_budget_falls_back_to_people() -> None:
    budget = {"rate": 0.1, "window": "7d", "least": 10}
    agent = autonomous(budget=budget)
    artifact = proposal(WRITE)
    spent = replace(KNOWN, standing=Standing(decided=10, mistakes=2, version_decided=10))
    found = ruled(alone(agent=agent), artifact, spent)
    assert [(r.code, r.source) for r in found.reasons] == [("budget_spent", "budget")]
    few = replace(KNOWN, standing=Standing(decided=9, mistakes=2, version_decided=9))
    assert ruled(alone(agent=agent), artifact, few).course is Course.APPROVE
    capped = replace(spent, cap="shadow")
    found = ruled(alone(agent=agent), artifact, capped)
    assert (found.course, found.mode, codes(found)) == (
        Course.SHADOW,
        Mode.SHADOW,
        ["budget_spent"],
    )


def test_kinds_differ_from_their_agent() -> None:
    agent = autonomous(
        mode="assisted",
        kinds={"refund": {"mode": "autonomous", "autonomy": {"confidence": 0.5, "sample": 0}}},
    )
    assert ruled(alone(agent=agent), proposal(WRITE, confidence=0.6)).course is Course.APPROVE
    other = proposal(WRITE, kind="exchange")
    assert ruled(alone(agent=agent), other).mode is Mode.ASSISTED


def test_a_cap_never_gives_more_than_the_policy() -> None:
    shadow = alone(agent=autonomous(mode="shadow"))
    for cap in ("", "assisted", "autonomous"):
        found = ruled(shadow, proposal(WRITE), replace(KNOWN, cap=cap))
        assert (found.course, found.mode) == (Course.SHADOW, Mode.SHADOW)


def test_a_stopped_agent_is_denied_whatever_else() -> None:
    stopped = replace(KNOWN, stopped="ann stopped it: wrong refunds")
    for policy in (alone(), starter(), of([])):
        for artifact in (proposal(WRITE), proposal()):
            found = ruled(policy, artifact, stopped)
            assert found.course is Course.DENY
            assert found.sentence == "The agent bot is stopped: ann stopped it: wrong refunds."
            assert found.charges == ()


def test_a_rate_is_for_people_or_denied() -> None:
    artifact = proposal(WRITE, WRITE | {"resource": "orders/2"})
    for over, course in (("person", Course.PERSON), ("deny", Course.DENY)):
        grant = {"id": "g", "write": "*", "rates": {"hour": 10, "day": 20}, "over": over}
        policy = alone(agent=autonomous([grant]))
        assert asks(policy, artifact, "s").scopes == ("grant:bot:g",)
        room = replace(KNOWN, used={"grant:bot:g": Used(hour=8, day=18)})
        found = ruled(policy, artifact, room)
        assert found.course is Course.APPROVE
        assert found.charges == (Charge("grant:bot:g", 2),)
        for used in (Used(hour=9), Used(day=19)):
            found = ruled(policy, artifact, replace(KNOWN, used={"grant:bot:g": used}))
            assert found.course is course
            if course is Course.PERSON:
                assert codes(found) == ["rate_limit"]
                assert found.charges == (Charge("grant:bot:g", 2),)
            else:
                assert found.sentence.startswith("The limit of grant g is reached: ")
                assert found.charges == ()


def test_a_spend_sums_amounts_without_their_sign() -> None:
    spend = {"field": "/lines/*/amount", "day": 100}
    policy = alone(agent=autonomous([{"write": "record", "spend": spend}]))

    def found(*amounts: Any, used: float = 0.0) -> Ruling:
        write = record({}, {"lines": [{"amount": amount} for amount in amounts]})
        facts = replace(KNOWN, used={"spend:bot:#1": Used(day_amount=used)})
        return ruled(policy, proposal(write), facts)

    assert found(60, 40).charges == (Charge("spend:bot:#1", 1, 100.0),)
    assert found(60, 40).course is Course.APPROVE
    assert codes(found(60, 40.5)) == ["spend_limit"]
    assert codes(found(60, -41)) == ["spend_limit"]
    assert codes(found(60, used=41)) == ["spend_limit"]
    assert found(99.9 - 90.1 + 0.2, used=90.0).course is Course.APPROVE, (
        "a sum of floats is rounded"
    )
    for amounts in ((), ("60",), (True,), (60, None)):
        assert "names no amount" in found(*amounts).sentence


def test_a_write_takes_the_first_grant_that_has_room() -> None:
    grants = [
        {"id": "a", "write": "*", "rates": {"hour": 1}, "over": "deny"},
        {"id": "b", "write": "*", "rates": {"hour": 1}},
        {"id": "c", "write": "*"},
    ]
    policy = alone(agent=autonomous(grants))
    used = {"grant:bot:a": Used(hour=1)}
    found = ruled(policy, proposal(WRITE), replace(KNOWN, used=used))
    assert found.charges == (Charge("grant:bot:b", 1),)
    used["grant:bot:b"] = Used(hour=1)
    found = ruled(policy, proposal(WRITE), replace(KNOWN, used=used))
    assert (found.course, found.charges) == (Course.APPROVE, ())
    two = alone(agent=autonomous(grants[:2]))
    found = ruled(two, proposal(WRITE), replace(KNOWN, used=used))
    assert (found.course, codes(found)) == (Course.PERSON, ["rate_limit"])
    one = alone(agent=autonomous(grants[:1]))
    assert ruled(one, proposal(WRITE), replace(KNOWN, used=used)).course is Course.DENY


def test_a_grant_that_covers_less_leaves_no_more_room_to_another_write() -> None:
    small, large = record({}, {"amount": 1}), record({}, {"amount": 9})
    rated = {"write": "*", "rates": {"hour": 1}}
    other = {"write": "*", "limits": {"/amount": {"most": 1}}}
    for limits in ({}, {"/amount": {"least": 5}}):
        policy = alone(agent=autonomous([rated | {"limits": limits}, other]))
        assert codes(ruled(policy, proposal(small, large))) == ["rate_limit"]
        assert ruled(policy, proposal(large)).course is Course.APPROVE


def test_costs_of_a_task_and_of_a_day() -> None:
    policy = alone(agent=autonomous(cost={"task": 1.0, "day": 5.0}))

    def found(usd: float | None, before: float = 0.0) -> Ruling:
        artifact = proposal(WRITE, cost={} if usd is None else {"usd": usd})
        assert asks(policy, artifact, "s").scopes == ("cost:bot",)
        facts = replace(KNOWN, used={"cost:bot": Used(day_amount=before)})
        return ruled(policy, artifact, facts)

    assert found(1.0, 4.0).course is Course.APPROVE
    assert found(1.0, 4.0).charges == (Charge("cost:bot", 1, 1.0),)
    assert codes(found(1.1)) == ["cost_limit"]
    assert codes(found(1.0, 4.1)) == ["cost_limit"]
    assert codes(found(None)) == ["cost_limit"]


def test_sums_of_floats_are_rounded() -> None:
    """Nobody is told that 0.2 and 0.1 more are over 0.3."""
    policy = alone(agent=autonomous(cost={"day": 0.3}))
    for before, course in ((0.1 + 0.1, Course.APPROVE), (0.2001, Course.PERSON)):
        facts = replace(KNOWN, used={"cost:bot": Used(day_amount=before)})
        assert ruled(policy, proposal(WRITE, cost={"usd": 0.1}), facts).course is course


def test_what_a_kind_costs_of_its_own_counts_alone() -> None:
    agent = autonomous(cost={"day": 1.0}, kinds={"re:fund": {"cost": {"day": 9.0}}})
    policy = alone(agent=agent)
    own = proposal(WRITE, kind="re:fund", cost={"usd": 5.0})
    assert asks(policy, own, "s").scopes == ("cost-of:re%fund:bot",)
    assert ruled(policy, own).course is Course.APPROVE
    assert codes(ruled(policy, proposal(WRITE, cost={"usd": 5.0}))) == ["cost_limit"]


def test_what_is_denied_or_only_recorded_uses_up_its_cost_alone() -> None:
    grant = {"write": "*", "rates": {"hour": 5}}
    cost = {"day": 5.0}
    deny = {"when": "true", "then": {"deny": "No."}}
    artifact = proposal(WRITE, cost={"usd": 1.0})
    for policy in (
        alone(deny, agent=autonomous([grant], cost=cost)),
        alone(agent=autonomous([grant], cost=cost, mode="shadow")),
    ):
        assert ruled(policy, artifact).charges == (Charge("cost:bot", 1, 1.0),)


def test_of_several_rules_the_strictest_wins() -> None:
    policy = alone(
        {"then": {"queue": "a", "risk": "high", "due": "3h", "quorum": 2, "looks": 3}},
        {"then": {"queue": "b", "risk": "low", "due": "1h", "quorum": 1, "looks": 5}},
        {"then": {"roles": ["lead", "admin"], "four_eyes": True, "lift_out": True}},
        {"then": {"roles": ["reviewer", "lead"], "reason": {"code": "odd", "detail": "odd one"}}},
        agent=autonomous(owner="olga"),
    )
    found = ruled(policy, proposal(WRITE, identity={"on_behalf_of": "cid"}))
    assert (found.queue, found.risk, found.quorum) == ("a", Risk.HIGH, 2)
    assert found.due_at == NOW + HOUR
    assert found.needs == ("role:lead", "looks:5", "lift_out", "not:olga", "not:cid")
    assert found.rules == ("r0", "r1", "r2", "r3")
    assert Added("odd", "odd one") in found.reasons
    assert found.course is Course.PERSON


def test_roles_that_nobody_has_both_of_leave_the_highest() -> None:
    policy = alone({"then": {"roles": ["lead"]}}, {"then": {"roles": ["reviewer"]}})
    assert ruled(policy, proposal(WRITE)).needs == ("role:admin",)


def test_a_rule_raises_the_risk_and_never_lowers_it() -> None:
    policy = alone({"then": {"risk": "low"}})
    assert ruled(policy, proposal(WRITE, risk="critical")).risk is Risk.CRITICAL


@pytest.mark.parametrize(
    "then",
    [
        {"person": True},
        {"reason": {"code": "x"}},
        {"quorum": 2},
        {"roles": ["lead"]},
        {"four_eyes": True},
        {"looks": 1},
        {"lift_out": True},
        {"risk": "critical"},
        {"deny": "No."},
    ],
)
def test_what_only_people_can_give_is_not_decided_alone(then: Document) -> None:
    found = ruled(alone({"then": then}), proposal(WRITE))
    assert found.course is (Course.DENY if "deny" in then else Course.PERSON)
    for quiet in ({"queue": "x"}, {"due": "1h"}, {"risk": "medium"}, {"quorum": 1}):
        assert ruled(alone({"then": quiet}), proposal(WRITE)).course is Course.APPROVE


@pytest.mark.parametrize("queue", [{"quorum": 2}, {"roles": ["lead"]}])
def test_a_queue_that_wants_people_gets_them(queue: Document) -> None:
    policy = alone(queues={"default": queue})
    assert ruled(policy, proposal(WRITE)).course is Course.PERSON


def test_a_denial_is_the_sentence_of_the_first_rule_that_denies() -> None:
    policy = alone(
        {"then": {"person": True, "risk": "critical"}},
        {"when": "artifact.kind == 'refund'", "then": {"deny": "Not on Sundays"}},
        {"then": {"deny": "Never."}},
    )
    found = ruled(policy, proposal(WRITE))
    assert (found.course, found.sentence) == (Course.DENY, "Not on Sundays.")
    assert found.risk is Risk.CRITICAL
    assert found.why[-1] == "It is denied: Not on Sundays."
    assert found.alerts == ()


def test_the_queue_is_a_wish_that_the_policy_must_know() -> None:
    wish = proposal(WRITE, queue="billing")
    assert ruled(alone(), wish).queue == "billing"
    assert ruled(alone(queues={"*": {}}), wish).queue == "billing"
    assert ruled(alone(queues={"billing": {}}), wish).queue == "billing"
    assert ruled(alone(queues={"default": {}}), wish).queue == "default"
    assert ruled(alone({"then": {"queue": "x"}}, queues={"x": {}}), wish).queue == "x"


def test_due_times_are_by_queue_and_risk() -> None:
    policy = alone(queues={"a": {"sla": {"low": "2h"}}, "*": {"sla": {"low": "3h"}}})

    def due(**more: Any) -> int:
        return ruled(policy, proposal(WRITE, **more)).due_at - NOW

    assert due(queue="a", risk="low") == 2 * HOUR
    assert due(queue="b", risk="low") == 3 * HOUR
    assert due(queue="a", risk="high") == SLA[Risk.HIGH]


def test_alerts_go_by_the_due_time_that_holds() -> None:
    chain = [{"after": "50%", "to": "ann"}, {"after": "100%", "to": "lead", "page": True}]
    queue = {"sla": {"medium": "4h"}, "lead": "lea", "escalate": chain}
    agent = autonomous(mode="assisted")
    policy = alone(agent=agent, queues={"default": queue})
    found = ruled(policy, proposal(WRITE))
    assert [(one.at - NOW, one.to) for one in found.alerts] == [
        (2 * HOUR, "ann"),
        (4 * HOUR, "lead"),
    ]
    sooner = ruled(policy, proposal(WRITE, due_at=iso(NOW + 20 * MINUTE)))
    assert [one.at - NOW for one in sooner.alerts] == [10 * MINUTE, 20 * MINUTE]
    later = ruled(policy, proposal(WRITE, due_at=iso(NOW + DAY)))
    assert later.alerts == found.alerts
    assert ruled(alone(queues={"default": queue}), proposal(WRITE)).alerts == ()


def test_four_eyes_of_the_queue() -> None:
    policy = alone(agent=autonomous(mode="assisted"), queues={"*": {"four_eyes": True}})
    assert ruled(policy, proposal(WRITE)).needs == ()
    found = ruled(policy, proposal(WRITE, identity={"on_behalf_of": "cid"}))
    assert found.needs == ("not:cid",)


def test_asked_is_what_the_policy_needs_to_know() -> None:
    artifact = proposal(WRITE)
    found = asks(starter(), artifact, "shape")
    assert (found.agent, found.version, found.kind, found.shape) == ("bot", "1", "refund", "")
    assert (found.scopes, found.fields, found.flags, found.standing) == ((), (), False, False)
    found = asks(alone(), artifact, "shape")
    assert (found.fields, found.flags) == (("record crm /amount",), True)
    assert (found.shape, found.standing) == ("shape", True)
    spreadless = alone(agent=autonomous(autonomy={"spread": None}))
    assert asks(spreadless, artifact, "shape").fields == ()
    hidden = made(
        {
            "agents": {"bot": {}},
            "rules": [{"id": "a", "when": "hidden > 0", "then": {"person": True}}],
        }
    )
    assert asks(hidden, artifact, "shape").flags
    assert asks(of([]), proposal(WRITE, agent={"name": "stranger"}), "s").scopes == ()
    only_erp = of([{"write": "*", "system": "erp", "rates": {"hour": 1}}])
    assert asks(only_erp, artifact, "s").scopes == ()


def test_numbers_are_those_that_are_put_there() -> None:
    lines = record({}, {"lines": [{"qty": 1}, {"qty": 2}], "ok": True, "text": "3"})
    assert numbers_of(proposal(lines, WRITES["rows"], WRITES["tool_call"])) == {
        "record crm /lines/*/qty": [1.0, 2.0],
        "rows dwh /id": [1.0],
        "rows dwh /price": [2.0],
        "tool_call tools /order": [7.0],
        "tool_call tools /amount": [3.0],
    }
    wide = record({}, {f"n{at}": at for at in range(1_000)})
    assert len(numbers_of(proposal(wide))) == 100


@pytest.mark.parametrize(
    ("spread", "value", "far"),
    [
        (Spread(9, 100.0, 10.0), 140, False),
        (Spread(9, 100.0, 10.0), 141, True),
        (Spread(9, 100.0, 10.0), 59, True),
        (Spread(4, 100.0, 10.0), 1_000_000, False),  # too few to tell
        (Spread(9, 100.0, 0.0), 100.0000000001, False),
        (Spread(9, 100.0, 0.0), 101, True),
    ],
)
def test_a_value_is_far_from_what_was_approved_before(
    spread: Spread, value: float, far: bool
) -> None:
    facts = replace(KNOWN, spreads={"record crm /amount": spread})
    found = ruled(alone(), proposal(record({"amount": 1}, {"amount": value})), facts)
    assert codes(found) == (["far_value"] if far else [])


def test_a_value_hides_behind_no_others() -> None:
    """Only so many numbers are compared; where there are more, a person sees them."""
    policy = alone()
    for padding, told in (
        ({f"n{at}": at for at in range(99)}, []),
        ({f"n{at}": at for at in range(100)}, ["far_value"]),
        ({"n": ["text"] * 20_000}, ["far_value"]),
    ):
        write = record({}, {**padding, "amount": 1_000_000})
        assert codes(ruled(policy, proposal(write))) == told
    agent = autonomous(autonomy={"spread": None})
    padded = record({}, {f"n{at}": at for at in range(100)})
    assert "far_value" not in codes(ruled(alone(agent=agent), proposal(padded)))


def subject(name: str) -> Artifact:
    """An artifact on behalf of somebody."""
    return proposal(WRITE, key=name, identity={"on_behalf_of": name})


@given(st.text("abc:0123", min_size=1, max_size=20), st.floats(0, 1), st.floats(0, 1))
def test_a_larger_cohort_keeps_those_of_a_smaller_one(name: str, one: float, other: float) -> None:
    small, large = sorted((one, other))
    if in_cohort(subject(name), small):
        assert in_cohort(subject(name), large)
    assert in_cohort(subject(name), 1.0)
    assert not in_cohort(subject(name), 0.0)


def test_a_cohort_is_that_share_of_the_subjects() -> None:
    inside = sum(in_cohort(subject(f"customer:{at}"), 0.25) for at in range(2_000))
    assert 400 < inside < 600
    same = [in_cohort(proposal(WRITE, key="k", title=str(at)), 0.5) for at in range(20)]
    assert len(set(same)) == 1
    # the same for ever: a subject must not fall out of its cohort with a new version
    assert [name for name in "abcdefgh" if in_cohort(subject(name), 0.5)] == ["a", "d", "e", "h"]
