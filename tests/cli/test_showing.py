"""Artifacts and diffs as text: complete, and safe for a terminal whatever an agent wrote."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reviewer.cli import facts
from reviewer.cli.columns import GREATEST, cell
from reviewer.cli.difftext import lines as diff_lines
from reviewer.cli.output import Table, json_text
from reviewer.cli.showing import lines
from reviewer.config import COLUMNS
from reviewer.diff import diff_write
from reviewer.domain.artifact import parse
from reviewer.domain.lifecycle import admit
from reviewer.domain.views import Entry, Item, Reason
from reviewer.policy.route import route
from reviewer.untrusted.characters import NEVER
from tests.support.hostile import hostile_artifact

from .conftest import artifact

NOW = 1_795_000_000_000_000


def item(document: dict[str, Any]) -> Item:
    made = parse(document)
    state = admit(made, "a_01h", route(made, NOW), NOW).state
    reasons = tuple(Reason(e.code, e.detail, e.source, e.score, NOW) for e in made.escalations)
    entry = Entry(state, made.title, reasons=tuple(r.code for r in reasons), writes=1)
    return Item(entry, made, reasons)


def everything_said(whole: Item) -> list[str]:
    """Every line that any command prints of an artifact."""
    said = [text for full in (False, True) for text, _ in lines(whole, NOW, full)]
    for write in whole.artifact.writes:
        said += [line.text for line in diff_lines(diff_write(write), 1, 1, 3)]
    names = ("id", *COLUMNS)
    row = [cell(whole.entry, name, NOW) for name in names]
    for room in (None, 40, 200):
        table = Table([(name, GREATEST[name]) for name in names], room)
        said += [text for text, _ in table.add([row])]
    said += json_text(facts.item(whole), indent=2).split("\n")
    return said


@pytest.mark.parametrize("start", range(0, 160, 8))
def test_nothing_an_agent_wrote_can_act_on_a_terminal(start: int) -> None:
    for index in range(start, start + 8):
        for text in everything_said(item(hostile_artifact(index))):
            assert not NEVER.search(text), (index, text)
            assert text.isprintable(), (index, text)


def test_an_artifact_is_shown_with_all_that_a_reviewer_needs() -> None:
    document = artifact(
        key="r1", summary="looks fine", confidence=0.62,
        identity={"act_as": "svc-refunds", "on_behalf_of": "customer:1882", "scopes": ["orders"]},
        context=[{"type": "message", "role": "user", "text": "it broke\nplease"}],
        cost={"usd": 0.031, "seconds": 14.2, "steps": 7},
    )  # fmt: skip
    said = "\n".join(text for text, _ in lines(item(document), NOW, full=True))
    for part in (
        "Refund order 8841", "a_01h", "refund-bot 2.3.1", "as svc-refunds", "for customer:1882",
        "▲ high", "due 1:00", "0.62", "$0.03", "14.2 s", "looks fine", "two orders match",
        "low_confidence", "order/8841", "  please", "sha256:", "approve, edit, reject, respond",
    ):  # fmt: skip
        assert part in said


def diffed(write: dict[str, Any], around: int = 3) -> list[str]:
    made = parse(artifact(writes=[write])).writes[0]
    return [line.text for line in diff_lines(diff_write(made), 1, 1, around)]


def test_text_is_unified() -> None:
    before = "".join(f"line {i}\n" for i in range(40))
    after = before.replace("line 20\n", "line twenty\n").rstrip("\n")
    said = diffed({"type": "document", "before": before, "after": after}, 1)
    assert "-line 20" in said
    assert "+line twenty" in said
    assert " line 19" in said
    assert " line 17" not in said
    assert any("19 unchanged" in line for line in said)
    assert any("no newline at the end" in line for line in said)


def test_words_that_changed_are_marked_where_they_are_shown() -> None:
    made = parse(
        artifact(writes=[{"type": "document", "before": "a\x1b b cat\n", "after": "a\x1b b dog\n"}])
    ).writes[0]
    marked = {
        line.text: [line.text[start:end] for start, end in line.marks]
        for line in diff_lines(diff_write(made), 1, 1, 3)
        if line.marks
    }
    assert marked == {"-a^[ b cat": ["cat"], "+a^[ b dog": ["dog"]}


def test_a_changed_line_ending_is_not_hidden() -> None:
    said = diffed({"type": "document", "before": "a\nb\n", "after": "a\r\nb\n"})
    assert any("CRLF" in line for line in said)
    assert "+a" in said


def test_records_by_path() -> None:
    said = diffed(
        {
            "type": "record", "before": {"a": 1, "b": "x", "c": [1]},
            "after": {"a": 2, "d": None, "c": [1]},
        }
    )  # fmt: skip
    assert "~ /a: 1 → 2" in said
    assert '- /b: "x"' in said
    assert "+ /d: null" in said
    assert not any("/c" in line for line in said)


def test_rows_by_cell() -> None:
    said = diffed(
        {
            "type": "rows", "resource": "t", "key_columns": ["id"],
            "inserted": [{"id": 1, "v": "a"}], "deleted": [{"id": 2, "v": "b"}],
            "updated": [{"key": {"id": 3}, "before": {"v": "c"}, "after": {"v": "d"}}],
        }
    )  # fmt: skip
    assert '+ id=1  v="a"' in said
    assert '- id=2  v="b"' in said
    assert '~ id=3  v: "c" → "d"' in said


def test_bytes_row_by_row() -> None:
    import base64

    before, after = bytes(range(64)), bytes(range(32)) + b"\xff" + bytes(range(33, 64))
    said = diffed(
        {
            "type": "file", "system": "r", "resource": "a.bin",
            "before": {"base64": base64.b64encode(before).decode()},
            "after": {"base64": base64.b64encode(after).decode()},
        }
    )  # fmt: skip
    assert any(line.startswith("- 64 bytes sha256:") for line in said)
    assert any(line.startswith("+ 00000020  ff") for line in said)


def test_nothing_changed_is_said() -> None:
    assert "  nothing changes" in diffed({"type": "document", "before": "a", "after": "a"})


def test_json_of_hostile_text_is_the_same_text() -> None:
    document = hostile_artifact(5)
    assert json.loads(json_text(document)) == document


def test_a_table_keeps_its_columns_and_its_room() -> None:
    table = Table([("id", 40), ("title", 60)], 30)
    first = [text for text, _ in table.add([["a_1", "日本語" * 20], ["a_2", "x"]])]
    later = [text for text, _ in table.add([["a_3", "y" * 100]])]
    from rich.cells import cell_len

    assert len(first) == 3
    assert len(later) == 1
    assert all(cell_len(text) <= 30 for text in first + later)
    assert all(text.startswith(("id   ", "a_1  ", "a_2  ", "a_3  ")) for text in first + later)
