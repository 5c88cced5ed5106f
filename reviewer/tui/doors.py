"""The ways to the screens that are imported when somebody goes there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App

    from ..domain.query import Query
    from ..domain.views import Entry


def open_door(app: App[object], name: str, entry: Entry | None, query: Query | None) -> None:
    """Opens `focus`, `groups`, `triage`, `insights`, `notices`, `policy`, `agents` or `audit`.

    `entry` is what is under the cursor, `query` the list that is being worked through.
    """
    if name == "focus":
        from .screens.focus import FocusScreen

        app.push_screen(FocusScreen(query))
    elif name == "groups":
        from .screens.groups import GroupsScreen

        app.push_screen(GroupsScreen(query))
    elif name == "triage":
        from .screens.triage import TriageScreen

        app.push_screen(TriageScreen())
    elif name == "insights":
        from .screens.insights import InsightsScreen

        app.push_screen(InsightsScreen())
    elif name == "notices":
        from .screens.notices import NoticesScreen

        app.push_screen(NoticesScreen())
    elif name == "policy":
        from .screens.policy import PolicyScreen

        app.push_screen(PolicyScreen())
    elif name == "agents":
        from .screens.agents import AgentsScreen

        app.push_screen(AgentsScreen(entry.state.agent if entry is not None else ""))
    else:
        from .screens.audit import AuditScreen

        app.push_screen(AuditScreen(entry.state.id if entry is not None else ""))
