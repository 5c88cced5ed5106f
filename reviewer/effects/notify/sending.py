"""Sends one notification by its channel: the policy's channels, and the pager of the settings."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from ...domain.governance import Notice
from ...policy.document import Mail, Policy, Terminal, Webhook
from ...policy.masking import Masker
from . import mail, pager, webhook
from .notice import PAGE, masked, told
from .pager import Page
from .sent import Sent, cleaned

BY = "The escalation chain"
"""Who pages, as people read it."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker's machine adds: the place of its queue for links, and its pager if any."""

    place: str
    pager: str = ""


async def send(notice: Notice, policy: Policy, setup: Setup, now: int) -> Sent:
    """Sends it once, off the event loop; what goes wrong is in the answer, never raised.

    `now` is an instant in microseconds.  A channel that the policy calls `page` goes before the
    pager of the settings.  What the policy's patterns match in titles and reasons is masked.
    """
    notice = masked(notice, Masker.of(policy))
    said = told(notice, setup.place)
    channel = policy.notify.get(notice.channel)
    if isinstance(channel, Webhook):
        return await asyncio.to_thread(webhook.send, channel, said)
    if isinstance(channel, Mail):
        name = f"{notice.artifact_id}:{notice.step}:{notice.turn}:{notice.channel}:{notice.to}"
        return await asyncio.to_thread(mail.send, channel, said, notice.to, name, now)
    if isinstance(channel, Terminal):
        return Sent(True, "Shown on desks by the record of the step.")
    if notice.channel == PAGE:
        return await _page(notice, setup)
    name = cleaned(notice.channel, 60)
    return Sent(False, f"The policy in force has no channel '{name}'.")


async def _page(notice: Notice, setup: Setup) -> Sent:
    if not setup.pager:
        return Sent(
            False,
            "Nobody was paged: no pager is set where the worker runs. "
            "Set one with `reviewer config set pager 'COMMAND'`.",
        )
    if not notice.to:
        return Sent(False, "Nobody was paged: the step reaches nobody.")
    said = told(notice, setup.place)
    facts = notice.facts
    page = Page(
        to=cleaned(notice.to, 60),
        by=BY,
        artifact=cleaned(notice.artifact_id, 60),
        queue=cleaned(str(facts.get("queue", "")), 60),
        agent=cleaned(str(facts.get("agent", "")), 60),
        kind=cleaned(str(facts.get("kind", "")), 60),
        title=said.title,
        risk=cleaned(str(facts.get("risk", "")), 20),
        due_at=said.due,
        words=said.why,
        link=said.link,
        event="escalation",
    )
    return await pager.send(setup.pager, page)
