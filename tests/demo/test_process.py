"""The agents' process lives as long as what started it, and no longer."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from reviewer.demo import run_demo
from reviewer.demo.run import _alone, queue_url, start_agents, stop_agents
from reviewer.demo.world import World
from reviewer.domain.errors import ReviewerError

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


def headless(capsys: pytest.CaptureFixture[str], home: Path, **how: Any) -> dict[str, Any]:
    assert run_demo(home, headless=True, **how) == 0
    log = (home / "demo" / "agents.log").read_text()
    assert "Traceback" not in log, log
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def executed(home: Path) -> set[str]:
    world = World(home / "demo" / "world.db")
    try:
        return set(world.executions())
    finally:
        world.close()


def test_headless_runs_the_whole_loop_and_the_next_begins_anew_or_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIEWER_HOME", str(tmp_path / "elsewhere"))
    first = headless(capsys, tmp_path, seconds=12.0)
    assert first["pending"] > 100
    assert first["decided_here"] > 10
    assert first["outcomes"]["applied"] > 0
    assert first["revisions"] > 0
    assert not (tmp_path / "elsewhere").exists()

    done = executed(tmp_path)
    kept = headless(capsys, tmp_path, seconds=0.3, keep=True)
    assert done <= executed(tmp_path)
    assert kept["approved"] >= first["approved"]
    headless(capsys, tmp_path, seconds=0.3)
    assert not done & executed(tmp_path)


def test_a_second_demo_joins_the_first(tmp_path: Path) -> None:
    with _alone(tmp_path) as first, _alone(tmp_path) as second:
        assert (first, second) == (True, False)
    with _alone(tmp_path) as third:
        assert third


def test_errors_are_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ReviewerError, match="cannot be made"):
        run_demo(tmp_path / "file", headless=True)
    done = subprocess.run(
        [sys.executable, "-m", "reviewer.demo.process", "sqlite:////nowhere/at/all.db",
         str(tmp_path / "w.db"), "--parent", str(os.getpid())],
        stdin=subprocess.PIPE, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
