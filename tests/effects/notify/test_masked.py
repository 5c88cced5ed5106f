"""What the policy masks goes into no notification, by whichever channel."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from reviewer.effects.notify import budget_news
from reviewer.effects.notify.budget_news import News
from reviewer.effects.notify.sending import Setup, send
from reviewer.policy.document import Policy
from tests.support.receiving import hook, postbox

from .told_of import NOW, notice

CARD = "4111 1111 1111 1111"


def policy(hook_url: str, port: int) -> Policy:
    mail = {"type": "mail", "host": "127.0.0.1", "port": port, "tls": "none",
            "sender": "desk@example.com", "to": {"ana": "ana@example.com"}}  # fmt: skip
    return Policy.model_validate(
        {
            "version": 1,
            "agents": {"*": {}},
            "notify": {"chat": {"type": "webhook", "url": hook_url}, "post": mail},
            "masking": {"patterns": [r"\d{4}( \d{4}){3}"]},
        }
    )


def told(channel: str, **more: Any) -> Any:
    words = {"title": "Refund 4111 1111\n1111 1111 now", "why": f"late: {CARD}", "kind": "refund"}
    return notice(channel=channel, **{**words, **more})


async def test_chats_and_mails_get_marks() -> None:
    with hook() as chat, postbox() as box:
        found = policy(chat.url, box.port)
        for channel in ("chat", "post"):
            assert (await send(told(channel), found, Setup("local"), NOW)).ok
        [mail] = box.mails
        for text in (chat.texts[0], str(mail["Subject"]) + mail.get_content()):
            assert "1111" not in text
            assert "Refund ‹masked› now" in text
        assert "late: ‹masked›" in chat.texts[0]


async def test_a_page_gets_marks(tmp_path: Path) -> None:
    kept = tmp_path / "page.json"
    script = tmp_path / "pager.sh"
    script.write_text(f"#!/bin/sh\ncat > {kept}\n")
    script.chmod(0o700)
    with hook() as chat, postbox() as box:
        setup = Setup("local", str(script))
        sent = await send(told("page"), policy(chat.url, box.port), setup, NOW)
    assert sent.ok, sent
    page = json.loads(kept.read_text())
    assert page["title"] == "Refund ‹masked› now"
    assert page["words"] == "late: ‹masked›"
    assert "1111" not in page["sentence"]


async def test_news_of_budgets_get_marks() -> None:
    with hook() as chat, postbox() as box:
        news = News("bot", f"pay-{CARD}", "burn", f"bot burns: {CARD}", "ana")
        assert all(one.ok for one in await budget_news.send(news, policy(chat.url, box.port), NOW))
        [mail] = box.mails
    assert "1111" not in chat.texts[0] + str(mail["Subject"]) + mail.get_content()
    assert "bot burns: ‹masked›" in chat.texts[0]
