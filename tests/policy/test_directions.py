"""Which way a change goes; patterns against what they stand for."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from reviewer.policy.directions import (
    Effect,
    choice,
    covers,
    fewer,
    larger,
    less,
    more,
    narrower,
    narrower_paths,
    together,
)

STRICTER, LOOSER, NEITHER = Effect.STRICTER, Effect.LOOSER, Effect.NEITHER
patterns = st.text("ab/*?", min_size=1, max_size=6)
words = st.text("ab/", max_size=6)


def expression(pattern: str, paths: bool) -> re.Pattern[str]:
    """The pattern as Python's own regular expression, made in another way than the program's."""
    if pattern in ("*", "**"):
        return re.compile(r"(?s:.*)")
    run, one = (r"[^/]*", r"[^/]") if paths else (r".*", r".")
    parts = re.split(r"(\*\*|\*|\?)", pattern)
    signs = {"**": r".*", "*": run, "?": one}
    return re.compile("(?s:" + "".join(signs.get(part, re.escape(part)) for part in parts) + ")")


@given(patterns, patterns, st.lists(words, max_size=20), st.booleans())
def test_what_covers_matches_all_that_the_other_matches(
    wide: str, narrow: str, some: list[str], paths: bool
) -> None:
    if covers([wide], [narrow], paths=paths):
        for word in some:
            if expression(narrow, paths).fullmatch(word):
                assert expression(wide, paths).fullmatch(word)


@given(patterns, words, st.booleans())
def test_a_pattern_covers_a_word_exactly_if_it_matches_it(
    pattern: str, word: str, paths: bool
) -> None:
    assert covers([pattern], [word], paths=paths) == bool(
        expression(pattern, paths).fullmatch(word)
    )


@given(patterns, st.booleans())
def test_every_pattern_covers_itself_and_a_star_covers_all(pattern: str, paths: bool) -> None:
    assert covers([pattern], [pattern], paths=paths)
    assert covers(["x", "*"], [pattern, "y"], paths=paths)


def test_patterns_narrow_and_widen() -> None:
    assert narrower(["*"], ["crm"]) is STRICTER
    assert narrower(["crm"], ["crm", "erp"]) is LOOSER
    assert narrower(["cr*"], ["c*", "crm"]) is LOOSER
    assert narrower(["a*"], ["b*"]) is NEITHER
    assert narrower(["*", "crm"], ["*"]) is NEITHER
    assert narrower_paths(["/a/**"], ["/a/*"]) is STRICTER
    assert narrower_paths(["/a/*"], ["/a/b/c"]) is NEITHER
    assert narrower(["/a/*"], ["/a/b/c"]) is STRICTER


def test_limits_and_names() -> None:
    assert (more(1, 2), more(2, 1), more(None, 1), more(1, None)) == (
        STRICTER, LOOSER, STRICTER, LOOSER,
    )  # fmt: skip
    assert (less(1, 2), less(None, 9), less(9, None)) == (LOOSER, STRICTER, LOOSER)
    assert fewer([], ["ana"]) is STRICTER
    assert fewer(["ana"], []) is LOOSER
    assert fewer(["ana"], ["ana", "ben"]) is LOOSER
    assert fewer(["ana"], ["ben"]) is NEITHER
    assert larger(["reject"], ["edit", "reject"]) is STRICTER
    assert choice(None, [1]) is STRICTER
    assert choice([1, 2], [2]) is STRICTER
    assert choice([1], []) is STRICTER
    assert choice([{"a": 1}], [{"a": 2}]) is NEITHER


def test_several_together() -> None:
    assert together([]) is NEITHER
    assert together([STRICTER, NEITHER]) is STRICTER
    assert together([STRICTER, LOOSER]) is NEITHER
    assert (STRICTER.opposite, LOOSER.opposite, NEITHER.opposite) == (LOOSER, STRICTER, NEITHER)
