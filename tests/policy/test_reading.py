"""Reading a policy file: every kind of mistake is told with its line, its column and a sentence."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.policy import tree
from reviewer.policy.compiled import load
from reviewer.policy.reading import MOST_TOLD, PolicyError, Problem, read
from reviewer.policy.starter import STARTER
from reviewer.policy.tree import Unreadable, grow

LEAST = "version: 1\nagents: {bot: {}}\n"


def problems(text: str) -> list[Problem]:
    """What is wrong with a text."""
    with pytest.raises(PolicyError) as caught:
        load(text)
    return list(caught.value.problems)


def spots(text: str) -> tuple[str, list[tuple[int, int]]]:
    """A text without its marks `‹…›`, and line and column of each, from 1."""
    found, clean = [], ""
    for character in text:
        if character == "‹":
            found.append((clean.count("\n") + 1, len(clean) - (clean.rfind("\n") + 1) + 1))
        elif character != "›":
            clean += character
    return clean, found


# the text with the place marked, the sentence, a part of the hint
MISTAKES = {
    "unknown key": (
        "version: 1\nagents:\n  bot:\n    ‹mod›: shadow\n",
        "'mod' is not known here",
        "Did you mean 'mode'?",
    ),
    "unknown key of the whole": (
        LEAST + "‹rule›: []\n",
        "'rule' is not known here",
        "Did you mean 'rules'?",
    ),
    "unknown key in a list": (
        "version: 1\nagents: {bot: {grants: [{write: '*', ‹feilds›: '*'}]}}",
        "'feilds' is not known here",
        "Did you mean 'fields'?",
    ),
    "missing key": (
        "version: 1\nagents: {bot: {grants: [‹{id: a}]}}",
        "'write' is missing",
        "",
    ),
    "wrong word": (
        "version: 1\nagents: {bot: {mode: ‹auto›}}",
        "'auto' is none of shadow, assisted, autonomous",
        "",
    ),
    "nearly the right word": (
        "version: 1\nagents: {bot: {mode: ‹asisted›}}",
        "'asisted' is none of shadow, assisted, autonomous",
        "Did you mean 'assisted'?",
    ),
    "text for a number": (
        LEAST + "queues: {a: {quorum: ‹'2'›}}\n",
        "'2' stands where a whole number belongs",
        "",
    ),
    "true for a number": (
        LEAST + "queues: {a: {quorum: ‹true›}}\n",
        "true stands where a whole number belongs",
        "",
    ),
    "number for a text": (
        "version: 1\nagents: {bot: {owner: ‹12›}}",
        "12 stands where a text belongs",
        "Write it in quotes.",
    ),
    "text for a list": (
        LEAST + "queues: {a: {reviewers: ‹ann›}}\n",
        "'ann' stands where a list belongs",
        "",
    ),
    "nothing for a mapping": (
        "version: 1\nagents:\n  ‹bot›:\n",
        "nothing stands where a mapping belongs",
        "",
    ),
    "too much": (LEAST + "queues: {a: {quorum: ‹10›}}\n", "10 is more than 9", ""),
    "too little": (LEAST + "queues: {a: {quorum: ‹0›}}\n", "0 is less than 1", ""),
    "duration": (
        LEAST + "queues: {a: {sla: {low: ‹4 hours›}}}\n",
        "'4 hours' is not a duration: write it like 30m, 4h or 1d",
        "",
    ),
    "duration as a number": (
        LEAST + "queues: {a: {sla: {low: ‹4›}}}\n",
        "4: a duration is written like 30m, 4h or 1d",
        "",
    ),
    "risk as a key": (
        LEAST + "queues: {a: {sla: {‹hi›: 4h}}}\n",
        "'hi' is none of low, medium, high, critical",
        "",
    ),
    "share": (
        "version: 1\nagents: {bot: {autonomy: {sample: ‹5 %%›}}}",
        "'5 %%': a share is written like 2% or 0.02",
        "",
    ),
    "queue name": (
        LEAST + "queues: {‹My Queue›: {}}\n",
        "'My Queue' is no name that can stand here",
        "small letters",
    ),
    "key twice": (
        "version: 1\nagents:\n  bot: {}\n  ‹bot›: {mode: shadow}\n",
        "'bot' stands twice, the first time in line 3",
        "Keep one of the two.",
    ),
    "merge key": (
        "version: 1\nagents:\n  a: &a {}\n  b:\n    ‹<<›: *a\n",
        "`<<` is not part of YAML 1.2",
        "alias",
    ),
    "tag": (
        "version: 1\nagents: {bot: ‹!!python/name:os.system {}›}\n",
        "the tag",
        "Leave it out.",
    ),
    "not a number": (
        "version: 1\nagents: {bot: {cost: {day: ‹.nan›}}}",
        ".nan is no number here",
        "",
    ),
    "too large a number": (
        "version: 1\nagents: {bot: {cost: {day: ‹1e999›}}}",
        "the number 1e999 is too large",
        "",
    ),
    "group": (
        LEAST + "groups: {billing: [ann]}\nqueues:\n  a:\n    reviewers: [ben, ‹'@biling'›]\n",
        "there is no group '@biling'",
        "Did you mean '@billing'?",
    ),
    "group in itself": (
        LEAST + "groups: {‹a›: ['@b'], ‹b›: ['@a']}\n",
        "the group 'a' holds itself",
        "",
    ),
    "queue of a rule": (
        LEAST + "queues: {money: {}}\nrules: [{id: a, then: {queue: ‹mony›}}]\n",
        "there is no queue 'mony'",
        "Did you mean 'money'?",
    ),
    "queue of a step": (
        LEAST + "queues: {money: {escalate: [{after: 80%, to: ‹'queue:mony'›}]}}\n",
        "there is no queue 'mony'",
        "Did you mean 'money'?",
    ),
    "channel": (
        LEAST
        + "notify: {slack: {type: terminal}}\n"
        + "queues: {a: {escalate: [{after: 80%, to: ann, notify: [‹slak›]}]}}\n",
        "there is no channel 'slak'",
        "Did you mean 'slack'?",
    ),
    "nobody on call": (
        LEAST + "queues: {a: {escalate: [{after: 80%, to: ‹oncall›}]}}\n",
        "'oncall' is nobody",
        "Did you mean 'on-call'?",
    ),
    "lead": (
        LEAST + "queues: {a: {escalate: [{after: 100%, to: ‹lead›}]}}\n",
        "this queue names no lead",
        "Add 'lead'",
    ),
    "agent of a rule": (
        LEAST + "rules: [{id: a, agent: ‹bto›, then: {person: true}}]\n",
        "there is no agent 'bto'",
        "Did you mean 'bot'?",
    ),
    "rule twice": (
        LEAST + "rules:\n- {id: a, then: {person: true}}\n- {id: ‹a›, then: {person: true}}\n",
        "two rules have the id 'a'",
        "",
    ),
    "grant twice": (
        "version: 1\nagents: {b: {grants: [{id: a, write: '*'}, {id: ‹a›, write: sql}]}}",
        "two grants of this agent have the id 'a'",
        "",
    ),
    "empty rule": (
        LEAST + "rules: [{id: a, then: ‹{}›}]\n",
        "this rule does nothing",
        "Say what follows.",
    ),
    "time zone": (
        LEAST
        + "on_call:\n- {people: [a], starts: 2026-11-02T09:00, every: 1w, zone: ‹Europe/Berln›}\n",
        "there is no time zone 'Europe/Berln'",
        "Europe/Berlin",
    ),
    "turn": (
        LEAST + "on_call:\n- {people: [a], starts: 2026-11-02T09:00, every: ‹5m›, zone: UTC}\n",
        "a turn is an hour at least",
        "",
    ),
    "field": (
        "version: 1\nagents: {b: {grants: [{write: '*', fields: [‹order.amount›]}]}}",
        "'order.amount' is no JSON pointer: it begins with /",
        "Write '/order/amount'.",
    ),
    "limit": (
        "version: 1\nagents: {b: {grants: [{write: '*', limits: {‹/a›: {}}}]}}",
        "this limit limits nothing",
        "most_change",
    ),
    "regular expression": (
        "version: 1\nagents: {b: {grants: [{write: '*', limits: {/a: {matches: ‹'('›}}}]}}",
        "this is no regular expression (RE2): missing ): (",
        "",
    ),
    "channel's type": (
        LEAST + "notify: {a: {type: ‹webhok›, url: 'https://x'}}\n",
        "a channel's 'type' is one of webhook, mail and terminal",
        "",
    ),
    "webhook": (
        LEAST + "notify: {‹a›: {type: webhook}}\n",
        "this webhook has no address",
        "keyring",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_where_it_stands(name: str) -> None:
    marked, sentence, hint = MISTAKES[name]
    text, where = spots(marked)
    found = problems(text)
    assert sentence in found[0].sentence
    assert hint in found[0].hint
    assert [(one.line, one.column) for one in found] == where


def test_all_mistakes_are_told_at_once_in_the_order_of_the_lines() -> None:
    text = "version: 2\nagents:\n  bot: {mode: x, ownr: y}\nrules:\n- {id: a}\n- {then: {}}\n"
    found = problems(text)
    assert [one.line for one in found] == sorted(one.line for one in found)
    assert {one.place for one in found} == {
        "/version",
        "/agents/bot/mode",
        "/agents/bot/ownr",
        "/rules/0",
        "/rules/1",
    }
    many = "version: 1\nagents:\n" + "".join(f"  b{at}: {{mode: x}}\n" for at in range(300))
    assert len(problems(many)) == MOST_TOLD


def test_an_error_says_the_first_mistake_and_how_many_more() -> None:
    with pytest.raises(PolicyError) as caught:
        read("version: 1\nagents: {bot: {mode: x, mod: y}}\n")
    assert str(caught.value) == (
        "/agents/bot/mode: line 2, column 22: 'x' is none of shadow, assisted, autonomous"
        " (and 1 more)"
    )
    assert caught.value.place == "/agents/bot/mode"


@pytest.mark.parametrize(
    ("text", "sentence", "spot"),
    [
        ("", "the file is empty", (1, 1)),
        ("# nothing\n", "the file is empty", (1, 1)),
        ("- a\n", "a policy file is a mapping", (1, 1)),
        ("version: 1\n\tagents: {}\n", "this is not YAML", (2, 1)),
        ("version: 1\nagents: {bot: {}\n", "this is not YAML", (3, 1)),
        ("version: 1\nagents: *a\n", "undefined alias", (2, 9)),
        ("version: 1\n---\nversion: 1\n", "a file holds one policy", (2, 1)),
        ("version: \x07\n", "the character U+0007 cannot stand in YAML", (1, 10)),
        ("[" * 200_000, "nested deeper than 32", (1, 34)),
        ("a: " + "[" * 40 + "]" * 40, "nested deeper than 32", (1, 36)),
        ("a: &a [*a]\n", "nested deeper than 32", (1, 4)),
        (" " * (tree.MOST_CHARACTERS + 1), "the file has more than 512 KiB", (1, 1)),
    ],
    ids=range(12),
)
def test_what_is_no_policy_file_at_all(text: str, sentence: str, spot: tuple[int, int]) -> None:
    first = problems(text)[0]
    assert sentence in first.sentence
    assert (first.line, first.column) == spot


def test_aliases_count_as_often_as_they_are_written() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
    for before, name in zip("abcdef", "bcdefg", strict=True):
        bomb += f"{name}: &{name} [{','.join(['*' + before] * 10)}]\n"
    with pytest.raises(Unreadable, match="values"):
        grow(bomb)
    shared = read("version: 1\nagents:\n  a: &a {mode: shadow}\n  b: *a\n")
    assert shared.agents["a"] == shared.agents["b"]


def test_values_are_those_of_the_core_schema() -> None:
    text = (
        "[yes, no, on, True, ~, null, 012, 0x1F, 0o17, 1_000, 1.5, .5, 1e3, 2026-11-02T09:00,"
        " '1', \"true\", -7, +7, 1:30, =]"
    )
    assert grow(text).value == [
        *("yes", "no", "on", True, None, None, 12, 31, 15, "1_000", 1.5, 0.5, 1000.0),
        *("2026-11-02T09:00", "1", "true", -7, 7, "1:30", "="),
    ]


STYLES = {
    "plain": "when: {0}",
    "single": "when: '{0}'",
    "double": 'when: "{0}"',
    "literal": "when: |\n  {0}",
    "folded": "when: >-\n    {0}",
    "literal behind a line": "when: |   # why\n\n  true &&\n    {0}",
    "folded over lines": "when: >\n  true\n  && {0}",
    "plain over lines": "when: true &&\n   {0}",
    "double over lines": 'when: "true &&\\\n   {0}"',
    "double with escapes": 'when: "\\x74rue &&\\t\\u0020 {0}"',
}


@pytest.mark.parametrize("style", STYLES)
def test_a_place_within_a_text_is_seen_through_its_style(style: str) -> None:
    text = STYLES[style].format("artifact.kidn == 1")
    grown = grow(text)
    value: str = grown.value["when"]
    at = value.index("artifact.kidn")
    line = value.count("\n", 0, at) + 1
    column = at - (value.rfind("\n", 0, at) + 1) + 1
    spot = grown.spot_within(("when",), line, column)
    raw = text.index("artifact.kidn")
    assert spot == (text.count("\n", 0, raw) + 1, raw - (text.rfind("\n", 0, raw) + 1) + 1)


@given(st.lists(st.sampled_from("ab '\"\\\n\té😀#:-"), max_size=30).map("".join), st.data())
@settings(max_examples=300, deadline=None)
def test_every_character_of_a_text_is_found_whatever_stands_around_it(
    value: str, data: st.DataObject
) -> None:
    import io

    from ruamel.yaml import YAML
    from ruamel.yaml.scalarstring import (
        DoubleQuotedScalarString,
        FoldedScalarString,
        LiteralScalarString,
        SingleQuotedScalarString,
    )

    quoted = [str, DoubleQuotedScalarString, SingleQuotedScalarString]
    style = data.draw(st.sampled_from([*quoted, LiteralScalarString, FoldedScalarString]))
    out = io.StringIO()
    YAML().dump({"deep": [{"when": style(value)}]}, out)
    grown = grow(out.getvalue())
    read_back = grown.value["deep"][0]["when"]
    if read_back is None or not isinstance(read_back, str):
        return
    lines = out.getvalue().split("\n")
    for at, character in enumerate(read_back):
        if character in " \t\n":
            continue
        line = read_back.count("\n", 0, at) + 1
        column = at - (read_back.rfind("\n", 0, at) + 1) + 1
        spot = grown.spot_within(("deep", 0, "when"), line, column)
        there = lines[spot.line - 1][spot.column - 1 :]
        assert there.startswith((character, "\\")), (out.getvalue(), character, spot)


def test_the_starter_is_fine_and_its_digest_is_of_what_it_means() -> None:
    loud = STARTER.replace("mode: assisted", "mode: 'assisted'") + "\n# another comment\n"
    assert load(STARTER).digest == load(loud).digest
    assert load(STARTER).digest != load(STARTER.replace("4h", "5h")).digest
    assert load(STARTER).digest.startswith("sha256:")


@given(st.text(max_size=200) | st.text("{}[]:-&*!|>'\"#,? \nab01.", max_size=200))
@settings(max_examples=300, deadline=None)
def test_whatever_the_text_it_is_a_policy_or_has_problems(text: str) -> None:
    try:
        load(text)
    except PolicyError as error:
        found = error.problems
    else:
        return
    lines = len(re.split(r"\r\n|[\n\r\x85\u2028\u2029]", text))
    assert found
    for one in found:
        assert 1 <= one.line <= lines + 1
        assert one.column >= 1
        assert one.sentence
