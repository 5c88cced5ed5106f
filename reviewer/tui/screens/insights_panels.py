"""The panels of the insights screen, in their order."""

from __future__ import annotations

from .insights_agents import agents, cost, decisions, edits
from .insights_base import Panel
from .insights_time import open_now, pace, waits

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
    Panel("agents", "Agents", agents, lambda view: len(view.records)),
)
