"""What two JSON parsers could read differently is refused, naming the place."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from reviewer.domain.errors import InputError
from reviewer.domain.strict_json import MAX_DEPTH, check, loads, pointer

from .strategies import json_values


@given(json_values)
def test_every_strict_value_comes_back(value: object) -> None:
    assert loads(json.dumps(value)) == value
    assert loads(json.dumps(value, ensure_ascii=False).encode()) == value
    check(value)


@pytest.mark.parametrize(
    ("text", "place", "why"),
    [
        ('{"a":1,"a":2}', "/", "stands twice"),
        ('{"x":[{"a":1,"b":0,"a":1}]}', "/x/0", '"a" stands twice'),
        ('{"a":[1,{"b/c":NaN}]}', "/a/1/b~1c", "NaN is not JSON"),
        ('{"a":-Infinity}', "/a", "-Infinity is not JSON"),
        ('{"a":1e400}', "/a", "too large"),
        ('{"a":9007199254740993}', "/a", "beyond 2^53"),
        ('{"a":123456789012345678901234567890}', "/a", "beyond 2^53"),
        ('{"a":1e300}', "/a", "beyond 2^53"),
        ('{"a~":"\\ud83d"}', "/a~0", "lone surrogate"),
        ('{"a":["ok","\\uDC00x"]}', "/a/1", "lone surrogate"),
        ('{"\\ud800":1}', "/", "lone surrogate"),
    ],
)
def test_refused_with_its_place(text: str, place: str, why: str) -> None:
    with pytest.raises(InputError) as caught:
        loads(text)
    assert caught.value.place == place
    assert why in caught.value.sentence


@pytest.mark.parametrize("text", ["", "{", "[1,]", "{'a':1}", "nul", '"a', "\x00", "[1] 2"])
def test_what_is_no_json_names_line_and_column(text: str) -> None:
    with pytest.raises(InputError, match=r"not JSON at line \d+, column \d+"):
        loads(text)


def test_a_surrogate_pair_is_text() -> None:
    assert loads('"\\ud83d\\ude00"') == "😀"


def test_numbers_at_the_edge_pass() -> None:
    assert loads("[9007199254740991, -9007199254740991, 0.1, 1e15]")[0] == 2**53 - 1


def test_depth_and_bytes_are_bounded() -> None:
    deep = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert loads(deep) is not None
    for text in ("[" + deep + "]" + "", "[" * 200_000):
        with pytest.raises(InputError):
            loads("[" + text + "]" if text.startswith("[[[") else text)
    with pytest.raises(InputError, match="not UTF-8 at byte 1"):
        loads(b'"\xff"')


@pytest.mark.parametrize("value", [float("nan"), {"a": {1}}, {1: 2}, [2**60], "\ud800", [b"x"]])
def test_python_values_are_checked_too(value: object) -> None:
    with pytest.raises(InputError):
        check(value)


def test_pointers_escape() -> None:
    assert pointer(("a/b", 0, "c~d")) == "/a~1b/0/c~0d"
