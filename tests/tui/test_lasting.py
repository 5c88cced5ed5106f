"""What is drawn arrives whole, whatever happens to the writing of it."""

from __future__ import annotations

import io
import os
import pty
import signal
import sys
import termios
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from reviewer.tui.lasting import Lasting
from tests.support.terminal import leaks
from tests.tui.test_guard import cheat

FRAME = "".join(f"\x1b[1;{n}H{n:05d}é│" for n in range(1, 20_000))
"""More than a terminal takes at once."""


@contextmanager
def slowly_read(pace: float) -> Iterator[tuple[int, bytearray]]:
    """A terminal in which what is written is read in small pieces."""
    ours, theirs = pty.openpty()
    attributes = termios.tcgetattr(theirs)
    attributes[1] &= ~termios.OPOST
    termios.tcsetattr(theirs, termios.TCSANOW, attributes)
    found = bytearray()

    def read() -> None:
        while True:
            try:
                data = os.read(ours, 4096)
            except OSError:
                return
            if not data:
                return
            found.extend(data)
            time.sleep(pace)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield theirs, found
    finally:
        os.close(theirs)
        reader.join()
        os.close(ours)


def test_a_frame_arrives_whole_where_signals_come_while_it_is_written() -> None:
    before = signal.signal(signal.SIGUSR1, lambda *_: None)
    here = threading.main_thread().ident
    assert here is not None
    try:
        with slowly_read(0.001) as (theirs, found):
            done = threading.Event()

            def disturb() -> None:
                while not done.wait(0.002):
                    signal.pthread_kill(here, signal.SIGUSR1)

            disturber = threading.Thread(target=disturb)
            disturber.start()
            # as Python's own stderr is with PYTHONUNBUFFERED: without a buffer
            raw = io.TextIOWrapper(os.fdopen(theirs, "wb", 0, closefd=False), "utf-8")
            lasting = Lasting(raw)
            lasting.write(FRAME)
            lasting.flush()
            done.set()
            disturber.join()
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert found.decode() == FRAME


def test_a_frame_arrives_whole_where_the_terminal_does_not_block() -> None:
    with slowly_read(0.001) as (theirs, found):
        os.set_blocking(theirs, False)
        lasting = Lasting(os.fdopen(theirs, "w", encoding="utf-8", closefd=False))
        lasting.write(FRAME[:1000])
        lasting.write(FRAME[1000:])
        lasting.flush()
    assert found.decode() == FRAME


def test_nothing_fails_where_the_terminal_is_gone() -> None:
    ours, theirs = pty.openpty()
    lasting = Lasting(os.fdopen(theirs, "w", encoding="utf-8"))
    os.close(ours)
    lasting.write(FRAME)
    lasting.flush()
    lasting.write("more")
    lasting.flush()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_a_desk_without_buffers_writes_whole_frames_while_its_window_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    with cheat("guarded") as terminal:
        terminal.wait_for("READY")
        for step in range(60):
            terminal.resize(160 - step % 3, 50)
            os.kill(terminal.process.pid, signal.SIGWINCH)
            terminal.read(0.005)
        terminal.settle()
        terminal.send("\t\t\t\x1bOQ")
        terminal.wait_end()
        assert leaks(bytes(terminal.raw)) == []
