"""Form widgets: fields, cells, recipients; each a view on the text of a write's form."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from .base import WriteForm

if TYPE_CHECKING:
    from ....domain.writes import Write

__all__ = ["WriteForm", "widget_for"]


def widget_for(write: Write) -> Callable[[], WriteForm] | None:
    """What makes the form widget of a write; None where its text is edited as text."""
    from .field_form import FieldForm, RequestForm
    from .rows_form import RowsForm
    from .text_form import MessageForm, SqlForm

    makers: dict[str, type[WriteForm]] = {
        "record": FieldForm,
        "tool_call": FieldForm,
        "rows": RowsForm,
        "request": RequestForm,
        "message": MessageForm,
        "sql": SqlForm,
    }
    maker = makers.get(write.type)
    if maker is None or (write.type == "record" and write.result() is None):
        return None
    return partial(maker, write)
