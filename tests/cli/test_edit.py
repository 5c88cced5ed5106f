"""`reviewer edit`: an editor, its draft, and writes from a file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from reviewer.cli.codes import Exit

from .conftest import Run


def editor(tmp_path: Path, code: str) -> str:
    script = tmp_path / "editor.py"
    script.write_text("import json, sys\npath = sys.argv[1]\n" + code)
    return f"{sys.executable} {script}"


SET_REFUND = """
writes = json.load(open(path))
writes[0]["after"]["refund"] = 100
json.dump(writes, open(path, "w"))
"""


def test_edit_in_an_editor(
    cli: Run, submitted: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    id = submitted()
    monkeypatch.setenv("VISUAL", editor(tmp_path, SET_REFUND))
    done = cli("edit", id, "--json")
    assert done.json["decision"] == "edit"
    assert list((home / "drafts").iterdir()) == []


def test_a_draft_outlives_what_is_wrong_with_it(
    cli: Run, submitted: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    id = submitted()
    monkeypatch.setenv("EDITOR", editor(tmp_path, "open(path, 'a').write('oops')"))
    broken = cli("edit", id)
    assert broken.code == Exit.USAGE
    assert "draft is kept" in broken.sentence
    [draft] = (home / "drafts").iterdir()
    assert draft.stat().st_mode & 0o077 == 0
    assert cli("show", id, "--json").json["status"] == "pending"
    repair = "text = open(path).read()\nopen(path, 'w').write(text.replace('oops', ''))\n"
    monkeypatch.setenv("EDITOR", editor(tmp_path, repair + SET_REFUND))
    done = cli("edit", id)
    assert done.code == Exit.OK
    assert "Going on with your draft" in done.out


def test_edits_that_are_none(
    cli: Run, submitted: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = submitted()
    monkeypatch.setenv("EDITOR", editor(tmp_path, ""))
    assert "Nothing was changed" in cli("edit", id).sentence
    monkeypatch.setenv("EDITOR", editor(tmp_path, "sys.exit(3)"))
    assert "ended with 3" in cli("edit", id).sentence
    monkeypatch.setenv("EDITOR", "/nowhere/editor")
    assert "cannot be started" in cli("edit", id).sentence
    monkeypatch.setenv("EDITOR", "vi 'x")
    assert "quote" in cli("edit", id).sentence
    assert cli("show", id, "--json").json["status"] == "pending"


def test_edit_with_writes_from_a_file(cli: Run, submitted: Any, tmp_path: Path) -> None:
    id = submitted()
    path = tmp_path / "writes.json"
    for text, code, part in (
        ("[]", Exit.NEGATIVE, "one entry for each"),
        ("{}", Exit.USAGE, "array"),
        ("[null]", Exit.NEGATIVE, "dropped"),
        ('[{"type": "record"}]', Exit.USAGE, "/0"),
    ):
        path.write_text(text)
        done = cli("edit", id, "--writes", path)
        assert (done.code, part in done.sentence) == (code, True), done
    [write] = cli("show", id, "--json").json["artifact"]["writes"]
    write["after"]["refund"] = 100
    path.write_text(json.dumps([write]))
    assert cli("edit", id, "--writes", path).code == Exit.OK
    assert cli("edit", id, "--writes", tmp_path / "none").code == Exit.NEGATIVE


def test_what_the_agent_does_not_allow_is_said_before_the_editor_opens(
    cli: Run, submitted: Any
) -> None:
    id = submitted(allowed=["approve", "reject"])
    done = cli("edit", id)
    assert done.code == Exit.NEGATIVE
    assert "allowed: approve, reject" in done.sentence
