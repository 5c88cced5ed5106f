"""`reviewer claim` and `release`: keep others from deciding the same thing meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..domain.errors import InputError, NotFoundError
from ..untrusted import one_line
from . import complete
from .commands import FilterCommand, command, filter_text
from .decisions import IdArgument, refused
from .failure import RefusedError
from .listing import FilterArgument
from .output import say, say_json
from .session import Session

if TYPE_CHECKING:
    from ..queue import Item, Queue


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    command(app, "claim", panel="Decide", cls=FilterCommand)(_claim)
    command(app, "release", panel="Decide")(_release)


def _claim(
    session: Session,
    artifact: Annotated[
        str, typer.Argument(metavar="ID", autocompletion=complete.pending, help="Which one.")
    ] = "",
    following: Annotated[
        bool, typer.Option("--next", help="The most urgent free one; FILTER may follow.")
    ] = False,
    filter: FilterArgument = None,
    take_over: Annotated[bool, typer.Option(help="End another's claim (leads only).")] = False,
) -> None:
    """Claim an artifact, so that nobody else decides it meanwhile; the claim ends by itself."""
    from ..domain.decision import Refusal
    from ..domain.instant import iso
    from ..domain.query import parse
    from .lookup import find

    if not artifact and not following:
        raise InputError("Say which one: an id, or --next.")
    if filter and not following:
        raise InputError("A filter goes with --next.")

    async def work(queue: Queue) -> Any:
        person, lease = session.person(), session.config.lease
        if following:
            # with --next the first argument is part of the filter
            query = parse(filter_text(filter_words))
            return await queue.claim_next(query, person, lease=lease)
        item = await find(queue, artifact, person)
        return await queue.claim(item.entry.state.id, person, lease=lease, take_over=take_over)

    filter_words = [word for word in (artifact, *(filter or [])) if word]
    claim = session.run(work)
    if claim is None:
        raise NotFoundError("There is nothing free to claim.", "`reviewer list` shows what waits.")
    if isinstance(claim, Refusal):
        raise refused(claim)
    state = claim.item.entry.state
    if session.as_json:
        fact = {"id": state.id, "fence": claim.fence, "until": iso(claim.until)}
        say_json(fact | {"revision": state.revision, "digest": state.digest})
        return
    say(f"claimed {state.id}  {one_line(claim.item.artifact.title, 80)}")
    say(f"until {iso(claim.until)}; `reviewer show {state.id}` shows it.", "dim")


def _release(session: Session, artifact: IdArgument) -> None:
    """Give your claim back."""
    from .lookup import find

    async def work(queue: Queue) -> Item:
        person = session.person()
        item = await find(queue, artifact, person)
        state = item.entry.state
        if state.lease_owner != person.id:
            raise RefusedError(f"You hold no claim on {state.id}.")
        await queue.release(state.id, state.fence, person)
        return item

    state = session.run(work).entry.state
    if session.as_json:
        say_json({"id": state.id, "released": True})
    else:
        say(f"released {state.id}")
