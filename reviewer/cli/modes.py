"""`reviewer agents`, `cap` and `promote`: which mode is in force, and who changes that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ..domain.errors import InputError, NotFoundError
from ..untrusted import one_line
from . import complete
from .commands import command
from .failure import RefusedError
from .output import say, say_json, width
from .session import Session
from .stopping import ALL, AgentArgument, BecauseOption, answered, in_force, named, reason

if TYPE_CHECKING:
    from ..domain.governance import Cap
    from ..policy.roster import InForce
    from ..queue import Queue

KindArgument = Annotated[str, typer.Argument(metavar="KIND", help="One kind of its tasks; or all.")]

_QUOTED = "A kind with blanks is written in quotes."


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    command(app, "agents", panel="Modes")(_agents)
    command(app, "cap", panel="Modes")(_cap)
    command(app, "promote", panel="Modes")(_promote)


def _agents(
    session: Session,
    agent: Annotated[
        str,
        typer.Argument(metavar="AGENT", help="One of them.", autocompletion=complete.agents),
    ] = "",
) -> None:
    """Show each agent by kind: its mode and why, what is left of its error budget, what to decide.

    A budget is a share of decisions that may be mistakes in a window; when it is spent, the agent
    is capped at once, and stays so until a person lifts that.
    """
    from .roster import document, lines

    found = session.run(lambda queue: in_force(queue, session))
    if agent:
        found = [one for one in found if one.agent == agent]
        if not found:
            raise NotFoundError(f"There is no agent '{agent}'.", "`reviewer agents` shows all.")
    if session.as_json:
        say_json([document(one) for one in found])
        return
    for text, style in lines(found, width()):
        say(text, style)


def _cap(
    session: Session,
    agent: AgentArgument,
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="[KIND] MODE",
            help="A kind of its tasks, or all without it; shadow, assisted or autonomous.",
            autocompletion=complete.modes,
        ),
    ],
    because: BecauseOption = "",
) -> None:
    """Leave an agent at most a mode, whatever the policy says (leads and admins).

    `autonomous` lifts the cap. The same cap once more lets the evidence for its promotion begin
    anew; `reviewer promote --decline` says no to a proposal and leaves everything as it is.
    """
    from ..policy.agents import MODES

    kind, mode = ("", *words)[-2:]
    if len(words) > 2:
        raise InputError("Say one kind, or none, and the mode.", hint=_QUOTED)
    if mode not in MODES:
        raise InputError(f"There is no mode '{mode}'.", hint=f"Modes: {', '.join(MODES)}.")
    if agent == ALL:
        raise InputError("A cap is on one agent.", hint="`reviewer stop --all` stops all.")
    why = reason(because)

    async def work(queue: Queue) -> list[InForce]:
        before = await in_force(queue, session)
        answered(await queue.set_cap(agent, kind, mode, why, session.person()))
        return [one for one in before if one.agent == agent]

    before = session.run(work)
    if session.as_json:
        fact = {"agent": agent, "kind": kind, "mode": mode, "because": why}
        say_json(fact | {"known": bool(before)})
        return
    whole = _of(agent, kind)
    if mode == MODES[-1]:
        say(f"{whole} goes by the policy again.", "green")
        if any(one.gauge and one.gauge.spent for one in before if kind in (one.kind, "")):
            say("Its error budget is spent still: its next decision may cap it again.", "alert")
    else:
        say(f"{whole} is at most {mode}, until a person lifts it.", "green")
    if not before:
        say("Nothing was ever heard of an agent of that name: is it spelt right?", "alert")


def _promote(
    session: Session,
    agent: AgentArgument,
    kind: KindArgument = "",
    because: BecauseOption = "",
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Though what was proposed no longer holds.")
    ] = False,
    decline: Annotated[
        bool, typer.Option("--decline", help="Say no to it; the mode stays as it is.")
    ] = False,
) -> None:
    """Agree to a proposed promotion (leads and admins); `reviewer agents` shows what is proposed.

    Only a cap is lifted by it. Where the policy itself says less, change the mode there. What is
    declined is proposed again once twice as many decisions count for it, or for a new version.
    """
    why = reason(because)
    if decline and anyway:
        raise InputError("--anyway is for agreeing; what holds no longer is declined as it is.")

    async def work(queue: Queue) -> Cap:
        proposed = _chosen(await queue.caps(), agent, kind)
        whose = (agent, proposed.kind)
        if decline:
            answered(await queue.decline_promotion(*whose, why, session.person()))
            return proposed
        _in_the_way(await in_force(queue, session), proposed, anyway)
        answered(await queue.set_cap(*whose, proposed.mode, why, session.person()))
        return proposed

    done = session.run(work)
    if session.as_json:
        fact = {"agent": agent, "kind": done.kind, "mode": done.mode, "because": why}
        say_json(fact | {"declined": decline})
    elif decline:
        from ..policy.promotion import AGAIN

        say(f"Declined: {_of(agent, done.kind)} stays as it is, and is not {done.mode}.", "green")
        say(AGAIN, "dim")
    else:
        say(f"{_of(agent, done.kind)} may be {done.mode} from now on.", "green")


def _chosen(caps: list[Cap], agent: str, kind: str) -> Cap:
    """The one proposal that is meant."""
    found = [
        cap
        for cap in caps
        if cap.state == "promotion" and cap.agent == agent and kind in (cap.kind, "")
    ]
    if len(found) == 1:
        return found[0]
    if found:
        kinds = ", ".join(one_line(cap.kind or "every kind", 40) for cap in found)
        raise InputError("Several promotions are proposed.", hint=f"Name the kind: {kinds}.")
    raise RefusedError(
        f"No promotion of {_of(agent, kind)} is proposed.",
        hint="`reviewer cap … autonomous --because …` lifts a cap all the same.",
    )


def _in_the_way(agents: list[InForce], proposed: Cap, anyway: bool) -> None:
    """Raises where nothing is lifted by it, or where what was proposed holds no longer."""
    mine = [one for one in agents if one.agent == proposed.agent]
    if proposed.kind:
        mine = [one for one in mine if one.kind == proposed.kind]
    if not any(cap.kind == proposed.kind for one in mine for cap in one.caps):
        said = mine[0].policy_mode if mine else "assisted"
        raise RefusedError(
            f"The policy itself says {said}, and no cap is in the way.",
            hint=f"Write `mode: {proposed.mode}` into the policy and activate that.",
        )
    if not anyway and not any(one.promotion for one in mine):
        raise RefusedError(
            "What was proposed holds no longer: look at `reviewer agents` first.",
            hint="--anyway promotes all the same.",
        )


def _of(agent: str, kind: str) -> str:
    return f"{named(agent)} ({one_line(kind, 40)})" if kind else named(agent)
