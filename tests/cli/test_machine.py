"""`doctor`, `config`, `guide`, `keys`, `schema`, and which queue is used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reviewer.cli.codes import Exit

from .conftest import Run


def test_doctor_is_content_with_a_healthy_machine(cli: Run, submitted: Any) -> None:
    submitted()
    done = cli("doctor", "--json")
    assert done.code == Exit.OK, done.out
    by_name = {check["name"].strip(): check for check in done.json["checks"]}
    assert by_name["settings"]["state"] == "ok"
    assert by_name["queue"]["state"] == "ok"
    assert by_name["sqlite"]["state"] in ("ok", "note")
    assert "ana (lead, reviewer)" in by_name["you"]["sentence"]
    assert "versions" in cli("doctor").out


@pytest.mark.parametrize(
    ("version", "state"), [("3.40.1", "note"), ("3.51.2", "note"), ("3.51.3", "ok"), ("4.0", "ok")]
)
def test_doctor_knows_the_sqlite_that_loses_pages(version: str, state: str) -> None:
    from reviewer.cli.doctor import _sqlite

    assert _sqlite(version).state == state


def test_doctor_names_what_is_wrong(cli: Run, home: Path) -> None:
    (home / "queue.db").write_bytes(b"not a database at all, but long enough to be looked at" * 20)
    (home / "config.toml").write_text('[[views]]\nname = "x"\nfilter = "risk:huge"\n')
    home.chmod(0o755)
    done = cli("doctor", "--json")
    assert done.code == Exit.NEGATIVE
    states = {check["name"]: check["state"] for check in done.json["checks"]}
    assert states["queue"] == "broken"
    assert states["settings"] == "broken"
    assert states["home"] == "warning"
    listed = cli("list")
    assert listed.code == Exit.UNAVAILABLE
    assert "queue.db" in listed.sentence


def test_config_is_seen_set_and_checked(cli: Run, home: Path) -> None:
    assert cli("config", "path").out.strip() == str(home / "config.toml")
    assert cli("config", "set", "columns", "risk, title").out == 'columns = ["risk", "title"]\n'
    assert cli("config", "get", "columns", "--json").json == ["risk", "title"]
    assert cli("config", "set", "mouse", "no", "--json").json == {"mouse": False}
    assert cli("config", "set", "undo_seconds", "0").code == Exit.OK
    assert cli("config", "unset", "mouse", "--json").json == {"mouse": True}
    assert "undo_seconds = 0" in cli("config", "get").out
    assert cli("config").out == cli("config", "get").out
    assert cli("config", "--json").json["undo_seconds"] == 0
    assert cli("config", "check").code == Exit.OK
    with (home / "config.toml").open("a") as settings:
        settings.write('\n[keymap]\napprove = "enter"\nnothing = "x"\n')
    checked = cli("config", "check", "--json")
    assert checked.code == Exit.USAGE
    assert any("nothing" in sentence for sentence in checked.json["problems"])


def test_guide_keys_and_schema(cli: Run) -> None:
    pages = cli("guide", "--json").json
    assert "concepts" in pages
    assert cli("guide", "concepts").out.startswith("# ")
    assert cli("guide", "02-concepts").out == cli("guide", "concepts").out
    keys = {action["id"] for action in cli("keys", "--json").json}
    assert {"approve", "reject", "undo"} <= keys
    assert "approve" in cli("keys").out
    assert "| `approve` |" in cli("keys", "--markdown").out
    assert cli("schema", "artifact").json["$id"] == "reviewer:artifact:1"


def test_another_queue_by_option_and_environment(
    cli: Run, submitted: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted()
    url = f"sqlite:///{tmp_path}/other.db"
    assert cli("list", "--queue", url).out == "Nothing matches.\n"
    assert cli("--queue", url, "list").out == "Nothing matches.\n"
    monkeypatch.setenv("REVIEWER_QUEUE", url)
    assert cli("list").out == "Nothing matches.\n"


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        (("undo_seconds", "-1"), "is a whole number from 0 to 60, not -1"),
        (("undo_seconds", "61"), "is a whole number from 0 to 60, not 61"),
        (("theme", "reviewr"), "There is no theme 'reviewr'. Did you mean 'reviewer'?"),
    ],
)
def test_a_setting_that_is_none_is_refused_with_its_limits(
    cli: Run, home: Path, setting: tuple[str, str], why: str
) -> None:
    before = (home / "config.toml").read_text()
    done = cli("config", "set", *setting)
    assert done.code == Exit.USAGE
    assert why in done.sentence
    assert (home / "config.toml").read_text() == before


def test_themes_of_ours_and_of_textual_are_known(cli: Run, home: Path) -> None:
    for theme in ("reviewer-light", "nord", ""):
        assert cli("config", "set", "theme", theme).code == Exit.OK
        assert cli("config", "check").code == Exit.OK
    (home / "config.toml").write_text('theme = "nope"\n')
    done = cli("config", "check")
    assert done.code == Exit.USAGE
    assert "There is no theme 'nope'" in done.sentence


@pytest.mark.parametrize("option", ["--as", "--queue"])
def test_an_option_given_nothing_is_refused(cli: Run, option: str) -> None:
    for args in (("list", option, ""), (option, " ", "list"), (option, "")):
        done = cli(*args)
        assert done.code == Exit.USAGE
        assert f"'{option}' was given nothing" in done.sentence


def test_doctor_names_facts_of_the_queue_after_it(cli: Run) -> None:
    names = [check["name"] for check in cli("doctor", "--json").json["checks"]]
    assert "queue.engine" in names
    assert [name for name in names if name != name.strip()] == []


def test_help_breaks_lines_only_where_the_terminal_ends(
    cli: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    text = cli("submit", "--help").out
    assert "The same artifact\n" in "\n".join(line.rstrip() for line in text.splitlines())
    assert "under the same key is handed in once" in text
    listed = [line.split() for line in cli("--help").out.splitlines()]
    for code in Exit:
        assert [str(int(code))] in [words[:1] for words in listed]


def test_keys_name_each_group_and_each_action_once(cli: Run) -> None:
    lines = cli("keys").out.splitlines()
    heads = [line for line in lines if line and not line.startswith(" ")]
    assert len(heads) == len(set(heads)) > 5
    actions = [line for line in lines if line.startswith("  ")]
    assert len(actions) == len(set(actions))
