"""From what a person types to one artifact: its id, the start of it, a permalink,
or the agent's key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..domain.errors import InputError, NotFoundError
from ..domain.permalink import artifact_id
from ..domain.query import Op, Query, Term

if TYPE_CHECKING:
    from ..domain.decision import Actor
    from ..queue import Item, Queue


async def find(queue: Queue, given: str, actor: Actor) -> Item:
    """The artifact that is meant; raises `NotFoundError`, or `InputError` where several are.

    A permalink is a name too; one to another queue is an `InputError`.
    """
    given = artifact_id(given, queue.url)
    found = await queue.get(given) if given else None
    if found is not None:
        return found
    for field, op in (("key", Op.EQ), ("id", Op.PREFIX)):
        if not given:
            break
        page = await queue.page(Query((Term(field, op, (given,)),)), actor, limit=6)
        ids = [entry.state.id for entry in page.entries]
        if len(ids) > 1:
            shown = ", ".join(ids[:5]) + (", …" if len(ids) > 5 else "")
            what = "is the key of several artifacts" if field == "key" else "begins several ids"
            raise InputError(f"'{given}' {what}: {shown}", hint="Give the whole id.")
        found = await queue.get(ids[0]) if ids else None
        if found is not None:
            return found
    raise NotFoundError(
        f"Nothing in this queue has the id or key '{given}'.",
        "`reviewer list is:pending` shows what waits.",
    )
