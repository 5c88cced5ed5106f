"""Tokens in the keyring, with keyring's own backend classes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import KeyringLocked, PasswordDeleteError

from reviewer import credentials
from reviewer.domain.errors import ReviewerError

URL = "https://desk.example.com:8443/team/"


class Memory(KeyringBackend):
    """A keyring in a dictionary."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("not there")


class Locked(Memory):
    """A keyring whose owner is away."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("locked")


@pytest.fixture(autouse=True)
def _restore() -> Iterator[None]:
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


def test_kept_found_and_forgotten() -> None:
    ring = Memory()
    keyring.set_keyring(ring)
    assert credentials.get(URL) is None
    credentials.set(URL, "secret")
    assert credentials.get(URL) == "secret"
    assert ring.kept == {("reviewer", "https://desk.example.com:8443/team"): "secret"}
    assert credentials.forget(URL) is True
    assert credentials.forget(URL) is False
    assert credentials.get(URL) is None


def test_one_account_for_all_spellings_of_a_server() -> None:
    names = {
        credentials.account(url)
        for url in (
            "https://Desk.example.com/q",
            "HTTPS://user:word@desk.example.com/q/",
            "https://desk.example.com/q?token=abc#x",
        )
    }
    assert names == {"https://desk.example.com/q"}
    assert credentials.account("http://[::1]:80/") == "http://[::1]:80"


def test_an_embedded_queue_has_no_token() -> None:
    with pytest.raises(ReviewerError, match="names no server"):
        credentials.account("sqlite:////tmp/queue.db")


def test_no_keyring_is_said_clearly() -> None:
    keyring.set_keyring(fail.Keyring())
    with pytest.raises(ReviewerError, match="no keyring"):
        credentials.get(URL)


def test_a_keyring_that_keeps_nothing_is_found_out() -> None:
    keyring.set_keyring(null.Keyring())
    with pytest.raises(ReviewerError, match="did not keep it"):
        credentials.set(URL, "secret")
    assert credentials.get(URL) is None


def test_a_locked_keyring() -> None:
    keyring.set_keyring(Locked())
    with pytest.raises(ReviewerError, match="locked"):
        credentials.get(URL)


def test_an_empty_token_is_refused() -> None:
    keyring.set_keyring(Memory())
    with pytest.raises(ReviewerError, match="empty"):
        credentials.set(URL, " ")


def test_keyring_is_imported_on_use_only() -> None:
    code = "import sys, reviewer.credentials; print('keyring' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
