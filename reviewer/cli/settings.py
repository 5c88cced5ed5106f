"""`reviewer config`: see, set and check the settings."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from .. import config
from ..config import FIELDS, Config
from ..domain.errors import InputError
from . import complete
from .codes import Exit
from .commands import JsonOption, NumberCommand, command, unshielded
from .failure import complain
from .output import say, say_json
from .session import Session

NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="A setting.", autocompletion=complete.settings)
]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(help="Your settings.", invoke_without_command=True)

    @group.callback()
    def _all(ctx: typer.Context, as_json: JsonOption = False) -> int:
        """Your settings; without a command, all of them with what they mean."""
        if ctx.invoked_subcommand is None:
            _get(Session(as_json=as_json))
        return 0

    command(group, "get", panel="Settings", on_queue=False)(_get)
    command(group, "set", panel="Settings", on_queue=False, cls=NumberCommand)(_set)
    command(group, "unset", panel="Settings", on_queue=False)(_unset)
    command(group, "path", panel="Settings", on_queue=False)(_path)
    command(group, "check", panel="Settings", on_queue=False)(_check)
    app.add_typer(group, name="config", rich_help_panel="This machine")


def _get(
    session: Session,
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="One; all without it.", autocompletion=complete.settings
        ),
    ] = "",
) -> None:
    """Show one setting, or all with what they mean."""  # fmt: skip
    values = {key: _plain(getattr(session.config, key)) for key in FIELDS}
    if name:
        _known(name)
        if session.as_json:
            say_json(values[name])
        else:
            say(_text(values[name]))
    elif session.as_json:
        say_json(values)
    else:
        for key, value in values.items():
            say(f"# {config.meaning(key)}", "dim")
            say(f"{key} = {_text(value)}")


def _set(
    session: Session,
    name: NameArgument,
    value: Annotated[str, typer.Argument(metavar="VALUE", help="Lists with commas.")],
) -> None:
    """Set one setting; the rest of the file stays as it is, comments too."""
    _known(name)
    wanted = _typed(name, unshielded(value))
    wrong = _theme_problem(wanted) if name == "theme" else ""
    if wrong:
        raise InputError(wrong)
    config.save(name, wanted)
    _tell(session, name)


def _unset(session: Session, name: NameArgument) -> None:
    """Remove one setting, so that its default holds."""
    _known(name)
    config.save(name, None)
    _tell(session, name)


def _path(session: Session) -> None:
    """Print where the settings are."""
    path = str(config.config_path())
    if session.as_json:
        say_json({"path": path, "exists": config.config_path().exists()})
    else:
        say(path)


def _check(session: Session) -> int:
    """Check the settings, the filters of the views and the keys too."""
    found = problems(session.config)
    if session.as_json:
        say_json({"path": str(config.config_path()), "problems": found})
    for sentence in found:
        complain(sentence)
    if not found and not session.as_json:
        say(f"{config.config_path()} is good.")
    return Exit.USAGE if found else Exit.OK


def problems(settings: Config) -> list[str]:
    """What loading does not look at, because the desk loads before its first paint."""
    from ..actions import check_keymap
    from ..domain import query
    from ..domain.errors import ReviewerError

    wrong = _theme_problem(settings.theme)
    found = [wrong] if wrong else []
    for view in settings.views:
        try:
            query.parse(view.filter)
        except ReviewerError as error:
            found.append(f"The filter of the view '{view.name}' cannot be read: {error}")
    return found + list(check_keymap(settings.keymap))


def _theme_problem(name: str) -> str:
    if not name:
        return ""
    from textual.theme import BUILTIN_THEMES

    from ..tui.themes import THEMES

    known = [*(theme.name for theme in THEMES), *BUILTIN_THEMES]
    return "" if name in known else f"There is no theme '{name}'. {config.nearest(name, known)}"


def _known(name: str) -> None:
    if name not in FIELDS:
        raise InputError(f"There is no setting '{name}'.", hint=config.nearest(name, FIELDS))


def _typed(name: str, text: str) -> Any:
    default = FIELDS[name].default
    if name in ("views", "keymap", "on_call"):
        raise InputError(f"'{name}' is a table.", hint=f"Write it into {config.config_path()}.")
    if isinstance(default, bool):
        yes, no = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
        return text.lower() in yes if text.lower() in yes + no else text
    if isinstance(default, int):
        return int(text) if text.isascii() and text.lstrip("-").isdigit() else text
    if isinstance(default, tuple):
        return [part.strip() for part in text.split(",") if part.strip()]
    return text


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [part if isinstance(part, str) else part.plain() for part in value]
    return dict(value) if isinstance(value, dict) else value


def _text(value: Any) -> str:
    from ..untrusted import one_line
    from .output import json_text

    if isinstance(value, str):
        return one_line(value)
    return one_line(json_text(value))


def _tell(session: Session, name: str) -> None:
    value = _plain(getattr(config.load(), name))
    if session.as_json:
        say_json({name: value})
    else:
        say(f"{name} = {_text(value)}")
