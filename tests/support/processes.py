"""Starts several processes on one queue and gathers what they say."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from .shared import ROOT


def together(url: str, roles: Sequence[tuple[str, str, int]]) -> list[dict[str, Any]]:
    """What the processes of `tests.support.queue_process` (role, name, number) answer.

    They begin to work at the same moment, when all of them have opened the queue.
    """
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.support.queue_process", url, role, name, str(number)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for role, name, number in roles
    ]
    try:
        for process in running:
            assert process.stdout is not None
            assert json.loads(process.stdout.readline()) is not None
        for process in running:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        answers = [process.communicate(timeout=60)[0] for process in running]
        assert [process.returncode for process in running] == [0] * len(running)
        return [json.loads(answer) for answer in answers]
    finally:
        for process in running:
            process.kill()
            process.wait()
