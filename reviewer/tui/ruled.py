"""What the policy ruled on an artifact when it came in, read for the review."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..domain.governance import Admission
    from ..domain.state import Ruling
    from ..domain.views import Item
    from .session import Session


@dataclass(frozen=True, slots=True)
class Ruled:
    """The ruling on one artifact and the sentences that explain it; None where none is stored.

    `beyond` says what of it the agent may not write any more by the policy in force.
    """

    id: str
    ruling: Ruling | None = None
    why: tuple[str, ...] = ()
    beyond: str = ""


async def ruled(session: Session, item: Item) -> Ruled:
    """What is stored of its admission, explained in a thread."""
    id = item.entry.state.id
    admission = await session.read(lambda queue: queue.ruling(id))
    return await asyncio.to_thread(_explained, session, item, admission)


def _explained(session: Session, item: Item, admission: Admission | None) -> Ruled:
    from ..policy.stored import ruling_of

    id, beyond = item.entry.state.id, session.governing.beyond(item, session.actor)
    if admission is None:
        return Ruled(id, beyond=beyond)
    ruling = ruling_of(admission.ruling)
    return Ruled(id, ruling, ruling.why, beyond)
