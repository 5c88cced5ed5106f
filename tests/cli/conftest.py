"""Running commands: in this process, where it is quick, and as real processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reviewer.cli import main


@dataclass(frozen=True)
class Done:
    """What a command left."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The answer as one JSON document."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """The answer as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def sentence(self) -> str:
        """What stderr says, which must be one line of `reviewer: …`."""
        assert self.err.startswith("reviewer: ")
        assert self.err.count("\n") == 1
        assert "Traceback" not in self.err
        return self.err.removeprefix("reviewer: ").rstrip("\n")


Run = Callable[..., Done]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, and a person called ana."""
    place = tmp_path / "home"
    place.mkdir(mode=0o700)
    monkeypatch.setenv("REVIEWER_HOME", str(place))
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("REVIEWER_QUEUE", "NO_COLOR", "FORCE_COLOR", "VISUAL", "EDITOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    (place / "config.toml").write_text('name = "ana"\n')
    return place


@pytest.fixture
def cli(home: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in this process."""

    def run(*args: str | Path) -> Done:
        capsys.readouterr()
        code = main([str(arg) for arg in args])
        out, err = capsys.readouterr()
        return Done(code, out, err)

    return run


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a real process."""
    return {**os.environ, "REVIEWER_HOME": str(home), "PYTHONIOENCODING": "utf-8", **more}


@pytest.fixture
def process(home: Path) -> Run:
    """Runs a command as a process of its own, with bytes on its stdin."""

    def run(*args: str | Path, stdin: bytes | None = b"", **more: str) -> Done:
        done = subprocess.run(
            [sys.executable, "-m", "reviewer", *map(str, args)],
            input=stdin,
            capture_output=True,
            env=environment(home, **more),
            timeout=60,
            check=False,
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


def artifact(**more: Any) -> dict[str, Any]:
    """A small artifact of a refund bot."""
    return {
        "agent": {"name": "refund-bot", "version": "2.3.1"},
        "kind": "refund",
        "title": "Refund order 8841 (damaged)",
        "risk": "high",
        "writes": [
            {
                "type": "record",
                "system": "crm",
                "resource": "order/8841",
                "before": {"status": "open", "refund": 0},
                "after": {"status": "refunded", "refund": 212},
            }
        ],
        "escalations": [{"code": "low_confidence", "detail": "two orders match", "score": 0.41}],
        **more,
    }


def file(tmp_path: Path, *documents: Any, name: str = "a.jsonl") -> Path:
    """A file of JSON Lines."""
    path = tmp_path / name
    path.write_text("".join(json.dumps(d) + "\n" for d in documents), encoding="utf-8")
    return path


@pytest.fixture
def submitted(cli: Run, tmp_path: Path) -> Any:
    """Submits an artifact and answers with its id."""

    def submit(**more: Any) -> str:
        done = cli("submit", file(tmp_path, artifact(**more)))
        assert done.code == 0, done.err
        return str(done.out.strip())

    return submit
