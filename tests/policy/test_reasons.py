"""Reason codes: a policy's own go first, the one that takes words goes last, none is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.decision import REASONS
from reviewer.policy.document import Policy
from reviewer.policy.reasons import OTHER, codes

CODES = st.from_regex(r"[a-z][a-z0-9_.-]{0,12}", fullmatch=True) | st.sampled_from(list(REASONS))


def policy(reasons: dict[str, str]) -> Policy:
    return Policy.model_validate({"version": 1, "agents": {"*": {}}, "reasons": reasons})


def test_without_any_of_a_policy_they_are_the_built_in_ones_in_their_order() -> None:
    assert list(codes(None).items()) == list(REASONS.items())
    assert list(codes(policy({})).items()) == list(REASONS.items())


def test_a_policy_words_a_built_in_code_anew() -> None:
    found = codes(policy({"fraud": "it looks like fraud", "unsafe": "not on my watch"}))
    assert list(found)[:3] == ["fraud", "unsafe", "wrong_value"]
    assert found["unsafe"] == "not on my watch"


@given(st.dictionaries(CODES, st.text("abc ", min_size=1, max_size=9), max_size=12))
def test_own_codes_go_first_and_other_last(own: dict[str, str]) -> None:
    found = codes(policy(own))
    assert found == REASONS | own
    assert list(found)[-1] == OTHER
    mine = [code for code in own if code != OTHER]
    rest = [code for code in REASONS if code not in own and code != OTHER]
    assert list(found)[:-1] == mine + rest
