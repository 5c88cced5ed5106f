"""Simulation: the active policy gives history again; another one gives what would have been."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.domain.governance import Admission
from reviewer.domain.instant import DAY, HOUR, MINUTE
from reviewer.domain.state import Course
from reviewer.policy import simulate
from reviewer.policy.admission import rule
from reviewer.policy.compare import compare
from reviewer.policy.compiled import compiled_policy
from reviewer.policy.directions import Effect
from reviewer.policy.document import Policy
from reviewer.policy.simulate import Simulation, warm_up
from reviewer.policy.simulated import Pair
from reviewer.policy.stored import ruling_of
from reviewer.untrusted.artifact import inspect_artifact
from tests.domain.strategies import NOW

from .documents import documents
from .worlds import Event, World, artifact, compile_, events, facts

END = NOW + 60 * DAY


def lenient(**more: Any) -> dict[str, Any]:
    """A policy that decides alone whatever it may, but for what is said."""
    autonomy = {"confidence": 0.5, "known_shapes": 0, "sample": 0, "spread": None, "risk": "high"}
    agent = {
        "mode": "autonomous", "new_version": "autonomous", "autonomy": autonomy,
        "grants": [{"write": "*", "id": "all"}],
    }  # fmt: skip
    return {"version": 1, "agents": {"*": agent | more}}


ASSISTED = {"version": 1, "agents": {"*": {"grants": [{"write": "*"}]}}}


@st.composite
def lively(draw: st.DrawFn) -> dict[str, Any]:
    """A policy whose agents decide alone but for a few things that are drawn."""
    document = draw(documents())
    base = lenient()["agents"]["*"]
    agents = {}
    for name, agent in document["agents"].items():
        kept = draw(st.sets(st.sampled_from(sorted(agent)), max_size=2)) if agent else set()
        agents[name] = base | {key: agent[key] for key in kept}
    rules = draw(st.sampled_from([[], document["rules"][:1]]))
    return document | {"agents": agents, "rules": rules}


@given(documents() | lively(), events())
@settings(max_examples=150, deadline=None)
def test_the_policy_that_was_in_force_gives_history_again(
    document: dict[str, Any], some: list[Event]
) -> None:
    compiled = compile_(document)
    history = World(compiled).run(some)
    simulation = Simulation(compiled, NOW, END)
    for admission in history:
        then, now = simulation.replay(admission)
        assert now == then == ruling_of(admission.ruling)


@given(documents() | lively(), events())
@settings(max_examples=60, deadline=None)
def test_and_nothing_of_its_numbers_changes(document: dict[str, Any], some: list[Event]) -> None:
    compiled = compile_(document)
    simulation = Simulation(compiled, NOW, END)
    simulation.add(World(compiled).run(some))
    found = simulation.result()
    assert (found.admissions, found.changed) == (len(some), 0)
    assert all(then is now for then, now in found.flows)
    for pair in (*(found.courses.of(c) for c in Course), *found.rules.values(), found.breaches):
        assert pair.then == pair.now
    assert all(queue.then == queue.now for queue in found.queues.values())
    assert found.saved_reviews == found.added_reviews == 0
    assert {one.what for one in found.examples} <= {"missed_rejection", "missed_edit"}


limits = st.fixed_dictionaries(
    {},
    optional={
        "rates": st.fixed_dictionaries(
            {}, optional={"hour": st.integers(0, 4), "day": st.integers(0, 6)}
        ),
        "spend": st.fixed_dictionaries(
            {"field": st.just("/amount")}, optional={"hour": st.just(50.0), "day": st.just(90.0)}
        ),
        "over": st.sampled_from(["person", "deny"]),
    },
)


@given(limits, limits, events())
@settings(max_examples=150, deadline=None)
def test_rates_and_spends_are_as_they_would_have_been(
    before: dict[str, Any], after: dict[str, Any], some: list[Event]
) -> None:
    """Under policies that do not look at what people decide, it is the world under the new one."""
    old, new = (
        compile_(lenient(grants=[{"write": "record", "id": "all"} | more], cost={"day": 100.0}))
        for more in (before, after)
    )
    history, other = World(old).run(some), World(new).run(some)
    simulation = Simulation(new, NOW, END)
    for was, would in zip(history, other, strict=True):
        now = simulation.replay(was)[1]
        wanted = ruling_of(would.ruling)
        assert (now.course, now.reasons) == (wanted.course, wanted.reasons)
        assert now.charges == wanted.charges


@given(lively(), documents() | lively(), events())
@settings(max_examples=150, deadline=None)
def test_what_is_called_stricter_approves_nothing_more(
    one: dict[str, Any], other: dict[str, Any], some: list[Event]
) -> None:
    old, new = Policy.model_validate(one), Policy.model_validate(other)
    tightened = _only_stricter(old, new)
    before, after = compiled_policy(old), compiled_policy(tightened)
    for admission in World(before).run(some):
        known = replace(facts(admission), flags=0)
        was = rule(before, admission.artifact, known, admission.at)
        would = rule(after, admission.artifact, known, admission.at)
        if would.course is Course.APPROVE:
            assert was.course is Course.APPROVE, (was, would)


def _only_stricter(old: Policy, new: Policy) -> Policy:
    """The old policy with those parts of the new one that are stricter as a whole."""
    found = old
    for name in ("rules", "queues"):
        changed = found.model_copy(update={name: getattr(new, name)})
        if _stricter(found, changed):
            found = changed
    for name, agent in new.agents.items():
        if name in found.agents:
            for part in ("mode", "new_version", "autonomy", "grants", "budget", "cost", "kinds"):
                held = found.agents[name]
                other = held.model_copy(update={part: getattr(agent, part)})
                changed = found.model_copy(update={"agents": found.agents | {name: other}})
                if _stricter(found, changed):
                    found = changed
    return found


def _stricter(old: Policy, new: Policy) -> bool:
    return all(one.effect is Effect.STRICTER for one in compare(old, new))


def replayed(document: dict[str, Any], some: list[Event], under: dict[str, Any]) -> Any:
    simulation = Simulation(compile_(under), NOW, END)
    simulation.add(World(compile_(document)).run(some))
    return simulation.result()


def test_what_people_rejected_would_have_gone_through() -> None:
    some = [
        Event(MINUTE, artifact(1), decision="reject"),
        Event(MINUTE, artifact(2), decision="approve"),
        Event(MINUTE, artifact(3), decision="edit"),
        Event(MINUTE, artifact(4), decision="approve", outcome="rolled_back"),
        Event(MINUTE, artifact(5, confidence=0.1), decision="reject"),
        Event(MINUTE, artifact(6)),
    ]
    found = replayed(ASSISTED, some, lenient())
    assert (found.admissions, found.changed) == (6, 6)
    assert found.courses.approve == Pair(0, 5)
    assert found.courses.person == Pair(6, 1)
    assert found.flows == {
        (Course.PERSON, Course.APPROVE): 5,
        (Course.PERSON, Course.PERSON): 1,
    }
    assert (found.missed_rejections, found.missed_edits, found.missed_failures) == (1, 1, 1)
    assert (found.saved_reviews, found.added_reviews) == (5, 0)
    assert found.agents["refund-bot"].missed == 1
    assert found.reasons == {"low_confidence": Pair(0, 1)}
    assert [one.artifact_id for one in found.examples if one.what == "missed_rejection"] == ["a1"]
    assert found.examples[0].then is Course.PERSON
    assert found.breaches == Pair(1, 0)  # the one that nobody decided


def test_denied_although_people_approved() -> None:
    deny = {"id": "no", "when": "true", "then": {"deny": "Never."}}
    some = [Event(MINUTE, artifact(1), decision="approve")]
    found = replayed(ASSISTED, some, ASSISTED | {"rules": [deny]})
    assert (found.courses.deny, found.denied_approved, found.changed) == (Pair(0, 1), 1, 1)
    assert found.rules == {"no": Pair(0, 1)}
    [one] = found.examples
    assert (one.what, one.why) == ("denied_approved", "Never.")
    # what the policy denied then, nobody has judged
    back = replayed(ASSISTED | {"rules": [deny]}, some, ASSISTED)
    assert (back.added_reviews, back.missed_rejections) == (1, 0)
    assert back.queues["default"].now.unseen == 1
    assert back.queues["default"].now.breaches == 0


def test_queues_with_what_lies_open_at_once() -> None:
    some = [
        Event(0, artifact(1), decision="approve", delay=HOUR),
        Event(MINUTE, artifact(2), decision="approve", delay=MINUTE),
        Event(30 * MINUTE, artifact(3), decision="approve", delay=9 * HOUR),
        Event(40 * MINUTE, artifact(4)),
    ]
    quick = ASSISTED | {"queues": {"*": {"sla": {"low": "30m"}}}}
    load = replayed(ASSISTED, some, quick).queues["default"]
    assert (load.then.number, load.then.peak) == (4, 2)
    assert load.now.peak == 2
    # by the built-in day only what nobody decided is late
    assert (load.then.breaches, load.now.breaches) == (1, 3)


def test_an_artifacts_own_due_time_holds_where_it_is_earlier() -> None:
    some = [Event(0, artifact(1, due_at="2020-01-01T00:00:00Z"), decision="approve")]
    assert replayed(ASSISTED, some, ASSISTED).breaches == Pair(1, 1)


def test_a_budget_that_nobody_had_is_spent_in_the_simulation() -> None:
    some = [Event(MINUTE, artifact(n), decision="reject", delay=0) for n in range(10)]
    budget = {"rate": "10%", "window": "1d", "least": 3}
    cautious = lenient(budget=budget, autonomy={"confidence": 0.95, "known_shapes": 0, "sample": 0})
    found = replayed(ASSISTED, some, cautious)
    assert found.courses.person.now == 10
    assert found.reasons["budget_spent"].now == 7


def test_shapes_versions_and_numbers_are_recalled() -> None:
    approved = [
        Event(MINUTE, artifact(n, amount=10 + n % 2), decision="approve", delay=0) for n in range(8)
    ]
    far = Event(MINUTE, artifact(9, amount=5000))
    careful = {"confidence": 0.5, "known_shapes": 3, "sample": 0, "spread": 4.0}
    found = replayed(ASSISTED, [*approved, far], lenient(autonomy=careful, new_version="assisted"))
    assert found.reasons["new_version"].now == 1
    assert found.reasons["new_shape"].now == 2
    assert found.reasons["far_value"].now == 1
    assert found.courses.approve.now == 5


def test_a_simulation_warms_up_for_the_longest_budget() -> None:
    assert warm_up(Policy.model_validate(ASSISTED)) == DAY
    assert warm_up(Policy.model_validate(lenient(budget={"rate": 0.1, "window": "7d"}))) == 7 * DAY
    kinds = {"refund": {"budget": {"rate": 0.1, "window": "99d"}}}
    assert warm_up(Policy.model_validate(lenient(kinds=kinds))) == 30 * DAY
    some = [Event(MINUTE, artifact(n), decision="approve") for n in range(4)]
    limited = compile_(lenient(grants=[{"write": "*", "id": "all", "rates": {"day": 2}}]))
    history = World(compile_(ASSISTED)).run(some)
    simulation = Simulation(limited, history[2].at, END)
    simulation.add(history)
    found = simulation.result()
    assert found.admissions == 2
    assert found.courses.approve.now == 0  # those before have used the day's two


def test_memory_holds_names_up_to_a_bound() -> None:
    some = [Event(0, artifact(n, agent=f"bot-{n}"), decision="approve") for n in range(1200)]
    found = replayed(ASSISTED, some, ASSISTED)
    assert (len(found.agents), found.truncated, found.admissions) == (1000, True, 1200)


hostile = st.text(
    st.sampled_from('ab\\"/[@=link]\r\n\t\x00\x1b\x7f\u202e\u200b\u00e9\u0430\U000e0041'),
    max_size=12,
)


@given(hostile, hostile, hostile)
def test_hidden_characters_are_found_as_by_looking_everywhere(
    title: str, key: str, value: str
) -> None:
    one = artifact(1, title=title or "t", metadata={key: value})
    wanted = sum(flag.count for flag in inspect_artifact(one))
    bare = Admission(1, NOW, "a1", one, {}, {}, "pending")
    assert simulate._flags(bare) == wanted
