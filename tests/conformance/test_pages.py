"""Pages: keyset order both ways, nothing twice and nothing missed while others work."""

from __future__ import annotations

from itertools import pairwise

import pytest

from reviewer.domain.decision import Kind
from reviewer.domain.errors import ReviewerError
from reviewer.domain.query import parse
from reviewer.queue import Page, Queue

from .people import ANN, decided, listed, pages, proposal, state_of, submitted

RISKS = ("low", "medium", "high", "critical")


async def crowd(queue: Queue, number: int = 23) -> list[str]:
    """Artifacts of all risks; several share a due time, so that ranks tie."""
    return [
        await submitted(
            queue, proposal(risk=RISKS[n % 4], due_at=f"2027-01-0{1 + n % 3}T00:00:00Z")
        )
        for n in range(number)
    ]


def ids_of(page: Page) -> list[str]:
    return [entry.state.id for entry in page.entries]


@pytest.mark.parametrize("text", ["sort:deadline", "sort:newest", "sort:oldest", ""])
@pytest.mark.parametrize("limit", [1, 4, 23, 100])
async def test_pages_are_the_whole_list_in_order(queue: Queue, text: str, limit: int) -> None:
    ids = await crowd(queue)
    found = await pages(queue, text, limit)
    seen = [one for page in found for one in ids_of(page)]
    assert sorted(seen) == sorted(ids)
    assert len(found) == -(-len(ids) // limit)
    assert all(len(page.entries) == limit for page in found[:-1])
    states = [entry.state for page in found for entry in page.entries]
    if text in ("", "sort:deadline"):
        assert [s.rank for s in states] == sorted(s.rank for s in states)
        # equals go in the order in which they came
        assert seen == sorted(ids, key=lambda one: (ranks(states)[one], ids.index(one)))
    else:
        assert seen == (ids if text == "sort:oldest" else ids[::-1])


def ranks(states: list[object]) -> dict[str, int]:
    return {state.id: state.rank for state in states}  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", ["sort:deadline", "sort:newest", "sort:oldest"])
async def test_pages_go_back_the_way_they_came(queue: Queue, text: str) -> None:
    await crowd(queue)
    forwards = await pages(queue, text, 5)
    assert forwards[0].previous is None
    assert forwards[-1].next is None
    for before, after in pairwise(forwards):
        assert after.previous is not None
        back = await queue.page(parse(text), ANN, limit=5, before=after.previous)
        assert ids_of(back) == ids_of(before)
        assert (back.previous is None) is (before.previous is None)
        assert back.next is not None
        forth = await queue.page(parse(text), ANN, limit=5, after=back.next)
        assert ids_of(forth) == ids_of(after)


async def test_an_empty_list_is_an_empty_page(queue: Queue) -> None:
    assert await queue.page(parse(""), ANN) == Page((), None, None)
    await submitted(queue)
    assert await queue.page(parse("agent:nobody"), ANN) == Page((), None, None)
    page = await queue.page(parse(""), ANN)
    assert (len(page.entries), page.next, page.previous) == (1, None, None)


@pytest.mark.parametrize("text", ["sort:deadline", "sort:newest", "sort:oldest"])
async def test_what_stays_is_listed_once_while_others_come_and_go(queue: Queue, text: str) -> None:
    ids = await crowd(queue)
    first = await queue.page(parse(text), ANN, limit=6)
    gone = set(ids_of(first)[2:5])
    for one in gone:
        await decided(queue, one)
    order = await listed(queue, text)
    later = [one for one in order if one not in ids_of(first)]
    went = later.pop(3)
    await decided(queue, went, Kind.REJECT)
    new = await submitted(queue, proposal(risk="critical", due_at="2026-01-01T00:00:00Z"))
    seen, cursor = list(ids_of(first)), first.next
    while cursor is not None:
        page = await queue.page(parse(text), ANN, limit=6, after=cursor)
        seen += ids_of(page)
        cursor = page.next
    assert len(seen) == len(set(seen))
    assert set(ids) - {went} <= set(seen) <= set(ids) | {new}
    assert [one for one in seen if one in later] == later


async def test_what_moves_is_never_lost_from_its_new_place(queue: Queue) -> None:
    ids = await crowd(queue, 8)
    page = await queue.page(parse(""), ANN, limit=4)
    last = (await listed(queue))[-1]
    await decided(queue, last, Kind.ESCALATE)
    assert (await state_of(queue, last)).escalated
    whole = await listed(queue)
    assert sorted(whole) == sorted(ids)
    assert whole.index(last) < len(whole) - 1
    # the cursor still works, though an entry before it moved
    rest = await queue.page(parse(""), ANN, limit=10, after=page.next)
    assert set(ids_of(page)) | set(ids_of(rest)) | {last} == set(ids)


@pytest.mark.parametrize("text", ["sort:deadline", "sort:newest", "sort:oldest"])
@pytest.mark.parametrize("limit", [1, 6, 23, 100])
async def test_the_last_page_is_given_without_walking_to_it(
    queue: Queue, text: str, limit: int
) -> None:
    await crowd(queue)
    order = await listed(queue, text)
    last = await queue.page(parse(text), ANN, limit=limit, before="")
    assert ids_of(last) == order[-limit:]
    assert last.next is None
    assert (last.previous is None) is (limit >= len(order))
    if last.previous is not None:
        before = await queue.page(parse(text), ANN, limit=limit, before=last.previous)
        assert ids_of(before) == order[-2 * limit : -limit]


@pytest.mark.parametrize("cursor", ["nonsense", "1", "1,2,3", "%00", "9" * 400])
async def test_a_cursor_that_is_none_is_refused_with_a_sentence(queue: Queue, cursor: str) -> None:
    await crowd(queue, 3)
    for which in ("after", "before"):
        with pytest.raises(ReviewerError) as caught:
            await queue.page(parse(""), ANN, **{which: cursor})
        assert caught.value.sentence


async def test_the_limit_is_a_limit(queue: Queue) -> None:
    await crowd(queue, 3)
    assert len((await queue.page(parse(""), ANN, limit=2)).entries) == 2
    assert len((await queue.page(parse(""), ANN)).entries) == 3


async def test_an_empty_cursor_is_the_first_page_or_refused(queue: Queue) -> None:
    await crowd(queue, 5)
    try:
        page = await queue.page(parse(""), ANN, limit=2, after="")
    except ReviewerError:
        return
    assert page == await queue.page(parse(""), ANN, limit=2)
