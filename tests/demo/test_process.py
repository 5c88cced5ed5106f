"""The agents' process lives as long as what started it, and no longer."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from reviewer.demo import run_demo
from reviewer.demo.run import queue_url, start_agents, stop_agents

DESK = """
import sys, time
from pathlib import Path
from reviewer.demo.run import queue_url, start_agents
place = Path(sys.argv[1])
child = start_agents(queue_url(place), place, "you")
print(child.pid, flush=True)
time.sleep(600)
"""


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    # an orphan that ended may wait for its reaper
    return not (state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] == "Z")


def gone(pid: int, seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not alive(pid):
            return True
        time.sleep(0.1)
    return False


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_the_agents_die_with_the_desk(tmp_path: Path, how: signal.Signals) -> None:
    desk = subprocess.Popen(
        [sys.executable, "-c", DESK, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert desk.stdout is not None
    pid = int(desk.stdout.readline())
    wait_for(tmp_path / "world.db")
    assert alive(pid)
    desk.send_signal(how)
    desk.wait()
    assert gone(pid)


def test_the_desk_ends_the_agents(tmp_path: Path) -> None:
    child = start_agents(queue_url(tmp_path), tmp_path, "you")
    wait_for(tmp_path / "world.db")
    stop_agents(child)
    assert child.returncode == 0
    assert "Traceback" not in (tmp_path / "agents.log").read_text()


def wait_for(path: Path, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < end, f"{path.name} was not made"
        time.sleep(0.05)


def test_headless_runs_the_whole_loop(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIEWER_HOME", str(tmp_path / "elsewhere"))
    assert run_demo(tmp_path, headless=True) == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["pending"] > 100
    assert summary["decided_here"] > 10
    assert summary["outcomes"]["applied"] > 0
    assert summary["revisions"] > 0
    log = (tmp_path / "demo" / "agents.log").read_text()
    assert "Traceback" not in log, log
    assert not (tmp_path / "elsewhere").exists()
