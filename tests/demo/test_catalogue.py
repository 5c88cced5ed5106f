"""The demo's artifacts: all parse, they are rich and varied, and the same seed makes the same."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest

from reviewer.demo import catalogue
from reviewer.domain.artifact import Artifact, parse
from reviewer.domain.instant import HOUR, MINUTE, SECOND, from_datetime
from reviewer.untrusted import show

NOW = 1_795_000_000 * SECOND
TYPES = {"file", "record", "rows", "sql", "request", "message", "tool_call", "document"}


@pytest.fixture(scope="module")
def first() -> list[dict[str, Any]]:
    return catalogue.first(7, NOW)


@pytest.fixture(scope="module")
def made(first: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [*first, *catalogue.rest(7, NOW)]


@pytest.fixture(scope="module")
def parsed(made: list[dict[str, Any]]) -> list[Artifact]:
    # through the text: what an agent sends is JSON, and JSON has fewer values than Python
    return [parse(json.dumps(one)) for one in made]


def by_key(made: list[dict[str, Any]], part: str) -> dict[str, Any]:
    (one,) = [one for one in made if part in one["key"]]
    return one


def test_some_two_hundred_of_every_type_and_for_many_reasons(parsed: list[Artifact]) -> None:
    assert 150 <= len(parsed) <= 250
    assert {write.type for one in parsed for write in one.writes} == TYPES
    codes = Counter(reason.code for one in parsed for reason in one.escalations)
    assert len(codes) >= 40
    assert all(reason.detail for one in parsed for reason in one.escalations)
    sources = {reason.source for one in parsed for reason in one.escalations}
    assert {"agent", "policy", "budget", "sample"} <= sources
    assert len({one.agent.name for one in parsed}) >= 6
    assert {one.queue for one in parsed} == {"billing", "engineering", "data", "support", "legal"}
    assert {str(one.risk) for one in parsed} == {"low", "medium", "high", "critical"}
    assert {one.type for a in parsed for one in a.context} == {
        "message", "tool_call", "tool_result", "document", "note", "link",
    }  # fmt: skip


def test_the_first_screen_has_every_type_already(first: list[dict[str, Any]]) -> None:
    assert 50 <= len(first) <= 70
    assert {write["type"] for one in first for write in one["writes"]} == TYPES
    assert len(json.dumps(first)) < 600_000


def test_each_says_who_acts_for_whom_at_what_cost(parsed: list[Artifact]) -> None:
    for one in parsed:
        assert one.identity.act_as
        assert one.agent.version
        assert one.agent.run_id in one.trace.traceparent
        assert one.cost.usd is not None
        assert one.confidence is not None
        assert one.summary
        times = [item.at for item in one.context if item.at is not None]
        assert times == sorted(times)
        assert not times or from_datetime(times[-1]) < NOW


def test_due_from_breaching_to_hours(parsed: list[Artifact]) -> None:
    due = [from_datetime(one.due_at) - NOW for one in parsed if one.due_at is not None]
    assert sum(left < 0 for left in due) >= 5
    assert sum(0 < left < 30 * MINUTE for left in due) >= 10
    assert sum(left > 5 * HOUR for left in due) >= 20


def test_keys_are_unique_also_in_the_stream(made: list[dict[str, Any]]) -> None:
    stream = [catalogue.steady(7, number, NOW) for number in range(1, 400)]
    keys = [(one["agent"]["name"], one["key"]) for one in [*made, *stream]]
    assert len(set(keys)) == len(keys)
    for one in stream:
        parse(json.dumps(one))


def test_the_same_seed_makes_the_same_in_every_process(made: list[dict[str, Any]]) -> None:
    program = (
        "import hashlib, json; from reviewer.demo import catalogue as c\n"
        f"made = [*c.first(7, {NOW}), *c.rest(7, {NOW})]\n"
        "print(hashlib.sha256(json.dumps(made).encode()).hexdigest())"
    )
    there = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    here = hashlib.sha256(json.dumps(made).encode()).hexdigest()
    assert there.stdout.decode().strip() == here
    assert catalogue.first(8, NOW) != catalogue.first(7, NOW)


@pytest.mark.parametrize(("kind", "count"), [("normalise-phone", 50), ("reminder", 50)])
def test_groups_of_alike_hide_three_outliers(
    made: list[dict[str, Any]], kind: str, count: int
) -> None:
    group = [one for one in made if one["kind"] == kind]
    assert len(group) == count
    if kind == "reminder":
        odd = [one for one in group if not _plain_reminder(one)]
    else:
        odd = [one for one in group if one["writes"][0]["after"]["country"] != "DE"]
    assert len(odd) == 3


def _plain_reminder(one: dict[str, Any]) -> bool:
    asked, (write,) = one["context"][1]["output"], one["writes"]
    return (
        write["to"] == [asked["email"]]
        and f"over {asked['open']:.2f} EUR" in write["body"]
        and "employer" not in write["body"]
    )


def test_a_chain_of_revisions(made: list[dict[str, Any]]) -> None:
    chain = [one for one in made if one["title"] == "Refund order 8841 (damaged)"]
    assert [one.get("supersedes") for one in chain] == [None, chain[0]["key"], chain[1]["key"]]
    assert len(chain[-1]["writes"]) > 1


def test_questions_have_no_write_and_are_answered(parsed: list[Artifact]) -> None:
    asked = [one for one in parsed if not one.writes]
    assert len(asked) >= 2
    assert all(one.decisions == ("respond", "reject") for one in asked)


def test_awkward_sizes(made: list[dict[str, Any]]) -> None:
    (table,) = by_key(made, "routes")["writes"]
    before, after = (table[side]["text"].splitlines() for side in ("before", "after"))
    assert len(before) == 10_000
    assert before != after
    (line,) = by_key(made, "catalog-r0")["writes"]
    assert len(line["after"]["text"]) > 1_000_000
    assert "\n" not in line["after"]["text"]
    assert len(by_key(made, "ledger")["context"]) == 5_000
    (logo,) = by_key(made, "logo")["writes"]
    images = [base64.b64decode(logo[side]["base64"]) for side in ("before", "after")]
    assert all(image.startswith(b"\x89PNG") for image in images)
    assert images[0] != images[1]


def test_awkward_files(parsed: list[Artifact]) -> None:
    files = [write for one in parsed for write in one.writes if write.type == "file"]
    assert {write.action for write in files} == {"create", "modify", "delete", "rename"}
    changed = [write for write in files if write.before and write.after]
    assert any(write.before.mode != write.after.mode for write in changed)
    texts = [(write.before.text or "", write.after.text or "") for write in changed]
    assert any("\r\n" in old and old.replace("\r\n", "\n") == new for old, new in texts)
    assert any(old.endswith("\n") and not new.endswith("\n") for old, new in texts if new)
    assert any("\u202e" in new for _, new in texts)


def test_scripts_of_the_world(made: list[dict[str, Any]]) -> None:
    text = json.dumps(made, ensure_ascii=False)
    blocks = {"arabic": "\u0645", "hebrew": "\u05d0", "kana": "\u306e", "hangul": "\uae40",
              "han": "\u738b", "emoji": "\U0001f6e0"}  # fmt: skip
    assert {name for name, letter in blocks.items() if letter not in text} == set()


def test_the_hostile_one_is_shown_safely(made: list[dict[str, Any]]) -> None:
    texts = list(_texts(by_key(made, "hostile")))
    nasty = "".join(texts)
    for trick in ("\x1b]52", "[@click=", "\u202e", "\u200b", "\U000e0069", "\x9b", "\x00"):
        assert trick in nasty
    for text in texts:
        plain = show(text).plain
        assert not any((ord(c) < 32 and c != "\n") or 0x7F <= ord(c) < 0xA0 for c in plain)
        assert not set(plain) & set("\u202e\u2066\u2069\u200b\u00ad\U000e0069")


def _texts(value: Any) -> Any:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
