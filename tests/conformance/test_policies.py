"""Policies are proposed, put in force, taken back; every step is on record."""

from __future__ import annotations

import json

import pytest

from reviewer.domain.decision import Actor, Kind
from reviewer.domain.errors import InputError
from reviewer.domain.governance import PolicyRow
from reviewer.queue import Queue

from .people import ANN, BOB, BOT, LEE, code_of, decided, proposal, state_of, submitted
from .policies import events, policy
from .stores import Store

ADA = Actor("ada", roles=frozenset({"admin"}))
FOUR = {"activation": {"four_eyes": True}}


async def proposed(queue: Queue, text: str, actor: Actor = LEE) -> PolicyRow:
    """Proposes; it must not be refused."""
    row = await queue.propose_policy(text, "a note", actor)
    assert isinstance(row, PolicyRow), row
    return row


async def test_the_starter_is_in_force_where_nobody_did_anything(queue: Queue) -> None:
    starter = await queue.policy()
    assert (starter.state, starter.activated_at) == ("active", None)
    assert await queue.policies() == [starter]
    one = await submitted(queue)
    await decided(queue, one)
    policies = {json.loads(row.record)["policy"] async for row in queue.audit()}
    assert policies == {starter.digest}
    assert await events(queue) == []


async def test_a_lead_puts_a_policy_in_force(queue: Queue) -> None:
    starter = await queue.policy()
    row = await proposed(queue, policy(name="one"))
    assert (row.state, row.proposed_by, row.activated_by, row.note) == (
        "active", "lee", "lee", "a note",
    )  # fmt: skip
    assert row.digest.startswith("sha256:")
    assert await queue.policy() == row
    found = await queue.policies()
    assert [(one.digest, one.state) for one in found] == [
        (row.digest, "active"),
        (starter.digest, "retired"),
    ]
    assert [(name, actor) for name, actor, _ in await events(queue)] == [
        ("policy_proposed", "lee"),
        ("policy_activated", "lee"),
    ]
    _, _, facts = (await events(queue))[-1]
    assert facts == {"digest": row.digest, "before": starter.digest, "proposed_by": "lee"}


async def test_the_same_policy_twice_is_one(queue: Queue) -> None:
    row = await proposed(queue, policy(name="one"))
    assert await proposed(queue, policy(name="one") + "\n# a comment\n") == row
    assert len(await events(queue)) == 2
    starter = (await queue.policies())[-1]
    assert (await proposed(queue, starter.text)).digest == starter.digest


async def test_what_is_no_policy_is_not_stored(queue: Queue) -> None:
    for text in ("", "version: 1", "version: 2\nagents: {a: {}}", policy(rules=[{"id": "x"}])):
        with pytest.raises(InputError):
            await queue.propose_policy(text, "", LEE)
    assert len(await queue.policies()) == 1
    assert await events(queue) == []


@pytest.mark.parametrize("actor", [ANN, BOT, Actor("lee", "agent", frozenset({"lead"}))])
async def test_only_leads_and_admins_do_it(queue: Queue, actor: Actor) -> None:
    assert code_of(await queue.propose_policy(policy(), "", actor)) == "not_allowed"
    starter = await queue.policy()
    assert code_of(await queue.activate_policy(starter.digest, actor)) == "not_allowed"
    assert await events(queue) == []


async def test_a_second_person_must_agree_where_it_is_set(queue: Queue) -> None:
    first = await proposed(queue, policy(name="four", **FOUR))
    second = await proposed(queue, policy(name="lax"))
    assert second.state == "proposed"
    assert await queue.policy() == first
    assert code_of(await queue.activate_policy(second.digest, LEE)) == "not_allowed"
    assert code_of(await queue.activate_policy(second.digest, ANN)) == "not_allowed"
    active = await queue.activate_policy(second.digest, ADA)
    assert isinstance(active, PolicyRow)
    assert (active.proposed_by, active.activated_by, active.state) == ("lee", "ada", "active")
    assert await queue.policy() == active
    assert code_of(await queue.activate_policy("sha256:none", ADA)) == "not_found"


async def test_nobody_goes_back_alone_where_four_eyes_are_set(queue: Queue) -> None:
    before = await proposed(queue, policy(name="lax"))
    await proposed(queue, policy(name="four", **FOUR))
    again = await queue.activate_policy(before.digest, ADA)
    assert isinstance(again, PolicyRow)
    assert (again.state, again.proposed_by) == ("proposed", "ada")
    assert code_of(await queue.activate_policy(before.digest, ADA)) == "not_allowed"
    active = await queue.activate_policy(before.digest, LEE)
    assert isinstance(active, PolicyRow)
    assert active.state == "active"


async def test_the_starter_comes_back_as_well(queue: Queue) -> None:
    starter = await queue.policy()
    await proposed(queue, policy(name="one"))
    back = await queue.activate_policy(starter.digest, LEE)
    assert isinstance(back, PolicyRow)
    assert (back.digest, back.state) == (starter.digest, "active")
    assert [one.state for one in await queue.policies()] == ["active", "retired"]


async def test_only_those_named_put_one_in_force(queue: Queue) -> None:
    groups = {"chiefs": ["@founders"], "founders": ["ada"]}  # a group may hold groups
    by = {"groups": groups, "activation": {"by": ["@chiefs"]}}
    await proposed(queue, policy(name="by", **by))
    row = await proposed(queue, policy(name="next"))
    assert row.state == "proposed"
    assert code_of(await queue.activate_policy(row.digest, LEE)) == "not_allowed"
    active = await queue.activate_policy(row.digest, ADA)
    assert isinstance(active, PolicyRow)
    assert active.state == "active"


async def test_another_handle_goes_by_it_at_once(queue: Queue, store: Store) -> None:
    other = await store.open()
    await submitted(other)
    await proposed(queue, policy(queues={"special": {}, "default": {"quorum": 2}}))
    one = await submitted(other)
    assert (await state_of(queue, one)).quorum == 2
    row = await proposed(other, policy(queues={"default": {"quorum": 3}}))
    assert (await queue.policy()).digest == row.digest
    assert (await state_of(queue, await submitted(queue))).quorum == 3


async def test_queues_name_who_decides(queue: Queue) -> None:
    await proposed(queue, policy(queues={"default": {"reviewers": ["bob"]}}))
    one = await submitted(queue)
    state = await state_of(queue, one)
    from .people import a_decision

    made = await a_decision(queue, one, Kind.APPROVE)
    assert code_of(await queue.decide(made, ANN)) == "not_allowed"
    assert await state_of(queue, one) == state
    await decided(queue, one, Kind.APPROVE, BOB)


async def test_what_was_admitted_before_is_held_against_the_grants_of_today(queue: Queue) -> None:
    from .people import a_decision

    one, two = await submitted(queue), await submitted(queue)
    await proposed(queue, policy({"grants": [{"write": "file"}]}))
    made = await a_decision(queue, one, Kind.APPROVE)
    assert code_of(await queue.decide(made, ANN)) == "not_allowed"
    await decided(queue, one, Kind.REJECT)
    await proposed(queue, policy({"grants": [{"write": "record", "resource": "order/*"}]}))
    await decided(queue, two)
    assert (await queue.submit(proposal(), BOT)).status == "pending"
