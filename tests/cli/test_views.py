"""`reviewer views`, `keys --check` and permalinks on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reviewer.cli.codes import Exit

from .conftest import Run


def test_views_are_listed_exported_and_imported(cli: Run, home: Path, tmp_path: Path) -> None:
    assert "3  Breaching" in cli("views").out
    assert cli("views", "list", "--json").json[0] == {"name": "Mine", "filter": "is:mine"}
    shared = tmp_path / "views.toml"
    assert cli("views", "export", str(shared), "--view", "stuck", "--view", "Mine").code == 0
    assert shared.read_text() == cli("views", "export", "--view=stuck", "--view=Mine").out
    again = cli("views", "export", str(shared))
    assert again.code == Exit.USAGE
    assert "already" in again.sentence
    assert cli("views", "export", "--view", "nobody").code == Exit.USAGE

    shared.write_text('[[views]]\nname = "Mine"\nfilter = "kind:refund"\n[[views]]\nname = "New"\n')
    before = (home / "config.toml").read_text()
    refused = cli("views", "import", str(shared))
    assert refused.code == Exit.USAGE
    assert "'Mine'" in refused.sentence
    assert (home / "config.toml").read_text() == before
    done = cli("views", "import", str(shared), "--replace", "--json").json
    assert (done["added"], done["replaced"]) == (1, 1)
    assert done["views"][0] == {"name": "Mine", "filter": "kind:refund"}
    assert (home / "config.toml").read_text().startswith('name = "ana"\n')
    assert cli("views", "import", str(shared)).out == "0 views added.\n"


def test_what_cannot_be_imported_is_said_in_one_sentence(cli: Run, tmp_path: Path) -> None:
    shared = tmp_path / "views.toml"
    for content, words in (
        (b"[[views]]\nname = 'a'\nfilter = 'kin:x'\n", "no field 'kin'"),
        (b"\xff", "UTF-8"),
        (b" " * 1_000_001, "too large"),
    ):
        shared.write_bytes(content)
        assert words in cli("views", "import", str(shared)).sentence
    assert "cannot be read" in cli("views", "import", str(tmp_path / "none")).sentence


def test_a_keymap_is_checked_without_a_desk(cli: Run, home: Path) -> None:
    assert "The keymap is good" in cli("keys", "--check").out
    (home / "config.toml").write_text('[keymap]\napprove = "r"\n')
    done = cli("keys", "--check")
    assert done.code == Exit.USAGE
    assert "'r' is bound to both 'approve' and 'reject'" in done.err
    assert cli("keys", "--check", "--json").json["changed"] == 1


def test_a_permalink_names_an_artifact(cli: Run, submitted: Any) -> None:
    id = submitted(key="a")
    assert cli("show", f"reviewer://local/artifact/{id}").out == cli("show", id).out
    elsewhere = cli("show", f"reviewer://reviews.example.org/artifact/{id}")
    assert elsewhere.code == Exit.USAGE
    assert "'reviews.example.org'" in elsewhere.sentence
