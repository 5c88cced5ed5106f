"""Tokens for servers, kept in the operating system's keyring and nowhere else.

`keyring` is imported on use: it talks to D-Bus or the like, which the embedded queue never needs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit, urlunsplit

from .domain.errors import ReviewerError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

SERVICE = "reviewer"


def get(url: str) -> str | None:
    """The token for the server at a URL, or None; raises `ReviewerError` without a keyring."""
    ring, name = _keyring(), account(url)
    return _asked(lambda: ring.get_password(SERVICE, name))


def set(url: str, token: str) -> None:
    """Keeps a token; raises `ReviewerError` where the keyring does not really keep it."""
    if not token.strip():
        raise ReviewerError("The token is empty.")
    ring, name = _keyring(), account(url)
    _asked(lambda: ring.set_password(SERVICE, name, token))
    if _asked(lambda: ring.get_password(SERVICE, name)) != token:
        raise ReviewerError(
            f"The keyring {_named(ring)} took the token and did not keep it.", _CHOOSE
        )


def forget(url: str) -> bool:
    """Removes a token; False where there was none."""
    ring, name = _keyring(), account(url)
    if _asked(lambda: ring.get_password(SERVICE, name)) is None:
        return False
    _asked(lambda: ring.delete_password(SERVICE, name))
    return True


def secret(name: str) -> str:
    """A secret that a policy names, kept as `secret:NAME`; raises `ReviewerError` without it.

    The prefix keeps a policy from naming the token of a server.
    """
    ring, account = _keyring(), f"secret:{name}"
    found = _asked(lambda: ring.get_password(SERVICE, account))
    if not found:
        shown = "".join(char if char.isprintable() else "?" for char in name[:60])
        raise ReviewerError(
            f"The keyring has no secret '{shown}'.",
            f"Keep it with `keyring set {SERVICE} secret:{shown}`.",
        )
    return found


def account(url: str) -> str:
    """The name under which a server's token is kept: scheme, host, port and path, nothing else."""
    parts = urlsplit(url)
    if not parts.hostname:
        raise ReviewerError(f"'{url}' names no server, so it has no token.")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = f":{parts.port}" if parts.port else ""
    return urlunsplit((parts.scheme.lower(), host + port, parts.path.rstrip("/"), "", ""))


_CHOOSE = "Choose one with `keyring diagnose`, or set PYTHON_KEYRING_BACKEND."


def _named(ring: KeyringBackend) -> str:
    return f"{type(ring).__module__}.{type(ring).__qualname__}"


def _keyring() -> KeyringBackend:
    try:
        import keyring
        from keyring.backends import fail

        ring: KeyringBackend = keyring.get_keyring()
    except Exception as error:  # the chosen backend's module may fail in any way
        raise ReviewerError(
            f"The system's keyring cannot be used: {type(error).__name__}.", _CHOOSE
        ) from error
    if isinstance(ring, fail.Keyring):
        raise ReviewerError("There is no keyring on this system to keep tokens in.", _CHOOSE)
    return ring


def _asked(call: Callable[[], T]) -> T:
    from keyring.errors import KeyringError, KeyringLocked

    try:
        return call()
    except KeyringLocked:
        raise ReviewerError("The keyring is locked.", "Unlock it and try again.") from None
    except KeyringError as error:
        raise ReviewerError(f"The keyring refused: {error or type(error).__name__}.") from None
