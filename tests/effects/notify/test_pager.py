"""Paging: a real command, a real server; whatever goes wrong is one sentence and never a retry."""

from __future__ import annotations

import asyncio
import json
import stat
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from reviewer.domain.errors import InputError
from reviewer.effects.notify import pager
from reviewer.effects.notify.pager import Page, cleaned, name_of, send, target

PAGE = Page(
    to="ana",
    by="mia",
    artifact="a1",
    queue="billing",
    agent="refund-bot",
    kind="refund",
    title=cleaned("Refund \x1b]52;c;AAAA\x07 \u202eorder\n8841"),
    risk="critical",
    due_at="2026-11-20T10:00:00.000Z",
    words="it breaches in 4 min",
    link="reviewer://local/artifact/a1",
)


def script(tmp_path: Path, body: str) -> str:
    """A command line that runs this Python text."""
    path = tmp_path / "pager.py"
    path.write_text(body)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return f"'{sys.executable}' '{path}'"


def hidden(text: str) -> list[str]:
    return [char for char in text if not char.isprintable()]


async def test_a_command_gets_the_page_on_stdin_and_the_sentence_last(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    command = script(
        tmp_path,
        "import json, pathlib, sys\n"
        f"pathlib.Path({str(out)!r}).write_text(json.dumps([sys.stdin.read(), *sys.argv[1:]]))\n"
        "print('noise on the terminal')\n",
    )
    sent = await send(f"{command} --to 'a b'", PAGE)
    assert sent == pager.Sent(True, f"Paged ana: {Path(sys.executable).name} took it.")
    stdin, *arguments = json.loads(out.read_text())
    assert arguments == ["--to", "a b", PAGE.sentence()]
    assert stdin.endswith("\n")
    assert stdin.isascii()
    told = json.loads(stdin)
    assert (told["to"], told["artifact"], told["link"]) == ("ana", "a1", PAGE.link)
    assert told["sentence"] == PAGE.sentence()
    assert not hidden(told["title"])
    assert not hidden(PAGE.sentence())


async def test_a_command_that_fails_says_why_in_its_first_line(tmp_path: Path) -> None:
    failing = script(tmp_path, "import sys; sys.exit('no \\x1b[31mline\\nmore')\n")
    sent = await send(failing, PAGE)
    assert not sent.ok
    assert sent.sentence.startswith("The page failed: ")
    assert "ended with 1: no " in sent.sentence
    assert not hidden(sent.sentence)
    assert "more" not in sent.sentence


async def test_a_command_that_is_not_there_was_not_run(tmp_path: Path) -> None:
    sent = await send(str(tmp_path / "nothing"), PAGE)
    assert sent.sentence == (
        "The page was not sent: nothing cannot be started: No such file or directory."
    )


async def test_a_command_that_hangs_is_stopped_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pager, "COMMAND_SECONDS", 1.0)
    alive = tmp_path / "alive"
    child = f"import time, pathlib; time.sleep(30); pathlib.Path({str(alive)!r}).touch()"
    hanging = script(
        tmp_path,
        "import subprocess, sys, time\n"
        f"subprocess.Popen([sys.executable, '-c', {child!r}]).wait()\n",
    )
    sent = await send(hanging, PAGE)
    assert not sent.ok
    assert "not known" in sent.sentence
    assert "not sent again" in sent.sentence
    for _ in range(500):  # one that was killed may take a moment to be gone
        if not running(child):
            break
        await asyncio.sleep(0.02)
    assert running(child) == []
    assert not alive.exists()


def running(words: str) -> list[str]:
    """The processes that have these words as an argument, from /proc, where there is one."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if words.encode() in path.read_bytes().split(b"\0"):
                found.append(path.parent.name)
    return found


async def test_a_command_that_reads_nothing_is_no_failure(tmp_path: Path) -> None:
    deaf = script(tmp_path, "import sys; sys.stdin.close()\n")
    assert (await send(deaf, PAGE)).ok


@contextmanager
def server(status: int = 200, **headers: str) -> Iterator[tuple[str, list[Any]]]:
    """A server on loopback that keeps what it gets."""
    got: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            got.append((self.path, self.headers["content-type"], json.loads(body)))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def do_GET(self) -> None:
            got.append(("GET", self.path))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{httpd.server_port}", got
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()


async def test_an_address_gets_the_page_as_json() -> None:
    with server() as (url, got):
        sent = await send(f"{url}/hook/secret-token?x=1", PAGE)
    assert sent == pager.Sent(True, "Paged ana: 127.0.0.1 took it.")
    [(path, kind, told)] = got
    assert path == "/hook/secret-token?x=1"
    assert kind == "application/json"
    assert told == json.loads(PAGE.document())


@pytest.mark.parametrize(
    ("status", "words"),
    [(500, "answered 500."), (404, "answered 404."), (302, "redirects are not followed")],
)
async def test_an_address_that_refuses_is_told_without_its_path(status: int, words: str) -> None:
    with server(status, location="/elsewhere") as (url, got):
        sent = await send(f"{url}/hook/secret-token", PAGE)
    assert not sent.ok
    assert words in sent.sentence
    assert "secret" not in sent.sentence
    assert len(got) == 1


async def test_an_address_where_nobody_listens(unused_tcp_port: int) -> None:
    sent = await send(f"http://127.0.0.1:{unused_tcp_port}/secret", PAGE)
    assert sent == pager.Sent(False, "The page was not sent: 127.0.0.1 cannot be reached.")


async def test_an_address_that_never_answers_may_have_taken_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import socket

    monkeypatch.setattr("reviewer.effects.notify.post.HTTP_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        sent = await send(f"http://127.0.0.1:{silent.getsockname()[1]}/", PAGE)
    assert not sent.ok
    assert "not known" in sent.sentence


def test_only_the_program_or_the_host_is_ever_named() -> None:
    assert name_of("/usr/bin/notify --token=abc") == "notify"
    assert name_of("TOKEN=abc notify") == "TOKEN"
    assert name_of("https://user:pass@pager.example:8443/T/secret") == "pager.example"


@pytest.mark.parametrize("wrong", ["", "  ", "'open", "''", "http://example.org/", "gopher://x/"])
async def test_what_is_no_pager_is_refused(wrong: str) -> None:
    with pytest.raises(InputError):
        target(wrong)
    sent = await send(wrong, PAGE)
    assert not sent.ok
    assert sent.sentence.startswith("The page was not sent: the pager")
