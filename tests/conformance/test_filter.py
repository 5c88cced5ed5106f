"""The filter language means the same everywhere: compared with a naive reading of every item."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewer.domain.decision import Actor
from reviewer.domain.instant import HOUR
from reviewer.domain.query import FIELDS, FLAGS, SORTS, Query, parse
from reviewer.domain.state import Status
from reviewer.queue import Queue

from .crowd import RISKS, SHAPES
from .people import ANN, BOB, BOT, LEE, decided, pages, proposal, submitted
from .stores import Store
from .truth import World

SHARED = settings(
    max_examples=120,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


VALUES: dict[str, list[str]] = {
    "agent": ["bot", "bot-two", "crm", "nobody", "bot*", "b*", "bot,crm", "BOT", "*"],
    "kind": ["refund", "merge", "refund.big", "refund*", "merge,refund", "x*"],
    "queue": ["default", "billing", "billing*", "leads", "billing-eu,leads"],
    "reason": ["low_confidence", "low_value", "drift", "unsafe", "low_*", "lowX*", "drift,unsafe"],
    "shape": [SHAPES[0], SHAPES[-1], ",".join(SHAPES[:3]), SHAPES[0][:1] + "*", "0123"],
    "assignee": ["ann", "bob", "nobody", "a*"],
    "holder": ["ann", "bob", "lee", "ann,bob", "b*"],
    "key": ["key-07", "key-*", "key-0*", "key-01,key-02", "KEY-01", "newer"],
    "id": ["a_nothing", "a_*"],
    "by": ["ann", "bob", "clock", "ann,bob", "a*"],
    "for": ["customer:1", "customer:1*", "customer:12", "customer:1,customer:12"],
    "due": ["<1h", "<=1h", ">3h", "1h", "<0s", ">=-10h", "<-1h", "=1h"],
    "age": ["<1h", ">1h", ">=3h", "<10h", ">2d"],
    "decided": ["<1h", ">1h", "<10h", ">2d"],
    "risk": [
        *RISKS,
        ">=high",
        "<=medium",
        ">low",
        "<critical",
        "low,high",
        "crit",
        "med,low",
        "=low",
    ],
    "status": [*map(str, Status), "pending,approved", "rejected,answered,expired"],
    "is": [*FLAGS, "claimed,escalated", "pending,decided", "mine,breaching"],
}
WORDS = [
    "refund",
    "8841",
    "order 8841",
    "größe",
    "duplicate",
    "名前",
    "merge",
    "contact",
    "zzz",
    "off_x",
]
value_terms = st.sampled_from([f"{name}:{value}" for name in VALUES for value in VALUES[name]])
terms = st.builds(lambda minus, term: minus + term, st.sampled_from(["", "", "-"]), value_terms)
words = st.sampled_from([f'"{word}"' for word in WORDS])
sorts = st.sampled_from(["", "", *[f"sort:{sort}" for sort in SORTS]])
texts = st.builds(
    lambda some, few, sort: " ".join([*some, *few, sort]).strip(),
    st.lists(terms, max_size=3),
    st.lists(words, max_size=1),
    sorts,
)


async def agrees(queue: Queue, world: World, query: Query, actor: Actor) -> None:
    """Pages and count are what the naive reading says."""
    expected = world.listed(query, actor)
    found = [e for page in await pages(queue, query.text, 25, actor) for e in page.entries]
    assert [e.state.id for e in found] == [e.state.id for e in expected], query.text
    assert found == expected, query.text
    assert (await queue.count(query, actor)).number == len(expected), query.text


@given(text=texts, actor=st.sampled_from([ANN, BOB, LEE]))
@SHARED
async def test_any_filter_lists_what_its_words_say(
    queue: Queue, world: World, text: str, actor: Actor
) -> None:
    await agrees(queue, world, parse(text), actor)


def test_every_field_and_flag_is_tried() -> None:
    assert set(VALUES) == set(FIELDS) - {"sort"}
    assert set(FLAGS) <= set(VALUES["is"])


async def test_every_value_alone_and_negated(queue: Queue, world: World) -> None:
    nothing: list[str] = []
    for name, values in VALUES.items():
        for value in values:
            for minus in ("", "-"):
                query = parse(f"is:pending,decided {minus}{name}:{value}")
                await agrees(queue, world, query, ANN)
                alone = parse(f"{minus}{name}:{value}")
                await agrees(queue, world, alone, ANN)
                if not minus and not world.listed(query, ANN):
                    nothing.append(f"{name}:{value}")
    # the population is rich enough that nearly every value finds something
    assert len(nothing) <= 16, nothing


@pytest.mark.parametrize("first", FLAGS)
async def test_every_flag_goes_with_every_other(queue: Queue, world: World, first: str) -> None:
    for second in FLAGS:
        for minus in ("", "-"):
            await agrees(queue, world, parse(f"is:{first} {minus}is:{second}"), ANN)


async def test_free_text_finds_what_stands_in_the_artifact(queue: Queue, world: World) -> None:
    for word in WORDS:
        await agrees(queue, world, parse(f'is:pending,decided "{word}"'), ANN)


async def test_a_word_that_stands_everywhere_lists_everything_once(queue: Queue) -> None:
    crowd = [
        proposal(title=f"common number {n}", kind=("task", "rare")[n % 100 == 7], risk=RISKS[n % 4])
        for n in range(2300)
    ]
    answers = await queue.submit_many(crowd, BOT)
    ids = [answer.artifact_id for answer in answers]  # type: ignore[union-attr]
    gone = ids[::200]
    for one in gone:
        await decided(queue, one)
    rare = await queue.page(parse("common kind:rare"), ANN)
    ranks = [entry.state.rank for entry in rare.entries]
    assert ranks == sorted(ranks)
    for text, expected in (
        ("common", set(ids) - set(gone)),
        ("common kind:rare", set(ids[7::100])),
        ('"common number 1234"', {ids[1234]}),
        ("common is:decided", set(gone)),
    ):
        for sort in ("", " sort:newest", " sort:oldest"):
            await assert_whole(queue, text + sort, expected)


async def assert_whole(queue: Queue, text: str, expected: set[str]) -> None:
    """Every page forwards and back: each artifact once."""
    found = await pages(queue, text, 950)
    seen = [entry.state.id for page in found for entry in page.entries]
    assert len(seen) == len(set(seen)), text
    assert set(seen) == expected, text
    assert (await queue.count(parse(text), ANN)).number == len(expected)
    if "is:decided" not in text:
        groups = await queue.groups(parse(text), ANN)
        assert sum(group.number for group in groups.groups) == len(expected)
        entries = [entry for page in found for entry in page.entries]
        for group in groups.groups:
            ranks = [entry.state.rank for entry in entries if entry.shape == group.shape]
            assert group.first.state.rank == min(ranks)
    for before, after in pairwise(found):
        back = await queue.page(parse(text), ANN, limit=950, before=after.previous)
        assert back.entries == before.entries, text


HOSTILE = [
    '"', "'", "*", "%", "_", "--", "NEAR(", "a AND b", "title:x", "^a", "(", ")", "{", "\\",
    "' OR 1=1 --", "\x00", "\U0001f600", "\u202e", "a" * 5000, "+", "NOT", '""', "-",
]  # fmt: skip


@pytest.mark.parametrize("word", HOSTILE, ids=ascii)
async def test_no_word_breaks_the_search(queue: Queue, word: str) -> None:
    await submitted(queue, proposal(title="harmless"))
    found = await queue.page(Query(words=(word,)), ANN)
    assert len(found.entries) <= 1
    await queue.count(Query(words=(word,)), ANN)


@pytest.mark.parametrize("field", ["agent", "kind", "queue", "key", "for", "reason", "holder"])
@pytest.mark.parametrize("value", ["'", '"', "%", "_", "x' OR '1'='1", "ä", "\x00"])
async def test_no_value_breaks_a_filter(queue: Queue, field: str, value: str) -> None:
    from reviewer.domain.query import Op, Term

    await submitted(queue)
    for op in (Op.EQ, Op.PREFIX):
        for negated in (False, True):
            query = Query((Term(field, op, (value,), negated),))
            page = await queue.page(query, ANN)
            assert len(page.entries) == int(negated)


async def test_wildcards_are_only_at_the_end(queue: Queue) -> None:
    await submitted(queue, proposal("a%b"))
    await submitted(queue, proposal("a_b"))
    await submitted(queue, proposal("axb"))

    async def keys(text: str) -> list[str]:
        page = await queue.page(parse(text), ANN)
        return sorted(entry.state.key for entry in page.entries)

    assert await keys("key:a%*") == ["a%b"]
    assert await keys("key:a_*") == ["a_b"]
    assert await keys("key:a%b") == ["a%b"]
    assert await keys("key:a*") == ["a%b", "a_b", "axb"]


async def test_a_count_stops_at_its_cap(queue: Queue, world: World) -> None:
    query = parse("is:pending,decided risk:>=low -agent:nobody due:>-90d")
    whole = await queue.count(query, ANN)
    assert (whole.number, whole.exact) == (61, True)
    capped = await queue.count(query, ANN, cap=10)
    assert (capped.number, capped.exact) in ((10, False), (61, True))


async def test_facets_are_the_truth(store: Store, queue: Queue, world: World) -> None:
    for later in (0, 3 * HOUR):
        await store.pass_time(later)
        await queue.run_clocks()
        await assert_facets(queue, world)


async def assert_facets(queue: Queue, world: World) -> None:
    states = [(await queue.get(item.entry.state.id)).entry.state for item in world.items]  # type: ignore[union-attr]
    pending = [s for s in states if s.status is Status.PENDING and s.snoozed_until is None]
    facets: dict[str, Any] = await queue.facets(parse(""), ANN)
    for name in ("queue", "agent", "kind", "risk"):
        truth: dict[str, int] = {}
        for state in pending:
            value = str(getattr(state, name))
            truth[value] = truth.get(value, 0) + 1
        assert {k: v for k, v in facets[name].items() if v} == truth, name
    statuses: dict[str, int] = {}
    for state in states:
        statuses[str(state.status)] = statuses.get(str(state.status), 0) + 1
    found = {k: v for k, v in facets["status"].items() if v}
    for status in Status:
        if status is not Status.PENDING:
            assert found.get(str(status), 0) == statuses.get(str(status), 0)
    assert found["pending"] in (statuses["pending"], len(pending))


@pytest.mark.parametrize("text", ["agent:bot", "queue:billing*", "risk:>=high -kind:merge"])
async def test_facets_go_by_the_filter(queue: Queue, world: World, text: str) -> None:
    facets = await queue.facets(parse(text), ANN)
    entries = world.listed(parse(text), ANN)
    for name in ("queue", "agent", "kind", "risk"):
        truth = Counter(str(getattr(entry.state, name)) for entry in entries)
        assert Counter(facets[name]) - Counter() == truth, name
