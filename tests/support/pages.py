"""Writes the key tables of README and guide from the registry: `python -m tests.support.pages`."""

from __future__ import annotations

import re
from pathlib import Path

from reviewer.actions import display, key_table_markdown, place

from .shared import ROOT

README = ROOT / "README.md"
GUIDE = ROOT / "reviewer" / "guide" / "03-desk.md"
_SECTION = re.compile(r"(<!-- keys: .*? -->\n).*?(<!-- /keys -->)", re.DOTALL)


def short_table() -> str:
    """The actions that the footers name, in one table: what a newcomer needs."""
    lines = ["| key | in the inbox and in a review |", "|---|---|"]
    seen = set()
    for action in (*place("inbox"), *place("review")):
        if action.label and action.id not in seen and "later" not in action.guards:
            seen.add(action.id)
            keys = " ".join(f"`{display(key)}`" for key in action.keys)
            lines.append(f"| {keys} | {action.sentence} |")
    return "\n".join(lines) + "\n"


def renewed(page: Path, table: str) -> str:
    """The page's text with the table between its markers."""
    text, changed = _SECTION.subn(lambda match: match[1] + table + match[2], page.read_text())
    if changed != 1:
        raise SystemExit(f"{page.name} has no place for the key table")
    return text


PAGES = {README: short_table, GUIDE: key_table_markdown}

if __name__ == "__main__":
    for page, table in PAGES.items():
        page.write_text(renewed(page, table()))
