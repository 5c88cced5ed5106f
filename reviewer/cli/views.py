"""`reviewer views`: see the saved views, and share them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from .. import config, saved_views
from ..domain.errors import InputError
from ..saved_views import TABS, find_view
from .commands import JsonOption, command
from .output import say, say_json
from .session import Session

FileArgument = Annotated[
    str, typer.Argument(metavar="FILE", help="A file, or - for standard input or output.")
]
_LIMIT = 1_000_000
"""The most bytes of a file of views."""


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(help="Your saved views.", invoke_without_command=True)

    @group.callback()
    def _all(ctx: typer.Context, as_json: JsonOption = False) -> int:
        """Your saved views; without a command, a list of them."""
        if ctx.invoked_subcommand is None:
            _list(Session(as_json=as_json))
        return 0

    command(group, "list", panel="Views", on_queue=False)(_list)
    command(group, "export", panel="Views", on_queue=False)(_export)
    command(group, "import", panel="Views", on_queue=False)(_import)
    app.add_typer(group, name="views", rich_help_panel="This machine")


def _list(session: Session) -> None:
    """List the saved views: digit, name, filter, order, columns."""
    from ..untrusted import one_line

    views = session.config.views
    if session.as_json:
        say_json([view.plain() for view in views])
        return
    for number, view in enumerate(views, 1):
        digit = str(number) if number <= TABS else " "
        more = "  ".join(filter(None, (view.sort and f"sort:{view.sort}", ",".join(view.columns))))
        what = one_line(f"{view.filter or 'everything'}  {more}".rstrip(), 200)
        say(f"{digit}  {one_line(view.name, 24):<24}  {what}")


def _export(
    session: Session,
    file: FileArgument = "-",
    view: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only this one; may be given several times."),
    ] = None,
) -> None:
    """Write views as TOML, for somebody else's `reviewer views import`; no file is overwritten."""
    views = [find_view(session.config.views, name) for name in view or ()] or session.config.views
    text = saved_views.to_toml(views)
    if file == "-":
        sys.stdout.write(text)
        return
    try:
        with Path(file).open("x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError:
        raise InputError(f"There is a file '{file}' already.", hint="Name another one.") from None
    except OSError as error:
        raise InputError(f"'{file}' cannot be written: {error.strerror}.") from None
    say(f"{_number(len(views))} written to {file}.")


def _import(
    session: Session,
    file: FileArgument,
    replace: Annotated[
        bool, typer.Option("--replace", help="Overwrite your views of the same names.")
    ] = False,
) -> None:
    """Add somebody's views to yours; yours of the same name stay, unless you say --replace."""
    theirs = saved_views.from_toml(_text(file))
    mine = session.config.views
    views, clashing = saved_views.merged(mine, theirs, replace=replace)
    if clashing and not replace:
        names = ", ".join(f"'{name}'" for name in clashing)
        raise InputError(
            f"You have other views of the same names: {names}. Nothing was imported.",
            hint="--replace overwrites yours; or rename them in the file.",
        )
    if views != mine:
        config.save_views(views)
    added, replaced = len(views) - len(mine), len(clashing)
    if session.as_json:
        say_json({"added": added, "replaced": replaced, "views": [v.plain() for v in views]})
        return
    again = f", {replaced} replaced" if replaced else ""
    say(f"{_number(added)} added{again}.")
    if len(views) > TABS:
        say(f"The desk has tabs for the first {TABS} of {len(views)}.")


def _text(file: str) -> str:
    try:
        if file == "-":
            raw = sys.stdin.buffer.read(_LIMIT + 1)
        else:
            with Path(file).open("rb") as stream:
                raw = stream.read(_LIMIT + 1)
        if len(raw) > _LIMIT:
            raise InputError(f"'{file}' is too large for a file of views.")
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise InputError(f"'{file}' is not UTF-8 text.") from None
    except OSError as error:
        raise InputError(f"'{file}' cannot be read: {error.strerror}.") from None


def _number(number: int) -> str:
    return "1 view" if number == 1 else f"{number} views"
