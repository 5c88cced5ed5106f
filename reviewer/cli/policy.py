"""`reviewer policy`: check, compare, try out and activate policies, and ask them why."""

from __future__ import annotations

import typer

from .commands import command
from .policy_activate import activate
from .policy_check import check, init, schema, variables
from .policy_explain import explain
from .policy_look import diff, history, show
from .policy_simulate import simulate

HELP = "Who may write what, as whom, who decides, how fast, and when nobody is asked."


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(help=HELP, no_args_is_help=True)
    write, look, change = "Write a policy", "Look", "Change what is in force"
    command(group, "init", panel=write, on_queue=False)(init)
    command(group, "check", panel=write, on_queue=False)(check)
    command(group, "variables", panel=write, on_queue=False)(variables)
    command(group, "schema", panel=write, on_queue=False)(schema)
    command(group, "show", panel=look)(show)
    command(group, "history", panel=look)(history)
    command(group, "explain", panel=look)(explain)
    command(group, "diff", panel=change)(diff)
    command(group, "simulate", panel=change)(simulate)
    command(group, "activate", panel=change)(activate)
    app.add_typer(group, name="policy", rich_help_panel="Agents")
