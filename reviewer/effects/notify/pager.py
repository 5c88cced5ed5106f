"""A page to whoever is on call: by a command of the person's own, or by a POST to their service.

Nothing an agent wrote leaves here uncleaned: a page holds ids, our words, and text that came
through the door for untrusted text.  A page is sent once and never again by itself: where it is
not known whether it went out, that is what is said.  The address and the command may hold secrets,
so that no sentence repeats more of them than a host or a program's name.
"""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import signal
import subprocess
import tempfile
from dataclasses import asdict, dataclass
from typing import IO, Final
from urllib.parse import SplitResult

from ...domain.errors import InputError
from ...untrusted import one_line
from .post import address, post
from .sent import Sent, cleaned, unknown

__all__ = ["COMMAND_SECONDS", "Page", "Sent", "cleaned", "name_of", "send", "target"]

COMMAND_SECONDS: Final = 10.0
"""How long a pager's command may take."""
_SAID: Final = 2000
"""Bytes of a failing command's words that are looked at."""
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


def target(pager: str) -> tuple[str, ...] | SplitResult:
    """The command line or the address that a setting names; raises `InputError` where it is none.

    An address is `https:`; `http:` only to this machine itself.
    """
    if "://" not in pager.strip().partition(" ")[0]:
        return _command(pager)
    return address(pager, "the pager's", _HINT)


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
        done = f"Paged {page.to}"
        return await asyncio.to_thread(post, found, page.document(), "the page", done)
    return await asyncio.to_thread(_run, found, name_of(pager), page)


def _command(pager: str) -> tuple[str, ...]:
    try:
        words = tuple(shlex.split(pager))
    except ValueError:
        raise InputError("the pager is no command line: a quote is open", hint=_HINT) from None
    if not words or not words[0]:
        raise InputError("the pager names no command", hint=_HINT)
    return words


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
            return unknown(
                "the page", f"{name} had not ended after {COMMAND_SECONDS:.0f} s and was stopped"
            )
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
