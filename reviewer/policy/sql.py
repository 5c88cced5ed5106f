"""The verbs of an SQL text: what its statements do, read with care and without a dialect.

Words within quotes and comments are left out.  Where dialects disagree about what is quoted or a
comment, no verb is told but `unclear`, for which only a grant for every action is enough: a
carriage return ends a comment in PostgreSQL and not in SQLite, and brackets quote a name in SQLite
and SQL Server and hold an index elsewhere, so both have to end at the same place.
What a function does that is called in a SELECT cannot be told from here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

UNCLEAR: Final = "unclear"
LONGEST: Final = 100_000
_CHANGING: Final = frozenset(
    {"insert", "update", "delete", "merge", "replace", "upsert", "truncate", "drop", "alter"}
    | {"create", "grant", "revoke", "copy", "call", "execute", "exec"}
)
_LEADING: Final = frozenset({"explain", "analyze", "analyse", "verbose"})
"""Words before the verb of what may be carried out all the same."""
_TOKEN = re.compile(
    r"""
      (?P<text>'(?:[^'\\]|'')*')
    | (?P<name>"(?:[^"\\]|"")*" | `[^`\\;'"]*`)
    | (?P<line>--(?=[\ \t\r\n]|$)(?:[^\r\n]|\r(?=\n))*+(?!\r))
    | (?P<block>/\*(?![!+])(?:(?!/\*|\*/).)*\*/)
    | (?P<end>;)
    | (?P<bad>\$(?:[A-Za-z_\u0080-\U0010ffff][A-Za-z0-9_\u0080-\U0010ffff]*)?\$
        | \[(?!(?:[^]['"`;\\\#$/-]|'[^]'\\]*'|"[^]"\\]*"|-(?!-)|/(?!\*))*+[][])
        | \b[nN]?[qQ]' | --|/\*|\*/|\\|\#|['"`])
    | (?P<word>[A-Za-z_\u0080-\U0010ffff][A-Za-z0-9_$\u0080-\U0010ffff]*)
    """,
    re.VERBOSE | re.DOTALL,
)


def verbs(text: str) -> tuple[str, ...]:
    """What the statements of a text do, in small letters, each verb once.

    The verb of a statement is its first word; a word that changes something counts wherever it
    stands, since it may stand behind a WITH or an EXPLAIN ANALYZE.
    """
    if len(text) > LONGEST:
        return (UNCLEAR,)
    found: dict[str, None] = {}
    statement: list[tuple[str, bool]] = []
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind == "bad":
            return (UNCLEAR,)
        if kind == "word":
            statement.append((token.group().lower(), _called(text, token.end())))
        elif kind == "end":
            found |= dict.fromkeys(_verbs(statement))
            statement = []
    found |= dict.fromkeys(_verbs(statement))
    return tuple(found) or (UNCLEAR,)


def _verbs(words: list[tuple[str, bool]]) -> Iterator[str]:
    """The verbs of one statement, from its words and whether a bracket follows each."""
    first = next((word for word, _ in words if word not in _LEADING), "")
    if first and first != "with":
        yield first
    changing = [w for w, called in words if w in _CHANGING and not (w == "replace" and called)]
    yield from changing
    if first == "with" and not changing:
        yield "select"
    into = any(word == "into" for word, _ in words)
    if into and not {"insert", "merge", "replace", "upsert"}.intersection(changing):
        yield "create"  # SELECT … INTO makes a table


def _called(text: str, at: int) -> bool:
    """Whether a word is the name of a function: a bracket follows."""
    return text[at : at + 20].lstrip().startswith("(")
