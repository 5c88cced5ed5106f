"""The person's own editor: the desk steps aside, the text goes through a private file."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

AT_LINE = frozenset({"vi", "vim", "nvim", "nano", "emacs", "emacsclient", "micro", "kak", "joe"})
"""Editors that take `+LINE` before the file."""


def edit_outside(
    app: App[Any], command: Sequence[str], text: str, name: str
) -> str | Exception | None:
    """The text as the editor left it, None where it was not changed, or what went wrong.

    The file is readable by its owner alone; its suffix comes from `name`, so that the editor knows
    the language.  An editor that ends with an error (`:cq`) changes nothing.
    """
    suffix = re.search(r"\.[A-Za-z0-9]{1,8}$", name)
    with tempfile.TemporaryDirectory(prefix="reviewer-") as folder:
        path = Path(folder) / f"write{suffix[0] if suffix else '.txt'}"
        path.write_text(text, encoding="utf-8", newline="")
        path.chmod(0o600)
        try:
            with app.suspend():
                done = subprocess.run([*command, str(path)], check=False)
            if done.returncode != 0:
                return None
            with path.open(encoding="utf-8", newline="") as file:
                edited = file.read()
        except SuspendNotSupported:
            return RuntimeError("This terminal cannot make room for an editor.")
        except (OSError, UnicodeDecodeError) as error:
            return error
    return None if edited == text else edited


def edit_file(app: App[Any], command: Sequence[str], path: Path, line: int = 0) -> str:
    """Opens a file in the person's editor; why it could not be, or nothing.

    `line` is where editors begin that take `+LINE`, 0 for wherever they begin.
    """
    at = [f"+{line}"] if line and Path(command[0]).name in AT_LINE else []
    try:
        with app.suspend():
            done = subprocess.run([*command, *at, str(path)], check=False)
    except SuspendNotSupported:
        return "This terminal cannot make room for an editor."
    except OSError as error:
        return f"The editor cannot be started: {error.strerror}."
    return "" if done.returncode == 0 else f"The editor ended with {done.returncode}."
