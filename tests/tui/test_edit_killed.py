"""An edit survives a desk that is killed: a real desk in a real terminal, kill -9, and another."""

from __future__ import annotations

import re
import signal
import sys
import time
from pathlib import Path

from reviewer.domain.artifact import parse
from reviewer.queue import open_queue
from reviewer.tui.drafts import Draft, Drafts

from ..support.shared import ROOT
from ..support.terminal import Terminal
from .review_desk import AGENT, document


def started(tmp_path: Path, url: str) -> Terminal:
    """A desk on that queue, with its home below the test's folder."""
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    (home / "config.toml").write_text('name = "mia"\n')
    command = [sys.executable, "-m", "reviewer", "desk", "--queue", url]
    return Terminal(command, (120, 40), {"REVIEWER_HOME": str(home)}, cwd=str(ROOT))


def press_until(terminal: Terminal, key: str, pattern: str) -> None:
    """Presses a key that is refused until what it decides has been seen, until it is taken."""
    for _ in range(20):
        terminal.send(key)
        end = time.monotonic() + 3
        while time.monotonic() < end:
            terminal.read()
            if re.search(pattern, terminal.text()):
                return
    raise AssertionError(f"{key!r} never led to {pattern!r}:\n{terminal.text()}")


def kept(tmp_path: Path, artifact_id: str, terminal: Terminal, word: str) -> Draft:
    """The draft on disk, once the word is in it."""
    store = Drafts(tmp_path / "home" / "drafts")
    end = time.monotonic() + 20
    while time.monotonic() < end:
        draft = store.load(artifact_id)
        if draft is not None and word in draft.texts.get(0, ""):
            return draft
        terminal.read()
    raise AssertionError(f"no draft holds {word!r}:\n{terminal.text()}")


async def test_an_edit_survives_a_desk_that_is_killed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/queue.db"
    queue = await open_queue(url)
    writes = [{"type": "document", "resource": "d", "before": "", "after": "one\ntwo\n"}]
    id = (await queue.submit(parse(document(writes=writes)), AGENT)).artifact_id
    with started(tmp_path, url) as terminal:
        terminal.wait_for("Fix retry loop")
        press_until(terminal, "\r", "claimed by you")
        press_until(terminal, "e", "f4 \\$EDITOR")
        terminal.wait_for("1 +one")
        terminal.send("MINE")
        terminal.wait_for("MINE")
        draft = kept(tmp_path, id, terminal, "MINE")
        assert draft.bases == {0: "one\ntwo\n"}
        terminal.process.kill(signal.SIGKILL)
        assert terminal.wait_end() == -signal.SIGKILL
    with started(tmp_path, url) as terminal:
        terminal.wait_for("Fix retry loop")
        press_until(terminal, "\r", "claimed by you")
        terminal.wait_for("You have a draft")
        press_until(terminal, "e", "f4 \\$EDITOR")
        terminal.wait_for("MINE")
        press_until(terminal, "\x13", "Approve your version")
        press_until(terminal, "y", "Nothing|That was the last|approved with your edit")
    item = await queue.get(id)
    assert item is not None
    assert str(item.entry.state.status) == "approved"
    (decided,) = [e for e in await queue.history(id) if e.event == "decided"]
    assert decided.facts["decision"] == "edit"
    await queue.close()
