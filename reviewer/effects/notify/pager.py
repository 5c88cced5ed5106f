"""A page to whoever is on call: by a command of the person's own, or by a POST to their service.

Nothing an agent wrote leaves here uncleaned: a page holds ids, our words, and text that came
through the door for untrusted text.  A page is sent once and never again by itself: where it is
not known whether it went out, that is what is said.  The address and the command may hold secrets,
so that no sentence repeats more of them than a host or a program's name.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import os
import shlex
import signal
import subprocess
import tempfile
from dataclasses import asdict, dataclass
from typing import IO, Final
from urllib.parse import SplitResult, urlsplit

from ...domain.errors import InputError
from ...untrusted import one_line

COMMAND_SECONDS: Final = 10.0
"""How long a pager's command may take."""
HTTP_SECONDS: Final = 5.0
"""How long each step of a POST may take: connecting, sending, answering."""
_SAID: Final = 2000
"""Bytes of a failing command's words that are looked at."""
_LOCAL: Final = ("localhost", "localhost.localdomain")
_HINT: Final = "Write a command line, or an address such as https://pager.example/hook."


@dataclass(frozen=True, slots=True)
class Page:
    """What a pager is told; texts are clean already (`cleaned`).

    `to` is the person who is paged, `by` who pages; `due_at` is RFC 3339, UTC; `words` are what
    the pager's person shall read first; `link` is a permalink.
    """

    to: str
    by: str
    artifact: str
    queue: str
    agent: str
    kind: str
    title: str
    risk: str
    due_at: str
    words: str
    link: str
    event: str = "page"

    def sentence(self) -> str:
        """The page in one line, for a telephone's screen."""
        words = f" {self.words}" if self.words else ""
        return one_line(
            f"{self.by} pages {self.to}: {self.risk} in {self.queue}, due {self.due_at}: "
            f"{self.title}.{words} {self.link}",
            600,
        )

    def document(self) -> bytes:
        """The page as one JSON object in printable ASCII, a line."""
        said = json.dumps(asdict(self) | {"sentence": self.sentence()}, ensure_ascii=True)
        return said.replace("\x7f", "\\u007f").encode("ascii") + b"\n"


def cleaned(text: str, cells: int = 200) -> str:
    """Text as it may stand in a page: one line, nothing hidden, not long."""
    return one_line(" ".join(text.split()), cells)


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of a page, in a sentence."""

    ok: bool
    sentence: str


def target(pager: str) -> tuple[str, ...] | SplitResult:
    """The command line or the address that a setting names; raises `InputError` where it is none.

    An address is `https:`; `http:` only to this machine itself.
    """
    if "://" not in pager.strip().partition(" ")[0]:
        return _command(pager)
    try:
        url = urlsplit(pager.strip())
        host, _ = url.hostname or "", url.port
    except ValueError:
        raise InputError("the pager's address cannot be read", hint=_HINT) from None
    if not host or url.scheme not in ("http", "https"):
        raise InputError("the pager's address is no https address", hint=_HINT)
    if url.scheme == "http" and not _is_this_machine(host):
        sentence = "the pager's address must be https: a page says what is going on"
        raise InputError(sentence, hint="http is for this machine alone.")
    return url


def name_of(pager: str) -> str:
    """What a person may be told of a pager: the program's name, or the host."""
    found = target(pager)
    if isinstance(found, SplitResult):
        return cleaned(found.hostname or "", 60)
    return cleaned(os.path.basename(found[0].partition("=")[0]), 60)


async def send(pager: str, page: Page) -> Sent:
    """Sends a page once, off the event loop; what goes wrong is in the answer, never raised."""
    try:
        found = target(pager)
    except InputError as error:
        return Sent(False, f"The page was not sent: {error.sentence}. {error.hint}")
    if isinstance(found, SplitResult):
        return await asyncio.to_thread(_post, found.geturl(), name_of(pager), page)
    return await asyncio.to_thread(_run, found, name_of(pager), page)


def _command(pager: str) -> tuple[str, ...]:
    try:
        words = tuple(shlex.split(pager))
    except ValueError:
        raise InputError("the pager is no command line: a quote is open", hint=_HINT) from None
    if not words or not words[0]:
        raise InputError("the pager names no command", hint=_HINT)
    return words


def _is_this_machine(host: str) -> bool:
    if host.lower() in _LOCAL:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _post(url: str, host: str, page: Page) -> Sent:
    import httpx

    headers = {"content-type": "application/json", "user-agent": "reviewer"}
    try:
        with (
            httpx.Client(timeout=HTTP_SECONDS, follow_redirects=False) as client,
            client.stream("POST", url, content=page.document(), headers=headers) as answer,
        ):
            status = answer.status_code
    except httpx.ConnectTimeout:
        return Sent(False, f"The page was not sent: {host} did not answer in time.")
    except httpx.TimeoutException:
        return _unknown(f"{host} took it and did not answer in time")
    except httpx.ConnectError:
        return Sent(False, f"The page was not sent: {host} cannot be reached.")
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        return _unknown(f"the line to {host} broke ({type(error).__name__})")
    if 200 <= status < 300:
        return Sent(True, f"Paged {page.to}: {host} took it.")
    redirect = "; redirects are not followed" if 300 <= status < 400 else ""
    return Sent(False, f"The page was refused: {host} answered {status}{redirect}.")


def _run(words: tuple[str, ...], name: str, page: Page) -> Sent:
    with tempfile.TemporaryFile() as said:
        try:
            process = subprocess.Popen(
                [*words, page.sentence()],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=said,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or "it is no command line"
            return Sent(False, f"The page was not sent: {name} cannot be started: {why}.")
        try:
            # a page is smaller than a pipe, so that nobody has to read it for this to go on
            assert process.stdin is not None
            try:
                process.stdin.write(page.document())
                process.stdin.close()
            except OSError:
                pass  # it reads nothing; the sentence is its last argument
            code = process.wait(COMMAND_SECONDS)
        except subprocess.TimeoutExpired:
            _stop(process)
            return _unknown(f"{name} had not ended after {COMMAND_SECONDS:.0f} s and was stopped")
        if code == 0:
            return Sent(True, f"Paged {page.to}: {name} took it.")
        how = f"was ended by signal {-code}" if code < 0 else f"ended with {code}"
        words_of_it = _first_line(said)
        return Sent(False, f"The page failed: {name} {how}{words_of_it}.")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ends the command and whatever it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (OSError, AttributeError):
        process.kill()
    process.wait()


def _first_line(said: IO[bytes]) -> str:
    said.seek(0)
    lines = said.read(_SAID).decode("utf-8", "replace").strip().splitlines()
    return f": {cleaned(lines[0], 160).rstrip('.')}" if lines else ""


def _unknown(why: str) -> Sent:
    return Sent(False, f"Whether the page went out is not known: {why}. It is not sent again.")
