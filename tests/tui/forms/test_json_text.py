"""A JSON text that is edited in place: what was not touched keeps its bytes."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.errors import InputError
from reviewer.tui.forms.json_text import HeadedText, JsonText, Path

from ...domain.strategies import json_objects, json_values, texts

layouts = st.sampled_from(
    [
        {"indent": 2},
        {"indent": 2, "ensure_ascii": False},
        {"separators": (",", ":")},
        {"separators": (" ,\n", "\t: ")},
        {},
    ]
)


def paths(value: Any, here: Path = ()) -> list[Path]:
    found = [here]
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            found += paths(inner, (*here, key))
    return found


def at(value: Any, path: Path) -> Any:
    for key in path:
        value = value[key]
    return value


def dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


@given(json_values, layouts)
def test_a_text_comes_back_as_it_was(value: Any, layout: dict[str, Any]) -> None:
    text = " \n" + json.dumps(value, **layout) + "\n\n"
    document = JsonText(text)
    for path in paths(value):
        node = document.find(path)
        assert node is not None
        assert node.value == at(value, path)
        assert node.value is None or type(node.value) is type(at(value, path))
    assert document.text == text


@given(json_objects, layouts, json_values, st.data())
def test_after_one_change_only_that_value_differs(
    value: dict[str, Any], layout: dict[str, Any], new: Any, data: st.DataObject
) -> None:
    text = json.dumps(value, **layout)
    document = JsonText(text)
    path = data.draw(st.sampled_from(paths(value)))
    node = document.find(path)
    assert node is not None
    old = node.source
    document.put(path, dumps(new))
    wanted = new
    if path:
        wanted = copy.deepcopy(value)
        at(wanted, path[:-1])[path[-1]] = new
    assert json.loads(document.text) == wanted
    assert len(document.text) == len(text) - len(old) + len(dumps(new))
    document.put(path, old)
    assert document.text == text


@given(json_objects, layouts, st.data())
def test_many_changes_come_and_go_as_in_the_value_itself(
    value: dict[str, Any], layout: dict[str, Any], data: st.DataObject
) -> None:
    document = JsonText(json.dumps(value, **layout))
    wanted = copy.deepcopy(value)
    for _ in range(data.draw(st.integers(1, 6))):
        path = data.draw(st.sampled_from(paths(wanted)))
        target = at(wanted, path)
        new = data.draw(json_values)
        if isinstance(target, dict):
            key = data.draw(texts.filter(lambda key, there=target: key not in there))
            target[key] = new
            document.add((*path, key), dumps(new))
        elif isinstance(target, list):
            index = data.draw(st.integers(0, len(target)))
            target.insert(index, new)
            document.add((*path, index), dumps(new))
        elif path and data.draw(st.booleans()):
            del at(wanted, path[:-1])[path[-1]]
            document.remove(path)
        elif path:
            at(wanted, path[:-1])[path[-1]] = new
            document.put(path, dumps(new))
        assert json.loads(document.text) == wanted
        assert list(json.loads(document.text)) == list(wanted)


@given(json_objects.filter(bool), layouts, st.data())
def test_what_was_added_and_removed_leaves_no_trace(
    value: dict[str, Any], layout: dict[str, Any], data: st.DataObject
) -> None:
    text = json.dumps(value, **layout)
    document = JsonText(text)
    holders = [path for path in paths(value) if isinstance(at(value, path), dict | list)]
    holder = data.draw(st.sampled_from([path for path in holders if at(value, path)]))
    inside = at(value, holder)
    new = len(inside) if isinstance(inside, list) else "".join(inside) + "x"
    document.add((*holder, new), "1")
    assert document.text != text
    document.remove((*holder, new))
    assert document.text == text


def test_layout_is_kept_where_parts_come_and_go() -> None:
    document = JsonText('{\n  "a": {},\n  "b": [\n    1.50,\n    2E3\n  ]\n}')
    document.add(("a", "x"), "[]")
    document.add(("b", 1), "12")
    document.remove(("b", 2))
    assert document.text == ('{\n  "a": {\n    "x": []\n  },\n  "b": [\n    1.50,\n    12\n  ]\n}')


@pytest.mark.parametrize("text", ["", "{", '{"a": 1, "a": 2}', "[NaN]", "1e400", "[1] 2", "nul"])
def test_what_is_no_strict_json_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        JsonText(text)


@given(st.lists(texts, max_size=3), texts, st.text(st.characters(exclude_categories=["Cs"])))
def test_a_head_and_a_text_below(to: list[str], subject: str, body: str) -> None:
    text = f"to:  {dumps(to)}\n\nsubject:{dumps(subject)} \n---\n{body}"
    document = HeadedText(text, ("to", "subject"))
    assert document.text == text
    assert document.value == {"to": to, "subject": subject}
    document.add(("to", 0), '"new"')
    document.put(("subject",), '"other"')
    document.below = "text"
    again = HeadedText(document.text, ("to", "subject"))
    assert again.value == {"to": ["new", *to], "subject": "other"}
    assert again.below == "text"


@pytest.mark.parametrize(
    "text", ["to: []", "---\n", "x: 1\n---\n", "to: [\n---\n", "to: 1\nto: 1\n---\n"]
)
def test_a_head_that_cannot_be_read_says_why(text: str) -> None:
    with pytest.raises(InputError):
        HeadedText(text, ("to",))
