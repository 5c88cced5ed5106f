"""What the desk says where it cannot be drawn, in a real terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from reviewer.cli.codes import Exit

from .conftest import environment


@pytest.mark.parametrize(
    ("redirected", "sentence"),
    [
        ("stdin", "The desk needs a terminal."),
        ("stdout", "The desk needs a terminal."),
        ("stderr", "The desk is drawn on standard error, as Textual does, and that is redirected."),
    ],
)
def test_it_says_which_stream_is_no_terminal(home: Path, redirected: str, sentence: str) -> None:
    master, slave = pty.openpty()
    try:
        streams = dict.fromkeys(("stdin", "stdout", "stderr"), slave)
        streams[redirected] = subprocess.DEVNULL if redirected == "stdin" else subprocess.PIPE
        command = [sys.executable, "-m", "reviewer"]
        done = subprocess.run(command, env=environment(home), timeout=60, check=False, **streams)
        told = done.stderr if redirected == "stderr" else os.read(master, 4096)
    finally:
        os.close(master)
        os.close(slave)
    assert done.returncode == Exit.USAGE
    assert told.decode().startswith(f"reviewer: {sentence}")
