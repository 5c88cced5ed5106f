"""What the policy ruled on an artifact when it came in, read for the review."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..domain.errors import ReviewerError
from .due import moment

if TYPE_CHECKING:
    from ..domain.governance import Admission
    from ..domain.state import Ruling
    from ..domain.views import Item
    from ..policy.document import Policy
    from .session import Session

SECTIONS = ("What was ruled", "Rules that held", "What was known")
"""Of the explanation; who decides and until when is told live, and the rest stands elsewhere."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """The ruling on one artifact and what explains it, by title; None where none is stored.

    `beyond` says what of it the agent may not write any more by the policy in force.
    """

    id: str
    ruling: Ruling | None = None
    sections: tuple[tuple[str, tuple[str, ...]], ...] = ()
    beyond: str = ""


async def ruled(session: Session, item: Item) -> Ruled:
    """What is stored of its admission, explained in a thread."""
    id = item.entry.state.id
    admission = await session.read(lambda queue: queue.ruling(id))
    text = ""
    row, wanted = session.governing.row, admission.ruling.get("policy") if admission else None
    if wanted and (row is None or row.digest != wanted):
        rows = await session.read(lambda queue: queue.policies())
        text = next((one.text for one in rows if one.digest == wanted), "")
    return await asyncio.to_thread(_explained, session, item, admission, text)


def _explained(session: Session, item: Item, admission: Admission | None, text: str) -> Ruled:
    """`text` is that of the policy that ruled, empty where it is the one in force."""
    from ..policy.explain import explain
    from ..policy.stored import ruling_of

    id, beyond = item.entry.state.id, session.governing.beyond(item, session.actor)
    if admission is None:
        return Ruled(id, beyond=beyond)
    ruling = ruling_of(admission.ruling)
    policy = _policy(session, ruling.policy, text)
    told = explain(admission, policy, lambda at: moment(at, session.now()))
    sections = tuple((one.title, one.sentences) for one in told.sections if one.title in SECTIONS)
    return Ruled(id, ruling, sections, beyond)


def _policy(session: Session, digest: str, text: str) -> Policy | None:
    from ..policy.reading import read

    row = session.governing.row
    if not text:
        return session.governing.policy if row is not None and row.digest == digest else None
    try:
        return read(text)
    except ReviewerError:
        return None
