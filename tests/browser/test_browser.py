"""The desk in a browser: who gets in, and that it is the desk."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest

from reviewer.browser import BrowserDesk
from reviewer.browser.door import HEADERS
from reviewer.cli.session import Session
from reviewer.cli.web import arguments


@asynccontextmanager
async def served(tmp_path: Path, *options: str) -> AsyncIterator[str]:
    """`reviewer web` in a process of its own; gives the address that it prints."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "reviewer", "web", "--json", *options,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        env=os.environ | {"REVIEWER_HOME": str(tmp_path)},
    )  # fmt: skip
    assert process.stdout is not None
    try:
        yield json.loads(await process.stdout.readline())["address"]
    finally:
        process.terminate()
        await process.wait()


def root(address: str) -> str:
    """The address without its token."""
    return f"http://{urlsplit(address).netloc}"


async def test_only_who_has_the_token_gets_in(tmp_path: Path) -> None:
    async with served(tmp_path) as address, aiohttp.ClientSession() as stranger:
        base = root(address)
        for path in ("/", "/?token=guess", "/ws", "/own/desk.js", "/static/js/textual.js", "/no"):
            async with stranger.get(base + path, headers={"Origin": base}) as answer:
                assert answer.status == 403, path
                assert "token" in await answer.text()
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
            async with browser.get(address) as answer:
                page = await answer.text()
                assert answer.status == 200
                assert str(answer.url) == f"{base}/"  # the token is out of the address bar
                assert {name: answer.headers[name] for name in HEADERS} == HEADERS
            assert "https://" not in page  # nothing comes from elsewhere
            cookie = answer.history[0].headers["Set-Cookie"]
            assert "HttpOnly" in cookie
            assert "SameSite=Strict" in cookie
            for path in ("/own/desk.js", "/own/desk.css", "/static/js/textual.js"):
                async with browser.get(base + path) as answer:
                    assert answer.status == 200
            for changed in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}):
                async with browser.get(base + "/", headers=changed) as answer:
                    assert answer.status == 403, changed
            for origin in ({}, {"Origin": "http://evil.example"}, {"Origin": "null"}):
                with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                    await browser.ws_connect(base + "/ws", headers=origin)
                assert refused.value.status == 403


def test_it_listens_on_loopback_alone() -> None:
    desk = BrowserDesk([])
    with desk.socket:
        assert desk.socket.getsockname() == ("127.0.0.1", desk.port)
        with pytest.raises(OSError):
            BrowserDesk([], desk.port)


async def test_it_is_the_desk(tmp_path: Path) -> None:
    async with (
        served(tmp_path, "--read-only") as address,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser,
    ):
        async with browser.get(address) as answer:
            assert answer.status == 200
        base = root(address)
        where = f"{base}/ws?width=100&height=30"
        async with browser.ws_connect(where, headers={"Origin": base}) as line:
            seen = b""
            while b"My queues" not in seen or b"live" not in seen:
                message = await line.receive(60)
                assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT), seen
                seen += message.data if isinstance(message.data, bytes) else b""
            await line.send_json(["stdin", "?"])
            while b"Approve exactly what is shown" not in seen:
                message = await line.receive(60)
                assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT)
                seen += message.data if isinstance(message.data, bytes) else b""


def test_the_desk_gets_what_the_command_was_given() -> None:
    session = Session("sqlite:////tmp/a b.db", "mia")
    assert arguments(session, "Mine", True) == [
        "--queue", "sqlite:////tmp/a b.db", "--as", "mia", "desk", "--view", "Mine", "--read-only",
    ]  # fmt: skip
    assert arguments(Session(), "", False) == ["desk"]
