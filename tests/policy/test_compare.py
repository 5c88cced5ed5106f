"""The difference of two policies: nothing twice, nothing left out, and which way it goes."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.policy.compare import Difference, compare, effect_of
from reviewer.policy.directions import Effect
from reviewer.policy.document import Policy

from .documents import agents, documents, policy

STRICTER, LOOSER, NEITHER = Effect.STRICTER, Effect.LOOSER, Effect.NEITHER


def only(old: Policy, new: Policy) -> Difference:
    [found] = compare(old, new)
    return found


def agent(**parts: Any) -> Policy:
    return policy(agents={"bot": {"grants": [{"write": "*", "id": "all"}], **parts}})


@given(documents())
def test_a_policy_does_not_differ_from_itself(document: dict[str, Any]) -> None:
    assert compare(Policy.model_validate(document), Policy.model_validate(document)) == ()


@given(documents(), documents())
@settings(max_examples=200)
def test_the_way_back_goes_the_other_way(one: dict[str, Any], other: dict[str, Any]) -> None:
    old, new = Policy.model_validate(one), Policy.model_validate(other)
    there, back = compare(old, new), compare(new, old)
    assert effect_of(there) is effect_of(back).opposite
    turned = {(_place(d), d.effect.opposite, str(d.new), str(d.old)) for d in back}
    assert {(_place(d), d.effect, str(d.old), str(d.new)) for d in there} == turned
    assert len(there) == len(back)


def _place(difference: Difference) -> str:
    """The path; of a grant without a name it says where it stands in the newer file."""
    return re.sub(r"#\d+", "#", difference.path)


@given(documents(), documents())
@settings(max_examples=200)
def test_no_difference_means_the_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    old, new = Policy.model_validate(one), Policy.model_validate(other)
    if not compare(old, new):
        assert old.agents.keys() == new.agents.keys()
        assert old.queues.keys() == new.queues.keys()
        assert old.rules == new.rules
        assert old.activation == new.activation
        for name, was in old.agents.items():
            would = new.agents[name]
            assert {*map(str, was.grants)} == {*map(str, would.grants)}
            for kind in {*was.kinds, *would.kinds}:
                assert was.kinds.get(kind) == would.kinds.get(kind) or _overridden(was, kind)


def _overridden(was: Any, kind: str) -> bool:
    """A kind that says what its agent says anyway."""
    own = was.kinds.get(kind)
    return own is None or any(
        getattr(own, name) in (None, getattr(was, name)) for name in type(own).model_fields
    )


@given(documents(), st.data())
def test_every_change_of_an_agent_is_told(document: dict[str, Any], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(document["agents"])))
    other = document | {"agents": document["agents"] | {name: data.draw(agents)}}
    old, new = Policy.model_validate(document), Policy.model_validate(other)
    was, would = old.agents[name], new.agents[name]
    grants = [{str(grant) for grant in one.grants} for one in (was, would)]
    if grants[0] != grants[1] or was.mode != would.mode:
        assert any(d.path.startswith(f"agents.{name}.") for d in compare(old, new))


def test_modes_and_limits() -> None:
    found = only(agent(), agent(mode="autonomous"))
    assert (found.path, found.sort, found.effect) == ("agents.bot.mode", "changed", LOOSER)
    assert found.sentence == "The agent bot: mode assisted → autonomous."
    assert (found.old, found.new) == ("assisted", "autonomous")
    found = only(agent(), agent(autonomy={"sample": "10%"}))
    assert found.path == "agents.bot.autonomy.sample"
    assert found.sentence.endswith("share that people see all the same 5% → 10%.")
    assert found.effect is STRICTER
    assert only(agent(), agent(autonomy={"spread": None})).effect is LOOSER
    assert only(agent(), agent(autonomy={"risk": "high"})).effect is LOOSER


def test_budgets_come_go_and_change() -> None:
    budget = {"rate": "2%", "window": "7d"}
    assert only(agent(), agent(budget=budget)).effect is STRICTER
    assert only(agent(budget=budget), agent()).sort == "removed"
    found = only(agent(budget=budget), agent(budget=budget | {"window": "1d12h"}))
    assert (found.effect, found.sentence) == (
        NEITHER,
        "The agent bot: window of the error budget 1w → 1d12h.",
    )
    assert only(agent(budget=budget), agent(budget=budget | {"then": "stop"})).effect is STRICTER


def test_what_a_kind_says_for_itself() -> None:
    found = only(agent(), agent(kinds={"refund": {"mode": "autonomous"}}))
    assert (found.path, found.effect) == ("agents.bot.kinds.refund.mode", LOOSER)
    assert found.sentence == "The agent bot, refund: mode assisted → autonomous."
    # said for the kind and said of the agent are the same
    said = agent(mode="shadow", kinds={"refund": {"mode": "shadow"}})
    assert compare(agent(mode="shadow"), said) == ()


def test_grants_by_id_and_by_being_equal() -> None:
    crm, erp = {"write": "record", "system": "crm"}, {"write": "sql", "system": "erp"}
    both, turned = agent(grants=[crm, erp]), agent(grants=[erp, crm])
    assert compare(both, turned) == ()
    found = only(both, agent(grants=[erp]))
    assert (found.path, found.sort, found.effect) == ("agents.bot.grants.#1", "removed", STRICTER)
    assert found.sentence == "The agent bot: the grant #1 is gone (record crm)."
    found = only(agent(), agent(grants=[{"write": "*", "id": "all", "rates": {"hour": 3}}]))
    assert (found.path, found.effect) == ("agents.bot.grants.all.rates.hour", STRICTER)
    limits = {"write": "*", "id": "all", "limits": {"/amount": {"most": 50}}}
    assert only(agent(), agent(grants=[limits])).path == "agents.bot.grants.all.limits./amount"


def test_entries_of_their_own_are_compared_with_what_held() -> None:
    everybody = {"grants": [{"write": "*"}], "mode": "assisted"}
    old = policy(agents={"*": everybody})
    new = policy(agents={"*": everybody, "bot": everybody | {"mode": "shadow"}})
    entry, mode = compare(old, new)
    assert entry.sentence == ("The agent bot has an entry of its own; until now `*` held for it.")
    assert (entry.effect, mode.effect, mode.path) == (NEITHER, STRICTER, "agents.bot.mode")
    back, _ = compare(new, old)
    assert back.sentence == "The agent bot has no entry of its own any more; `*` holds for it."


def test_an_agent_that_could_write_nothing() -> None:
    old, new = policy(agents={"a": {}}), policy(agents={"a": {}, "b": {"grants": [{"write": "*"}]}})
    found = only(old, new)
    assert (found.sort, found.effect) == ("added", LOOSER)
    assert found.sentence == "The agent b may write what 1 grant covers (assisted)."
    gone = only(new, old)
    assert (gone.effect, gone.sentence) == (STRICTER, "The agent b may write nothing any more.")


def test_rules() -> None:
    big = {"id": "big", "about": "Large sums", "when": "true", "then": {"person": True}}
    route = {"id": "route", "then": {"queue": "billing"}}
    found = only(policy(), policy(rules=[big]))
    assert (found.path, found.effect) == ("rules.big", STRICTER)
    assert found.sentence == "The rule big is new (Large sums)."
    assert only(policy(rules=[big]), policy()).effect is LOOSER
    assert only(policy(), policy(rules=[route])).effect is NEITHER
    denied = big | {"then": {"person": True, "deny": "No."}}
    assert only(policy(rules=[big]), policy(rules=[denied])).effect is STRICTER
    narrowed = big | {"agent": "bot"}
    assert only(policy(rules=[big]), policy(rules=[narrowed])).effect is LOOSER
    other = only(policy(rules=[big]), policy(rules=[big | {"when": "false"}]))
    assert (other.path, other.effect) == ("rules.big.when", NEITHER)
    order = only(policy(rules=[big, route]), policy(rules=[route, big]))
    assert (order.path, order.old, order.new) == ("rules", ["big", "route"], ["route", "big"])


def test_queues_and_the_rest() -> None:
    queues = {"billing": {"reviewers": ["ana"], "sla": {"high": "1h"}, "quorum": 2}}
    more = {"billing": {"reviewers": ["ana", "ben"], "sla": {"high": "30m"}}}
    found = {d.path: d.effect for d in compare(policy(queues=queues), policy(queues=more))}
    assert found == {
        "queues.billing.reviewers": LOOSER,
        "queues.billing.sla.high": STRICTER,
        "queues.billing.quorum": LOOSER,
    }
    said = policy(queues={"billing": {"sla": {"low": "1d"}}, "*": {}})
    assert [d.sort for d in compare(policy(queues={"*": {}}), said)] == ["added"]
    shorter = policy(queues={"*": {"sla": {"low": "2d"}}})
    assert only(policy(queues={"*": {}}), shorter).effect is LOOSER
    assert only(policy(), policy(activation={"four_eyes": True})).effect is STRICTER
    assert only(policy(), policy(assistant={"blind_first": False})).effect is LOOSER
    assert only(policy(), policy(masking={"fields": ["/iban"]})).effect is STRICTER
    assert only(policy(), policy(groups={"leads": ["ana"]})).sentence == "The group leads is new."


def test_the_address_of_a_channel_is_never_shown() -> None:
    channel = {"ops": {"type": "webhook", "url": "https://hooks.example/secret"}}
    other = {"ops": {"type": "webhook", "url": "https://hooks.example/other"}}
    for old, new in (({}, channel), (channel, other)):
        found = only(policy(notify=old), policy(notify=new))
        assert "example" not in repr(found)
