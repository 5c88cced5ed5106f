"""Free text: nothing that is typed breaks a query, and words are found in any script."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.sql import counting, groups, search
from backends.sql.queue import SqlQueue
from reviewer.domain.decision import Decision, Kind
from reviewer.domain.query import Query, parse
from reviewer.queue import Count, Settled
from tests.support.making import ANNA, BOT, refund

HOSTILE = (
    '"', "'", "*", "^", "(", ")", "NEAR(a b)", "a OR b", "NOT", "search:x", "-", "+", "a*b", '""',
    "\x00", "𝄞", "🎉", "⟨", "a\u200bb", "{x}", "col : y", "AND AND", "'; DROP TABLE artifact; --",
)  # fmt: skip

INDEX = sqlite3.connect(":memory:", check_same_thread=False)
INDEX.execute("CREATE VIRTUAL TABLE f USING fts5(t, tokenize='unicode61 remove_diacritics 2')")


@given(st.lists(st.text(max_size=20), max_size=4))
def test_no_text_is_a_syntax_error(words: list[str]) -> None:
    found = search.fts5(words)
    if found:
        INDEX.execute("SELECT rowid FROM f WHERE f MATCH ?", (found,)).fetchall()


@given(st.text(st.characters(categories=("L", "N")), min_size=1, max_size=12))
def test_every_word_of_letters_finds_the_text_it_stands_in(word: str) -> None:
    INDEX.execute("DELETE FROM f")
    INDEX.execute(
        "INSERT INTO f (rowid, t) VALUES (1, ?)", (search.spaced(f"before {word} after"),)
    )
    found = search.fts5((word,))
    if found:
        assert INDEX.execute("SELECT rowid FROM f WHERE f MATCH ?", (found,)).fetchall() == [(1,)]


@pytest.mark.parametrize("word", HOSTILE)
async def test_hostile_words_are_words(queue: SqlQueue, word: str) -> None:
    await queue.submit(refund("one"), BOT)
    query = Query(words=(word,))
    page = await queue.page(query, ANNA)
    assert (await queue.count(query, ANNA)).number == len(page.entries) == 0
    assert await queue.claim_next(query, ANNA) is None


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Refund order 8841 (damaged)", "8841"),
        ("Refund order 8841 (damaged)", "refu dama"),
        ("Refund order 8841 (damaged)", '"order 8841"'),
        ("Größe ändern für Café", "größe"),
        ("Größe ändern für Café", "cafe"),
        ("返金の注文を確認する", "注文"),
        ("返金の注文を確認する", "金の注"),
        ("환불 주문 확인", "주문"),
        ("ขอคืนเงินสินค้า", "คืนเงิน"),
        ("استرداد الطلب", "الطلب"),
        ("Ответ на обращение", "обращ"),
    ],
)
async def test_words_are_found_in_any_script(queue: SqlQueue, title: str, text: str) -> None:
    await queue.submit(refund("wanted", title=title), BOT)
    await queue.submit(refund("other", title="Something else"), BOT)
    page = await queue.page(parse(text), ANNA)
    assert [entry.state.key for entry in page.entries] == ["wanted"]


async def test_words_are_searched_in_writes_context_names_and_ids(queue: SqlQueue) -> None:
    context = [{"type": "message", "role": "user", "text": "the kettle arrived broken"}]
    identity = {"on_behalf_of": "customer:1882"}
    one = await queue.submit(refund("refund-8841-r1", context=context, identity=identity), BOT)
    await queue.submit(refund("other"), BOT)
    for text in ("kettle", "refund-8841-r1", "1882", one.artifact_id):
        page = await queue.page(Query(words=(text,)), ANNA)
        assert [entry.state.id for entry in page.entries] == [one.artifact_id], text


async def test_very_many_matches_are_listed_newest_first_without_a_gap(
    queue: SqlQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backends.sql.pages.FEW", 10)
    await queue.submit_many([refund(f"k{n}") for n in range(25)], BOT)
    seen: list[str] = []
    cursor = None
    while True:
        page = await queue.page(parse("refund"), ANNA, limit=10, after=cursor)
        seen += [entry.state.key for entry in page.entries]
        cursor = page.next
        if cursor is None:
            break
    assert seen == [f"k{n}" for n in reversed(range(25))]
    back = await queue.page(parse("refund"), ANNA, limit=10, before=page.previous)
    assert [entry.state.key for entry in back.entries] == seen[10:20]
    assert (await queue.count(parse("refund"), ANNA)).number == 25


async def test_common_words_under_a_filter_are_counted_among_the_newest_only(
    queue: SqlQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backends.sql.pages.FEW", 4)
    monkeypatch.setattr("backends.sql.counting.SCANNED", 20)
    counting.scanned_sql.cache_clear()
    groups.walk_sql.cache_clear()
    try:
        await queue.submit_many(
            [refund(f"k{n}", kind=("even", "odd")[n % 2]) for n in range(30)], BOT
        )
        text = parse("refund kind:odd")
        assert await queue.count(text, ANNA) == Count(10, False)
        found = await queue.groups(text, ANNA)
        assert (sum(group.number for group in found.groups), found.exact) == (10, False)
        # what is rare is asked the other way round, and that is exact
        await queue.submit(refund("one", kind="rare"), BOT)
        assert await queue.count(parse("refund kind:rare"), ANNA) == Count(1)
        [entry] = (await queue.page(parse("refund kind:rare"), ANNA)).entries
        assert entry.state.key == "one"
        assert (await queue.groups(parse("refund kind:rare"), ANNA)).exact
    finally:
        counting.scanned_sql.cache_clear()
        groups.walk_sql.cache_clear()


async def test_common_words_find_the_little_that_is_decided_newest_decision_first(
    queue: SqlQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backends.sql.pages.FEW", 4)
    answers = await queue.submit_many([refund(f"k{n}") for n in range(30)], BOT)
    ids = [answer.artifact_id for answer in answers]  # type: ignore[union-attr]
    for at in (3, 20, 11, 7):
        await approve(queue, ids[at])
    text = parse("refund is:decided")
    for little, order in ((10, [7, 11, 20, 3]), (3, [20, 11, 7, 3])):  # else the newest proposal
        monkeypatch.setattr("backends.sql.pages.LITTLE", little)
        first = await queue.page(text, ANNA, limit=2)
        rest = await queue.page(text, ANNA, limit=2, after=first.next)
        seen = [entry.state.id for page in (first, rest) for entry in page.entries]
        assert seen == [ids[at] for at in order]
        assert rest.next is None
        back = await queue.page(text, ANNA, limit=2, before=rest.previous)
        assert back.entries == first.entries
        assert await queue.count(text, ANNA) == Count(4)
    assert (await queue.page(parse("nothing is:decided"), ANNA)).entries == ()


async def approve(queue: SqlQueue, id: str) -> None:
    """Approves an artifact."""
    item = await queue.get(id)
    assert item is not None
    state = item.entry.state
    decision = Decision(Kind.APPROVE, id, state.revision, state.digest, f"approve {id}")
    assert isinstance(await queue.decide(decision, ANNA), Settled)
