"""Properties of admission: nothing uncovered is applied, stricter never approves more."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.domain.artifact import Artifact
from reviewer.domain.state import Course
from reviewer.policy.admission import asks
from reviewer.policy.facts import Facts, Used
from tests.policy import oracle
from tests.policy.policies import (
    KNOWN,
    Document,
    autonomous,
    documents,
    known,
    made,
    proposal,
    proposals,
    record,
    ruled,
)

Stricter = Callable[[Document, st.DataObject], None]


@settings(max_examples=400, deadline=None)
@given(documents(), proposals(), known())
def test_no_admission_applies_a_write_that_no_grant_covers(
    document: Document, artifact: Artifact, facts: Facts
) -> None:
    """The oracle reads the policy as plain values and shares no code with the permissions."""
    ruling = ruled(made(document), artifact, facts)
    covered = all(
        any(oracle.covers(grant, write, artifact) for grant in document["agents"]["bot"]["grants"])
        for write in artifact.writes
    )
    if not covered:
        assert ruling.course is Course.DENY
        assert ruling.sentence
    elif ruling.course is Course.DENY:
        assert "is not covered" not in ruling.sentence


@settings(max_examples=200, deadline=None)
@given(documents(), proposals(), known())
def test_a_ruling_is_the_same_every_time_and_of_every_reading(
    document: Document, artifact: Artifact, facts: Facts
) -> None:
    compiled, again = made(document), made(copy.deepcopy(document))
    ruling = ruled(compiled, artifact, facts)
    assert ruling == ruled(compiled, artifact, facts) == ruled(again, artifact, facts)
    assert ruling.policy == again.digest
    assert asks(compiled, artifact, "s") == asks(again, artifact, "s")
    asked = asks(compiled, artifact, "s")
    assert {charge.scope for charge in ruling.charges} <= set(asked.scopes)


@settings(max_examples=300, deadline=None)
@given(documents(), proposals(), known())
def test_a_ruling_rests_on_nothing_that_was_not_asked_for(
    document: Document, artifact: Artifact, facts: Facts
) -> None:
    compiled = made(document)
    asked, none = asks(compiled, artifact, "s"), Facts()
    answered = replace(
        facts,
        shape_decided=facts.shape_decided if asked.shape else none.shape_decided,
        shape_rejected=facts.shape_rejected if asked.shape else none.shape_rejected,
        standing=facts.standing if asked.standing else none.standing,
        used={scope: used for scope, used in facts.used.items() if scope in asked.scopes},
        spreads={path: one for path, one in facts.spreads.items() if path in asked.fields},
        flags=facts.flags if asked.flags else None,
    )
    assert ruled(compiled, artifact, answered) == ruled(compiled, artifact, facts)


@settings(max_examples=200, deadline=None)
@given(documents(), proposals(), known())
def test_whatever_goes_to_people_of_an_autonomous_agent_says_why(
    document: Document, artifact: Artifact, facts: Facts
) -> None:
    ruling = ruled(made(document), artifact, facts)
    if ruling.course is Course.PERSON and document["agents"]["bot"]["mode"] == "autonomous":
        assert ruling.reasons
    if ruling.course is Course.APPROVE:
        assert ruling.reasons == ()
        assert facts.flags == 0
        assert not facts.stopped
        assert ruling.quorum == 1
    if ruling.course is Course.SHADOW:
        assert ruling.alerts == ()


def _agent(document: Document) -> Document:
    found: Document = document["agents"]["bot"]
    return found


def _without_a_grant(document: Document, data: st.DataObject) -> None:
    grants = _agent(document)["grants"]
    if grants:
        # the others keep their place, and with it what they have used
        grants[data.draw(st.integers(0, len(grants) - 1))]["system"] = "no-such-system"


def _lower_limit(document: Document, data: st.DataObject) -> None:
    for grant in _agent(document)["grants"]:
        limit = grant.setdefault("limits", {}).setdefault("/amount", {})
        most = data.draw(st.sampled_from([0, 5, 50]))
        limit["most"] = min(limit.get("most", most), most)


def _lower_rates(document: Document, data: st.DataObject) -> None:
    for grant in _agent(document)["grants"]:
        rates = grant.setdefault("rates", {})
        for window in ("hour", "day"):
            most = data.draw(st.integers(0, 5))
            rates[window] = min(rates.get(window, most), most)


def _lower_cost(document: Document, data: st.DataObject) -> None:
    cost = _agent(document).setdefault("cost", {})
    for window in ("task", "day"):
        most = data.draw(st.sampled_from([0.0, 1.0]))
        cost[window] = min(cost.get(window, most), most)


def _another_rule(document: Document, data: st.DataObject) -> None:
    then: dict[str, Any] = data.draw(
        st.sampled_from([{"person": True}, {"deny": "no"}, {"reason": {"code": "because"}}])
    )
    when = data.draw(
        st.sampled_from(["true", "writes.count > 1", "artifact.metadata.urgent", "1 / 0 == 1"])
    )
    if when == "artifact.metadata.urgent":
        when += " == true"
    at = data.draw(st.integers(0, len(document["rules"])))
    document["rules"].insert(at, {"id": "more", "when": when, "then": then})


def _lower_mode(document: Document, data: st.DataObject) -> None:
    field = data.draw(st.sampled_from(["mode", "new_version"]))
    modes = ["shadow", "assisted", "autonomous"]
    level = modes.index(_agent(document)[field])
    _agent(document)[field] = data.draw(st.sampled_from(modes[: level + 1]))


def _stricter_autonomy(document: Document, data: st.DataObject) -> None:
    autonomy = _agent(document)["autonomy"]
    share = st.floats(0, 1)
    risks = ["low", "medium", "high", "critical"]
    match data.draw(
        st.sampled_from(["confidence", "risk", "known_shapes", "spread", "sample", "cohort"])
    ):
        case "risk":
            level = risks.index(autonomy["risk"])
            autonomy["risk"] = data.draw(st.sampled_from(risks[: level + 1]))
        case "known_shapes":
            autonomy["known_shapes"] += data.draw(st.integers(0, 5))
        case "spread":
            spread = data.draw(st.floats(0, 5))
            autonomy["spread"] = min(autonomy["spread"] or 5.0, spread)
        case "cohort":
            autonomy["cohort"] *= data.draw(share)
        case name:
            autonomy[name] = max(autonomy[name], data.draw(share))


STRICTER: tuple[Stricter, ...] = (
    _without_a_grant,
    _lower_limit,
    _lower_rates,
    _lower_cost,
    _another_rule,
    _lower_mode,
    _stricter_autonomy,
)


@settings(max_examples=500, deadline=None)
@given(documents(), proposals(), known(), st.data())
def test_a_stricter_policy_never_approves_more(
    document: Document, artifact: Artifact, facts: Facts, data: st.DataObject
) -> None:
    stricter = copy.deepcopy(document)
    for change in data.draw(st.lists(st.sampled_from(STRICTER), min_size=1, max_size=3)):
        # once each: a rule has one id
        if change is not _another_rule or all(r["id"] != "more" for r in stricter["rules"]):
            change(stricter, data)
    under = ruled(made(stricter), artifact, facts).course
    before = ruled(made(document), artifact, facts).course
    if under is Course.APPROVE:
        assert before is Course.APPROVE
    if before is Course.DENY and under is not Course.DENY:
        raise AssertionError("what was denied is let through by a stricter policy")


@st.composite
def metered(draw: st.DrawFn) -> Document:
    """A grant with a rate, a spend and a limit, so that several cover a write and some are full."""
    most = st.sampled_from([1, 5, 9])
    return {
        "write": "*",
        "rates": {"hour": draw(st.integers(1, 3))},
        "limits": {"/amount": {"most": draw(most)}},
        "over": draw(st.sampled_from(["person", "deny"])),
        **draw(st.sampled_from([{}, {"spend": {"field": "/amount", "hour": 10}}])),
    }


@settings(max_examples=300, deadline=None)
@given(st.lists(metered(), min_size=1, max_size=3), st.data())
def test_fewer_grants_and_smaller_ones_never_leave_more_room(
    grants: list[Document], data: st.DataObject
) -> None:
    """A grant that covers less is charged less, and must not let another write through by that."""
    amounts = data.draw(st.lists(st.sampled_from([1, 5, 9]), min_size=1, max_size=3))
    artifact = proposal(*[record({}, {"amount": amount}) for amount in amounts])
    used = {
        f"grant:bot:#{at}": Used(hour=data.draw(st.integers(0, 3)))
        for at in range(1, len(grants) + 1)
    }
    facts = replace(KNOWN, used=used)
    document: Document = {"agents": {"bot": autonomous(grants)}}
    stricter = copy.deepcopy(document)
    change = data.draw(st.sampled_from((_without_a_grant, _lower_rates)))
    change(stricter, data)
    for grant in _agent(stricter)["grants"]:
        limit = grant["limits"]["/amount"]
        limit["most"] = min(limit["most"], data.draw(st.sampled_from([1, 5, 9])))
    if ruled(made(stricter), artifact, facts).course is Course.APPROVE:
        assert ruled(made(document), artifact, facts).course is Course.APPROVE
