"""E-mail over SMTP (RFC 5321), with STARTTLS (RFC 3207), TLS from the start (RFC 8314) or neither.

What the server surely refused may be sent again.  Where the line breaks after the server has got
the envelope, it may have taken the mail: that is unknown, and nothing is sent twice.
"""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

from ... import credentials
from ...domain.errors import InputError, ReviewerError
from ...domain.instant import to_datetime
from ...policy.document import Mail
from .notice import Told
from .post import is_this_machine
from .sent import Sent, cleaned, unknown

SMTP_SECONDS: Final = 10.0
"""How long each step may take: connecting, a command, its answer."""
EVERYBODY: Final = "*"
"""The name in a channel's `to` for everybody who has no address there."""


def send(channel: Mail, told: Told, to: str, name: str, now: int) -> Sent:
    """Sends one mail to one person, blocking; what goes wrong is in the answer, never raised.

    `name` makes the Message-ID: the same for the same step, so that readers see a repetition as
    one; `now` is an instant in microseconds.
    """
    host = cleaned(channel.host, 60)
    try:
        mail = message(channel, told, to, name, now)
        password = credentials.secret(channel.secret) if channel.secret is not None else ""
        if channel.user and channel.tls == "none" and not is_this_machine(channel.host):
            raise InputError("a password goes over TLS only", hint="Set tls: starttls, or tls.")
    except ReviewerError as error:
        return Sent(False, f"The mail was not sent: {error}")
    try:
        server = _server(channel, password)
    except smtplib.SMTPAuthenticationError as error:
        return _not(f"{host} does not accept the user or the password ({error.smtp_code})")
    except (smtplib.SMTPException, ssl.SSLError, OSError, ValueError) as error:
        return _not(f"{host} cannot be used: {_words(error)}")
    try:
        server.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        codes = ", ".join(str(code) for code, _ in error.recipients.values())
        return _not(f"{host} refused the address of {cleaned(to, 60)} ({codes})")
    except (smtplib.SMTPResponseException, smtplib.SMTPNotSupportedError) as error:
        return _not(f"{host} refused it: {_words(error)}")
    except (smtplib.SMTPException, OSError, ValueError) as error:
        return unknown("the mail", f"the line to {host} broke ({type(error).__name__})")
    finally:
        server.close()
    return Sent(True, f"Told {cleaned(to, 60)}: {host} took the mail.")


def message(channel: Mail, told: Told, to: str, name: str, now: int) -> EmailMessage:
    """The mail itself; raises `InputError` where the person has no address, or it is none."""
    found = channel.to.get(to) or channel.to.get(EVERYBODY)
    if found is None:
        who = cleaned(to, 60) or "nobody"
        raise InputError(f"there is no address for {who}", hint="Add it under the channel's `to`.")
    sender, recipient = _address(channel.sender), _address(found)
    mail = EmailMessage()
    mail["From"] = Address(display_name="reviewer", addr_spec=sender)
    mail["To"] = Address(addr_spec=recipient)
    mail["Subject"] = cleaned(f"{told.head}: {told.title}", 180)
    mail["Date"] = format_datetime(to_datetime(now))
    mail["Message-ID"] = f"<{_digest(name)}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answers by machines
    lines = (
        told.head,
        f"“{told.title}”",
        f"{told.by_when}{told.why}".strip(),
        *(("", f"reviewer open {told.link}") if told.link else ()),
    )
    mail.set_content("\n".join(lines) + "\n")
    return mail


def _server(channel: Mail, password: str) -> smtplib.SMTP:
    """A server that is ready to take mail, over the line that the channel asks for."""
    context = ssl.create_default_context()
    if channel.tls == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            channel.host, channel.port, timeout=SMTP_SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(channel.host, channel.port, timeout=SMTP_SECONDS)
    try:
        if channel.tls == "starttls":
            server.starttls(context=context)
        server.ehlo_or_helo_if_needed()
        if channel.user:
            server.login(channel.user, password)
    except BaseException:
        server.close()
        raise
    return server


def _address(text: str) -> str:
    """An address as it may stand in an envelope and a header: nothing in it ends a line."""
    try:
        if not text.isprintable() or any(char.isspace() for char in text):
            raise ValueError
        found = Address(addr_spec=text)
        if not found.username or not found.domain:
            raise ValueError
    except (ValueError, LookupError, MessageError):
        raise InputError(
            f"'{cleaned(text, 60)}' is no e-mail address", hint="Write it like ana@example.com."
        ) from None
    return found.addr_spec


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _not(why: str) -> Sent:
    return Sent(False, f"The mail was not sent: {why}.")


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        return cleaned(f"{error.smtp_code} {text}", 160).rstrip(".")
    words = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return cleaned(words, 160).rstrip(".")
