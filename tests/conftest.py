"""What every test shares: Hypothesis without deadlines (machines are noisy) and a printed seed."""

from __future__ import annotations

import os
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from textual import _wait as waiting
from textual.app import App

from reviewer.tui.highlight import Highlighter

IDLE = 1 / 200
"""Seconds in which an app must do next to nothing for Textual's pilot to go on.

Textual 8.2 takes four times as long, and a thousand tests of screens wait for it at every key.
"""
waiting.SLEEP_GRANULARITY, waiting.SLEEP_IDLE = IDLE, IDLE / 20
waiting.wait_for_idle.__defaults__ = (IDLE, 1)

SEED = os.environ.get("REVIEWER_TEST_SEED", "")

settings.register_profile(
    "reviewer",
    deadline=None,
    derandomize=not SEED,
    print_blob=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("reviewer")


def pytest_report_header() -> str:
    """The seed by which a run can be repeated."""
    return f"REVIEWER_TEST_SEED={SEED or '(fixed: examples are derived from the tests themselves)'}"


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test touches the user's own queue or configuration."""
    monkeypatch.setenv("REVIEWER_HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.delenv("REVIEWER_QUEUE", raising=False)


@pytest.fixture(autouse=True)
def _pictures_with_colours(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture waits for colours: where others take the processor the child would be given up."""
    if "snap_compare" in request.fixturenames:
        patient = dict(Highlighter.__init__.__kwdefaults__ or {}) | {"limit": 60.0, "total": 120.0}
        monkeypatch.setattr(Highlighter.__init__, "__kwdefaults__", patient)


_EMPTY = re.compile(r'<rect [^>]*width="0"[^>]*/>')


@pytest.fixture(autouse=True)
def _pictures_without_empty_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture leaves out rectangles without width: which strip was drawn last makes them."""
    real = App.export_screenshot

    def exported(self: App[Any], **how: Any) -> str:
        return _EMPTY.sub("", real(self, **how))

    monkeypatch.setattr(App, "export_screenshot", exported)
