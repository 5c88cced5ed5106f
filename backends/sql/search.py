"""Free text: what of an artifact is searched, and queries that no word can break."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

MAX_TEXT = 20_000
"""Characters of an artifact that are searched."""

_PREFIX_FROM = 3
# scripts written without blanks between words: one character is one word there
_UNSPACED = re.compile(
    r"([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    r"\uf900-\ufaff\U00020000-\U0003ffff])"
)


def searched(document: dict[str, Any], artifact_id: str) -> str:
    """Title, key, names and all texts of an artifact's document, at most `MAX_TEXT` characters.

    What tells artifacts apart comes first, the conversation last.
    """
    pieces: list[str] = [artifact_id]
    left = MAX_TEXT
    order = ("title", "key", "agent", "kind", "summary", "identity", "writes", "escalations")
    rest = [name for name in document if name not in order]
    for name in (*order, *rest):
        for piece in _texts(document.get(name)):
            if left <= 0:
                return "\n".join(pieces)
            pieces.append(piece[:left])
            left -= len(piece) + 1
    return "\n".join(pieces)


def spaced(text: str) -> str:
    """The same text with blanks around characters of scripts that write without them."""
    return text if text.isascii() else _UNSPACED.sub(r" \1 ", text)


def fts5(words: Sequence[str], prefixes: bool = True) -> str:
    """An FTS5 query for all of the words; with `prefixes` the last token of each may go on.

    Every token is quoted, so that nothing in it is read as syntax.  Source: sqlite.org/fts5.html.
    """
    phrases = []
    for word in words:
        tokens = [token for token in re.split(r"\W+|_", spaced(word)) if _has_letters(token)]
        if not tokens:
            continue
        star = "*" if prefixes and len(tokens[-1]) >= _PREFIX_FROM else ""
        phrases.append('"' + " ".join(tokens) + '"' + star)
    return " AND ".join(phrases)


def _has_letters(token: str) -> bool:
    # FTS5's unicode61 keeps letters, numbers and private use; the rest separates
    return any(unicodedata.category(ch)[0] in "LN" or ch >= "\ue000" for ch in token)


def _texts(value: Any) -> Iterator[str]:
    todo = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, bool) or item is None:
            continue
        elif isinstance(item, int | float):
            yield str(item)
        elif isinstance(item, dict):
            for key, inner in reversed(item.items()):
                todo.append(inner)
                todo.append(key)
        elif isinstance(item, list):
            todo.extend(reversed(item))
