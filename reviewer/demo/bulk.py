"""Two groups of some fifty near-identical proposals each, with three outliers hidden in both."""

from __future__ import annotations

from random import Random

from ..domain.instant import HOUR, MINUTE
from .made import Json, artifact, asked, said, sure
from .people import anyone, given_name

GROUP = 50
OUTLIERS = 3


def phones(rng: Random, now: int) -> list[Json]:
    """Phone numbers brought to E.164; three of them change more than the notation."""
    odd = set(rng.sample(range(GROUP), OUTLIERS))
    return [_phone(rng, now, 30_000 + i, i in odd) for i in range(GROUP)]


def _phone(rng: Random, now: int, number: int, odd: bool) -> Json:
    person = anyone(rng)
    digits = f"{rng.randrange(10**8, 10**9)}"
    before: Json = {"id": number, "name": person.name, "phone": f"0{digits[:3]} / {digits[3:]}",
                    "phone_verified": True, "country": "DE"}  # fmt: skip
    after = before | {"phone": f"+49{digits}"}
    if odd:
        # another number, not another notation
        after |= {"phone": f"+1{rng.randrange(10**9, 10**10)}", "country": "US"}
    return artifact(
        rng, now, "crm-sync", "normalise-phone", f"Phone of contact {number} in E.164",
        number=number,
        writes=[{"type": "record", "system": "crm", "resource": f"contacts/{number}",
                 "before": before, "after": after, "precondition": {"version": 3}}],
        context=[*asked("get_contact", {"id": number}, before),
                 said("thought", "National notation; the country gives the prefix.")],
        why=[("sampled", "new kind of task: everything goes to people", "sample")],
        risk="low", due=20 * HOUR + number * 1_000, confidence=sure(rng, 0.93, 0.99),
        summary="Same number, international notation.", on_behalf_of="team:sales-ops",
    )  # fmt: skip


def reminders(rng: Random, now: int) -> list[Json]:
    """Payment reminders from one template; three go to the wrong place or ask for too much."""
    odd = dict(
        zip(rng.sample(range(GROUP), OUTLIERS), ("recipient", "amount", "tone"), strict=True)
    )
    return [_reminder(rng, now, 70_000 + i, odd.get(i, "")) for i in range(GROUP)]


def _reminder(rng: Random, now: int, number: int, odd: str) -> Json:
    person = anyone(rng)
    amount = round(rng.uniform(12, 180), 2)
    charged = amount * 100 if odd == "amount" else amount
    to = "all-staff@lists.northwind.example" if odd == "recipient" else person.mail
    close = "Kind regards\nNorthwind Accounts\n"
    if odd == "tone":
        close = "If you do not pay today we will tell your employer.\n\nNorthwind Accounts\n"
    body = (
        f"Dear {given_name(person)},\n\nyour invoice {number} over {charged:.2f} EUR was due last "
        f"week. If you have paid already, please ignore this letter.\n\n{close}"
    )
    return artifact(
        rng, now, "mailer", "reminder", f"Payment reminder for invoice {number}", number=number,
        queue="billing",
        writes=[{"type": "message", "system": "mail", "resource": f"invoice/{number}",
                 "channel": "email", "to": [to], "subject": f"Invoice {number} is due",
                 "body": body}],
        context=asked("get_invoice", {"id": number},
                      {"id": number, "open": amount, "email": person.mail, "level": 1}),
        why=[("external_recipient", "goes to a customer", "policy")],
        risk="low", due=9 * HOUR + number % 97 * MINUTE, confidence=sure(rng, 0.9, 0.99),
        summary="First reminder, standard text.", on_behalf_of=f"customer:{number - 60_000}",
    )  # fmt: skip
