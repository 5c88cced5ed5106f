"""Modes and error budgets from the command line, on a real embedded queue."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from backends.sql.open import open_sqlite
from reviewer.cli import complete
from reviewer.cli.codes import Exit
from reviewer.config import default_queue_url
from reviewer.domain.decision import Kind, Refusal
from reviewer.effects.budgets import ask, warn
from reviewer.policy.budget import BUCKET
from reviewer.queue import Queue, open_queue

from ..support.making import ANNA, BOT, LEAD, decision, refund
from .conftest import Run

POLICY = """
version: 1
agents:
  refund-bot:
    owner: olga
    mode: autonomous
    new_version: assisted
    autonomy: {sample: 0, confidence: 0.5, known_shapes: 0, spread: null}
    grants: [{write: record, system: crm, resource: "order/*"}]
    budget: {rate: 10%, window: 7d, least: 10, mistakes: [reject]}
"""
On = Callable[..., Any]


@pytest.fixture
def on(home: Path) -> On:
    """Runs something on the queue that the command line uses, `ago` microseconds back."""

    def run(work: Callable[[Queue], Coroutine[Any, Any, Any]], ago: int = 0) -> Any:
        async def opened() -> Any:
            queue = await open_sqlite(default_queue_url())
            queue.dialect.clock_offset = -ago
            try:
                return await work(queue)
            finally:
                await queue.close()

        return asyncio.run(opened())

    return run


async def cap_a_while_ago(queue: Queue) -> None:
    """A cap of a bucket before, so that what is decided now is evidence that came after it."""
    await put_in_force(queue)
    assert await queue.set_cap("refund-bot", "refund", "assisted", "a try", LEAD) is None


async def put_in_force(queue: Queue, text: str = POLICY) -> None:
    row = await queue.propose_policy(text, "for the test", LEAD)
    assert not isinstance(row, Refusal)
    assert row.state == "active"


async def submit(queue: Queue, key: str, confidence: float, version: str = "1") -> str:
    made = refund(key, escalations=[], confidence=confidence, risk="low")
    agent = made.agent.model_copy(update={"version": version})
    artifact = made.model_copy(update={"agent": agent})
    return (await queue.submit(artifact, BOT)).artifact_id


async def judge(queue: Queue, key: str, kind: Kind, version: str = "1") -> str:
    """Something that needs a person, decided by one; answers with the operation's id."""
    item = await queue.get(await submit(queue, key, 0.1, version))
    assert item is not None
    assert item.entry.state.status == "pending"
    done = await queue.decide(decision(item.entry, kind, f"op-{key}"), ANNA)
    assert not isinstance(done, Refusal), done
    return f"op-{key}"


async def alone(queue: Queue, key: str, version: str = "1") -> tuple[str, list[str]]:
    """What becomes of something that the policy would approve: its status and its reasons."""
    item = await queue.get(await submit(queue, key, 0.99, version))
    assert item is not None
    return str(item.entry.state.status), [reason.code for reason in item.reasons]


def test_a_spent_budget_demotes_at_once_and_only_a_person_gives_back(cli: Run, on: On) -> None:
    async def spend(queue: Queue) -> Any:
        await put_in_force(queue)
        for number in range(9):
            await judge(queue, f"good-{number}", Kind.APPROVE)
        before = await alone(queue, "before")
        first = await judge(queue, "bad-1", Kind.REJECT)  # 1 of 10 is what may be
        between = await alone(queue, "between")
        last = await judge(queue, "bad-2", Kind.REJECT)
        caps = await queue.caps()
        return before, between, first, last, caps, await alone(queue, "after")

    before, between, _, last, caps, after = on(spend)
    assert before == ("approved", [])
    assert between == ("approved", [])
    assert [(cap.agent, cap.kind, cap.mode, cap.by) for cap in caps] == [
        ("refund-bot", "refund", "assisted", "policy")
    ]
    assert after[0] == "pending"
    assert after[1], "why a person sees it is said"

    [told] = cli("agents", "--json").json
    assert (told["mode"], told["policy_mode"]) == ("assisted", "autonomous")
    assert told["budget"]["spent"]
    assert (told["budget"]["mistakes"], told["budget"]["allowed"]) == (2, 1)
    assert told["caps"][0]["by"] == "policy"
    shown = cli("agents").out
    assert "[----------]   0%  spent" in shown
    assert "2 of 1" in shown

    # taken back, the budget is there again; the cap stays until a person lifts it
    assert on(lambda queue: queue.undo(last, ANNA)).decided == 1
    [told] = cli("agents", "--json").json
    assert not told["budget"]["spent"]
    assert told["budget"]["mistakes"] == 1
    assert told["mode"] == "assisted"
    assert "A cap stays until a person lifts it" in cli("agents").out
    assert on(lambda queue: alone(queue, "still"))[0] == "pending"
    lifted = cli("cap", "refund-bot", "refund", "autonomous", "--because", "it was a slip")
    assert lifted.code == Exit.OK, lifted.err
    assert "goes by the policy again" in lifted.out
    assert "spent still" not in lifted.out
    assert on(lambda queue: alone(queue, "again"))[0] == "approved"


def test_a_new_version_starts_where_the_policy_says(cli: Run, on: On) -> None:
    async def begin(queue: Queue) -> Any:
        await put_in_force(queue)
        first = await alone(queue, "v1", "1")
        await judge(queue, "good", Kind.APPROVE, "1")
        known = await alone(queue, "v1-known", "1")
        new = await alone(queue, "v2", "2")
        await judge(queue, "good-2", Kind.APPROVE, "2")
        return first, known, new, await alone(queue, "v2-known", "2")

    first, known, new, then = on(begin)
    assert first == ("pending", ["new_version"])
    assert known == ("approved", [])
    assert new == ("pending", ["new_version"])
    assert then == ("approved", [])
    [told] = cli("agents", "refund-bot", "--json").json
    assert [work["version"] for work in told["versions"]] == ["2", "1"]
    assert told["new_version"] == "assisted"


def test_caps_are_set_by_leads_with_a_reason(cli: Run, on: On, home: Path) -> None:
    on(put_in_force)
    assert "Say why" in cli("cap", "refund-bot", "shadow").sentence
    assert "no mode" in cli("cap", "refund-bot", "daring", "--because", "x").sentence
    done = cli("cap", "refund-bot", "shadow", "--because", "we look into it", "--json")
    assert done.json == {
        "agent": "refund-bot",
        "kind": "",
        "mode": "shadow",
        "because": "we look into it",
        "known": True,
    }
    [told] = cli("agents", "--json").json
    assert told["mode"] == "shadow"
    assert told["why"][-1] == "At most shadow is left to it by ana: we look into it."
    (home / "config.toml").write_text('name = "ben"\nroles = ["reviewer"]\n')
    refused = cli("cap", "refund-bot", "autonomous", "--because", "x")
    assert refused.code == Exit.NEGATIVE
    assert "lead" in refused.sentence
    unknown = cli("stop", "refnd-bot", "--because", "x")
    assert unknown.code == Exit.OK
    assert "is it spelt right?" in unknown.out


def test_names_are_completed_and_who_is_not_there_is_said(
    cli: Run, process: Run, on: On, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli("agents").out.startswith("No agent")
    on(put_in_force)
    on(lambda queue: submit(queue, "k", 0.1))
    assert list(complete.agents("ref")) == ["refund-bot"]
    assert list(complete.agents("x")) == []
    assert list(complete.modes("a")) == ["assisted", "autonomous"]
    words = "reviewer stop ref"
    shell = {"_REVIEWER_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": "2"}
    assert process(**shell).out.split() == ["refund-bot"]
    missing = cli("agents", "nobody")
    assert missing.code == Exit.NOT_FOUND
    assert "no agent 'nobody'" in missing.sentence
    monkeypatch.setenv("REVIEWER_QUEUE", "nowhere://x")
    assert list(complete.agents("")) == []


def test_a_promotion_is_asked_for_once_and_decided_by_a_person(cli: Run, on: On) -> None:
    async def earn(queue: Queue) -> None:
        for number in range(70):
            await judge(queue, f"good-{number}", Kind.APPROVE)

    on(cap_a_while_ago, 2 * BUCKET)
    on(earn)
    early = cli("promote", "refund-bot", "--because", "it did well")
    assert early.code == Exit.NEGATIVE
    assert "No promotion" in early.sentence
    assert "Could be proposed" in cli("agents").out

    async def workers(_: Queue) -> list[str]:
        """Several, each on a connection of its own."""
        queues = [await open_queue(default_queue_url()) for _ in range(4)]
        now = await queues[0].now()
        said = await asyncio.gather(*(ask(queue, now) for queue in queues for _ in range(3)))
        for queue in queues:
            await queue.close()
        return [one for one in said if one]

    [said] = on(workers)
    assert "refund-bot (refund) version 1 made 0 mistakes in 70 decisions" in said
    assert on(workers) == []
    [told] = cli("agents", "--json").json
    assert told["mode"] == "assisted", "a proposal changes nothing"
    assert told["proposed"]["mode"] == "autonomous"
    assert told["proposed"]["by"] == "policy"
    assert "`reviewer promote` agrees to it." in cli("agents").out
    done = cli("promote", "refund-bot", "--because", "it did well")
    assert done.code == Exit.OK, done.err
    [told] = cli("agents", "--json").json
    assert (told["mode"], told["proposed"], told["caps"]) == ("autonomous", None, [])
    assert on(lambda queue: alone(queue, "now"))[0] == "approved"


def test_a_promotion_is_declined_and_that_is_told(cli: Run, on: On) -> None:
    async def earn(queue: Queue) -> None:
        for number in range(70):
            await judge(queue, f"good-{number}", Kind.APPROVE)
        assert await ask(queue, await queue.now())

    on(cap_a_while_ago, 2 * BUCKET)
    on(earn)
    assert "Say why" in cli("promote", "refund-bot", "--decline").sentence
    both = cli("promote", "refund-bot", "--decline", "--anyway", "--because", "x")
    assert "--anyway is for agreeing" in both.sentence
    done = cli("promote", "refund-bot", "--decline", "--because", "look longer", "--json")
    assert done.json == {
        "agent": "refund-bot",
        "kind": "refund",
        "mode": "autonomous",
        "because": "look longer",
        "declined": True,
    }
    [told] = cli("agents", "--json").json
    assert (told["mode"], told["proposed"], told["promotion"]) == ("assisted", None, None)
    assert (told["declined"]["by"], told["declined"]["because"]) == ("ana", "look longer")
    said = cli("agents").out
    assert "ana declined to make it autonomous" in said
    assert "look longer" in said
    assert "twice as many decisions" in said
    again = cli("promote", "refund-bot", "--decline", "--because", "x")
    assert again.code == Exit.NEGATIVE
    assert "No promotion" in again.sentence
    assert cli("audit", "verify").code == Exit.OK


def test_a_promotion_that_holds_no_longer_is_not_agreed_to_by_mistake(cli: Run, on: On) -> None:
    async def earn(queue: Queue) -> None:
        for number in range(70):
            await judge(queue, f"good-{number}", Kind.APPROVE)
        assert await ask(queue, await queue.now())
        for number in range(5):
            await judge(queue, f"bad-{number}", Kind.REJECT)

    on(cap_a_while_ago, 2 * BUCKET)
    on(earn)
    assert "That holds no longer." in cli("agents").out
    refused = cli("promote", "refund-bot", "refund", "--because", "x")
    assert refused.code == Exit.NEGATIVE
    assert "holds no longer" in refused.sentence
    assert cli("promote", "refund-bot", "refund", "--because", "x", "--anyway").code == Exit.OK


def test_where_the_policy_says_less_the_policy_is_to_be_changed(cli: Run, on: On) -> None:
    async def earn(queue: Queue) -> None:
        await put_in_force(queue, POLICY.replace("mode: autonomous", "mode: assisted", 1))
        for number in range(70):
            await judge(queue, f"good-{number}", Kind.APPROVE)
        assert await ask(queue, await queue.now())

    on(earn)
    assert "the mode is changed there" in cli("agents").out
    refused = cli("promote", "refund-bot", "--because", "x")
    assert "The policy itself says assisted" in refused.sentence
    assert "mode: autonomous" in refused.sentence


def test_a_burning_budget_is_told_once_among_all_workers(on: On) -> None:
    async def burn(queue: Queue) -> list[str]:
        await put_in_force(queue, POLICY.replace("rate: 10%", "rate: 2%").replace("10,", "1000,"))
        for number in range(6):
            await judge(queue, f"k{number}", Kind.REJECT if number % 2 else Kind.APPROVE)
        queues = [await open_queue(default_queue_url()) for _ in range(3)]
        now = await queue.now()
        said = await asyncio.gather(*(warn(one, now) for one in queues for _ in range(3)))
        for one in queues:
            await one.close()
        return [one for one in said if one]

    [said] = on(burn)
    assert "refund-bot (refund) burns its error budget 25.0 times too fast" in said
    assert "3 of 6 decisions by people were mistakes" in said


def test_a_budget_that_was_spent_is_told_to_its_owner_once(on: On) -> None:
    async def spend(queue: Queue) -> list[str]:
        await put_in_force(queue, POLICY.replace("least: 10", "least: 2"))
        for number in range(3):
            await judge(queue, f"bad-{number}", Kind.REJECT)
        now = await queue.now()
        return [await warn(queue, now) for _ in range(3)]

    first, *rest = on(spend)
    assert "refund-bot (refund) is at most assisted now, until a person lifts it" in first
    assert rest == ["", ""]
