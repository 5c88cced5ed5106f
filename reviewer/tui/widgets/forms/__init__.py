"""Form widgets: fields, cells, recipients; each a view on the text of a write's form."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .base import WriteForm

if TYPE_CHECKING:
    from ....domain.writes import Write

__all__ = ["WriteForm", "widget_for"]


def widget_for(write: Write) -> Callable[[], WriteForm] | None:
    """What makes the form widget of a write; None where its text is edited as text."""
    makers: dict[str, Callable[[], WriteForm]] = {}
    return makers.get(write.type)
