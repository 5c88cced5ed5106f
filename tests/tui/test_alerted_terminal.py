"""A real desk in a real terminal: its own worker sends, and it rings for whoever a step reached."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.effects.working import LATE, opened, policy, states, until
from tests.support.invariants import invariants
from tests.support.making import BOT, refund
from tests.support.receiving import hook

from ..support.shared import ROOT
from ..support.terminal import Terminal, leaks

PROGRAM = [sys.executable, "-m", "reviewer", "--as", "otto"]
STEPS = "- {after: 100%, to: on-call, notify: [chat, desk]}"


async def test_the_desk_sends_and_rings_and_lets_nothing_of_the_agents_through(
    tmp_path: Path,
) -> None:
    path, home = tmp_path / "queue.db", tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "config.toml").write_text('name = "otto"\nalarm = "osc9"\n')
    with hook() as chat:
        text = policy(chat, steps=STEPS) + "  desk: {type: terminal}\n"
        queue = await opened(path, text)
        await queue.submit(refund("first"), BOT)
        command = [*PROGRAM, "--queue", f"sqlite://{path}"]
        env = {"REVIEWER_HOME": str(home), "TMUX": ""}
        with Terminal(command, (100, 30), env, cwd=str(ROOT)) as terminal:
            terminal.wait_for("Refund order first")
            title = "Late \x1b]52;c;AAAA\x07\u202ething"
            await queue.submit(refund("late", due_at=LATE, title=title), BOT)
            terminal.wait_for("Escalated to you: not decided by its due time")
            until(lambda: terminal.read() and states(path) == {"applied": 1})
            said = bytes(terminal.raw)
            assert b"\x1b]9;reviewer \xc2\xb7 1 escalated to you\x1b\\" in said
            assert leaks(said) == []
            terminal.send("q")
            assert terminal.wait_end() == 0
    assert len(chat.got) == 1
    await queue.close()
    assert invariants(path) == []
