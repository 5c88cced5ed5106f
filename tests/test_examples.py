"""The examples of README and guide do what they say, typed in exactly as they stand."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reviewer.domain.decision import Kind
from reviewer.queue import Item

from .adapters.conftest import Person
from .support.pages import GUIDE, README

PAGES = (README, *sorted(GUIDE.glob("*.md")))
SUBMIT = GUIDE / "04-submit.md"


def blocks(page: Path, language: str) -> list[str]:
    """The code blocks of a page, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(), re.DOTALL | re.MULTILINE)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A machine where `reviewer` was never used."""
    place = tmp_path / "home"
    place.mkdir(mode=0o700)
    return place


@pytest.fixture
def person(home: Path) -> Iterator[Person]:
    """Who decides beside the example, in another process than it; their decisions hold at once."""
    someone = Person(f"sqlite:///{home}/queue.db")
    someone.start()
    yield someone
    someone.stop()
    assert someone.failed == []


def run(home: Path, *command: str) -> str:
    """What a program prints, in an empty folder; it must end well and complain of nothing."""
    folder = home.parent / "folder"
    folder.mkdir(exist_ok=True)
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    mine = {name: value for name, value in os.environ.items() if name != "REVIEWER_QUEUE"}
    done = subprocess.run(
        command,
        cwd=folder,
        env=mine | {"REVIEWER_HOME": str(home), "PATH": path, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done
    return done.stdout


@pytest.mark.parametrize("page", [README, SUBMIT], ids=lambda page: page.name)
def test_python(page: Path, home: Path, person: Person) -> None:
    assert len(blocks(page, "python")) == 2
    out = run(home, sys.executable, "-c", "\n".join(blocks(page, "python")))
    assert person.seen[0].artifact.title == "Refund order 8841 (damaged)"
    if page == SUBMIT:
        assert out.splitlines() == [
            "now change order/8841 to {'refund': 212, 'status': 'refunded'}",
            "sent to ada@example.org",
        ]
        assert person.seen[1].artifact.title == "Mail to ada@example.org"


def test_python_where_the_person_says_no(home: Path, person: Person) -> None:
    def no(_item: Item) -> dict[str, Any]:
        return {"kind": Kind.REJECT, "reasons": ("unsafe",), "comment": "not today"}

    person.choice = no
    out = run(home, sys.executable, "-c", "\n".join(blocks(SUBMIT, "python")))
    assert out == "not sent: ('unsafe',) not today\n"


def test_first_artifact_from_a_shell(home: Path) -> None:
    [text] = blocks(GUIDE / "01-start.md", "sh")
    *lines, desk = text.splitlines()
    assert desk == "reviewer"  # the desk itself wants a terminal; tests/tui opens it in one
    assert "Say hello" in run(home, "sh", "-ec", "\n".join(lines))


def test_a_script_that_submits_waits_and_reports(home: Path, person: Person) -> None:
    folder = home.parent / "folder"
    folder.mkdir()
    write = {"type": "document", "before": "Hi", "after": "Hello"}
    document = {"agent": {"name": "me"}, "kind": "note", "title": "Hello", "writes": [write]}
    (folder / "artifact.json").write_text(json.dumps(document))
    [text] = blocks(SUBMIT, "sh")
    out = run(home, "sh", "-ec", text)
    assert '"status": "approved"' in out
    assert out.splitlines()[-1].startswith("reported applied: a_")
    assert [item.artifact.title for item in person.seen] == ["Hello"]


def test_every_command_that_the_pages_name_is_there() -> None:
    from reviewer.cli.app import _tree

    tree = _tree()
    named = set()
    for page in PAGES:
        code = [*blocks(page, "sh"), *re.findall(r"`([^`\n]+)`", page.read_text())]
        for words in re.findall(
            r"^(?:id=\$\()?reviewer ([a-z]+)(?: ([a-z]+))?", "\n".join(code), re.M
        ):
            named.add(words)
    assert len(named) > 10
    for name, then in named:
        assert name in tree.commands, name
        inner = getattr(tree.commands[name], "commands", {})
        assert not inner or not then or then in inner, (name, then)
