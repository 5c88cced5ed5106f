"""`reviewer stop` and `resume`: the kill switch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..domain.errors import InputError, ReviewerError
from ..untrusted import one_line
from . import complete
from .commands import command
from .decisions import refused
from .failure import RefusedError
from .output import say, say_json
from .session import Session

if TYPE_CHECKING:
    from ..domain.governance import Stop, Stopped
    from ..policy.roster import InForce
    from ..queue import Queue

ALL = "*"
AgentArgument = Annotated[
    str,
    typer.Argument(metavar="AGENT", help="Its name.", autocompletion=complete.agents),
]
BecauseOption = Annotated[
    str, typer.Option("--because", "-b", metavar="TEXT", help="Why, in words; it is recorded.")
]
_AllOption = Annotated[bool, typer.Option("--all", help="All agents.")]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    command(app, "stop", panel="Modes")(_stop)
    command(app, "resume", panel="Modes")(_resume)


def _stop(
    session: Session,
    agent: AgentArgument = "",
    everyone: _AllOption = False,
    because: BecauseOption = "",
) -> None:
    """Stop an agent at once, or all: nothing of it is taken in, approved or delivered any more.

    What was decided and has not gone out goes back to people; what waits stays and can be
    rejected. It holds until `reviewer resume`.
    """
    from ..domain.decision import Refusal

    name, why = _whom(agent, everyone, "stop"), reason(because)

    async def work(queue: Queue) -> tuple[Any, bool]:
        # a stop comes first: whatever else fails, it has been thrown
        done = await queue.stop(name, why, session.person())
        if name == ALL or isinstance(done, Refusal):
            return done, True
        try:
            return done, await _heard(queue, session, name)
        except ReviewerError:
            return done, True

    stopped, familiar = session.run(work)
    done: Stopped = answered(stopped)
    if session.as_json:
        fact = {"agent": name, "because": why, "by": done.stop.by, "known": familiar}
        say_json(fact | {"called_back": done.called_back})
        return
    if (done.stop.by, done.stop.why) != (session.person().id, why):
        first = f"{one_line(done.stop.by, 40)}: {one_line(done.stop.why, 300)}"
        say(f"{named(name)} was stopped already by {first}", "yellow")
        return
    back = done.called_back
    told = f"{back:,} decision{'' if back == 1 else 's'} that had not gone out went back to people"
    say(f"stopped {named(name)}; {told if back else 'nothing was on its way out'}.", "green")
    if not familiar:
        say("Nothing was ever heard of an agent of that name: is it spelt right?", "alert")
    say(f"`reviewer resume {_word(name)}` lets go again.", "dim")


def _resume(session: Session, agent: AgentArgument = "", everyone: _AllOption = False) -> None:
    """Take a stop back (leads and admins); --all takes back `stop --all`, not single stops."""
    from ..domain.decision import Refusal

    name = _whom(agent, everyone, "resume")

    async def work(queue: Queue) -> list[Stop]:
        if all(stop.agent != name for stop in await queue.stops()):
            raise RefusedError(f"Nobody stopped {named(name)}.", hint=_others(await queue.stops()))
        refusal = await queue.resume(name, session.person())
        if isinstance(refusal, Refusal):
            raise refused(refusal)
        return await queue.stops()

    left = session.run(work)
    if session.as_json:
        say_json({"agent": name, "resumed": True, "still_stopped": [one.agent for one in left]})
        return
    say(f"resumed {named(name)}.", "green")
    if left:
        say(_others(left), "alert")


def reason(because: str) -> str:
    """What `--because` says; raises `InputError` where it says nothing."""
    if not because.strip():
        raise InputError("Say why, with --because: it is recorded, and others will read it.")
    return because.strip()


def answered(result: Any) -> Any:
    """The answer of a call, unless it is a refusal, which is raised."""
    from ..domain.decision import Refusal

    if isinstance(result, Refusal):
        raise refused(result)
    return result


def named(agent: str) -> str:
    """An agent in a sentence."""
    return "all agents" if agent == ALL else one_line(agent, 60)


async def in_force(queue: Queue, session: Session) -> list[InForce]:
    """Every agent as it stands now, those among them whose first work waits still."""
    from ..domain.query import parse
    from ..effects.budgets import look

    waiting = await queue.facets(parse("is:pending"), session.person())
    return await look(queue, waiting.get("agent", {}))


async def _heard(queue: Queue, session: Session, agent: str) -> bool:
    """Whether anything is known of an agent besides that it was stopped."""
    from ..domain.query import parse
    from ..policy.promotion import begin
    from ..policy.reading import read

    waiting = await queue.facets(parse("is:pending"), session.person())
    if agent in waiting.get("agent", {}) or agent in read((await queue.policy()).text).agents:
        return True
    return bool(await queue.ledger(begin(await queue.now()), agent))


def _whom(agent: str, everyone: bool, what: str) -> str:
    if everyone == bool(agent):
        raise InputError(f"Say whom to {what}: an agent's name, or --all.")
    if agent == ALL:
        raise InputError(f"`{ALL}` is no agent's name.", hint=f"`reviewer {what} --all` means all.")
    return ALL if everyone else agent


def _word(agent: str) -> str:
    import shlex

    return "--all" if agent == ALL else one_line(shlex.quote(agent), 80)


def _others(stops: list[Stop]) -> str:
    """Who is stopped still."""
    if not stops:
        return "Nobody is stopped."
    return f"Stopped still: {', '.join(named(one.agent) for one in stops)}."
