"""News of an agent's error budget, by every channel of the policy that reaches the agent's owner.

A webhook is told whoever the owner is; mail goes to an owner with an address there.  Each is tried
once: the record of what was to be told stands whatever becomes of it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from ...domain.instant import iso
from ...policy.document import Mail, Policy, Webhook
from ...policy.masking import Masker
from . import mail, webhook
from .notice import Told, masked_words
from .sent import Sent, cleaned

_HEADS = {
    "burn": "An error budget burns too fast",
    "capped": "An error budget is spent",
    "stopped": "An error budget is spent",
    "promotion": "A promotion is proposed",
}


@dataclass(frozen=True, slots=True)
class News:
    """What people are told of an agent's kind (empty for all); `owner` is empty for nobody.

    `code` is `burn`, `capped`, `stopped` or `promotion`; `sentence` holds names that agents gave.
    """

    agent: str
    kind: str
    code: str
    sentence: str
    owner: str = ""
    urgent: bool = False


async def send(news: News, policy: Policy, now: int) -> list[Sent]:
    """Sends it once, off the event loop; what goes wrong is in the answers, never raised.

    `now` is an instant in microseconds.
    """
    masker = Masker.of(policy)
    agent, kind, sentence = (
        masked_words(text, masker) for text in (news.agent, news.kind, news.sentence)
    )
    said, sent = told(replace(news, agent=agent, kind=kind, sentence=sentence)), []
    for name, channel in policy.notify.items():
        if isinstance(channel, Webhook):
            sent.append(await asyncio.to_thread(webhook.send, channel, said))
        elif isinstance(channel, Mail) and {news.owner, mail.EVERYBODY} & set(channel.to):
            once = f"{news.agent}:{news.kind}:{news.code}:{iso(now)}:{name}"
            sent.append(await asyncio.to_thread(mail.send, channel, said, news.owner, once, now))
    return sent


def told(news: News) -> Told:
    """What it says, each part one clean line."""
    urgent = "Urgent: " if news.urgent else ""
    kind = f" ({news.kind})" if news.kind else ""
    return Told(
        head=f"{urgent}{_HEADS[news.code]}",
        title=cleaned(f"{news.agent}{kind}", 160),
        due="",
        why=f"{cleaned(news.sentence, 600)} `reviewer agents` shows more.",
        whom=cleaned(news.owner, 60) or "nobody in particular",
        link="",
    )
