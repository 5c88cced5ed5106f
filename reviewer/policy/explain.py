"""Why an artifact went where it went, in sentences, from what was stored when it came in.

Nothing is ruled on again: what is told is the ruling that holds, with the policy's own words beside
it where that policy is still known.  Names, kinds and reasons in the sentences may be an agent's
text, so they go to a terminal through `untrusted` only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ..domain.artifact import instant_of
from ..domain.governance import Admission
from ..domain.instant import iso, long_duration
from ..domain.state import Alert, Course, Mode, Ruling
from .agents import AgentPolicy
from .autonomy import terms
from .budget import budget_of
from .comparing import share
from .consequences import consequences
from .document import ANY, Policy
from .facts import Facts, Used
from .stored import facts_of, ruling_of

When = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Section:
    """Sentences about one thing, under a title."""

    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an artifact went where it went; `policy` is the digest of the policy that ruled."""

    artifact_id: str
    course: Course
    mode: Mode
    policy: str
    sections: tuple[Section, ...]


def explain(admission: Admission, policy: Policy | None, when: When = iso) -> Explanation:
    """The explanation of one admission; sections without anything to say are left out.

    `policy` is the one whose digest the ruling names, None where it is not kept any more; `when`
    puts instants (microseconds) in words.
    """
    ruling, facts = ruling_of(admission.ruling), facts_of(admission.facts)
    agent = None
    if policy is not None:
        agent = policy.agents.get(admission.artifact.agent.name) or policy.agents.get(ANY)
    parts: tuple[tuple[str, Iterator[str]], ...] = (
        ("What came in", _came(admission, when)),
        ("What was ruled", _ruled(ruling, policy)),
        ("Reasons", _reasons(ruling)),
        ("Rules that held", _rules(ruling, policy)),
        ("What was known", _known(facts, ruling, agent, admission)),
        ("Who decides", _deciders(ruling)),
        ("Until when", _due(admission, ruling, when)),
        ("What became of it", _became(admission, when)),
    )
    sections = ((title, tuple(sentences)) for title, sentences in parts)
    return Explanation(
        admission.artifact_id,
        ruling.course,
        ruling.mode,
        ruling.policy,
        tuple(Section(title, sentences) for title, sentences in sections if sentences),
    )


def _came(admission: Admission, when: When) -> Iterator[str]:
    artifact = admission.artifact
    agent, identity = artifact.agent, artifact.identity
    who = " ".join(part for part in (agent.name, agent.version) if part)
    number = len(artifact.writes)
    what = f"{number} write{'s' * (number != 1)}" if number else "no write"
    yield f"{who} handed in {artifact.kind} with {what} at {when(admission.at)}."
    if identity.act_as or identity.on_behalf_of:
        acting = f"acts as {identity.act_as}" if identity.act_as else "acts"
        whom = f" on behalf of {identity.on_behalf_of}" if identity.on_behalf_of else ""
        yield f"It {acting}{whom}."
    wish = f", and wished for the queue {artifact.queue}" if artifact.queue else ""
    sure = "" if artifact.confidence is None else f", its confidence {artifact.confidence:g}"
    yield f"The agent called its risk {artifact.risk}{sure}{wish}."
    if artifact.escalations:
        codes = dict.fromkeys(escalation.code for escalation in artifact.escalations)
        yield f"The agent escalated it itself: {', '.join(codes)}."


def _ruled(ruling: Ruling, policy: Policy | None) -> Iterator[str]:
    match ruling.course:
        case Course.PERSON:
            yield f"It went to people in the queue {ruling.queue}, at {ruling.risk} risk."
        case Course.APPROVE:
            yield "The policy approved it alone; nobody was asked."
        case Course.DENY:
            yield f"The policy denied it: {_sentence(ruling.sentence or 'no grant covers it')}"
        case Course.SHADOW:
            yield (
                "It was recorded only, and nothing of it is applied; people may decide it in the"
                f" queue {ruling.queue} to score the agent."
            )
    told = ruling.sentence if ruling.course is Course.DENY else ""
    yield from (_sentence(why) for why in ruling.why if not (told and why.endswith(told)))
    named = f" ({policy.name})" if policy is not None and policy.name else ""
    kept = "" if policy is not None else ", whose text is not kept"
    yield f"The policy in force was {ruling.policy}{named}{kept}."


def _reasons(ruling: Ruling) -> Iterator[str]:
    for reason in ruling.reasons:
        score = "" if reason.score is None else f" ({reason.score:g})"
        text = f": {reason.detail}" if reason.detail else ""
        yield _ended(f"{reason.code}{text}{score}")


def _rules(ruling: Ruling, policy: Policy | None) -> Iterator[str]:
    rules = {rule.id: rule for rule in policy.rules} if policy is not None else {}
    for name in ruling.rules:
        rule = rules.get(name)
        if rule is None:
            yield f"{name}."
            continue
        about = f" ({rule.about})" if rule.about else ""
        condition = " ".join(rule.when.split())
        whose = " of one of its writes" if rule.each == "write" else ""
        what = ", ".join(consequences(rule.then)) or "nothing follows"
        yield f"{name}{about}: `{condition}` holds{whose}, so {what}."


def _known(
    facts: Facts, ruling: Ruling, agent: AgentPolicy | None, admission: Admission
) -> Iterator[str]:
    name, kind = admission.artifact.agent.name, admission.artifact.kind
    if facts.stopped:
        yield _sentence(f"The agent was stopped: {facts.stopped}")
    if facts.cap:
        yield f"Its error budget or a person had left it at most {facts.cap}."
    codes = {reason.code for reason in ruling.reasons}
    if facts.shape_decided:
        decided, rejected = _times(facts.shape_decided), _times(facts.shape_rejected)
        yield f"People had decided on its shape {decided} before, and rejected it {rejected}."
    elif "new_shape" in codes:
        yield "People had not decided on its shape before."
    yield from _standing(facts, agent, kind)
    for scope, used in facts.used.items():
        yield from _used(scope, used, agent, name)
    for path, spread in facts.spreads.items():
        yield (
            f"At {path}, {spread.number:,} approved numbers lay around {spread.mean:.6g}"
            f" (standard deviation {spread.deviation:.3g})."
        )
    if facts.flags:
        yield f"{facts.flags:,} hidden or misleading characters were found in its texts."
    sample = _sample(agent, kind)
    if ruling.mode is Mode.AUTONOMOUS and facts.draw < 1 and sample:
        yield f"People see what draws less than {sample:g}; it drew {facts.draw:.4f}."


def _standing(facts: Facts, agent: AgentPolicy | None, kind: str) -> Iterator[str]:
    standing, budget = facts.standing, budget_of(agent, kind)
    if budget is not None and (standing.decided or standing.mistakes):
        yield (
            f"In the {long_duration(budget.window)} of its error budget there were"
            f" {standing.decided:,} decisions and {standing.mistakes:,} mistakes;"
            f" {share(budget.rate)} may be wrong."
        )
    if standing.version_decided:
        yield f"This version had been decided on {_times(standing.version_decided)}."


def _used(scope: str, used: Used, agent: AgentPolicy | None, whose: str) -> Iterator[str]:
    sort, _, rest = scope.partition(":")
    name = rest.removeprefix(f"{whose}:")
    grant = None
    if agent is not None:
        named = {one.id or f"#{place}": one for place, one in enumerate(agent.grants, 1)}
        grant = named.get(name)
    if sort == "grant":
        rates = (grant.rates.hour, grant.rates.day) if grant is not None else (None, None)
        hour, day = _of(used.hour, rates[0]), _of(used.day, rates[1])
        yield f"The grant {name} had been used for {hour} writes in an hour, {day} in a day."
    elif sort == "spend":
        spend = grant.spend if grant is not None else None
        most = (spend.hour, spend.day) if spend is not None else (None, None)
        hour, day = _of(used.hour_amount, most[0]), _of(used.day_amount, most[1])
        yield f"The grant {name} had spent {hour} in an hour, {day} in a day."
    elif sort == "cost":
        yield f"The agent's tasks had cost ${used.day_amount:,.4g} in a day."


def _of(number: float, limit: float | None) -> str:
    shown = f"{number:,.10g}"
    return shown if limit is None else f"{shown} of {limit:,.10g}"


def _sample(agent: AgentPolicy | None, kind: str) -> float:
    """The share that people see all the same, 0 where that is not known."""
    return terms(agent, kind).autonomy.sample if agent is not None else 0.0


def _deciders(ruling: Ruling) -> Iterator[str]:
    if ruling.course not in (Course.PERSON, Course.SHADOW):
        return
    if ruling.quorum > 1:
        yield f"{ruling.quorum} different people must approve it; one rejection ends it."
    roles = [need.removeprefix("role:") for need in ruling.needs if need.startswith("role:")]
    if roles:
        yield f"Only {_or(roles)} decides."
    for need in ruling.needs:
        sort, _, value = need.partition(":")
        if sort == "not":
            yield f"{value} may not approve it: four eyes."
        elif sort == "looks":
            yield f"Decided as a group, {value} members must have been looked at before."
        elif need == "lift_out":
            yield "It is lifted out of groups until it was looked at on its own."


def _or(words: Sequence[str]) -> str:
    return " or ".join(f"a {word}" for word in words)


def _due(admission: Admission, ruling: Ruling, when: When) -> Iterator[str]:
    if ruling.course is not Course.PERSON:
        return
    wished, due = instant_of(admission.artifact.due_at), ruling.due_at
    earlier = wished is not None and wished < due
    at = wished if earlier and wished is not None else due
    why = " (the agent asked for that; the policy gives it longer)" if earlier else ""
    yield f"It is due at {when(at)}, {long_duration(at - admission.at)} after it came in{why}."
    expires = instant_of(admission.artifact.expires_at)
    if expires is not None:
        then = "it is escalated" if admission.artifact.on_expiry == "escalate" else "it is rejected"
        yield f"It expires at {when(expires)}: then {then}."
    steps = sorted(ruling.alerts, key=lambda alert: (alert.step, alert.turn))
    for _, turns in groupby(steps, key=lambda alert: alert.step):
        yield _alert(list(turns), admission.at, when)


def _alert(turns: list[Alert], since: int, when: When) -> str:
    first = turns[0]
    ways = [*(["a page"] if first.page else []), *first.notify]
    by = f", by {' and '.join(ways)}" if ways else ""
    who = {"on-call": "whoever is on call", "lead": "the lead"}.get(first.to, first.to)
    after = long_duration(max(0, first.at - since))
    again = ""
    if len(turns) > 1:
        apart = long_duration(turns[1].at - first.at)
        number = len(turns) - 1
        again = f", and again {_times(number)} every {apart}"
    return f"If nobody has decided by {when(first.at)} ({after}), it goes to {who}{by}{again}."


def _became(admission: Admission, when: When) -> Iterator[str]:
    at = "" if admission.decided_at is None else f" at {when(admission.decided_at)}"
    if admission.decision:
        who = "the policy" if admission.decided_kind == "policy" else admission.decided_by
        yield f"It is {admission.status}: {admission.decision} by {who}{at}."
    else:
        yield f"It is {admission.status}{at}."
    if admission.outcome:
        yield f"Its outcome is {admission.outcome}."


def _times(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number:,} times")


def _sentence(text: str) -> str:
    begun = text.strip()
    return _ended(begun[:1].upper() + begun[1:])


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
