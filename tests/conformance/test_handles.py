"""Handles, hostile texts and nonsense: a clear error or exactly what was handed in."""

from __future__ import annotations

import asyncio
import json

import pytest

from reviewer.domain.errors import NotFoundError, QueueError
from reviewer.domain.instant import HOUR
from reviewer.domain.query import parse
from reviewer.queue import Queue, Submitted, open_queue
from tests.support.shared import shared_data

from .people import ANN, BOT, code_of, decided, entry_of, listed, proposal, submitted
from .stores import Store


async def test_a_backend_is_a_queue(queue: Queue) -> None:
    assert isinstance(queue, Queue)
    assert queue.url
    facts = await queue.describe()
    assert json.dumps(facts)
    assert facts["engine"]


async def test_closing_twice_is_closing_once(store: Store) -> None:
    handle = await store.open()
    await submitted(handle)
    await handle.close()
    await handle.close()
    with pytest.raises(QueueError):
        await handle.submit(proposal(), BOT)
    with pytest.raises(QueueError):
        await handle.page(parse(""), ANN)


async def test_a_handle_that_closes_disturbs_no_other(store: Store, queue: Queue) -> None:
    other = await store.open()
    one = await submitted(other)
    await other.close()
    assert await listed(queue) == [one]
    await decided(queue, one)


async def test_what_was_acknowledged_is_there_for_the_next_who_opens(store: Store) -> None:
    first = await store.open()
    ids = [await submitted(first) for _ in range(3)]
    await decided(first, ids[0])
    await first.close()
    second = await store.open()
    assert sorted(await listed(second)) == sorted(ids[1:])
    assert (await entry_of(second, ids[0])).decision == "approve"


@pytest.mark.parametrize("url", ["nonsense://x", "", "/tmp/queue.db", "://"])
async def test_a_url_of_no_backend_is_refused_with_the_known_ones(url: str) -> None:
    with pytest.raises(QueueError) as caught:
        await open_queue(url)
    assert caught.value.sentence
    assert "sqlite" in str(caught.value)


async def test_hostile_strings_come_back_as_they_were(queue: Queue) -> None:
    strings = json.loads(shared_data("hostile", "blns.json").read_text(encoding="utf-8"))
    texts = [text for text in strings if text] + [
        "\x00",
        "a\x00b",
        "\x1b]52;c;\x07",
        "\ufffe",
        "é" * 999,
    ]
    handed_in = [
        proposal(
            f"k{number}",
            title=text,
            summary=text,
            identity={"on_behalf_of": text[:200]},
            writes=[
                {"type": "document", "resource": text[:500], "before": text, "after": text + "!"}
            ],
            context=[{"type": "message", "role": "user", "text": text}],
            metadata={text: text},
        )
        for number, text in enumerate(texts)
    ]
    answers = await queue.submit_many(handed_in, BOT)
    for artifact, answer in zip(handed_in, answers, strict=True):
        assert isinstance(answer, Submitted), (artifact.title, answer)
        item = await queue.get(answer.artifact_id)
        assert item is not None
        assert item.artifact == artifact
        assert item.entry.title == artifact.title
        assert item.entry.state.owner == artifact.identity.on_behalf_of
    page = await queue.page(parse(""), ANN, limit=1000)
    assert {entry.title for entry in page.entries} == set(texts)


async def test_a_big_artifact_comes_back_whole(queue: Queue) -> None:
    text = "line of text\n" * 150_000
    write = {"type": "document", "resource": "big", "before": text, "after": text + "end"}
    artifact = proposal("big", writes=[write])
    one = await submitted(queue, artifact)
    item = await queue.get(one)
    assert item is not None
    assert item.artifact == artifact


async def test_an_outcome_is_one_of_five(store: Store, queue: Queue) -> None:
    one = await submitted(queue)
    await decided(queue, one)
    await store.pass_time(HOUR)
    assert code_of(await queue.report_outcome(one, "banana", "", BOT)) == "invalid"
    assert (await entry_of(queue, one)).outcome == ""


async def test_waiting_for_what_is_not_there_does_not_wait_for_ever(queue: Queue) -> None:
    with pytest.raises(NotFoundError):
        await asyncio.wait_for(queue.wait("a_nothing"), 5)
