"""Saved views: a name for a filter, an order and columns; in the settings, and as TOML to share.

The desk reads them before its first paint, so the filter language is imported only to share them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .domain.errors import InputError, ReviewerError
from .wrong import Wrong, nearest, shown

COLUMNS = (
    "risk", "due", "agent", "kind", "title", "reasons", "holder", "age", "queue", "status", "mode",
)  # fmt: skip
SORTS = ("deadline", "newest", "oldest")
"""The orders in which a queue can be read page by page; the same as `domain.query.SORTS`."""
WIDTHS = (4, 120)
"""The narrowest and the widest column, cells."""
TABS = 9
"""How many views have a tab and a digit."""
LONGEST = 40
"""The most characters in a view's name."""
FIELDS = ("name", "filter", "sort", "columns")
_LIMIT = 100_000
"""The most characters in a text of shared views."""
_COLUMN = re.compile(r"([a-z]+)(?::([0-9]{1,4}))?")


@dataclass(frozen=True, slots=True)
class View:
    """A saved view of the inbox: its tab's name and the filter behind it.

    `sort` is one of `SORTS`, empty for what the filter says; `columns` are written as in the
    settings (`title`, `title:40`), empty for the settings' own.
    """

    name: str
    filter: str = ""
    sort: str = ""
    columns: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """Its fields as TOML and JSON have them; what is not set is left out."""
        found: dict[str, Any] = {"name": self.name, "filter": self.filter}
        if self.sort:
            found["sort"] = self.sort
        if self.columns:
            found["columns"] = list(self.columns)
        return found


DEFAULT_VIEWS = (
    View("Mine", "is:mine"),
    View("My queues", ""),
    View("Breaching", "is:breaching"),
    View("Escalated", "is:escalated"),
    View("Claimed", "is:claimed"),
    View("Decided", "is:decided sort:newest"),
    View("Stuck", "is:stuck"),
)


def column(text: str) -> tuple[str, int]:
    """A column's name and its width, 0 for as wide as there is room; raises `Wrong`."""
    match = _COLUMN.fullmatch(text)
    name = match[1] if match else text.partition(":")[0]
    if name not in COLUMNS:
        raise Wrong(f"'columns' does not know {shown(text)}", nearest(name, COLUMNS))
    if match is None:
        raise Wrong(f"{shown(text)} is no column", 'Write "title", or "title:40" for 40 cells.')
    if match[2] is None:
        return name, 0
    width, (least, most) = int(match[2]), WIDTHS
    if not least <= width <= most:
        raise Wrong(f"a column is {least} to {most} cells wide, not {width}", f'Or write "{name}".')
    return name, width


def read_columns(value: Any) -> tuple[str, ...]:
    """Columns from a setting, each once; raises `Wrong`."""
    if not isinstance(value, list) or not value or not all(isinstance(x, str) for x in value):
        raise Wrong(
            f"'columns' is a list of texts, not {shown(value)}",
            f'Write columns = ["risk", "title:40"]; known: {", ".join(COLUMNS)}.',
        )
    named: dict[str, str] = {}
    for text in value:
        named.setdefault(column(text)[0], text)
    return tuple(named.values())


def read_views(value: Any) -> tuple[View, ...]:
    """Views from a setting; raises `Wrong` with the field and the index of the view."""
    hint = 'Write [[views]], then name = "…" and filter = "…".'
    if not isinstance(value, list) or not all(isinstance(view, Mapping) for view in value):
        raise Wrong("'views' is a list of tables with 'name' and 'filter'", hint)
    views = [_read_view(view, index, hint) for index, view in enumerate(value)]
    if len({view.name for view in views}) != len(views):
        raise Wrong("two views have the same name", "Rename one.")
    return tuple(views)


def _read_view(view: Mapping[str, Any], index: int, hint: str) -> View:
    for key in view:
        if key not in FIELDS:
            raise Wrong(f"a view has no '{key}'", nearest(key, FIELDS), key, index)
    if not isinstance(view.get("name"), str) or not view["name"].strip():
        raise Wrong("a view needs a 'name'", hint, "name", index)
    if not isinstance(view.get("filter", ""), str):
        raise Wrong("a view's 'filter' is a text in quotes", hint, "filter", index)
    sort = view.get("sort", "")
    if sort not in ("", *SORTS):
        known = ", ".join(SORTS)
        raise Wrong(
            f"a view's 'sort' is no order: {shown(sort)}", f"Known: {known}.", "sort", index
        )
    columns: tuple[str, ...] = ()
    if "columns" in view:
        try:
            columns = read_columns(view["columns"])
        except Wrong as wrong:
            raise Wrong(wrong.why, wrong.hint, "columns", index) from None
    return View(view["name"].strip(), view.get("filter", "").strip(), sort, columns)


def find_view(views: Iterable[View], name: str) -> View:
    """The view with this name, in whatever case; raises `InputError` that lists the names."""
    views = list(views)
    for view in views:
        if view.name.lower() == name.strip().lower():
            return view
    names = ", ".join(view.name for view in views)
    raise InputError(f"There is no view '{name}'.", hint=f"Views: {names}.")


# -------------------------------------------------------------------------------- sharing


def clean_name(name: str) -> str:
    """A name as it may stand in a tab: one line, nothing hidden, not too long."""
    from .untrusted import one_line

    return one_line(" ".join(name.split()), LONGEST).strip()


def filter_problem(text: str) -> str:
    """Why a filter cannot be read, in a sentence; empty where it can."""
    from .domain.query import parse

    try:
        parse(text)
    except ReviewerError as error:
        return str(error)
    return ""


def to_toml(views: Iterable[View]) -> str:
    """Views as a TOML text, a table each, that `from_toml` reads."""
    import tomlkit

    document = tomlkit.document()
    tables = tomlkit.aot()
    for view in views:
        table = tomlkit.table()
        table.update(view.plain())
        tables.append(table)
    document["views"] = tables
    return tomlkit.dumps(document)


def one_line_toml(view: View) -> str:
    """One view as one line of TOML, for a chat; `from_toml` reads it too."""
    import tomlkit

    from .untrusted.escapes import toml_escaped

    table = tomlkit.inline_table()
    table.update(view.plain())
    items = tomlkit.array()
    items.append(table)
    document = tomlkit.document()
    document["views"] = items
    return toml_escaped(tomlkit.dumps(document).strip())


def from_toml(text: str) -> tuple[View, ...]:
    """The views in a shared text; raises `ReviewerError` with all that it does not understand.

    Somebody else wrote it: nothing but `views` may be in it, names are cleaned, and every filter
    must be readable, so that what was imported can be opened.
    """
    import tomllib

    if len(text) > _LIMIT:
        raise ReviewerError(f"Shared views are not longer than {_LIMIT:,} characters.")
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ReviewerError(
            f"The views cannot be read: not TOML: {str(error)[:200]}.",
            "`reviewer views export -` shows what they look like.",
        ) from None
    extra = sorted(set(found) - {"views"})
    if extra:
        raise ReviewerError(
            f"Shared views hold nothing but 'views', not {shown(extra[0])}.",
            "`reviewer views export -` shows what they look like.",
        )
    try:
        views = read_views(found.get("views", []))
    except Wrong as wrong:
        where = "" if wrong.index is None else f" (view {wrong.index + 1})"
        raise ReviewerError(f"{wrong.why[:1].upper()}{wrong.why[1:]}{where}.", wrong.hint) from None
    if not views:
        raise ReviewerError("There is no view in it.", "A view begins with [[views]].")
    cleaned = []
    for number, view in enumerate(views, 1):
        problem = filter_problem(view.filter)
        if problem:
            raise ReviewerError(f"The filter of view {number} cannot be read: {problem}")
        cleaned.append(View(clean_name(view.name), view.filter, view.sort, view.columns))
    if len({view.name for view in cleaned}) != len(cleaned):
        raise ReviewerError("Two views have the same name.", "Rename one.")
    return tuple(cleaned)


def merged(
    mine: Sequence[View], theirs: Sequence[View], *, replace: bool = False
) -> tuple[tuple[View, ...], tuple[str, ...]]:
    """My views with theirs, and the names that mean something else here.

    Without `replace` those names keep my meaning, and nobody should save the result unasked.
    """
    by_name = {view.name.lower(): view for view in mine}
    result = list(mine)
    clashing = []
    for view in theirs:
        known = by_name.get(view.name.lower())
        if known is None:
            result.append(view)
        elif known != view:
            clashing.append(known.name)
            if replace:
                result[result.index(known)] = view
    return tuple(result), tuple(clashing)
