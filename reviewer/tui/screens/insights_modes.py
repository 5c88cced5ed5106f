"""The panel of modes: how much each agent may do, what is left of its budget, who agrees with it.

What it draws is `policy.roster`'s, in the words of the agents' screen: nothing is counted here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from ...insights.overview import Overview
from ...insights.shares import share
from ...insights.words import percent, sure
from ..agent_rows import AgentRow, rows_from
from ..policy_words import mode_words
from ..widgets.agent_list import budget_cells, mark_of
from ..widgets.columned import Col
from .insights_base import BAD, GOOD, STRONG, WARN, Lines, Room, rows
from .insights_words import QUIET

if TYPE_CHECKING:
    from ...insights.shares import Share

_STYLES = {"late": BAD, "warn": WARN, "good": GOOD, "quiet": QUIET, "mark": STRONG, "": ""}
NOTHING = "No agent has done anything yet."


def count(view: Overview) -> int:
    """How many rows there are."""
    return len(_rows(view))


def modes(view: Overview, room: Room) -> Lines:
    """Every agent's kind in one line; what asks for a person comes first."""
    found = _rows(view)
    if not found:
        return [Content.styled(NOTHING, QUIET)]
    agreed = [_agreement(row) for row in found]
    wide = max(18, min(32, room.width - 84))
    cols = [
        Col("", 1, 20, lambda i: _styled([mark_of(found[i])])),
        Col("mode", 12, 19, lambda i: _mode(found[i]), True),
        Col("error budget", wide, 18, lambda i: _styled(budget_cells(found[i], wide)), True),
        Col("burns", 6, 16, lambda i: _burn(found[i])),
        Col("agreed", 6, 17, lambda i: percent(agreed[i].value)),
        Col("95%", 6, 10, lambda i: (sure(agreed[i]), QUIET)),
        Col("decided", 7, 12, lambda i: f"{found[i].decided:,}"),
        Col("alone", 7, 8, lambda i: (f"{found[i].automatic:,}", QUIET)),
        Col("by", 11, 6, lambda i: (found[i].source, QUIET), True),
    ]
    names = [(row.agent, row.kind or row.version) for row in found]
    return rows(room, room.height, cols, names, "agent", most=36, least=22)


def _rows(view: Overview) -> list[AgentRow]:
    return rows_from(view.standing)


def _agreement(row: AgentRow) -> Share:
    """How many of their decisions on it people made as it had proposed, in the budget's window."""
    tally = row.force.tally
    return share(tally.approved, tally.decided)


def _mode(row: AgentRow) -> tuple[str, str]:
    if row.stop is not None:
        return "■ stopped", BAD
    return mode_words(row.mode), "" if row.source == "policy" else WARN


def _burn(row: AgentRow) -> tuple[str, str]:
    """How many times too fast its budget burns, at the fastest of the paces that are watched."""
    if not row.force.burns:
        return "·", QUIET
    burn = row.force.burns[0]
    return f"{burn.long_burn:.1f}×", BAD if burn.pace.page else WARN


def _styled(cells: list[tuple[str, str]]) -> Content:
    return Content.assemble(*((text, _STYLES[style]) for text, style in cells))
