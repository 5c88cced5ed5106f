"""What every test shares: Hypothesis without deadlines (machines are noisy) and a printed seed."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

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
