"""Writes the tables of README and guide from the program: `python -m tests.support.pages`."""

from __future__ import annotations

import re
from pathlib import Path

from reviewer.actions import display, key_table_markdown, place
from reviewer.cli.codes import EXIT_HELP

from .shared import ROOT

README = ROOT / "README.md"
GUIDE = ROOT / "reviewer" / "guide"
_SECTION = re.compile(r"(<!-- ([a-z ]+): made by .*? -->\n).*?(<!-- /\2 -->)", re.DOTALL)


def short_table() -> str:
    """The actions that the footers name, in one table: what a newcomer needs."""
    lines = ["| key | in the inbox and in a review |", "|---|---|"]
    seen = set()
    for action in (*place("inbox"), *place("review")):
        if action.label and action.id not in seen:
            seen.add(action.id)
            keys = " ".join(f"`{display(key)}`" for key in action.keys)
            lines.append(f"| {keys} | {action.sentence} |")
    return "\n".join(lines) + "\n"


def exit_codes() -> str:
    """What every exit code of the command line means."""
    rows = (f"| {int(code)} | {text} |" for code, text in EXIT_HELP.items())
    return "\n".join(("| exit code | meaning |", "|---|---|", *rows)) + "\n"


def renewed(page: Path, table: str) -> str:
    """The page's text with the table between its markers."""
    text, changed = _SECTION.subn(lambda match: match[1] + table + match[3], page.read_text())
    if changed != 1:
        raise SystemExit(f"{page.name} has no place for its table")
    return text


PAGES = {
    README: short_table,
    GUIDE / "03-desk.md": key_table_markdown,
    GUIDE / "04-submit.md": exit_codes,
}

if __name__ == "__main__":
    for page, table in PAGES.items():
        page.write_text(renewed(page, table()))
