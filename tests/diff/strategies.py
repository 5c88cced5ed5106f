"""What the diff is fed with in property tests."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

# Few distinct pieces, so that texts have much in common; U+0085, U+2028, form feed and the like
# are no line ends.
PIECES = (
    *("\n", "\r\n", "\r", "\n\n"),
    *("a", "b", "foo bar", "    x = 1", "}", "\t", " "),
    *("\x85", "\u2028", "\x0b", "\x0c", "\x1c", "\u200b", "é", "日本", "\U0001f600", "\u202e"),
)

texts = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=25).map("".join),
    st.text(max_size=30),
)


@st.composite
def edited(draw: st.DrawFn, start: st.SearchStrategy[str] = texts) -> tuple[str, str]:
    """A text and what a few replacements make of it."""
    before = draw(start)
    after = before
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(after)))
        end = draw(st.integers(at, min(len(after), at + 6)))
        after = after[:at] + draw(texts) + after[end:]
    return before, after


pairs = st.one_of(edited(), st.tuples(texts, texts))

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 3),
    st.sampled_from([0.0, -0.0, 1.0, 2.0, 0.5, 1e300, 1e16]),
    st.sampled_from(["", "1", "a", "true", "one\ntwo\n", "one\n2\n", "~/", "long " * 20]),
)
names = st.sampled_from(["id", "key", "name", "a", "b", "a/b", "~", "", "0", "日本"])


def _containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    identified = st.lists(st.integers(0, 6), max_size=4).flatmap(
        lambda ids: st.tuples(
            *(st.dictionaries(st.sampled_from("ab"), inner).map(_with_id(n)) for n in ids)
        ).map(list)
    )
    return st.one_of(
        st.dictionaries(names, inner, max_size=4), st.lists(inner, max_size=4), identified
    )


def _with_id(number: int) -> Any:
    return lambda item: {"id": number, **item}


documents = st.recursive(scalars, _containers, max_leaves=12)


@st.composite
def altered(draw: st.DrawFn, value: Any) -> Any:
    """The document with some of its parts replaced, dropped, added or put elsewhere."""
    if draw(st.integers(0, 7)) == 0:
        return draw(documents)
    if isinstance(value, dict):
        kept = {k: draw(altered(v)) for k, v in value.items() if draw(st.integers(0, 5))}
        return kept | draw(st.dictionaries(names, scalars, max_size=1))
    if isinstance(value, list):
        kept = [draw(altered(v)) for v in value if draw(st.integers(0, 5))]
        return draw(st.permutations(kept)) if draw(st.integers(0, 3)) == 0 else kept
    if value in (0, 1) and draw(st.booleans()):
        return draw(st.sampled_from([bool(value), int(value), float(value), str(value)]))
    return value


document_pairs = st.one_of(
    documents.flatmap(lambda d: st.tuples(st.just(d), altered(d))),
    st.tuples(documents, documents),
)
