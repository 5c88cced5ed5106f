"""The insights: panels, periods, export."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from .model import Action
from .model import one as _one


def insights() -> Iterable[Action]:
    """What the insights screen does."""
    one = partial(_one, "insights", "Insights")

    yield one("insights.next", "tab l right", "panel", "Next panel.", call="step_panel(1)")
    yield one("insights.previous", "shift+tab h left", "", "Panel before.", call="step_panel(-1)")
    yield one("insights.zoom", "enter", "enlarge", "Give a panel all the room, or take it back.")
    yield one("insights.longer", "]", "longer", "A longer period: hour, day, week, month, all.")
    yield one("insights.shorter", "[", "", "A shorter period.")
    yield one("insights.versions", "v", "versions", "Tell the versions of an agent apart, or not.")
    yield one("insights.export", "e", "export", "Write all numbers of the period as CSV.")
