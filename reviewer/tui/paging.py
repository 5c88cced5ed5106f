"""The page that a person at the desk sends about an artifact, without what the policy masks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from ..domain.errors import ReviewerError
from ..domain.instant import iso
from ..effects.notify.notice import masked_words
from ..effects.notify.pager import Page, cleaned
from ..policy.masking import MARK, Masker
from ..policy.reading import read
from .copying import permalink

if TYPE_CHECKING:
    from ..domain.views import Entry
    from .screens.dialogs.answers import Answer
    from .session import Session

PATIENCE: Final = 3.0
"""Seconds that a page waits to know what is masked."""


async def page_about(entry: Entry, answer: Answer, session: Session) -> Page:
    """The page; its title stays here where nobody can tell what of it is masked."""
    masker = await _masker(session)

    def told(text: str, cells: int) -> str:
        return cleaned(masked_words(text, masker) if masker is not None else text, cells)

    state = entry.state
    return Page(
        to=cleaned(answer.to, 60),
        by=cleaned(session.actor.id, 60),
        artifact=cleaned(state.id, 80),
        queue=told(state.queue, 60),
        agent=told(state.agent, 60),
        kind=told(state.kind, 60),
        title=told(entry.title, 120) if masker is not None else MARK,
        risk=str(state.risk),
        due_at=iso(state.due_at),
        words=told(answer.comment, 300),
        link=permalink(session.url, state.id),
    )


async def _masker(session: Session) -> Masker | None:
    """What masks by the policy in force; None where it cannot be read, which stops no page."""
    try:
        async with asyncio.timeout(PATIENCE):
            row = await session.read(lambda queue: queue.policy())
            return Masker.of(await asyncio.to_thread(read, row.text))
    except (ReviewerError, TimeoutError):
        return None
