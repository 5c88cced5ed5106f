"""Syntax colours from a real child process, which real hostile input hangs."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.lexers import get_lexer_by_name

from reviewer.tui.highlight import Highlighter, style
from reviewer.tui.highlight_child import lines_of, tokens_of
from tests.support.shared import ROOT

SOURCE = 'def f(x):\r\n    """é\nb"""\n    return None  # ok\n'
# Exponential in Pygments' TADS 3 lexer: each backslash doubles the ways to split the run.
HANGS = "extern//" + "\\" * 60


@pytest.fixture
async def highlighter() -> AsyncIterator[Highlighter]:
    made = Highlighter()
    yield made
    await made.close()


def tokens(lines: tuple[tuple[tuple[int, int, str], ...], ...]) -> list[list[str]]:
    return [[token for _, _, token in line] for line in lines]


async def test_colours_by_line_with_offsets_in_the_source(highlighter: Highlighter) -> None:
    lines = await highlighter.spans("d", SOURCE, 0, 5, language="python")
    assert lines[0] == ((0, 3, "Keyword"), (4, 5, "Name.Function"))
    assert tokens(lines)[1:3] == [["Literal.String.Doc"], ["Literal.String.Doc"]]
    assert lines[3] == (
        (4, 10, "Keyword"),
        (11, 15, "Keyword.Constant"),
        (17, 21, "Comment.Single"),
    )
    assert lines[4] == ()


async def test_the_file_name_decides_where_no_language_is_given(highlighter: Highlighter) -> None:
    assert tokens(await highlighter.spans("d", "x = 1", 0, 1, filename="a/b.py"))[0]
    assert tokens(await highlighter.spans("d", "x = 1", 0, 1, filename="a/b.none")) == [[]]
    assert tokens(await highlighter.spans("d", "x = 1", 0, 1, language="../../etc")) == [[]]
    assert tokens(await highlighter.spans("d", "x = 1", 0, 1)) == [[]]


async def test_a_window_is_answered_from_what_is_known(highlighter: Highlighter) -> None:
    text = "x = 1\n" * 5000
    assert highlighter.peek("d", 0, 2, language="python") == ((), ())
    first = await highlighter.spans("d", text, 0, 2, language="python")
    last = await highlighter.spans("d", text, 4990, 5000, language="python")
    assert first == last[:2] != ((), ())
    assert highlighter.peek("d", 0, 2, language="python") == first


async def test_a_hanging_lexer_is_killed_and_the_next_text_is_coloured(
    highlighter: Highlighter,
) -> None:
    await highlighter.spans("d0", SOURCE, 0, 1, language="python")
    before = highlighter.child
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.02)
            ticks += 1

    ticking = asyncio.create_task(tick())
    assert await highlighter.spans("bad", HANGS, 0, 1, language="tads3") == ((),)
    ticking.cancel()
    assert ticks > 10, "the event loop went on meanwhile"
    assert before is not None
    assert gone(before)
    assert await highlighter.spans("d1", SOURCE, 0, 1, language="python") != ((),)
    after = highlighter.child
    assert after not in (None, before)
    assert await highlighter.spans("bad", HANGS, 0, 1, language="tads3") == ((),)
    assert highlighter.child == after, "the text that hung is not tried again"


async def test_a_lexer_that_fails_leaves_the_text_plain(highlighter: Highlighter) -> None:
    deep = "(" * 50_000
    await highlighter.spans("deep", deep, 0, 1, language="python")
    assert await highlighter.spans("d", SOURCE, 0, 1, language="python") != ((),)


async def test_a_wish_that_is_taken_back_is_not_worked_on(highlighter: Highlighter) -> None:
    hanging = asyncio.create_task(highlighter.spans("bad", HANGS, 0, 1, language="tads3"))
    await asyncio.sleep(0.2)
    wish = asyncio.create_task(highlighter.spans("d", SOURCE, 0, 1, language="python"))
    await asyncio.sleep(0)
    wish.cancel()
    with pytest.raises(asyncio.CancelledError):
        await wish
    assert await hanging == ((),)
    assert highlighter.peek("d", 0, 1, language="python") == ((),)
    assert await highlighter.spans("d", SOURCE, 0, 1, language="python") != ((),)


async def test_two_who_ask_for_the_same_share_the_work(highlighter: Highlighter) -> None:
    one, two = await asyncio.gather(
        highlighter.spans("d", SOURCE, 0, 1, language="python"),
        highlighter.spans("d", SOURCE, 0, 4, language="python"),
    )
    assert one[0] == two[0] != ()


async def test_too_large_a_text_stays_plain() -> None:
    highlighter = Highlighter(largest=10)
    assert await highlighter.spans("d", SOURCE, 0, 1, language="python") == ((),)
    assert highlighter.child is None


async def test_the_cache_forgets_what_was_not_asked_for() -> None:
    highlighter = Highlighter(keep=20)
    for digest in "abcdef":
        await highlighter.spans(digest, SOURCE, 0, 1, language="python")
    assert highlighter.peek("a", 0, 1, language="python") == ((),)
    assert highlighter.peek("f", 0, 1, language="python") != ((),)
    await highlighter.close()


async def test_closing_ends_the_child_and_whoever_waits(highlighter: Highlighter) -> None:
    waiting = asyncio.create_task(highlighter.spans("bad", HANGS, 0, 1, language="tads3"))
    await asyncio.sleep(0.5)
    child = highlighter.child
    assert child is not None
    await highlighter.close()
    assert await waiting == ((),)
    assert gone(child)


PARENT = """
import asyncio, sys
from reviewer.tui.highlight import Highlighter
async def main():
    highlighter = Highlighter(limit=float(sys.argv[2]))
    await highlighter.spans("d", "x = 1", 0, 1, language="python")
    print(highlighter.child, flush=True)
    if sys.argv[1] == "hang":
        await highlighter.spans("bad", "extern//" + "\\\\" * 60, 0, 1, language="tads3")
    await asyncio.sleep(600)
asyncio.run(main())
"""


@pytest.mark.parametrize("state", ["idle", "hang"])
def test_the_child_does_not_outlive_a_killed_parent(state: str) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, state, "1.5"], stdout=subprocess.PIPE, cwd=ROOT
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    time.sleep(0.3)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    end = time.monotonic() + 20
    while not gone(child) and time.monotonic() < end:
        time.sleep(0.05)
    assert gone(child)


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    with open(f"/proc/{pid}/stat") as stat:  # an orphan waits for init as a zombie
        return stat.read().rpartition(")")[2].split()[0] == "Z" and os.getppid() != pid


@given(st.text("aé1'\"#\n\r\x0b\u2028 (=", max_size=40), st.sampled_from(["python", "json", "sql"]))
def test_every_line_gets_its_own_spans(text: str, language: str) -> None:
    lines = list(lines_of(tokens_of(language, "", text), text))
    assert len(lines) == text.count("\n") + 1
    for line, flat in zip(text.split("\n"), lines, strict=True):
        at = 0
        for start, end in zip(flat[::3], flat[1::3], strict=True):
            assert at <= start < end <= len(line)
            at = end


@given(st.text("aé1'\"#\n (=", max_size=40))
def test_spans_are_what_the_lexer_said(text: str) -> None:
    found = [
        (line, start, str(token))
        for line, flat in enumerate(lines_of(tokens_of("python", "", text), text))
        for start, token in zip(flat[::3], flat[2::3], strict=True)
    ]
    lexer, expected = get_lexer_by_name("python"), []
    for index, token, value in lexer.get_tokens_unprocessed(text + "\n"):
        line = text.count("\n", 0, index)
        name = str(token)[6:]
        if "\n" not in value and name.startswith(("Keyword", "Literal.Number", "Operator")):
            expected.append((line, index - (text.rfind("\n", 0, index) + 1), name))
    assert set(expected) <= set(found)


def test_styles_come_from_the_theme() -> None:
    assert style("Keyword.Constant") == "bold $text-success 80%"
    assert style("Literal.String.Double.Nothing") == style("Literal.String.Double") != ""
    assert style("Nothing.Known") == ""
