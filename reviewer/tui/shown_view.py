"""The saved views, which one is open, and what a person changed in each since it was opened.

Pure values; a view keeps its own filter, order and columns until the desk is left or it is saved.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from ..config import View
from ..saved_views import SORTS, TABS


@dataclass(frozen=True, slots=True)
class Since:
    """What was changed in a view; None and "" where nothing was."""

    filter: str = ""
    sort: str = ""
    columns: tuple[str, ...] = ()


@dataclass(slots=True)
class ShownViews:
    """The views that have tabs; `default_columns` are the settings' own."""

    views: tuple[View, ...]
    default_columns: tuple[str, ...]
    here: int = 0
    _since: dict[str, Since] = field(default_factory=dict)

    @classmethod
    def of(cls, views: Iterable[View], columns: tuple[str, ...], first: str = "") -> ShownViews:
        """The first nine; `first` is the name of the one to open."""
        shown = tuple(views)[:TABS]
        names = [view.name.lower() for view in shown]
        here = names.index(first.lower()) if first.lower() in names else 0
        return cls(shown, columns, here)

    @property
    def view(self) -> View:
        """The view that is open, as it is saved."""
        return self.views[self.here]

    def beside(self, step: int) -> ShownViews:
        """The same with the view so many steps away open."""
        return replace(self, here=(self.here + step) % len(self.views))

    @property
    def since(self) -> Since:
        """What was changed in it."""
        return self._since.get(self.view.name, Since())

    @property
    def filter(self) -> str:
        """The filter typed over the view's own."""
        return self.since.filter

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns to draw, with their widths."""
        return self.since.columns or self.view.columns or self.default_columns

    @property
    def changed(self) -> bool:
        """Whether it shows something else than what is saved under its name."""
        return self.since != Since()

    def set(self, **changes: object) -> None:
        """Changes `filter`, `sort` or `columns` of the view that is open."""
        self._since[self.view.name] = replace(self.since, **changes)  # type: ignore[arg-type]

    def text(self, queue: str = "") -> str:
        """The whole filter: the view's, the chosen queue, what was typed, the order."""
        sort = self.since.sort or self.view.sort
        parts = (
            self.view.filter,
            f'queue:"{queue}"' if queue else "",
            self.filter,
            f"sort:{sort}" if sort else "",
        )
        return " ".join(part for part in parts if part)

    def as_view(self, name: str) -> View:
        """What is shown now, as a view of this name."""
        both = " ".join(part for part in (self.view.filter, self.filter) if part)
        columns = self.since.columns or self.view.columns
        return View(name, both, self.since.sort or self.view.sort, columns)

    def saved(self, views: Iterable[View], open_name: str) -> None:
        """Other views are saved now; the one to be open starts without changes of its own."""
        name = self.view.name
        self.views = tuple(views)[:TABS]
        names = [view.name for view in self.views]
        wanted = open_name if open_name in names else name
        self.here = names.index(wanted) if wanted in names else min(self.here, len(names) - 1)
        self._since.pop(open_name, None)
        self._since = {name: since for name, since in self._since.items() if name in names}


def next_sort(order: str) -> str:
    """The order that follows in the round of orders."""
    return SORTS[(SORTS.index(order) + 1) % len(SORTS)] if order in SORTS else SORTS[0]


def sort_by(column: str, order: str) -> str:
    """The order that a click on a column's head asks for, empty where the queue has none for it.

    A second click on `age` turns it around; deadlines are read from the nearest on only.
    """
    if column == "due":
        return "deadline"
    if column == "age":
        return "oldest" if order == "newest" else "newest"
    return ""


def arrow(column: str, order: str) -> str:
    """`↑` or `↓` where this column's values grow or fall down the list, else nothing."""
    arrows = {("due", "deadline"): "↑", ("age", "newest"): "↑", ("age", "oldest"): "↓"}
    return arrows.get((column, order), "")
