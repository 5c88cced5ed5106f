"""Rules in CEL: what is wrong is told in its place, and nothing that fails flows on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest

from reviewer.domain.state import Course
from reviewer.policy import ruling, variables
from reviewer.policy.agents import WriteType
from reviewer.policy.cel import Mistake, Values, any_of, compiled
from reviewer.policy.changes import Change
from reviewer.policy.compiled import load
from reviewer.policy.facts import Facts, Standing
from reviewer.policy.reading import PolicyError
from reviewer.policy.variables import VARIABLES, Subject, artifact_values, write_values
from tests.domain.strategies import NOW
from tests.policy.policies import KNOWN, autonomous, made, proposal, record, ruled
from tests.policy.test_changes import WRITES
from tests.policy.test_reading import LEAST, spots

PLACED = {
    "misspelt": ("artifact.kind == 'a' && ‹artifact.kidn == 'b'", "'artifact.kidn' is not known"),
    "write in an artifact's": (
        "artifact.kind == 'a' ||\n        ‹write.system == 'crm'",
        "'write.system' is only known in a rule with `each: write`",
    ),
    "no operator": ("artifact.kind ‹== 1", "'==' does not go with a text and a whole number"),
    "decimals": ("artifact.usd ‹> 5", "'>' does not go with a number with decimals and a whole"),
    "no truth": ("‹artifact.kind", "this is a text, where true or false belongs"),
    "any type": ("‹artifact.metadata.x", "this is a value of any type, where true or false"),
    "function": ("artifact.kind.‹startswith('a')", "'startswith' is not known"),
    "ends": ("artifact.kind ==‹", "it ends where more is expected"),
    "syntax": ("artifact.usd *‹* 2.0 > 1.0", "this is not CEL"),
    "two": ("true‹)||(true", "this is not CEL: ')' is not expected here"),
    "pattern": ("artifact.kind.matches(‹'(')", "invalid regular expression: missing ): ("),
    "wide": ("artifact.kind == '😀é' && ‹artifact.kidn", "'artifact.kidn' is not known"),
}
SHAPES = {
    "plain": "    when: {}\n",
    "literal": "    when: |\n      true &&\n      {}\n",
    "folded": "    when: >-\n      true &&\n      {}\n",
}


# behind `true &&` a value of another type is a mistake of `&&`
EVERYWHERE = [
    (name, shape)
    for name in PLACED
    for shape in SHAPES
    if shape == "plain" or name not in ("no truth", "any type")
]


@pytest.mark.parametrize(("name", "shape"), EVERYWHERE)
def test_a_mistake_in_a_rule_has_its_line_and_column_in_the_file(name: str, shape: str) -> None:
    rule, sentence = PLACED[name]
    if shape == "plain" and "\n" in rule:
        rule = rule.replace("\n       ", "")
    text = LEAST + "rules:\n  - id: a\n" + SHAPES[shape].format(rule) + "    then: {person: true}\n"
    clean, where = spots(text)
    with pytest.raises(PolicyError) as caught:
        load(clean)
    (one,) = caught.value.problems
    assert sentence in one.sentence
    assert one.place == "/rules/0/when"
    if name == "two" and shape != "plain":
        return  # what it makes of a bracket too many depends on what stands before it
    assert [(one.line, one.column)] == where


@pytest.mark.parametrize(
    ("rule", "hint"),
    [
        ("artifact.kidn == 'a'", "Did you mean 'artifact.kind'?"),
        ("artifact.usd > 5", "Write the whole number with decimals, 5.0."),
        ("artifact.kind.startswith('a')", "Did you mean 'startsWith'?"),
        ("write.system == 'a'", "writes.exists"),
    ],
)
def test_a_mistake_says_what_to_do(rule: str, hint: str) -> None:
    with pytest.raises(Mistake) as caught:
        compiled(rule, write=False)
    assert hint in caught.value.hint


def test_a_rule_too_deep_is_no_rule() -> None:
    with pytest.raises(Mistake, match="nested too deep"):
        compiled("(" * 200 + "true" + ")" * 200, write=False)


def subject(**more: Any) -> Subject:
    """An artifact with a write of every type."""
    artifact = proposal(*WRITES.values(), **more)
    assert {write.type for write in artifact.writes} == {*get_args(WriteType)} - {"*"}
    return Subject(artifact, tuple(map(Change, artifact.writes)), KNOWN, NOW)


TYPES = {
    "string": "type({}) == string",
    "int": "type({}) == int",
    "double": "type({}) == double",
    "timestamp": "type({}) == google.protobuf.Timestamp",
    "list(string)": "{}.all(one, type(one) == string)",
    "list(dyn)": "{}.size() >= 0",
    "dyn": "type({}) != int || true",
}


@pytest.mark.parametrize("variable", VARIABLES, ids=lambda variable: variable.name)
def test_every_variable_has_a_value_of_its_type_for_every_type_of_write(
    variable: variables.Variable,
) -> None:
    asked = subject(context=[{"type": "note", "text": "n"}, {"type": "tool_call", "name": "x"}])
    expression = compiled(TYPES[variable.type].format(variable.name), write=variable.write)
    assert expression.names[0] == variable.name or variable.name in expression.names
    assert variable.meaning
    values = artifact_values(asked, expression.names)
    for number, change in enumerate(asked.changes, 1):
        given = values | write_values(number, change, expression.names)
        assert Values(given, write=variable.write).holds(expression) is True


@pytest.mark.parametrize(
    "rule",
    [
        "writes.exists(w, w.type == 'record' && w.after.amount == 5)",
        "writes.count == 8 && 'crm' in writes.systems",
        "context.exists(c, c.type == 'note' && c.text.contains('n'))",
        "now.getFullYear('UTC') >= 2026",
        "artifact.confidence >= 0.5 && artifact.risk_level == 1",
        "has(artifact.metadata.vip) && artifact.metadata.vip == true",
        "writes.exists(w, w.type == 'message' && 'ann@example.com' in w.recipients)",
        "writes.exists(w, w.type == 'request' && w.actions == ['POST'])",
        "writes.exists(w, w.fields.exists(f, f.startsWith('/amount')))",
    ],
)
def test_what_rules_may_ask(rule: str) -> None:
    expression = compiled(rule, write=False)
    asked = subject(context=[{"type": "note", "text": "n"}], metadata={"vip": True})
    values = Values(artifact_values(asked, expression.names), write=False)
    assert values.holds(expression) is True


def rules(*given: dict[str, Any]) -> Any:
    """A policy of an autonomous agent with these rules."""
    return made({"agents": {"bot": autonomous()}, "rules": [*given]})


def test_a_rule_that_fails_sends_it_to_a_person_and_names_itself() -> None:
    compiled_ = rules({"id": "vip", "when": "artifact.metadata.vip == 1", "then": {"risk": "low"}})
    found = ruled(compiled_, proposal(record({}, {"a": 1})))
    assert found.course is Course.PERSON
    assert [reason.code for reason in found.reasons] == ["rule_failed"]
    assert "vip" in found.reasons[0].detail
    assert found.rules == ()


def test_a_rule_that_fails_for_one_write_still_denies_for_another() -> None:
    deny = {"each": "write", "when": "write.after.x == 1", "then": {"deny": "No x."}}
    compiled_ = rules({"id": "x"} | deny)
    found = ruled(compiled_, proposal(record({}, {"a": 1}), record({}, {"x": 1})))
    assert found.course is Course.DENY
    assert found.sentence == "No x."
    assert found.rules == ("x",)


def test_a_rule_that_goes_round_too_often_is_ended() -> None:
    round_ = "writes.all(a, writes.all(b, writes.all(c, a.number + b.number + c.number > 0)))"
    compiled_ = rules({"id": "round", "when": round_, "then": {"person": True}})
    artifact = proposal(*[record({}, {"n": at}) for at in range(300)])
    found = ruled(compiled_, artifact)
    assert [reason.code for reason in found.reasons] == ["rule_failed"]
    assert "budget" in found.reasons[0].detail


def test_rules_asked_together_say_what_each_says_alone() -> None:
    given = [
        {"id": f"r{at}", "when": f"artifact.title == 't{at}' // {at}", "then": {"person": True}}
        for at in range(ruling.GROUP * 3)
    ]
    compiled_ = rules(*given)
    for at in (0, ruling.GROUP - 1, ruling.GROUP, ruling.GROUP * 3 - 1):
        found = ruled(compiled_, proposal(record({}, {"a": 1}), title=f"t{at}"))
        assert found.rules == (f"r{at}",)
    assert ruled(compiled_, proposal(record({}, {"a": 1}))).course is Course.APPROVE


def test_a_failing_rule_hides_no_other_of_its_group() -> None:
    compiled_ = rules(
        {"id": "fails", "when": "1 / 0 == 1", "then": {"person": True}},
        {"id": "holds", "when": "artifact.kind == 'refund'", "then": {"deny": "Never."}},
    )
    found = ruled(compiled_, proposal(record({}, {"a": 1})))
    assert (found.course, found.rules) == (Course.DENY, ("holds",))


def test_expressions_too_deep_to_be_joined_are_asked_alone() -> None:
    deep = "(" * 28 + "artifact.kind == 'refund'" + ")" * 28
    compiled_ = rules(
        {"id": "a", "when": deep, "then": {"person": True}},
        {"id": "b", "when": deep, "then": {"person": True}},
    )
    assert ruled(compiled_, proposal(record({}, {"a": 1}))).rules == ("a", "b")
    assert any_of([compiled("true", write=False)]) is not None


def test_writes_that_rules_did_not_look_at_are_seen_by_a_person() -> None:
    compiled_ = rules(
        {"id": "x", "each": "write", "when": "write.system == 'x'", "then": {"deny": "No."}}
    )
    many = [record({}, {"n": at}) for at in range(ruling.MOST_WRITES + 1)]
    found = ruled(compiled_, proposal(*many))
    assert [reason.code for reason in found.reasons] == ["rule_failed"]
    assert ruled(compiled_, proposal(*many[:-1])).course is Course.APPROVE


def test_rules_are_narrowed_down_before_they_are_asked() -> None:
    compiled_ = made(
        {
            "agents": {"bot": autonomous(), "*": autonomous()},
            "rules": [
                {"id": "agent", "agent": "b?t", "then": {"person": True}},
                {"id": "other", "agent": "bots", "then": {"person": True}},
                {"id": "kind", "kind": ["re*", "x"], "then": {"person": True}},
                {"id": "write", "write": "message", "then": {"person": True}},
                {"id": "types", "write": ["record", "sql"], "then": {"person": True}},
            ],
        }
    )
    found = ruled(compiled_, proposal(record({}, {"a": 1})))
    assert found.rules == ("agent", "kind", "types")


def test_history_and_hidden_characters_are_known_to_rules() -> None:
    compiled_ = rules(
        {"id": "new", "when": "history.version_decided < 3", "then": {"person": True}},
        {"id": "hidden", "when": "hidden != 0", "then": {"deny": "Nothing hidden."}},
    )
    artifact = proposal(record({}, {"a": 1}))
    standing = Standing(version_decided=2)
    assert ruled(compiled_, artifact, replace(KNOWN, standing=standing)).rules == ("new",)
    assert ruled(compiled_, artifact, replace(KNOWN, flags=3)).course is Course.DENY
    # where nobody looked there may be some
    assert ruled(compiled_, artifact, replace(KNOWN, flags=None)).course is Course.DENY
    assert ruled(compiled_, artifact, Facts(flags=0, shape_decided=1)).rules == ("new",)
