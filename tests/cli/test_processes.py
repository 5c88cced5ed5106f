"""Real processes: agents that wait while others decide, pipes, hostile text on a terminal."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from reviewer.cli import complete
from reviewer.cli.codes import Exit
from tests.support.hostile import hostile_artifact
from tests.support.terminal import Terminal, leaks

from .conftest import Run, artifact, environment

REVIEWER = [sys.executable, "-m", "reviewer"]


def start(home: Path, *args: str, **more: Any) -> subprocess.Popen[str]:
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # as what runs in the background of a shell inherits it, and hands it on
        signal.signal(signal.SIGINT, signal.default_int_handler)
    return subprocess.Popen(
        [*REVIEWER, *args], env=environment(home), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        stdin=more.pop("stdin", subprocess.DEVNULL), text=True, **more,
    )  # fmt: skip


def end(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


HOLDING = """
import sys
from reviewer import Client, Rejected
with Client(agent="mailer") as desk:
    @desk.reviewed(kind="email", title="Mail to {to}", timeout=60)
    def send(to: str, body: str) -> str:
        return f"sent {body} to {to}"
    try:
        print(send("ada", body="hello"))
    except Rejected as rejected:
        print("rejected", rejected.reasons, rejected.comment)
"""


def hold(home: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HOLDING], env=environment(home), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def pending(cli: Run, number: int, *filter: str) -> list[dict[str, Any]]:
    """The pending artifacts, once there are so many."""
    limit = time.monotonic() + 30
    while True:
        lines = cli("list", "--json", *filter).lines
        if len(lines) >= number:
            return lines
        assert time.monotonic() < limit, lines
        time.sleep(0.05)


def test_agents_wait_in_processes_of_their_own_while_a_person_decides(
    cli: Run, process: Run, home: Path, tmp_path: Path
) -> None:
    """Two agents block in `reviewer wait`, two in held calls; a person in yet another process."""
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(artifact(key=k)) + "\n" for k in ("yes", "no")))
    ids = process("submit", path).out.split()
    waiting = {id: start(home, "wait", id, "--timeout", "60s") for id in ids}
    edited, rejected = hold(home), hold(home)
    first, second = (line["id"] for line in pending(cli, 2, "kind:email"))

    assert all(agent.poll() is None for agent in (*waiting.values(), edited, rejected))
    assert process("approve", ids[0]).code == Exit.OK
    cli("reject", ids[1], "-r", "unsafe", "-m", "no")
    [write] = cli("show", first, "--json").json["artifact"]["writes"]
    write["arguments"]["body"] = "good day"
    (tmp_path / "w.json").write_text(json.dumps([write]))
    assert cli("edit", first, "--writes", tmp_path / "w.json").code == Exit.OK
    assert cli("reject", second, "-r", "not_needed").code == Exit.OK

    code, out, err = end(waiting[ids[0]])
    assert (code, err) == (Exit.OK, "")
    assert json.loads(out)["writes"][0]["after"]["refund"] == 212
    code, out, _ = end(waiting[ids[1]])
    assert (code, json.loads(out)["reasons"]) == (Exit.NEGATIVE, ["unsafe"])
    told = {end(edited)[1].strip(), end(rejected)[1].strip()}
    assert told == {"rejected ('not_needed',)", "sent good day to ada"}
    assert cli("show", first, "--json").json["outcome"] == "applied"
    assert cli("audit", "verify").code == Exit.OK


def test_ctrl_c_ends_a_wait_quietly(cli: Run, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(artifact()))
    id = cli("submit", path).out.strip()
    waiting = start(home, "wait", id)
    with pytest.raises(subprocess.TimeoutExpired):
        waiting.wait(1.5)
    waiting.send_signal(signal.SIGINT)
    assert end(waiting) == (Exit.INTERRUPTED, "", "")


def test_a_pipe_of_one_object_or_of_lines(process: Run, cli: Run) -> None:
    one = json.dumps(artifact(key="one"), indent=2).encode()
    assert process("submit", "-", stdin=one).code == Exit.OK
    many = "\n".join(json.dumps(artifact(key=f"k{i}")) for i in range(1200)).encode()
    done = process("submit", "-", stdin=many)
    assert done.code == Exit.OK
    assert len(done.out.split()) == 1200
    assert done.err == "1200 created, 0 there before, 0 refused.\n"
    empty = process("submit", "-")
    assert (empty.code, "nothing in it" in empty.sentence) == (Exit.USAGE, True)


def test_what_stands_on_an_open_pipe_is_taken_in_at_once(cli: Run, home: Path) -> None:
    writer = start(home, "submit", "-", stdin=subprocess.PIPE)
    assert writer.stdin is not None
    for key in "abc":
        writer.stdin.write(json.dumps(artifact(key=key)) + "\n")
        writer.stdin.flush()
    assert len(pending(cli, 3)) == 3
    assert writer.poll() is None
    writer.send_signal(signal.SIGINT)
    code, out, err = end(writer)
    assert (code, err) == (Exit.INTERRUPTED, "")
    assert len(out.split()) == 3


def test_output_into_a_pipe_that_closes(cli: Run, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(artifact(key=f"k{i}")) + "\n" for i in range(2000)))
    cli("submit", path)
    code = f'"{sys.executable}" -m reviewer list --all --json | head -1; echo "${{PIPESTATUS[0]}}"'
    done = subprocess.run(
        ["bash", "-c", code], env=environment(home), capture_output=True, text=True, timeout=60,
        check=True,
    )  # fmt: skip
    first, ended = done.stdout.splitlines()
    assert json.loads(first)["agent"] == "refund-bot"
    assert (int(ended), done.stderr) == (Exit.PIPE, "")


def test_a_place_that_cannot_be_written_is_one_sentence(
    cli: Run, home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(artifact()))
    cli("submit", path)
    done = cli("audit", "export", "-o", "/dev/full/x")
    assert done.code == Exit.USAGE
    assert "cannot be written" in done.sentence


@pytest.fixture
def hostile_ids(cli: Run, tmp_path: Path) -> list[str]:
    path = tmp_path / "hostile.jsonl"
    documents = [hostile_artifact(index) | {"supersedes": None} for index in range(8)]
    path.write_text("".join(json.dumps(document) + "\n" for document in documents))
    done = cli("submit", path)
    assert done.code == Exit.OK, done.err
    return done.out.split()


EVERYTHING = """
import sys
from reviewer.cli import main
ids = sys.argv[1:]
for id in ids:
    main(["show", "--full", id])
    main(["diff", id])
    main(["show", "--json", id])
main(["list"])
main(["list", "--json"])
id = ids[0]
for args in (
    ["claim", id], ["approve", id], ["undo"],
    ["reject", id, "-r", "other", "-m", "\\x1b]0;evil\\x07\\u202e"],
    ["history", id], ["history", id, "--json"], ["show", id], ["list", "is:decided"],
    ["approve", "a\\x1b[31mb"], ["list", "risk:\\x1b[31m"],
    ["audit", "export"], ["audit", "verify"],
):
    main(args)
print("the end")
"""


def test_nothing_hostile_reaches_a_real_terminal(home: Path, hostile_ids: list[str]) -> None:
    command = [sys.executable, "-c", EVERYTHING, *hostile_ids]
    with Terminal(command, size=(100, 40), env=environment(home, LANG="C.UTF-8")) as terminal:
        assert terminal.wait_end(60) == 0
        raw = bytes(terminal.raw)
    assert b"the end" in raw
    assert b"Traceback" not in raw
    assert b"\x1b[31m-" in raw  # it was a terminal, with colours
    assert len(raw) > 20_000
    assert leaks(raw) == []


def test_a_hostile_key_in_an_error_is_made_visible(process: Run) -> None:
    bad = artifact() | {"\x1b]0;evil\x07": 1}
    done = process("submit", "-", stdin=json.dumps(bad).encode())
    assert done.code == Exit.USAGE
    assert "\x1b" not in done.err
    assert "^[" in done.sentence


def test_completion_offers_ids_codes_and_formats(cli: Run, process: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(artifact(title='It\'s: "x" `y` $z')))
    id = cli("submit", path).out.strip()

    def offered(words: str) -> str:
        return process(
            _REVIEWER_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD=str(words.count(" "))
        ).out

    assert id in offered(f"reviewer approve {id[:6]}")
    assert "escalate" in offered("reviewer esc")
    assert id in [found for found, _ in complete.anything("")]
    assert list(complete.anything("a_nothing")) == []
    assert [code for code, _ in complete.reasons("wro")] == ["wrong_value", "wrong_target"]
    assert list(complete.formats("trl-k")) == ["trl-kto"]
    assert [name for name, _ in complete.settings("undo")] == ["undo_seconds"]
    assert list(complete.outcomes("rol")) == ["rolled_back"]
    assert "concepts" in complete.pages("con")


def test_completion_of_ids_without_a_queue_is_empty(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIEWER_QUEUE", "nowhere://x")
    assert list(complete.pending("")) == []
    (home / "config.toml").write_text("broken")
    assert list(complete.anything("")) == []


@pytest.mark.parametrize("args", [[], ["desk", "--read-only", "--view", "Mine"]])
def test_the_desk_opens_and_closes(home: Path, args: list[str]) -> None:
    with Terminal([*REVIEWER, *args], env=environment(home, LANG="C.UTF-8")) as terminal:
        terminal.wait_for("Breaching", 30)
        terminal.settle()
        terminal.send("q")
        assert terminal.wait_end(30) == 0
    assert not (home / "log").exists()
