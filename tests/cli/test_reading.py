"""One object or JSON Lines out of a stream, and blobs beside it."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.cli import reading
from reviewer.cli.blobs import Blobs
from reviewer.cli.reading import Read, artifacts
from reviewer.domain.errors import InputError

from .conftest import artifact


def read(raw: bytes | str, root: Path = Path()) -> list[Read]:
    data = raw.encode() if isinstance(raw, str) else raw
    return list(artifacts(io.BytesIO(data), Blobs(root)))


def titles(reads: list[Read]) -> list[tuple[int, str]]:
    return [(r.line, r.artifact.title if r.artifact else str(r.error)) for r in reads]


def line(title: str) -> str:
    return json.dumps(artifact(title=title))


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("around", ["{}", "{}\n", "\n\n  {}\n\n", "\ufeff{}"])
def test_one_object_however_it_is_laid_out(indent: int | None, around: str) -> None:
    raw = around.format(json.dumps(artifact(title="x"), indent=indent))
    assert titles(read(raw)) == [(0, "x")]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_with_blank_ones_between(end: str) -> None:
    raw = end.join(["", line("a"), "", line("b"), "  ", line("c"), ""])
    assert titles(read("\ufeff" + raw)) == [(2, "a"), (4, "b"), (6, "c")]


def test_a_bad_line_is_told_with_its_number_and_the_rest_is_read() -> None:
    raw = "\n".join([line("a"), "{nonsense", json.dumps(artifact(risk="huge")), "[1]", line("b")])
    found = read(raw)
    assert [r.line for r in found] == [1, 2, 3, 4, 5]
    assert [r.artifact is not None for r in found] == [True, False, False, False, True]
    assert found[2].error is not None
    assert found[2].error.place == "/risk"


def test_a_bad_first_line_of_lines() -> None:
    found = read("\n".join(["{nonsense", line("a"), line("b")]))
    assert [(r.line, r.artifact is not None) for r in found] == [(1, False), (2, True), (3, True)]


def test_an_object_that_is_bad_on_the_first_line_still_begins_lines() -> None:
    found = read('{"a": 1, "a": 2}\n' + line("a"))
    assert [(r.line, r.artifact is not None) for r in found] == [(1, False), (2, True)]


def test_a_bad_document_is_one_error_that_names_the_line_in_the_file() -> None:
    raw = "\n" + json.dumps(artifact(), indent=2).replace('"kind": ', '"kind": oops ')
    [only] = read(raw)
    assert only.line == 0
    number = next(i for i, text in enumerate(raw.split("\n"), 1) if "oops" in text)
    assert f"line {number}" in str(only.error)


def test_nothing_at_all() -> None:
    with pytest.raises(InputError, match="nothing in it"):
        read(b"\n \n")


def test_an_array_is_told_apart() -> None:
    [only] = read(json.dumps([artifact()], indent=1))
    assert "JSON array" in str(only.error)


def test_bytes_that_are_no_text() -> None:
    [only] = read(b"\xff\xfe\x00")
    assert "UTF-8" in str(only.error)


def test_a_line_without_end_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LIMIT", 1000)
    monkeypatch.setattr("reviewer.domain.strict_json.MAX_BYTES", 1000)
    found = read("\n".join([line("a"), '"' + "x" * 5000 + '"', line("b")]))
    assert [(r.line, r.artifact is not None) for r in found] == [(1, True), (2, False), (3, True)]


def test_more_lines_than_one_document_may_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LIMIT", 1500)
    monkeypatch.setattr("reviewer.domain.strict_json.MAX_BYTES", 1500)
    found = read("\n".join(["{nonsense", *(line(str(i)) for i in range(9))]))
    assert [r.artifact is not None for r in found] == [False] + [True] * 9


@given(st.lists(st.booleans(), min_size=2, max_size=8))
def test_every_line_is_told_once(good: list[bool]) -> None:
    raw = "\n".join(line(str(i)) if ok else "{broken" for i, ok in enumerate(good))
    found = read(raw)
    if any(good):
        assert [r.line for r in found] == list(range(1, len(good) + 1))
        assert [r.artifact is not None for r in found] == good
    else:
        assert [r.artifact for r in found] == [None]


# ------------------------------------------------------------------------------------------ blobs


def with_file(**states: Any) -> str:
    write = {"type": "file", "system": "repo", "resource": "a.txt", **states}
    return json.dumps(artifact(writes=[write]))


def only_write(reads: list[Read]) -> Any:
    [found] = reads
    assert found.artifact is not None, found.error
    return found.artifact.writes[0]


def test_blobs_become_text_or_base64(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "old.txt").write_bytes("größer\r\n".encode())
    (tmp_path / "new" / "a.bin").write_bytes(b"\x00\xff")
    raw = with_file(before={"blob": "old.txt", "mode": "100755"}, after={"blob": "new/a.bin"})
    write = only_write(read(raw, tmp_path))
    assert write.before.text == "größer\r\n"
    assert write.before.mode == "100755"
    assert write.after.base64 == base64.b64encode(b"\x00\xff").decode()


def test_text_with_nul_travels_as_base64(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a\x00b")
    write = only_write(read(with_file(action="create", after={"blob": "a"}), tmp_path))
    assert write.after.content() == b"a\x00b"


def refusal(state: dict[str, Any], root: Path) -> str:
    [found] = read(with_file(action="create", after=state), root)
    assert found.error is not None
    assert found.error.place == "/writes/0/after/blob"
    return str(found.error)


def test_what_a_blob_cannot_be(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "secret").write_text("x")
    (root / "link").symlink_to(tmp_path / "secret")
    (root / "loop").symlink_to("loop")
    assert "not there" in refusal({"blob": "nowhere"}, root)
    assert "--blobs" in refusal({"blob": "nowhere"}, root)
    for outside in ("../secret", str(tmp_path / "secret"), "link", "x/../../secret", str(root)):
        text = refusal({"blob": outside}, root)
        assert "outside" in text or "not there" in text
    assert "no file" in refusal({"blob": "."}, root)
    assert "cannot be read" in refusal({"blob": "loop"}, root)
    assert "relative path" in refusal({"blob": 3}, root)
    assert "relative path" in refusal({"blob": "a\0b"}, root)
    assert "not several" in refusal({"blob": "a", "text": "b"}, root)


def test_a_root_that_is_not_there(tmp_path: Path) -> None:
    assert "not there" in refusal({"blob": "a"}, tmp_path / "nowhere")


def test_only_file_writes_have_blobs() -> None:
    raw = artifact()
    raw["writes"][0]["after"] = {"blob": "x"}
    assert only_write(read(json.dumps(raw))).after == {"blob": "x"}
    [bad] = read(json.dumps(artifact(writes="blob")))
    assert bad.error is not None
    assert bad.error.place == "/writes"
