"""What every worker does every so often besides the clocks; one line here plugs a job in."""

from __future__ import annotations

from ..domain.instant import HOUR, MINUTE
from .budgets import ask, warn
from .worker import Job

JOBS: tuple[Job, ...] = (Job("budgets", MINUTE, warn), Job("promotions", HOUR, ask))
