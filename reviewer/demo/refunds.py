"""refund-bot, queue billing: refunds as record writes, payments as tool calls, and hand-offs."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from ..domain.instant import DAY, HOUR, MINUTE, iso
from .made import Json, Why, artifact, asked, link, read, said, soon, sure
from .people import PRODUCTS, Person, anyone, given_name

REFUND_RULES = """\
Refund policy (excerpt, valid from 1 March)

1. Damaged on arrival: full refund within 30 days of delivery, photo required above 100.
2. Changed mind: refund less shipping within 14 days, article unused.
3. Late delivery: voucher of 10 %, no refund of the goods.
4. Duplicate charge: refund of the duplicate at once, after matching both charges in the ledger.
5. Above 200 a person decides. Above 1,000 two people decide.
6. Gift cards are never refunded in money.
"""

ARGUMENTS_SCHEMA: Json = {
    "type": "object",
    "required": ["charge", "amount", "currency"],
    "additionalProperties": False,
    "properties": {
        "charge": {"type": "string", "pattern": "^ch_"},
        "amount": {"type": "number", "exclusiveMinimum": 0},
        "currency": {"type": "string", "enum": ["EUR", "USD", "GBP", "SEK"]},
        "reason": {"type": "string", "enum": ["duplicate", "fraudulent", "requested_by_customer"]},
        "notify": {"type": "boolean"},
    },
}


class _Story(NamedTuple):
    """One way in which an order goes wrong."""

    short: str
    reason: str
    complaint: str
    thought: str
    share: float
    why: tuple[Why, ...]
    risk: str


_STORIES = (
    _Story(
        "damaged", "damaged on arrival",
        "Hi, the {product} came with a crack right through it. I sent a photo. I want my money "
        "back, not a replacement.",
        "Photo shows a crack at the left edge. Rule 1 applies; delivered {days} days ago.",
        1.0, (), "medium",
    ),
    _Story(
        "late", "late delivery",
        "You promised Tuesday. It is now the following Monday and the birthday is over. Refund!",
        "Rule 3 would give a voucher, but the customer threatens a chargeback.",
        1.0,
        (("policy_exception", "rule 3 gives a voucher for late delivery, not a refund"),
         ("customer_angry", "two complaints in an hour, mentions a chargeback")),
        "high",
    ),
    _Story(
        "charged twice", "duplicate charge",
        "My card shows the same amount twice for one order.",
        "Ledger has two captures 41 s apart with the same intent. Refund the second.",
        1.0, (("sampled", "one in twenty of this kind goes to a person", "sample"),), "low",
    ),
    _Story(
        "changed mind", "changed mind within 14 days",
        "I would like to return it, it does not suit the room. Box is unopened.",
        "Within 14 days. Refund less shipping, once the parcel is scanned. It is not scanned yet.",
        0.92, (("missing_evidence", "the return parcel has not been scanned yet"),), "medium",
    ),
    _Story(
        "two orders match", "damaged on arrival",
        "The one I ordered last week is broken, please refund.",
        "Two orders of last week match this e-mail address. The cheaper is the likelier one.",
        1.0,
        (("low_confidence", "two orders match the e-mail", "agent", 0.41),
         ("ambiguous_match", "order {other} has the same buyer and date")),
        "high",
    ),
    _Story(
        "goodwill", "gesture of goodwill",
        "Third time something is wrong with an order from you. I am done.",
        "No rule covers this. A partial refund kept 8 of 10 such customers.",
        0.25,
        (("no_precedent", "nobody has decided a case like this in 90 days", "policy"),
         ("conflicting_sources", "the CRM says 'VIP', billing says 'dunning level 2'")),
        "medium",
    ),
)  # fmt: skip


def refund(rng: Random, now: int) -> Json:
    """A refund of one order: the order's record, and the payment behind it as a tool call."""
    story, person = rng.choice(_STORIES), anyone(rng)
    product, sku, price = rng.choice(PRODUCTS)
    count = rng.choice((1, 1, 1, 2, 3))
    total = round(price * count + 5.9, 2)
    amount = round(total * story.share, 2)
    order, other = rng.randrange(8_000, 9_900), rng.randrange(8_000, 9_900)
    currency = rng.choice(("EUR", "EUR", "USD", "GBP", "SEK"))
    days = rng.randrange(2, 29)
    before: Json = {
        "id": order,
        "status": "open",
        "customer": {"name": person.name, "email": person.mail, "country": person.country},
        "lines": [{"sku": sku, "title": product, "quantity": count, "price": price}],
        "shipping": 5.9,
        "total": total,
        "currency": currency,
        "refund": {"amount": 0.0},
        "delivered_at": iso(now - days * DAY),
    }
    after = before | {
        "status": "refunded" if story.share == 1 else "partly_refunded",
        "refund": {"amount": amount, "reason": story.reason, "by": "refund-bot"},
    }
    why = [(code, text.format(other=other), *rest) for code, text, *rest in story.why]
    if amount > 200:
        why.append(("amount_over_limit", f"amount {amount:.2f} is above 200", "policy"))
    charge = f"ch_{rng.getrandbits(48):012x}"
    context = [
        said("user", story.complaint.format(product=product)),
        *asked("get_order", {"order": order}, before),
        *asked("get_charges", {"order": order},
               [{"id": charge, "amount": total, "currency": currency, "captured": True}]),
        read("Refund policy", REFUND_RULES, "https://wiki.northwind.example/refunds"),
        said("thought", story.thought.format(days=days)),
        said("agent", f"I am sorry about this, {given_name(person)}. I have asked for a refund of "
             f"{amount:.2f} {currency}; you will hear from me today."),
        link("Order in the shop's back office", f"https://shop.northwind.example/orders/{order}"),
    ]  # fmt: skip
    writes: list[Json] = [
        {"type": "record", "system": "shop", "resource": f"order/{order}", "before": before,
         "after": after, "precondition": {"version": rng.randrange(2, 30)}},
    ]  # fmt: skip
    if rng.random() < 0.6:
        writes.append(_payment(charge, amount, currency, story))
    return artifact(
        rng, now, "refund-bot", "refund", f"Refund order {order} ({story.short})",
        number=f"{order}-{rng.randrange(100, 999)}", writes=writes, context=context, why=why,
        risk="critical" if amount > 600 else story.risk, due=soon(rng),
        confidence=0.41 if story.short == "two orders match" else sure(rng, 0.55),
        summary=f"{story.reason[:1].upper()}{story.reason[1:]}; {amount:.2f} {currency} back to "
        f"the card that paid.",
        on_behalf_of=f"customer:{rng.randrange(1000, 9999)}",
    )  # fmt: skip


def _payment(charge: str, amount: float, currency: str, story: _Story) -> Json:
    return {
        "type": "tool_call",
        "system": "payments",
        "resource": f"charge/{charge}",
        "name": "create_refund",
        "arguments": {"charge": charge, "amount": amount, "currency": currency,
                      "reason": "duplicate" if story.short == "charged twice"
                      else "requested_by_customer", "notify": True},
        "arguments_schema": ARGUMENTS_SCHEMA,
    }  # fmt: skip


def question(rng: Random, now: int) -> Json:
    """A hand-off: no write, a question that a person answers by `respond`."""
    person: Person = anyone(rng)
    order = rng.randrange(8_000, 9_900)
    text, code, detail = rng.choice((
        ("I bought this for my late father. Can I return it although 14 days are over? I have the "
         "death certificate, if you need that.", "human_touch",
         "a bereaved customer; the rules say no, a person should answer"),
        ("My lawyer says you owe me the difference to the advertised price under § 434. Please "
         "confirm in writing.", "legal_threat", "the customer cites law and asks for a written "
         "statement"),
        ("I never ordered this. Somebody used my card. Delete my account and all my data.",
         "identity_unverified", "possible account takeover; the caller could not be identified"),
    ))  # fmt: skip
    context = [
        said("user", text),
        *asked("get_order", {"order": order}, {"id": order, "status": "delivered",
               "total": round(rng.uniform(20, 400), 2), "customer": person.name}),
        said("thought", "No tool of mine fits, and no rule covers it. I must not guess."),
    ]  # fmt: skip
    return artifact(
        rng, now, "refund-bot", "question", f"What shall I answer {given_name(person)}? "
        f"(order {order})", number=f"{order}-q{rng.randrange(100, 999)}", context=context,
        why=[("handoff", detail), (code, detail, "agent")], risk="medium", due=soon(rng),
        confidence=sure(rng, 0.05, 0.3), allowed=["respond", "reject"],
        summary="I have no permitted action left and ask what to answer.",
        on_behalf_of=f"customer:{rng.randrange(1000, 9999)}",
    )  # fmt: skip


def chain(rng: Random, now: int) -> list[Json]:
    """Three revisions of one refund; the last is pending, the others are superseded."""
    number = f"8841-{rng.randrange(100, 999)}"
    person = anyone(rng)
    before: Json = {"id": 8841, "status": "open", "customer": person.name, "total": 212.0,
                    "currency": "EUR", "refund": {"amount": 0.0}}  # fmt: skip
    amounts = ((424.0, "refunds twice the total by mistake"), (212.0, "right amount, no reason"),
               (212.0, "right amount and reason, customer informed"))  # fmt: skip
    made = []
    for revision, (amount, remark) in enumerate(amounts):
        refunded: Json = {"amount": amount} | ({"reason": "damaged on arrival"} if revision else {})
        writes: list[Json] = [
            {"type": "record", "system": "shop", "resource": "order/8841", "before": before,
             "after": before | {"status": "refunded", "refund": refunded}}
        ]  # fmt: skip
        if revision == 2:
            writes.append({
                "type": "message", "system": "mail", "resource": "ticket/5521", "channel": "email",
                "to": [person.mail], "subject": "Your refund for order 8841",
                "body": f"Dear {person.name},\n\nwe have refunded 212.00 EUR to your card. This "
                "takes up to five working days.\n\nKind regards\nNorthwind Support\n",
            })  # fmt: skip
        context = [
            said("user", "The headset arrived damaged, see photo. Order 8841."),
            *asked("get_order", {"order": 8841}, before),
            *[said("person", f"r{i}: {amounts[i][1]}, do it again") for i in range(revision)],
            said("thought", f"Revision {revision}: {remark}."),
        ]
        why: list[Why] = [("amount_over_limit", f"amount {amount:.2f} is above 200", "policy")]
        if revision:
            why.append(("revised", f"revision {revision}, after a reviewer's remark"))
        made.append(artifact(
            rng, now, "refund-bot", "refund", "Refund order 8841 (damaged)", number=number,
            revision=revision, writes=writes, context=context, why=why, risk="critical",
            due=(12 if revision == 2 else 40) * MINUTE, confidence=0.4 + 0.2 * revision,
            summary=remark, on_behalf_of="customer:1882", expires_at=iso(now + 30 * HOUR),
            on_expiry="escalate",
        ))  # fmt: skip
    return made
