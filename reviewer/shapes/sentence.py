"""A shape in a sentence: `modify orders/{id}: status, refund.amount changed; refund.reason added`.

The texts in it are an artifact's and hostile.
"""

from __future__ import annotations

from typing import Final

from .fields import Field
from .shape import Shape, WriteShape

NAMED: Final = 4
"""How many fields of each kind are named; of more it says how many."""
_WORDS: Final = {"~": "changed", "+": "added", "-": "removed"}


def sentence(shape: Shape) -> str:
    """What the artifacts of a shape do."""
    if not shape.writes:
        return "asks a person; nothing would be written"
    told = [_write(write) for write in shape.writes[:3]]
    more = len(shape.writes) - len(told)
    return " · ".join(told) + (f" · and {more} more writes" if more else "")


def _write(write: WriteShape) -> str:
    verb = _verb(write)
    told = "; ".join(
        f"{_names([f for f in write.fields if f.op == op])} {word}"
        for op, word in _WORDS.items()
        if any(f.op == op for f in write.fields)
    )
    if write.type == "message":
        told = ""
    return f"{verb}{': ' if told else ''}{told}"


def _verb(write: WriteShape) -> str:
    how = write.how[0] if write.how else ""
    match write.type:
        case "record" | "file" | "document":
            return f"{'change' if how == 'patch' else how} {write.target or write.type}"
        case "rows":
            return f"rows of {write.target}"
        case "sql":
            return how
        case "request":
            return " ".join(write.how[:2])
        case "message":
            return f"{how} about {write.target}" if write.target else f"{how} message"
        case _:
            return f"call {how}" + (f" on {write.target}" if write.target else "")


def _names(fields: list[Field]) -> str:
    paths = list(dict.fromkeys(_name(field.path) for field in fields))
    more = f" and {len(paths) - NAMED} more" if len(paths) > NAMED else ""
    return ", ".join(paths[:NAMED]) + more


def _name(path: str) -> str:
    return path.strip("/").replace("/[]", "[]").replace("/", ".")
