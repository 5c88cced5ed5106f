"""The policies that the guide works out do what it says of each artifact below them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from reviewer.domain.artifact import parse
from reviewer.domain.instant import DAY
from reviewer.domain.state import Course, Ruling
from reviewer.policy import admission
from reviewer.policy.compiled import Compiled, load
from reviewer.policy.facts import Facts, Standing
from reviewer.policy.masked import artifact
from reviewer.policy.masking import Masker
from reviewer.shapes.shape import shape_of

PAGE = Path(admission.__file__).parent.parent / "guide" / "12-policy-examples.md"
NOW = 20_000 * DAY
KNOWN = Facts(shape_decided=3, standing=Standing(decided=200, version_decided=80), flags=0)
"""An agent that people know: its shape and its version were decided on before."""
ORDER = {"approved": Course.APPROVE, "to a person": Course.PERSON, "denied": Course.DENY}


class Example(NamedTuple):
    """An artifact of the page, under which policy, and what the page says of it."""

    policy: str
    artifact: str
    said: str

    @property
    def course(self) -> Course:
        word = self.said.removeprefix("**").lower()
        return next(course for start, course in ORDER.items() if word.startswith(start))


def examples() -> list[Example]:
    found = []
    for section in re.split(r"^## ", PAGE.read_text(), flags=re.MULTILINE)[1:]:
        policy = re.findall(r"^```yaml\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
        assert len(policy) == 1
        pairs = re.findall(
            r"^```json\n(.*?)^```\n\n(\*\*[^\n]+)", section, re.DOTALL | re.MULTILINE
        )
        assert len(pairs) == section.count("```json")
        found += [Example(policy[0], artifact, said) for artifact, said in pairs]
    return found


def ruled(compiled: Compiled, text: str, facts: Facts = KNOWN) -> Ruling:
    artifact = parse(text)
    codes = [one.code for one in artifact.escalations]
    asked = admission.asks(compiled, artifact, shape_of(artifact, codes).id)
    assert asked.agent == artifact.agent.name
    return admission.rule(compiled, artifact, facts, NOW)


def test_there_are_three_policies_with_artifacts() -> None:
    found = examples()
    assert len({one.policy for one in found}) == 3
    assert {one.course for one in found} == set(ORDER.values())


@pytest.mark.parametrize("example", examples(), ids=lambda one: one.said[2:40])
def test_what_the_guide_says_happens(example: Example) -> None:
    ruling = ruled(load(example.policy), example.artifact)
    assert ruling.course is example.course, ruling
    named = re.findall(r"`([a-z_]+)`", example.said)
    if ruling.course is Course.PERSON:
        assert ruling.queue == named[0]
        assert set(named[1:]) <= {reason.code for reason in ruling.reasons}
        assert named[1:]
    if ruling.course is Course.DENY:
        assert ruling.sentence


def test_a_refund_that_is_not_known_comes_to_a_person() -> None:
    first = examples()[0]
    compiled = load(first.policy)
    for facts, code in (
        (replace(KNOWN, shape_decided=0), "new_shape"),
        (replace(KNOWN, standing=Standing(decided=200)), "new_version"),
        (replace(KNOWN, draw=0.01), "sample"),
        (replace(KNOWN, flags=2), "hidden_text"),
        (replace(KNOWN, standing=Standing(100, 3, 80)), "budget_spent"),
    ):
        ruling = ruled(compiled, first.artifact, facts)
        assert ruling.course is Course.PERSON, code
        assert code in {reason.code for reason in ruling.reasons}


def test_two_of_the_team_and_a_lead_are_asked_for() -> None:
    found = examples()
    migration = next(one for one in found if "migration" in one.said)
    assert ruled(load(migration.policy), migration.artifact).quorum == 2
    many = next(one for one in found if "many_rows" in one.said)
    assert "role:lead" in ruled(load(many.policy), many.artifact).needs


def test_what_the_page_masks_is_masked_and_the_amount_stays() -> None:
    first = examples()[0]
    made = parse(first.artifact)
    told = artifact(Masker.of(load(first.policy).policy), made).document()
    assert told["identity"]["on_behalf_of"] == "‹masked›"
    assert told["writes"] == made.document()["writes"]
