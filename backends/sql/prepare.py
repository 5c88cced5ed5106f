"""Compiles the statements ahead of time: `python -m backends.sql.prepare` writes `prepared/`.

The texts carry named parameters, so that a driver of any parameter style can run them.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from sqlalchemy.dialects import sqlite
from sqlalchemy.engine.interfaces import Dialect

from .statements import ALL

DIALECTS: dict[str, Dialect] = {"sqlite": sqlite.dialect(paramstyle="named")}
HEAD = '''"""SQL for {name}, made by `python -m backends.sql.prepare`; edit `statements` instead."""

# ruff: noqa: E501

SQL: dict[str, str] = {{
'''


def texts(dialect: Dialect) -> dict[str, str]:
    """Name → SQL text of every statement."""
    found = {}
    for name, (statement, _) in ALL.items():
        compiled = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
        text = " ".join(str(compiled).split())
        for key, value in compiled.params.items():
            if value is not None:  # what Core binds by itself, such as OFFSET 0
                text = text.replace(f":{key}", str(int(value)))
        found[name] = text
    return found


def module(name: str) -> str:
    """The source of the module for a dialect."""
    lines = [HEAD.format(name=name)]
    for key, text in texts(DIALECTS[name]).items():
        lines.append(f"    # {ALL[key][1]}\n    {json.dumps(key)}: {_quoted(text)},\n")
    return "".join((*lines, "}\n"))


def _quoted(text: str) -> str:
    """A string literal with the fewest escapes, as the formatter writes it."""
    if text.count('"') > text.count("'"):
        return "'" + text.replace("'", "\\'") + "'"
    return json.dumps(text)


def main() -> None:
    """Writes one module per dialect."""
    for name in DIALECTS:
        path = Path(__file__).parent / "prepared" / f"{name}.py"
        path.write_text(module(name), encoding="utf-8")
        sys.stdout.write(f"{path.name}: {len(ALL)} statements\n")


if __name__ == "__main__":
    main()
