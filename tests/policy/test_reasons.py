"""Reason codes: a policy's own go first, and there is always room for another one in words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.decision import REASONS
from reviewer.policy.document import Policy
from reviewer.policy.reasons import MOST, OTHER, codes, offered

CODES = st.from_regex(r"[a-z][a-z0-9_.-]{0,12}", fullmatch=True) | st.sampled_from(list(REASONS))


def policy(reasons: dict[str, str]) -> Policy:
    return Policy.model_validate({"version": 1, "agents": {"*": {}}, "reasons": reasons})


def test_without_a_policy_of_its_own_they_are_the_built_in_ones() -> None:
    assert codes(None) == codes(policy({})) == offered(None) == REASONS


@given(st.dictionaries(CODES, st.text("abc ", min_size=1, max_size=9), max_size=12))
def test_own_codes_go_first_and_other_is_always_offered(own: dict[str, str]) -> None:
    found, shown = codes(policy(own)), offered(policy(own))
    assert found == REASONS | own
    assert list(found)[-1] == list(shown)[-1] == OTHER
    mine = [code for code in own if code != OTHER]
    assert list(found)[: len(mine)] == mine
    assert len(shown) == MOST
    assert list(shown)[:-1] == [code for code in found if code != OTHER][: MOST - 1]
