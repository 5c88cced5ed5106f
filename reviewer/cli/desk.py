"""The desk, the demo, the guide, the keys, the schema: doors to other rooms of the house."""

from __future__ import annotations

import sys
from importlib import resources
from pathlib import Path
from typing import Annotated, Any

import typer

from ..domain.errors import InputError, NotFoundError
from . import complete
from .codes import Exit
from .commands import command
from .failure import complain
from .opening import open_desk
from .output import colours, say, say_json, width
from .session import Session


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    command(app, "desk", panel="Look")(_desk)
    command(app, "demo", panel="This machine", on_queue=False)(_demo)
    command(app, "guide", panel="This machine", on_queue=False)(_guide)
    command(app, "keys", panel="This machine", on_queue=False)(_keys)
    command(app, "schema", panel="Agents", on_queue=False)(_schema)


def _desk(
    session: Session,
    artifact: Annotated[
        str,
        typer.Argument(
            metavar="[ARTIFACT]",
            help="Open this one at once: its id, its key or a permalink.",
            autocompletion=complete.pending,
        ),
    ] = "",
    view: Annotated[str, typer.Option(metavar="NAME", help="The saved view to begin with.")] = "",
    read_only: Annotated[bool, typer.Option(help="Look, decide nothing.")] = False,
) -> int:
    """Open the desk; bare `reviewer` does the same."""
    return open_desk(session, view, read_only, artifact)


def _demo(
    _session: Session,
    home: Annotated[
        str, typer.Option(metavar="DIR", help="Below which directory; else the usual one.")
    ] = "",
    headless: Annotated[
        bool, typer.Option("--headless", help="Without a desk: some seconds, then a summary.")
    ] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Go on with the last demo instead of a new one.")
    ] = False,
) -> int:
    """Open the desk on a queue that a simulated agent keeps lively; nothing leaves this machine."""
    from ..demo import run_demo

    return int(run_demo(Path(home) if home else None, headless, keep=keep))


def guide_pages() -> dict[str, Any]:
    """The guide's pages by name (`01-start` is `start`), in their order."""
    folder = resources.files("reviewer") / "guide"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".md")), key=lambda f: f.name)
    return {f.name.removesuffix(".md").lstrip("0123456789").lstrip("-"): f for f in files}


def _guide(
    session: Session,
    page: Annotated[
        str,
        typer.Argument(
            metavar="PAGE", help="Which; a list of them without it.", autocompletion=complete.pages
        ),
    ] = "",
) -> None:
    """Read the guide."""  # fmt: skip
    pages = guide_pages()
    if not page:
        titles = {name: _title(file.read_text("utf-8")) for name, file in pages.items()}
        if session.as_json:
            say_json(titles)
            return
        for name, title in titles.items():
            say(f"{name:<20} {title}")
        return
    chosen = pages.get(page) or next((f for f in pages.values() if f.name == f"{page}.md"), None)
    if chosen is None:
        raise NotFoundError(f"The guide has no page '{page}'.", f"Pages: {', '.join(pages)}.")
    text = chosen.read_text("utf-8")
    if session.as_json:
        say_json({"page": page, "markdown": text})
    elif sys.stdout.isatty():
        _render(text)
    else:
        sys.stdout.write(text)


def _title(markdown: str) -> str:
    return next((line[2:] for line in markdown.splitlines() if line.startswith("# ")), "")


def _render(markdown: str) -> None:
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console(no_color=not colours(), width=min(width() or 100, 100))
    body = Markdown(markdown)
    if console.height < len(console.render_lines(body)):
        with console.pager(styles=colours()):
            console.print(body)
    else:
        console.print(body)


def _keys(
    session: Session,
    markdown: Annotated[bool, typer.Option(help="As Markdown tables, with the defaults.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Say what is wrong with your keymap, and nothing else.")
    ] = False,
) -> int:
    """List every action of the desk with its keys, yours where you changed them."""
    from ..actions import ACTIONS, display, grouped, key_table_markdown, keys_of

    if markdown:
        sys.stdout.write(key_table_markdown() + "\n")
        return Exit.OK
    keymap = session.config.keymap
    if check:
        return _check_keys(session)
    if session.as_json:
        say_json(
            [
                {"id": a.id, "keys": list(keys_of(a, keymap)), "scope": a.scope,
                 "group": a.group, "sentence": a.sentence}
                for a in ACTIONS
            ]
        )  # fmt: skip
        return Exit.OK
    told: set[str] = set()
    for number, (group, members) in enumerate(grouped(ACTIONS).items()):
        say(f"\n{group}" if number else group, "bold")
        for action in members:
            keys = " ".join(display(key) for key in keys_of(action, keymap))
            line = f"  {keys:<14} {action.id:<18} {action.sentence}"
            if line not in told:  # the same action on several screens
                told.add(line)
                say(line)
    return Exit.OK


def _check_keys(session: Session) -> int:
    from ..actions import check_keymap

    keymap = session.config.keymap
    found = check_keymap(keymap)
    if session.as_json:
        say_json({"changed": len(keymap), "problems": found})
    for sentence in found:
        complain(sentence)
    if not found and not session.as_json:
        say(f"The keymap is good: {len(keymap)} changed, no key does two things.")
    return Exit.USAGE if found else Exit.OK


def _schema(
    _session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What of: artifact.")] = "artifact",
) -> None:
    """Print the JSON Schema of what agents hand in."""
    from ..domain.artifact import json_schema

    if name != "artifact":
        raise InputError(f"There is no schema '{name}'.", hint="Known: artifact.")
    say_json(json_schema())
