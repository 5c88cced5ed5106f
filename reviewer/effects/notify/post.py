"""One POST of JSON to somebody's service: over https, or to this machine; redirects end it.

The address may hold a secret, so that no sentence repeats more of it than its host.
"""

from __future__ import annotations

import ipaddress
import ssl
from functools import cache
from typing import Final
from urllib.parse import SplitResult, urlsplit

from ...domain.errors import InputError
from .sent import Sent, cleaned, unknown

HTTP_SECONDS: Final = 5.0
"""How long each step of a POST may take: connecting, sending, answering."""
_BETWEEN: Final = (502, 504)
"""What a gateway answers that lost the line to the service behind it, which may have taken it."""
_LOCAL: Final = ("localhost", "localhost.localdomain")


def address(text: str, whose: str, hint: str = "") -> SplitResult:
    """The address in a text; raises `InputError` where nothing may be sent to it.

    It is `https:`; `http:` only to this machine itself.  `whose` begins the sentence, such as
    "the pager's".
    """
    try:
        url = urlsplit(text.strip())
        host, _ = url.hostname or "", url.port
    except ValueError:
        raise InputError(f"{whose} address cannot be read", hint=hint) from None
    if not host or url.scheme not in ("http", "https"):
        raise InputError(f"{whose} address is no https address", hint=hint)
    if url.scheme == "http" and not is_this_machine(host):
        sentence = f"{whose} address must be https: what is sent says what is going on"
        raise InputError(sentence, hint="http is for this machine alone.")
    return url


def is_this_machine(host: str) -> bool:
    """Whether a host's name or number is this machine's own, never asking anybody."""
    if host.lower() in _LOCAL:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@cache
def _context() -> ssl.SSLContext:
    """Whom to trust: read once, for it takes longer than a POST."""
    import httpx

    return httpx.create_ssl_context()


def post(url: SplitResult, body: bytes, what: str, done: str) -> Sent:
    """Posts JSON once, blocking; what goes wrong is in the answer, never raised.

    `what` is what is sent, such as "the page"; `done` how the sentence of success begins.
    """
    import httpx

    host = cleaned(url.hostname or "", 60)
    said = what[:1].upper() + what[1:]
    headers = {"content-type": "application/json", "user-agent": "reviewer"}
    try:
        with (
            httpx.Client(timeout=HTTP_SECONDS, follow_redirects=False, verify=_context()) as client,
            client.stream("POST", url.geturl(), content=body, headers=headers) as answer,
        ):
            status = answer.status_code
    except httpx.ConnectTimeout:
        return Sent(False, f"{said} was not sent: {host} did not answer in time.")
    except httpx.TimeoutException:
        return unknown(what, f"{host} took it and did not answer in time")
    except httpx.ConnectError:
        return Sent(False, f"{said} was not sent: {host} cannot be reached.")
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        return unknown(what, f"the line to {host} broke ({type(error).__name__})")
    if 200 <= status < 300:
        return Sent(True, f"{done}: {host} took it.")
    if status in _BETWEEN:
        return unknown(what, f"a gateway before {host} answered {status}")
    redirect = "; redirects are not followed" if 300 <= status < 400 else ""
    return Sent(False, f"{said} was refused: {host} answered {status}{redirect}.")
