"""The panels of the insights screen, in their order."""

from __future__ import annotations

from .insights_agents import agents, cost, decisions, edits
from .insights_base import Panel
from .insights_modes import count, modes
from .insights_time import open_now, pace, waits

WIDE = 2
"""So many of them, the last, take the whole width, each in as many lines as it has rows."""
PANELS: tuple[Panel, ...] = (
    Panel("pace", "Decisions an hour", pace, lambda view: len(view.paces)),
    Panel("waits", "Time to decision", waits, lambda view: len(view.waits)),
    Panel("decisions", "Decisions by agent", decisions, lambda view: len(view.records) + 1),
    Panel("edits", "Edit distance", edits, lambda view: len(view.records)),
    Panel("open", "Open by queue", open_now, lambda view: len(view.load)),
    Panel(
        "cost",
        "Cost of a success",
        cost,
        lambda view: sum(1 for record in view.records.values() if record.told),
    ),
    Panel("modes", "Modes and error budgets", modes, count),
    Panel("agents", "Agents", agents, lambda view: len(view.records)),
)
