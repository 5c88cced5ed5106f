"""What may be wrong with recipients and requests, as JSON pointers and sentences; hostile text.

Nothing here forbids anything: a person decides whether `bob@localhost` is meant.  Sources: RFC 5321
and 5322 as far as real addresses go, RFC 9110 (methods, field names), RFC 3986.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from ...domain.writes import HTTP

METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
REQUEST: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "method": {"type": "string", "title": "Method", "enum": list(METHODS)},
        "url": {
            "type": "string",
            "title": "URL",
            "description": "http or https, the whole address.",
        },
        "headers": {
            "type": "object",
            "title": "Headers",
            "additionalProperties": {"type": "string"},
        },
        "body": {"title": "Body", "description": "A text or JSON; t changes which."},
    },
}
_PEOPLE: Final = {"type": "array", "items": {"type": "string", "maxLength": 1024}}
MESSAGE: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "to": _PEOPLE | {"title": "To"},
        "cc": _PEOPLE | {"title": "Cc"},
        "bcc": _PEOPLE | {"title": "Bcc", "description": "The others do not see these."},
        "subject": {"type": "string", "title": "Subject"},
    },
}
SQL: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {"parameters": {"title": "Parameters"}},
}

_ADDRESS: Final = re.compile(r"[^\s@<>(),;:\\\"\[\]]+@(?:[^\s@.<>(),;:]+\.)+[^\s@.<>(),;:]{2,63}")
_NAMED: Final = re.compile(r"[^<>]*<([^<>]*)>")
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()./-]{3,24}")
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_MAIL: Final = ("mail", "e-mail", "email", "smtp")
_CALLS: Final = ("sms", "phone", "whatsapp", "signal", "fax")

Found = Iterator[tuple[str, str]]


def recipient_complaints(value: Any, channel: str) -> Found:
    """What is odd about the recipients of a message: shape, hidden letters, twice the same."""
    seen: dict[str, str] = {}
    people = {field: value.get(field) or [] for field in ("to", "cc", "bcc")}
    for field, names in people.items():
        for number, name in enumerate(names):
            if not isinstance(name, str):
                continue
            place = f"/{field}/{number}"
            yield from ((place, why) for why in _odd(name, channel.lower()))
            key = _address(name).casefold().strip()
            if key and key in seen:
                yield place, f"stands twice: also in {seen[key]}"
            seen.setdefault(key, field)
    if not any(people.values()):
        yield "/to", "nobody gets it"
    yield from _hidden(value.get("subject"), "/subject")


def _odd(name: str, channel: str) -> Iterator[str]:
    from ...untrusted import inspect

    yield from (flag.sentence for flag in inspect(name))
    if not name.strip():
        yield "nobody stands here"
    elif name != name.strip():
        yield "blanks stand around it"
    elif (channel in _MAIL or "@" in name.strip("@")) and not _ADDRESS.fullmatch(_address(name)):
        yield "this does not look like an e-mail address"
    elif channel in _CALLS and not _PHONE.fullmatch(name):
        yield "this does not look like a telephone number"


def _address(name: str) -> str:
    found = _NAMED.fullmatch(name.strip())
    return found[1].strip() if found else name


def _hidden(text: Any, place: str) -> Found:
    from ...untrusted import inspect

    if isinstance(text, str):
        yield from ((place, flag.sentence) for flag in inspect(text)[:5])


def request_complaints(value: Any) -> Found:
    """What is odd about a request: the address, the names and values of headers."""
    url = value.get("url")
    if isinstance(url, str):
        yield from _hidden(url, "/url")
        yield from (("/url", why) for why in _odd_url(url))
    headers = value.get("headers")
    seen: set[str] = set()
    for name, said in headers.items() if isinstance(headers, dict) else ():
        place = "/headers/" + name.replace("~", "~0").replace("/", "~1")
        if not _TOKEN.fullmatch(name):
            yield place, "this cannot be the name of a header"
        if name.lower() in seen:
            yield place, "stands twice, in other letters"
        seen.add(name.lower())
        if isinstance(said, str) and re.search(r"[\x00-\x08\x0a-\x1f\x7f]", said):
            yield place, "a header's value has no line ends or control characters"
        else:
            yield from _hidden(said, place)


def _odd_url(url: str) -> Iterator[str]:
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        yield f"this is no address: {error}"
        return
    if parts.scheme not in ("http", "https") or not url.startswith(("http://", "https://")):
        yield HTTP
    elif not host:
        yield "there is no host in this address"
    if re.search(r"\s", url):
        yield "there are blanks in this address"
    if parts.username is not None or parts.password is not None:
        yield "a name before @ is no host: it goes to " + (host or "nowhere")
