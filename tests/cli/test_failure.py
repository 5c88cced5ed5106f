"""Whatever goes wrong: one sentence, the right exit code, no traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from reviewer.cli import codes, desk, failure
from reviewer.cli.codes import EXIT_HELP, Exit
from reviewer.domain.errors import (
    ConflictError,
    InputError,
    NotFoundError,
    QueryError,
    QueueError,
    ReviewerError,
)

from .conftest import Run, environment


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ReviewerError("x"), 2),
        (InputError("x", "/a"), 2),
        (QueryError("x", 3), 2),
        (ConflictError("x"), 1),
        (failure.RefusedError("x"), 1),
        (QueueError("x"), 3),
        (NotFoundError("x"), 5),
    ],
)
def test_every_error_has_its_exit_code(
    error: ReviewerError, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert failure.told(error) == code
    assert capsys.readouterr().err.endswith("x.\n")


def test_every_exit_code_is_explained_in_help(cli: Run) -> None:
    assert set(EXIT_HELP) == set(Exit)
    help_text = " ".join(cli("--help").out.split())
    for code in codes.Exit:
        assert f"{int(code)} {EXIT_HELP[code].split()[0]}" in help_text


@pytest.mark.parametrize(
    ("args", "part"),
    [
        (["frobnicate"], "No such command 'frobnicate'"),
        (["lst"], "'list'"),
        (["list", "--frob"], "--frob"),
        (["wait"], "ID"),
        (["list", "--limit", "x"], "--limit"),
        (["list", "risk:huge"], "huge"),
        (["list", "--queue", "nowhere:///x"], "no backend"),
        (["list", "--queue", "queue.db"], "'queue.db' is not the URL"),
        (["list", "--queue", "http://["], "not the URL"),
        (["wait", "x", "--timeout", "soon"], "duration"),
        (["wait", "x", "--timeout", "-1"], "duration"),
        (["wait", "x", "--timeout", "nan"], "duration"),
        (["submit", "/nowhere/x.json"], "cannot be read"),
        (["export", "labels", "--format", "csv"], "csv"),
        (["audit", "verify", "--head", "x"], "no head"),
        (["audit", "verify", "--file", "/nowhere"], "cannot be read"),
        (["schema", "label"], "no schema"),
        (["guide", "nowhere"], "no page"),
        (["config", "get", "themes"], "'theme'"),
        (["config", "set", "keymap", "x"], "table"),
        (["config", "set", "undo_seconds", "99"], "0 to 60"),
        (["reject", "x"], "reason code"),
        (["reject", "x", "--reason", "because"], "because"),
        (["respond", "x"], "TEXT"),
        (["escalate", "x", "--to", "lea"], "--comment"),
        (["report", "x", "perhaps"], "perhaps"),
        (["claim"], "--next"),
        (["snooze", "x", "tomorrow"], "tomorrow"),
        (["desk"], "terminal"),
        ([], "terminal"),
    ],
)
def test_wrong_usage_is_one_sentence(cli: Run, args: list[str], part: str) -> None:
    done = cli(*args)
    assert part in done.sentence
    assert done.out == ""
    assert done.code in (Exit.USAGE, Exit.UNAVAILABLE, Exit.NOT_FOUND)


@pytest.mark.parametrize("group", ["export", "audit"])
def test_a_group_without_a_command_shows_its_help(cli: Run, group: str) -> None:
    done = cli(group)
    assert (done.code, done.err) == (Exit.USAGE, "")
    assert "Usage" in done.out


def test_a_broken_config_is_told_by_every_command_that_needs_it(cli: Run, home: Path) -> None:
    (home / "config.toml").write_text("name = 3\n")
    for args in (["list"], ["config", "get"], ["keys"], ["approve", "x"], []):
        done = cli(*args)
        assert done.code == Exit.USAGE
        assert f"{home / 'config.toml'}, line 1" in done.sentence
    assert cli("schema").code == Exit.OK
    assert cli("config", "path").code == Exit.OK


def test_a_defect_leaves_its_traceback_in_the_log(
    cli: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        try:
            raise FileNotFoundError(2, "No such file", words)
        except OSError as error:
            raise ExceptionGroup(words, [ValueError(words)]) from error

    words = "order 8841 \x1b]52;c;evil\x07 \u202e"
    monkeypatch.setattr(desk, "guide_pages", broken)
    done = cli("guide")
    log = home / "log" / "errors.log"
    assert done.code == Exit.INTERNAL
    assert str(log) in done.sentence
    assert "ExceptionGroup" in done.sentence
    text = log.read_text()
    assert "Traceback" in text
    assert "in broken" in text
    for said in ("FileNotFoundError: No such file", "builtins.ValueError", "ExceptionGroup\n"):
        assert said in text
    assert "8841" not in text, "an error's words may quote an artifact"
    assert log.stat().st_mode & 0o077 == 0


def test_a_log_that_cannot_be_written(
    cli: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("x")

    (home / "log").write_text("in the way")
    monkeypatch.setattr(desk, "guide_pages", broken)
    done = cli("guide")
    assert done.code == Exit.INTERNAL
    assert "could not be written" in done.sentence


def test_the_log_is_turned_over(cli: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr(desk, "guide_pages", broken)
    monkeypatch.setattr(failure, "LOG_LIMIT", 100)
    for _ in range(3):
        cli("guide")
    assert sorted(p.name for p in (home / "log").iterdir()) == ["errors.1.log", "errors.log"]


def test_a_reader_that_goes_away_is_no_error(home: Path) -> None:
    code = f'"{sys.executable}" -m reviewer schema | head -1; echo "${{PIPESTATUS[0]}}"'
    done = subprocess.run(
        ["bash", "-c", code], env=environment(home), capture_output=True, text=True, timeout=60,
        check=True,
    )  # fmt: skip
    first, ended = done.stdout.splitlines()
    assert first == "{"
    # small outputs may fit into the pipe before the reader is gone
    assert int(ended) in (Exit.OK, Exit.PIPE)
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("command", "code"),
    [("submit - <&-", 2), ("schema >&-", 0), ("frob 2>&-", 2), ("<&- >&- 2>&-", 2)],
)
def test_streams_that_are_closed(home: Path, command: str, code: int) -> None:
    done = subprocess.run(
        ["bash", "-c", f'"{sys.executable}" -m reviewer {command}'], env=environment(home),
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == code
    assert not (home / "log").exists()


def test_a_full_disk_on_stdout_is_one_sentence(home: Path) -> None:
    code = f'"{sys.executable}" -m reviewer schema > /dev/full; echo $?'
    done = subprocess.run(
        ["bash", "-c", code], env=environment(home), capture_output=True, text=True, timeout=60,
        check=True,
    )  # fmt: skip
    assert done.stderr == "reviewer: The output cannot be written: No space left on device.\n"
    assert int(done.stdout) == Exit.OUTPUT


@pytest.mark.parametrize("args", [["--help"], ["schema"], ["config", "get"], ["--version"]])
def test_light_commands_import_nothing_heavy(home: Path, args: list[str]) -> None:
    code = (
        "import sys\nfrom reviewer.cli import main\n"
        f"assert main({args!r}) == 0\n"
        "heavy = {'sqlalchemy', 'sqlmodel', 'textual', 'litellm', 'httpx', 'keyring'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(home), capture_output=True, text=True,
        timeout=60, check=True,
    )  # fmt: skip
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["--view", "Mine"], "No such option: --view"),
        (["--read-only", "desk"], "No such option: --read-only"),
        (["desk", "--view"], "Option '--view' requires an argument"),
        (["desk", "--queue="], "'--queue' was given nothing"),
        (["desk", "--read-only=yes"], "Option '--read-only' does not take a value"),
        (["--as", "ann", "desk", "--frob"], "No such option: --frob"),
    ],
)
def test_what_the_short_way_does_not_know_is_read_by_the_tree(
    process: Run, args: list[str], sentence: str
) -> None:
    done = process(*args)
    assert done.code != Exit.OK
    assert sentence in done.err


def test_an_encoding_without_a_character_is_no_error(process: Run) -> None:
    done = process("guide", "concepts", PYTHONIOENCODING="ascii")
    assert done.code == Exit.OK
    assert "\\u" in done.out


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["--queue", "sqlite:///x.db"],
        ["--as=ann", "--queue=x"],
        ["desk"],
        ["--as", "ann", "desk", "--queue=x", "--view", "Mine", "--read-only"],
    ],
)
def test_the_way_to_the_desk_is_short(home: Path, args: list[str]) -> None:
    code = (
        f"import sys\nfrom reviewer.cli import main\nassert main({args!r}) == 2\n"  # no terminal
        "heavy = {'typer', 'pydantic', 'sqlalchemy', 'asyncio', 'textual'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(home), capture_output=True, text=True,
        timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[]"
