"""Rules on how the agent went about it: asked, told, read, tried before."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .case import Case, dollars, escalation
from .conversation import Answered
from .source import HANDOFF, Record
from .tools import TOOLS

MUCH_MONEY = 1000
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")
_LEADING_YES = re.compile(r"^\W*(yes|yeah|yep|sure|oui|ok|okay|certainly|absolutely)\b", re.I)
_GO_AHEAD = re.compile(
    r"\b(yes|oui|confirm(?:ed|ing)?|go ahead|proceed|sounds good|(?:looks?|is) (?:good|correct|"
    r"perfect|right)|that'?s (?:correct|right|fine))\b",
    re.I,
)
_SUM = re.compile(r"\$\s?(\d[\d,]*(?:\.\d+)?)")
_DOUBT = re.compile(r"\b(apologi[sz]e|confusion|misunderst\w+|my mistake|oversight)\b", re.I)


def agrees(text: str) -> bool:
    """Whether a person says yes: a sentence that begins so, or a statement that tells to go on."""
    for sentence in _SENTENCE.findall(text):
        if _LEADING_YES.search(sentence):
            return True
        if not sentence.endswith("?") and _GO_AHEAD.search(sentence):
            return True
    return False


def no_confirmation(case: Case) -> Iterator[Record]:
    """The customer's last words before the write were no yes."""
    for index, text in case.conversation.said("user"):
        if not agrees(text):
            yield escalation(
                "no_confirmation",
                f"The customer did not say yes right before this write; they said: “{text}”",
                index,
            )
        return
    yield escalation("no_confirmation", "The customer has not said anything yet.")


def amount_not_told(case: Case) -> Iterator[Record]:
    """Money is charged or paid back that the agent never named."""
    money = case.proposal.money
    if not money or case.name == "cancel_reservation":
        return
    told = [(i, t) for i, t in case.conversation.said("agent")]
    parts = [abs(p["amount"]) for p in case.arguments.get("payment_methods", ())]
    named = {float(n.replace(",", "")) for _, text in told for n in _SUM.findall(text)}
    if abs(money) in named or (parts and named.issuperset(parts)):
        return
    verb = "charges" if money > 0 else "pays back"
    yield escalation(
        "amount_not_told",
        f"This {verb} {dollars(money)}, a sum that the agent never named to the customer.",
        told[0][0] if told else None,
    )


def much_money(case: Case) -> Iterator[Record]:
    """More than a thousand dollars move."""
    money = case.proposal.money
    if abs(money) > MUCH_MONEY:
        what = "charged" if money > 0 else "paid back"
        yield escalation(
            f"amount_over_{MUCH_MONEY}",
            f"{dollars(money)} would be {what}, more than {dollars(MUCH_MONEY)}.",
        )


def would_be_refused(case: Case) -> Iterator[Record]:
    """A dry run of the tool against the database refuses."""
    seen: set[str] = set()
    for refusal in case.proposal.refusals:
        if refusal.error not in seen:
            seen.add(refusal.error)
            words = refusal.error.removeprefix("Error: ")
            yield escalation(
                refusal.code, f"A dry run against the database is refused: {words}.", case.seen_at
            )


def repeated_attempt(case: Case) -> Iterator[Record]:
    """The same thing failed before in this conversation."""
    failed = [one for one in case.conversation.answered() if one.error and _same(case, one)]
    if not failed:
        return
    last_word = next((index for index, _ in case.conversation.said("user")), 0)
    asked = (
        "the customer has spoken since"
        if last_word > failed[0].index
        else "the agent has not asked the customer since"
    )
    times = "once" if len(failed) == 1 else f"{len(failed)} times"
    yield escalation(
        "repeated_attempt",
        f"The agent has tried this {times} already and was refused, last with “{failed[0].output}”"
        f"; {asked}.",
        failed[0].index,
    )


def _same(case: Case, one: Answered) -> bool:
    if case.name == HANDOFF:
        return one.name in TOOLS
    if one.name != case.name:
        return False
    aims = ("reservation_id", "user_id")
    return all(one.arguments.get(aim) == case.arguments.get(aim) for aim in aims)


def not_read(case: Case) -> Iterator[Record]:
    """The agent changes a reservation that it has never looked at."""
    made_here = any(
        isinstance(one.output, dict) and one.output.get("reservation_id") == case.reservation_id
        for one in case.conversation.answered()
    )
    if case.reservation_id and case.seen_at is None and not made_here:
        yield escalation(
            "record_not_read",
            f"The agent never read reservation {case.reservation_id} in this conversation.",
        )


def other_customer(case: Case) -> Iterator[Record]:
    """The data belongs to somebody else than the person in the conversation."""
    index, speaker = case.speaker
    if not speaker:
        yield escalation("customer_not_identified", "The customer has not given a valid user id.")
    elif case.customer != speaker:
        yield escalation(
            "other_customer",
            f"The customer introduced themselves as {speaker}; this changes data of "
            f"{case.customer}.",
            index,
        )


def in_doubt(case: Case) -> Iterator[Record]:
    """The agent has just apologised for a confusion."""
    for index, text in case.conversation.said("agent"):
        if found := _DOUBT.search(text):
            yield escalation(
                "agent_in_doubt",
                f"The agent's last words speak of a mix-up (“{found.group()}”).",
                index,
                source="agent",
            )
        return


def spoke_while_acting(case: Case) -> Iterator[Record]:
    """The agent told the customer something and wrote without waiting for an answer."""
    last = len(case.conversation.items) - 1
    if case.conversation.items[last].get("role") == "agent":
        yield escalation(
            "spoke_while_acting",
            "The agent speaks to the customer and makes this write in one breath, so the customer "
            "could not answer.",
            last,
        )


def nothing_changes(case: Case) -> Iterator[Record]:
    """All that would be written stands there already."""
    changes = case.proposal.changes
    if changes and all(change.before == change.after for change in changes):
        yield escalation(
            "nothing_changes", "The record after this write equals the record before.", case.seen_at
        )


def handed_over(case: Case) -> Iterator[Record]:
    """The agent gives up and asks for a person."""
    yield escalation("handoff", str(case.arguments.get("summary", "")), source="agent")


FOR_WRITES = (
    no_confirmation,
    amount_not_told,
    much_money,
    would_be_refused,
    repeated_attempt,
    not_read,
    other_customer,
    in_doubt,
    spoke_while_acting,
    nothing_changes,
)
FOR_HANDOFFS = (handed_over, repeated_attempt)
