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
    """The ruling on one artifact and the sentences that explain it; None where none is stored."""

    id: str
    ruling: Ruling | None = None
    why: tuple[str, ...] = ()


async def ruled(session: Session, item: Item) -> Ruled:
    """What is stored of its admission, explained in a thread."""
    id = item.entry.state.id
    admission = await session.read(lambda queue: queue.ruling(id))
    if admission is None:
        return Ruled(id)
    return await asyncio.to_thread(_explained, id, admission)


def _explained(id: str, admission: Admission) -> Ruled:
    from ..policy.stored import ruling_of

    ruling = ruling_of(admission.ruling)
    return Ruled(id, ruling, ruling.why)
