"""Permalinks: `reviewer://PLACE/artifact/ID`, which name an artifact and the queue it is in.

The place is the host of a server's or a database's URL, and `local` for a queue in a file: whoever
gets the link must reach the same queue.  No user, password, path or parameter of the URL goes into
it.  The parts are quoted as RFC 3986 says.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from .errors import InputError

SCHEME = "reviewer"
LOCAL = "local"


class Permalink(NamedTuple):
    """Where an artifact is, and its id."""

    place: str
    artifact_id: str

    def __str__(self) -> str:
        place, artifact = quote(self.place, safe=":[]"), quote(self.artifact_id, safe="")
        return f"{SCHEME}://{place}/artifact/{artifact}"


def place_of(queue_url: str) -> str:
    """The place of a queue: its URL's host and port in lower case, `local` where it has none."""
    try:
        parts = urlsplit(queue_url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return LOCAL
    if not host or parts.scheme.startswith("sqlite"):
        return LOCAL
    named = f"[{host}]" if ":" in host else host
    return named if port is None else f"{named}:{port}"


def is_permalink(text: str) -> bool:
    """Whether a text claims to be a permalink."""
    return text.strip().lower().startswith(f"{SCHEME}://")


def parse(text: str) -> Permalink:
    """The permalink in a text; raises `InputError` where it is none."""
    hint = "A permalink reads reviewer://local/artifact/ID."
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        raise InputError("This is no permalink.", hint=hint) from None
    path = parts.path.split("/")
    good = parts.scheme == SCHEME and parts.netloc and "@" not in parts.netloc
    if not good or len(path) != 3 or path[:2] != ["", "artifact"] or not path[2]:
        raise InputError("This is no permalink.", hint=hint)
    if parts.query or parts.fragment:
        raise InputError("A permalink has nothing behind the id.", hint=hint)
    return Permalink(unquote(parts.netloc).lower(), unquote(path[2]))


def artifact_id(text: str, queue_url: str) -> str:
    """The id that is meant in this queue: that of a permalink to it, or the text itself.

    Raises `InputError` for a permalink to another queue.
    """
    if not is_permalink(text):
        return text
    link, here = parse(text), place_of(queue_url)
    if link.place != here:
        raise InputError(
            f"The permalink leads to the queue at '{link.place}'; this one is '{here}'.",
            hint="Name that queue with --queue.",
        )
    return link.artifact_id
