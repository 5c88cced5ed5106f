"""A notification in words: what a step of an escalation chain tells people, without surprises.

An agent's text stands in it in quotation marks, cleaned, and so that no chat makes a mention, a
link or markup of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ...domain.governance import Notice
from ...domain.instant import iso
from ...domain.permalink import Permalink
from ...domain.views import Effect
from .sent import cleaned

if TYPE_CHECKING:
    from ...policy.masking import Masker

PAGE = "page"
"""The channel that every policy has: the pager of the settings."""


@dataclass(frozen=True, slots=True)
class Told:
    """The parts of a notification, each one clean line; `title` is the agent's own words.

    `due` and `link` are empty where it is about no single artifact.
    """

    head: str
    title: str
    due: str
    why: str
    whom: str
    link: str

    @property
    def by_when(self) -> str:
        """The sentence about the due time, with a blank behind it; empty where there is none."""
        return f"Due {self.due}. " if self.due else ""


def notice_of(effect: Effect) -> Notice:
    """The notification that an effect of kind `notify` is to send."""
    facts = effect.detail
    return Notice(
        effect.id,
        effect.artifact_id,
        int(facts.get("step", 0)),
        int(facts.get("turn", 0)),
        str(facts.get("to", "")),
        str(facts.get("channel", "")),
        dict(facts),
    )


def told(notice: Notice, place: str) -> Told:
    """What it says; `place` is the queue's, for the link (`permalink.place_of`)."""
    facts = notice.facts
    risk, queue = word(facts, "risk"), word(facts, "queue")
    agent, kind = word(facts, "agent"), word(facts, "kind")
    turn = f", repeated {notice.turn}×" if notice.turn else ""
    due_at = facts.get("due_at")
    return Told(
        head=f"Escalation, step {notice.step}{turn}: {risk} in {queue}, by {agent} ({kind})",
        title=cleaned(str(facts.get("title", "")), 160),
        due=iso(due_at) if isinstance(due_at, int) else "",
        why=word(facts, "why", 200),
        whom=cleaned(notice.to, 300) or "nobody in particular",
        link=str(Permalink(place, notice.artifact_id)),
    )


def masked(notice: Notice, masker: Masker) -> Notice:
    """The notification without what the policy masks in any text of its facts."""
    if not masker.active:
        return notice
    facts = {
        name: masked_words(fact, masker) if isinstance(fact, str) else fact
        for name, fact in notice.facts.items()
    }
    return replace(notice, facts=facts)


def masked_words(text: str, masker: Masker) -> str:
    """Words without what the policy masks: as they came, and as one line, which joins what stood
    on two.
    """
    return masker.text(" ".join(masker.text(text).split())) if masker.active else text


def word(facts: Mapping[str, Any], name: str, cells: int = 60) -> str:
    """One of the facts as it may stand in a notification."""
    return cleaned(str(facts.get(name, "")), cells)


def inert(text: str) -> str:
    """Text in which no chat finds a mention, a link or an escape of its own.

    `&`, `<` and `>` as Slack asks for (docs.slack.dev, "Formatting message text"); `@channel` of
    others, `[a](b)` and bare addresses are broken up.
    """
    for before, after in (
        ("&", "&amp;"),
        ("<", "&lt;"),
        (">", "&gt;"),
        ("@", "＠"),
        ("](", "] ("),
        ("://", ": //"),
        ("`", "'"),
    ):
        text = text.replace(before, after)
    return text
