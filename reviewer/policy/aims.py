"""What writes aim at and whom they go to, in a form that a pattern can be held against.

A name that two programs could read differently must not get past a pattern by the one reading and
be acted on by the other, so it is told apart here: such a name only `*` stands for.
Sources: RFC 3986 (URI), RFC 5322 (addresses).
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote_to_bytes

UNCLEAR: Final = "?unclear?"
"""Stands for a recipient that may be read as another one than it looks."""

_ADDRESS = re.compile(r"(https?)://([^/?#]*)([^?#]*)", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9._-]+(:[0-9]{1,5})?|\[[0-9a-f:.]+\](:[0-9]{1,5})?")
_ESCAPE = re.compile(r"%(.{0,2})", re.DOTALL)
_TELLING: Final = frozenset(b"%/\\.;?#\x7f\xc0\xc1") | frozenset(range(0x20))
"""Bytes that change what a path means, or are never part of UTF-8: nobody needs them escaped."""


def bare(url: str) -> str:
    """An address without query and fragment, scheme and host in small letters."""
    found = _ADDRESS.match(url)
    return url if found is None else f"{found[1].lower()}://{found[2].lower()}{found[3]}"


def query(url: str) -> str:
    """The query of an address."""
    return url.partition("#")[0].partition("?")[2]


def clear_url(url: str) -> bool:
    """Whether an address has one reading: no user before the host, no steps up, nothing odd."""
    found = _ADDRESS.match(url)
    if found is None or not _plain(url) or " " in url:
        return False
    path = found[3].removeprefix("/")
    return bool(_HOST.fullmatch(found[2].lower())) and _clear_steps(path, leading=False)


def clear_name(name: str) -> bool:
    """Whether the name of a resource has one reading."""
    return _plain(name) and _clear_steps(name, leading=True)


def address(text: str) -> str:
    """The address of a recipient such as `Mia <mia@example.com>`, in small letters.

    What holds an `@` and can be read in two ways (two addresses, quotes, comments) is `UNCLEAR`.
    """
    if "@" not in text:
        return text
    bare_ = text.strip()
    if bare_.endswith(">") and bare_.count("<") == 1:
        name, bare_ = bare_[:-1].split("<")
        if set('@,;:"()\\').intersection(name) or not name.isprintable():
            return UNCLEAR
    odd = set(' ,;:"()<>\\[]').intersection(bare_) or not bare_.isprintable()
    if odd or bare_.count("@") != 1 or bare_.startswith("@") or bare_.endswith("@"):
        return UNCLEAR
    return bare_.lower() if bare_.isascii() else bare_


def _plain(text: str) -> bool:
    return text.isprintable() and "\\" not in text


def _clear_steps(path: str, *, leading: bool) -> bool:
    """No step that goes up or nowhere, no escape of what means something in a path."""
    for escape in _ESCAPE.finditer(path):
        byte = unquote_to_bytes("%" + escape[1])
        if byte[0] in _TELLING and (len(byte) == 1 or not leading):
            return False
    steps = path.split("/")
    # a name may begin with a slash; an address has its own before this path
    between = steps[1:-1] if leading else steps[:-1]
    return "" not in between and not any(step in (".", "..") for step in steps)
