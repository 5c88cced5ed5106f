"""Texts with what varies taken out: resource names, addresses, keys, statements.

A pattern keeps the words that say what a thing is and puts a placeholder where one of many stands:
`{n}` for digits, `{id}` for an identifier, `{uuid}` and `{hash}` for what their form gives away,
`{local}` for who of a mail domain.  Patterns group, they judge nothing: what they leave out is
shown as a column of the group.  All are linear in their input, which is cut to a length first.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

LONGEST: Final = 512
"""Characters of a name that are looked at; what is longer ends in `…` and its length class."""
LONGEST_KEY: Final = 80
LONGEST_STATEMENT: Final = 4096

_DIGITS: Final = re.compile(r"\d+")
_UUID: Final = re.compile(r"(?i)[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_HASH: Final = re.compile(r"(?i)(?:sha\d{1,3}[:-])?[0-9a-f]{16,}")
_VERSION: Final = re.compile(r"v\d+(?:\.\d+)*")
_CAPITALS: Final = re.compile(r"[A-Z0-9]{5,}")
_PARTS: Final = re.compile(r"([/:#?&=,; ]+)")
_WORDS: Final = re.compile(r"([-_. ()/]+)")
_KEY: Final = re.compile(r"\d{4,}|[0-9a-f]{16,}|@|^\d+$|^(?=\D*\d)[A-Z0-9]{5,}$")
_STRING: Final = re.compile(r"'[^']*'(?:'[^']*')*")
_NUMBER: Final = re.compile(r"\b\d+(?:\.\d+)?\b")
_LIST: Final = re.compile(r"\(\s*\?(?:\s*,\s*\?)+\s*\)")
_SPACE: Final = re.compile(r"\s+")


def resource_pattern(text: str) -> str:
    """A resource's name: `order/8841` is `order/{id}`, `users/mia_li_3668` is `users/{id}`.

    A part is an identifier as a whole where it holds three digits together, where a third of it
    are digits, or where it is five or more capitals and digits.
    """
    return "".join(
        part if at % 2 else _identifier(part) for at, part in enumerate(_PARTS.split(_cut(text)))
    )


def path_pattern(text: str) -> str:
    """A file's path: its words stay, `invoices/2024-05/invoice-17.pdf` loses its numbers only."""
    return _words(_cut(text))


def url_pattern(url: str) -> str:
    """Scheme, host and port, the path as a resource, and the names of the query's parameters."""
    try:
        parts = urlsplit(_cut(url))
        host = parts.netloc.rpartition("@")[2].lower()
    except ValueError:
        return resource_pattern(url)
    names = sorted({key_pattern(part.partition("=")[0]) for part in parts.query.split("&") if part})
    query = f"?{'&'.join(names)}" if names else ""
    return f"{parts.scheme}://{host}{resource_pattern(parts.path)}{query}"


def statement_pattern(statement: str) -> str:
    """A SQL statement without its literals and with single spaces; lists of literals are one."""
    text = _STRING.sub("?", statement[:LONGEST_STATEMENT])
    return _LIST.sub("(?…)", _SPACE.sub(" ", _NUMBER.sub("?", text)).strip())


def key_pattern(name: str) -> str:
    """A name in a JSON object: itself, but for what is an identifier in it (`cart_7815826`)."""
    return _key(name if len(name) <= LONGEST_KEY else name[:LONGEST_KEY] + "…")


@lru_cache(maxsize=4096)
def _key(name: str) -> str:
    if not _KEY.search(name):
        return name
    return _identifier(name) if "@" in name or _CAPITALS.fullmatch(name) else _words(name)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def _identifier(part: str) -> str:
    """One part between slashes and the like."""
    if "@" in part:
        local, _, domain = part.rpartition("@")
        return f"{{local}}@{domain.lower()}" if local else part
    digits = _DIGITS.findall(part)
    if not digits:
        return "{id}" if _CAPITALS.fullmatch(part) else part
    if _VERSION.fullmatch(part):
        return part
    if _UUID.fullmatch(part):
        return "{uuid}"
    if _HASH.fullmatch(part):
        return "{hash}"
    share = sum(map(len, digits)) / len(part)
    if max(map(len, digits)) >= 3 or (share >= 1 / 3 and (len(part) > 2 or share == 1)):
        return "{id}"
    return "{id}" if _CAPITALS.fullmatch(part) else _DIGITS.sub("{n}", part)


def _words(text: str) -> str:
    """A text whose words stay but for their digits."""
    if _UUID.search(text):
        text = _UUID.sub("{uuid}", text)
    return "".join(word if at % 2 else _word(word) for at, word in enumerate(_WORDS.split(text)))


def _word(word: str) -> str:
    if _HASH.fullmatch(word) and _DIGITS.search(word):
        return "{hash}"
    return _DIGITS.sub("{n}", word)
