"""The command tree: every group registers itself; nothing heavy is imported here."""

from __future__ import annotations

import textwrap
from functools import cache
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from .codes import EXIT_HELP
from .commands import AsOption, QueueOption


class _Group(TyperGroup):
    """Commands in the order of registration; a closed pipe is not swallowed but told apart."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise PipeClosed from None


class PipeClosed(Exception):
    """Stands for BrokenPipeError, which typer would turn into an exit of its own."""


def _exit_codes() -> str:
    """A list of them; lines are broken here, so that what follows stays indented."""
    rows = (
        textwrap.fill(f"{int(code):>4}  {text}", 76, subsequent_indent=" " * 6)
        for code, text in EXIT_HELP.items()
    )
    return "\n".join(("Exit codes:", *rows))


app = typer.Typer(
    cls=_Group,
    name="reviewer",
    help="The review desk for AI agents. Without a command it opens the desk.",
    epilog=_exit_codes(),
    invoke_without_command=True,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        from .. import __version__

        typer.echo(f"reviewer {__version__}")
        raise typer.Exit


@app.callback()
def _start(
    ctx: typer.Context,
    queue: QueueOption = None,
    as_name: AsOption = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> int:
    ctx.obj = {"queue": queue or "", "as_name": as_name or ""}
    if ctx.invoked_subcommand is None:
        from .opening import open_desk
        from .session import Session

        return open_desk(Session(ctx.obj["queue"], ctx.obj["as_name"]))
    return 0


@cache
def _tree() -> Any:
    from . import (
        agents,
        claims,
        decisions,
        desk,
        doctor,
        edit,
        groups,
        insights,
        listing,
        modes,
        notices,
        oncall,
        policy,
        records,
        settings,
        stopping,
        submit,
        views,
        web,
        worker,
    )

    for group in (
        desk,
        submit,
        agents,
        listing,
        groups,
        claims,
        oncall,
        notices,
        decisions,
        edit,
        stopping,
        modes,
        records,
        insights,
        policy,
        settings,
        views,
        doctor,
        web,
        worker,
    ):
        group.register(app)
    return get_command(app)


def run(args: list[str]) -> int:
    """Runs the command that `args` name; errors come out as exceptions."""
    try:
        code = _tree().main(args, prog_name="reviewer", standalone_mode=False)
    except PipeClosed:
        raise BrokenPipeError from None
    return int(code or 0)
