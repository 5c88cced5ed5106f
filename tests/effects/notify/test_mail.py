"""Mail: what arrives at a real server, over TLS too, and what is told of every way to fail."""

from __future__ import annotations

import socket
import threading
from pathlib import Path
from typing import Any

import keyring
import pytest

from reviewer.effects.notify import mail
from reviewer.effects.notify.notice import told
from reviewer.effects.notify.sent import Sent
from reviewer.policy.document import Mail
from tests.support.receiving import certificate, postbox
from tests.test_credentials import Memory

from .told_of import NOW, notice

SAID = told(notice(), "local")


def channel(port: int, **more: Any) -> Mail:
    fields = {
        "type": "mail",
        "host": "127.0.0.1",
        "port": port,
        "tls": "none",
        "sender": "desk@example.com",
        "to": {"ana": "ana@example.com"},
    }
    return Mail.model_validate(fields | more)


def send(port: int, person: str = "ana", **more: Any) -> Sent:
    return mail.send(channel(port, **more), SAID, person, "a1:2:1:mail:ana", NOW)


def test_a_mail_has_one_recipient_and_no_header_of_the_agents() -> None:
    with postbox() as box:
        sent = send(box.port)
    assert sent == Sent(True, "Told ana: 127.0.0.1 took the mail.")
    assert box.envelopes == [("desk@example.com", ["ana@example.com"])]
    [got] = box.mails
    assert got["To"] == "ana@example.com"
    assert got["From"] == "reviewer <desk@example.com>"
    assert got["Bcc"] is None
    assert got["Subject"].startswith("Escalation, step 2")
    assert "\n" not in got["Subject"]
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["Date"].datetime.isoformat() == "2026-11-20T09:00:00+00:00"
    text = got.get_content()
    assert "reviewer://local/artifact/a1" in text
    assert not any(char in text for char in "\x1b\x07\u202e")


def test_the_same_step_has_the_same_message_id_and_another_one_another() -> None:
    ids = [
        mail.message(channel(25), SAID, "ana", name, NOW)["Message-ID"] for name in ("a", "a", "b")
    ]
    assert ids[0] == ids[1] != ids[2]


def test_starttls_with_a_login_from_the_keyring(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = Memory()
    ring.set_password("reviewer", "secret:smtp", "pass")
    monkeypatch.setattr(keyring, "get_keyring", lambda: ring)
    public, context = certificate(tmp_path)
    asked = {"tls": "starttls", "user": "me", "secret": "smtp"}
    with postbox(context) as box:
        unsigned = send(box.port, **asked)
        assert (unsigned.ok, unsigned.known) == (False, True)
        assert box.logins == []
        monkeypatch.setenv("SSL_CERT_FILE", str(public))
        assert send(box.port, **asked).ok
        assert box.secured == [True]
        assert box.logins == [(b"me", b"pass")]
        ring.set_password("reviewer", "secret:smtp", "hush-hush")
        wrong = send(box.port, **asked)
    assert wrong.sentence == (
        "The mail was not sent: 127.0.0.1 does not accept the user or the password (535)."
    )
    assert len(box.mails) == 1


def test_a_server_without_starttls_gets_no_mail() -> None:
    with postbox() as box:
        sent = send(box.port, tls="starttls")
    assert (sent.ok, sent.known) == (False, True)
    assert box.mails == []


@pytest.mark.parametrize(
    ("stage", "answer"), [("RCPT", "550 no such"), ("DATA", "451 \x1b[31mbusy")]
)
def test_what_the_server_refuses_was_surely_not_sent(stage: str, answer: str) -> None:
    with postbox() as box:
        box.refuse[stage] = answer
        sent = send(box.port)
    assert (sent.ok, sent.known) == (False, True)
    assert answer[:3] in sent.sentence
    assert sent.sentence.isprintable()


def test_a_line_that_breaks_after_the_mail_is_unknown() -> None:
    with postbox() as box:
        box.refuse["DATA"] = "break"
        sent = send(box.port)
    assert (sent.ok, sent.known) == (False, False)
    assert "not sent again" in sent.sentence


def test_nobody_there_and_nobody_who_answers(
    unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = send(unused_tcp_port)
    assert (sent.ok, sent.known) == (False, True)
    monkeypatch.setattr("reviewer.effects.notify.mail.SMTP_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        thread = threading.Thread(target=silent.accept)
        thread.start()
        sent = send(silent.getsockname()[1])
        thread.join()
    assert (sent.ok, sent.known) == (False, True)


@pytest.mark.parametrize(
    "address",
    [
        "ana",
        "ana@",
        "@b",
        "ana@example.com\nBcc: x@y.z",
        "a b@example.com",
        "<ana@example.com>",
        "",
    ],
)
def test_what_is_no_address_never_reaches_a_server(address: str) -> None:
    with postbox() as box:
        fields = channel(box.port).model_copy(update={"to": {"ana": address}})
        sent = mail.send(fields, SAID, "ana", "n", NOW)
    assert not sent.ok
    assert sent.sentence.isprintable()
    assert box.envelopes == []


def test_somebody_without_an_address_is_told_of_and_a_star_stands_for_everybody() -> None:
    with postbox() as box:
        nobody = send(box.port, "ben")
        assert "there is no address for ben" in nobody.sentence
        assert send(box.port, "ben", to={"*": "desk@example.com"}).ok
    assert box.envelopes == [("desk@example.com", ["desk@example.com"])]


def test_a_password_never_goes_unencrypted_to_another_machine() -> None:
    sent = send(25, host="mail.example", user="me")
    assert "over TLS only" in sent.sentence
