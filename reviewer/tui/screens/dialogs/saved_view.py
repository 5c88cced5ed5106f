"""Saving what is shown as a view, and changing the saved ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static

from ....config import View
from ....saved_views import TABS, clean_name, filter_problem
from ....untrusted import show_line
from ...shown_view import ShownViews
from ...spelling import take_back
from .base import Dialog, Wrong
from .choices import Choices

NAMED = ("new", "rename")
"""The changes that need a name."""


@dataclass(frozen=True, slots=True)
class Change:
    """What to do with the view that is open: `new`, `replace`, `rename`, `delete`, `left`,
    `right` or `copy`; `name` is for the first and the third.
    """

    kind: str
    name: str = ""


def apply(
    saved: Sequence[View], shown: ShownViews, change: Change
) -> tuple[tuple[View, ...], str, str]:
    """The views after a change, the name of the one that is open then, and what to say.

    Raises `Wrong` where it cannot be done.
    """
    views, here = list(saved), shown.here
    name = shown.view.name
    if change.kind in NAMED:
        _check_name(views, change, name)
    if change.kind in ("new", "replace"):
        problem = filter_problem(shown.as_view(name).filter)
        if problem:
            raise Wrong(f"The filter cannot be read: {problem}")
    match change.kind:
        case "new":
            if len(views) >= TABS:
                raise Wrong(f"There is room for {TABS} views; replace or delete one.")
            views.append(shown.as_view(change.name))
            return tuple(views), change.name, f"Saved as '{change.name}', {len(views)} opens it."
        case "replace":
            views[here] = shown.as_view(name)
            return tuple(views), name, f"'{name}' is what you see now."
        case "rename":
            old = views[here]
            views[here] = View(change.name, old.filter, old.sort, old.columns)
            return tuple(views), change.name, f"'{name}' is '{change.name}' now."
        case "delete":
            if len(views) < 2:
                raise Wrong("The last view stays.")
            del views[here]
            return tuple(views), "", f"'{name}' is deleted; V saves what you see as a new one."
    step = -1 if change.kind == "left" else 1
    there = here + step
    if not 0 <= there < min(len(views), TABS):
        raise Wrong(f"It is the {'first' if step < 0 else 'last'} one.")
    views[here], views[there] = views[there], views[here]
    return tuple(views), name, f"'{name}' is on {there + 1} now."


def _check_name(views: Sequence[View], change: Change, own: str) -> None:
    if not change.name:
        raise Wrong("Give it a name.")
    same = next((view for view in views if view.name.lower() == change.name.lower()), None)
    if same is not None and (change.kind == "new" or same.name != own):
        raise Wrong(f"There is a view '{same.name}' already.")


class SavedViewDialog(Dialog[Change]):
    """What to do with the view that is open."""

    heading = "Views"
    verb = "do it"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(str(number), f"pick({number})", show=False) for number in range(1, 8)
    ]

    def __init__(self, saved: Sequence[View], shown: ShownViews) -> None:
        view = shown.as_view(shown.view.name)
        filter = show_line(view.filter, 70) if view.filter else Content("everything")
        parts = [show_line(shown.view.name, 30, "bold"), Content("  "), filter]
        if view.sort:
            parts.append(Content.styled(f"  by {view.sort}", "$quiet"))
        if shown.changed:
            parts.append(Content.styled("  changed since it was opened", "$text-warning"))
        super().__init__(Content("").join(parts))
        self._saved, self._shown = saved, shown

    def body(self) -> ComposeResult:
        name = self._shown.view.name
        quoted = f"'{name}'"
        yield Choices(
            {
                "new": "save what is shown as a new view",
                "replace": f"make {quoted} what is shown now",
                "rename": f"rename {quoted}",
                "delete": f"delete {quoted}",
                "left": f"move {quoted} to the left",
                "right": f"move {quoted} to the right",
                "copy": f"copy {quoted} as a line for `reviewer views import`",
            }
        )
        yield Static(Content("name"), classes="dialog--label", markup=False)
        yield Input(placeholder="for a new view or another name", id="name", max_length=40)

    def more_keys(self) -> str:
        return "1-7 choose   tab name"

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(Choices).focus()

    def on_choices_chosen(self) -> None:
        """Some changes need a name."""
        self.say_wrong("")

    def action_pick(self, number: int) -> None:
        """A digit chooses; what needs a name goes on to it."""
        choices = self.query_one(Choices)
        choices.pick(number)
        if choices.chosen and choices.chosen[0] in NAMED:
            self.query_one("#name", Input).focus()

    def on_input_changed(self) -> None:
        """Another name may be right."""
        self.say_wrong("")

    def collect(self) -> Change:
        chosen = self.query_one(Choices).chosen
        if not chosen:
            raise Wrong("Choose with 1-7.")
        name = clean_name(take_back(self.query_one("#name", Input).value))
        change = Change(chosen[0], name if chosen[0] in NAMED else "")
        if change.kind != "copy":
            apply(self._saved, self._shown, change)
        return change
