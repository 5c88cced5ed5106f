"""What every worker does every so often besides the clocks; one line here plugs a job in."""

from __future__ import annotations

from .worker import Job

JOBS: tuple[Job, ...] = ()
