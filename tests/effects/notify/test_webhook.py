"""Webhooks: what a chat gets, that no agent's text acts in it, and what is told of failures."""

from __future__ import annotations

import keyring
import pytest

from reviewer.effects.notify import webhook
from reviewer.effects.notify.notice import told
from reviewer.effects.notify.sent import Sent
from reviewer.policy.document import Webhook
from tests.support.receiving import hook
from tests.test_credentials import Memory

from .told_of import notice

SAID = told(notice(), "local")


def test_a_chat_gets_text_in_which_nothing_of_the_agents_acts() -> None:
    with hook() as kept:
        sent = webhook.send(Webhook(type="webhook", url=kept.url), SAID)
    assert sent == Sent(True, "Told ana: 127.0.0.1 took it.")
    [(path, body)] = kept.got
    assert path == "/hook/secret"
    text = body["text"]
    assert text.splitlines()[0] == (
        "Escalation, step 2, repeated 1×: critical in billing, by refund bot (refund)"
    )
    assert len(text.splitlines()) == 5
    assert text.splitlines()[-1] == "reviewer://local/artifact/a1"
    for acting in ("<!", "@", "](", "https://", "\x1b", "\u202e", "\r"):
        assert acting not in text
    assert "&lt;!channel&gt;" in text
    assert body["mrkdwn"] is False


@pytest.mark.parametrize(
    ("status", "known", "words"),
    [
        (500, True, "answered 500."),
        (429, True, "answered 429."),
        (302, True, "redirects are not followed"),
        (504, False, "is not known"),
    ],
)
def test_what_surely_failed_is_told_apart_from_what_may_have_arrived(
    status: int, known: bool, words: str
) -> None:
    with hook() as kept:
        kept.answer = lambda _number: status
        sent = webhook.send(Webhook(type="webhook", url=kept.url), SAID)
    assert (sent.ok, sent.known) == (False, known)
    assert words in sent.sentence
    assert "secret" not in sent.sentence
    assert len(kept.got) == 1


def test_a_line_that_breaks_after_the_body_went_is_unknown() -> None:
    def broken() -> None:
        raise ConnectionError

    with hook() as kept:
        kept.before = broken
        sent = webhook.send(Webhook(type="webhook", url=kept.url), SAID)
    assert (sent.ok, sent.known) == (False, False)
    assert len(kept.got) == 1


def test_nobody_there_is_a_sure_failure(unused_tcp_port: int) -> None:
    sent = webhook.send(Webhook(type="webhook", url=f"http://127.0.0.1:{unused_tcp_port}/x"), SAID)
    assert sent == Sent(False, "The message was not sent: 127.0.0.1 cannot be reached.")


def test_the_address_may_be_a_secret_and_a_server_s_token_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ring = Memory()
    monkeypatch.setattr(keyring, "get_keyring", lambda: ring)
    channel = Webhook(type="webhook", secret="chat")
    missing = webhook.send(channel, SAID)
    assert missing.sentence.startswith("The message was not sent: The keyring has no secret 'chat'")
    ring.set_password("reviewer", "https://queue.example", "token")
    stolen = webhook.send(Webhook(type="webhook", secret="https://queue.example"), SAID)
    assert not stolen.ok
    with hook() as kept:
        ring.set_password("reviewer", "secret:chat", kept.url)
        assert webhook.send(channel, SAID).ok
    assert len(kept.got) == 1


@pytest.mark.parametrize("url", ["http://chat.example/x", "http://127.0.0.1.evil.example/"])
def test_nothing_goes_unencrypted_to_another_machine(url: str) -> None:
    sent = webhook.send(Webhook(type="webhook", url=url), SAID)
    assert not sent.ok
    assert "must be https" in sent.sentence


def test_a_webhook_without_an_address_says_how_to_give_one() -> None:
    sent = webhook.send(Webhook(type="webhook"), SAID)
    assert "neither an address nor a secret" in sent.sentence
