"""What a simulation comes to, in lines and a plot: true to its numbers, inside its room."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content

from reviewer.domain.instant import DAY
from reviewer.domain.state import Course
from reviewer.policy.compare import compare
from reviewer.policy.simulated import (
    AgentChange,
    Courses,
    Example,
    Load,
    Pair,
    QueueChange,
    Simulated,
    Stretch,
)
from reviewer.tui.policy_drawn import difference_lines, simulated_lines, verdict
from reviewer.tui.widgets.then_now import then_now

from .governed import NOW, compiled_of
from .hostile_queue import payload
from .test_policy_screen import harmless

numbers = st.integers(0, 100_000)
pairs = st.lists(st.tuples(numbers, numbers), max_size=80).map(tuple)


def made(name: str = "refund-bot", why: str = "inside its limits") -> Simulated:
    """A simulation of 30 days."""
    courses = Courses(Pair(1200, 1010), Pair(0, 188), Pair(34, 36), Pair(0, 0))
    return Simulated(
        "sha256:7abae932e42c",
        NOW - 30 * DAY,
        NOW,
        admissions=1234,
        changed=190,
        courses=courses,
        missed_rejections=3,
        missed_edits=1,
        saved_reviews=190,
        denied_approved=2,
        queues={
            "billing": QueueChange(Load(900, 60, 12), Load(700, 40, 8)),
            name: QueueChange(Load(300, 9, 0), Load(310, 9, 0)),
        },
        agents={name: AgentChange(1234, courses, 3)},
        stretches=tuple(
            Stretch(NOW - at * DAY, Courses(Pair(40 + at % 7, 30 + at % 5)))
            for at in range(30, 0, -1)
        ),
        examples=(
            Example(
                "missed_rejection", "art-1", name, "refund", Course.PERSON, Course.APPROVE, why
            ),
        ),
    )


def plain(lines: list[Content]) -> str:
    return "\n".join(line.plain for line in lines)


def test_every_number_is_told() -> None:
    said = plain(simulated_lines(made(), 100))
    assert "The last 30 days under it: 1,234 admissions, 190 ruled otherwise" in said
    for words in ("1,200    1,010     -190", "0      188     +188", "! "):
        assert words in said
    assert "3  would be approved alone, though people rejected them" in said
    assert "12 → 8" in said
    assert "people rejected it" in said
    assert verdict(made()).plain == (
        "188 of 1,234 approved alone (0 then), 3 of them people rejected"
    )


def test_nothing_admitted_is_said() -> None:
    assert "there is nothing to tell" in plain(simulated_lines(Simulated("d", 0, DAY), 80))


@given(st.integers(24, 200))
def test_lines_keep_to_their_room_where_there_is_any(width: int) -> None:
    for line in simulated_lines(made(), width):
        assert line.cell_length <= max(width, 70)


@given(st.integers(0, 400))
def test_names_are_hostile_and_harmless(seed: int) -> None:
    found = made(payload(seed), payload(seed + 1))
    for line in simulated_lines(found, 78):
        harmless(line.plain)


@given(pairs, st.integers(1, 130), st.integers(1, 30))
def test_the_plot_keeps_to_its_room(some: tuple[tuple[int, int], ...], w: int, h: int) -> None:
    lines = then_now(some, tuple(f"{n}" for n in range(len(some))), w, h)
    assert len(lines) == max(1, h - 2) + 2
    assert max(line.cell_length for line in lines) <= max(w, 9)


def test_the_plot_tells_now_by_bars_and_then_by_rings() -> None:
    lines = [line.plain for line in then_now(((0, 8), (8, 0), (4, 8)), ("a", "b", "c"), 20, 10)]
    assert lines[0].count("█") > 0
    assert sum(line.count("○") for line in lines) == 2


def test_differences_say_which_way_they_go() -> None:
    policy = compiled_of().policy
    wild = policy.model_copy(
        update={"queues": {**policy.queues, "billing": policy.queues["billing"].model_copy(
            update={"quorum": 1})}}
    )  # fmt: skip
    assert "▽ looser" in plain(difference_lines(compare(policy, wild), 80))
    assert "▲ stricter" in plain(difference_lines(compare(wild, policy), 80))
    assert "means the same" in plain(difference_lines((), 80))
