"""Drafts on disk: whole or not at all, readable by their owner, none where the file is broken."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from reviewer.tui.drafts import Draft, Drafts

DRAFT = Draft("a_1", "sha256:x", 7, {0: "mine\u202e\n"}, (2,), {"reject": "no"})


def test_a_draft_comes_back_as_it_was(tmp_path: Path) -> None:
    store = Drafts(tmp_path / "drafts")
    store.save(DRAFT)
    assert Drafts(tmp_path / "drafts").load("a_1") == DRAFT
    (path,) = (tmp_path / "drafts").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_another_artifacts_draft_is_none(tmp_path: Path) -> None:
    store = Drafts(tmp_path)
    store.save(DRAFT)
    assert store.load("a_2") is None
    assert store.comment("a_1", "respond") == ""


@pytest.mark.parametrize("broken", ["", "{", "[]", "null", '{"artifact_id": "a_1"}', "\x00\xff"])
def test_a_broken_file_counts_as_none(tmp_path: Path, broken: str) -> None:
    store = Drafts(tmp_path)
    store.save(DRAFT)
    (path,) = tmp_path.iterdir()
    path.write_bytes(broken.encode("latin-1"))
    assert store.load("a_1") is None
    store.keep_comment("a_1", "sha256:x", "reject", "words", 1)
    assert store.comment("a_1", "reject") == "words"


def test_a_write_that_fails_keeps_the_draft_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Drafts(tmp_path)
    store.save(DRAFT)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.save(Draft("a_1", "sha256:x", 8, {0: "later"}))
    assert store.load("a_1") == DRAFT
    assert len(list(tmp_path.iterdir())) == 1


def test_an_empty_draft_goes(tmp_path: Path) -> None:
    store = Drafts(tmp_path)
    store.save(DRAFT)
    store.save(Draft("a_1", "sha256:x", 9, comments={"reject": ""}))
    assert list(tmp_path.iterdir()) == []


def test_a_draft_with_fewer_fields_is_read(tmp_path: Path) -> None:
    store = Drafts(tmp_path)
    store.save(DRAFT)
    (path,) = tmp_path.iterdir()
    raw = json.loads(path.read_text())
    for name in ("bases", "targets", "choices", "left_out"):
        del raw[name]
    path.write_text(json.dumps(raw))
    assert store.load("a_1") == DRAFT


def test_what_an_edit_was_made_on_comes_back_as_it_was(tmp_path: Path) -> None:
    draft = replace(
        DRAFT, bases={0: "theirs"}, targets={0: "file r a"}, choices={0: {1: "mine"}},
        left_out={0: (0, 2)},
    )  # fmt: skip
    Drafts(tmp_path).save(draft)
    assert Drafts(tmp_path).load("a_1") == draft
