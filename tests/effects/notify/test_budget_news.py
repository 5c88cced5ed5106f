"""News of error budgets: who gets them by which channel, and what of them acts on nobody."""

from __future__ import annotations

from typing import Any

from reviewer.effects.notify.budget_news import News, send, told
from reviewer.policy.document import Policy
from tests.support.receiving import hook, postbox

from .told_of import NOW, TITLE


def news(**more: Any) -> News:
    fields = {
        "agent": "bot",
        "kind": "refund",
        "code": "burn",
        "sentence": "bot (refund) burns its error budget 15.0 times too fast.",
        "owner": "ana",
        "urgent": True,
    }
    return News(**(fields | more))


def policy(hook_url: str, port: int, to: dict[str, str]) -> Policy:
    mail = {
        "type": "mail",
        "host": "127.0.0.1",
        "port": port,
        "tls": "none",
        "sender": "desk@example.com",
        "to": to,
    }
    channels = {"chat": {"type": "webhook", "url": hook_url}, "post": mail}
    channels["desk"] = {"type": "terminal"}
    return Policy.model_validate({"version": 1, "agents": {"*": {}}, "notify": channels})


async def test_a_chat_is_told_and_the_owner_gets_mail() -> None:
    with hook() as chat, postbox() as box:
        found = policy(chat.url, box.port, {"ana": "ana@example.com", "ben": "ben@example.com"})
        sent = await send(news(), found, NOW)
    assert [one.ok for one in sent] == [True, True]
    assert chat.texts == [
        "Urgent: An error budget burns too fast\n“bot (refund)”\n"
        "bot (refund) burns its error budget 15.0 times too fast. 'reviewer agents' shows more.\n"
        "For: ana"
    ]
    assert box.envelopes == [("desk@example.com", ["ana@example.com"])]
    [mail] = box.mails
    assert mail["Subject"] == "Urgent: An error budget burns too fast: bot (refund)"
    assert "reviewer open" not in mail.get_content()
    assert "Due" not in mail.get_content()


async def test_who_has_no_address_gets_no_mail_unless_there_is_one_for_everybody() -> None:
    with hook() as chat, postbox() as box:
        one = policy(chat.url, box.port, {"ben": "ben@example.com"})
        assert len(await send(news(owner=""), one, NOW)) == 1
        all_of_them = policy(chat.url, box.port, {"*": "all@example.com"})
        assert len(await send(news(owner=""), all_of_them, NOW)) == 2
    assert [to for _, to in box.envelopes] == [["all@example.com"]]


async def test_what_cannot_be_sent_is_said_and_raises_nothing(unused_tcp_port: int) -> None:
    gone = policy(f"http://127.0.0.1:{unused_tcp_port}/x", unused_tcp_port, {"ana": "a@b.example"})
    sent = await send(news(), gone, NOW)
    assert [one.ok for one in sent] == [False, False]


def test_an_agent_s_name_acts_nowhere() -> None:
    said = told(news(agent=TITLE, kind=TITLE, sentence=TITLE))
    for text in (said.head, said.title, said.why, said.whom):
        assert text.isprintable()
        assert not any(char in text for char in "\x1b\x07\u202e\n\r")
