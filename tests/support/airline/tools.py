"""What the airline's write tools do, as functions from a world and arguments to proposed changes.

A proposal holds the changes as far as they can be computed even where the tool would refuse, for
the agent did propose them; its refusals stand in the order in which the tool checks.  The
behaviour is that of the recorded runs: seats are not taken off the timetable, a cabin asked for
changes prices but not the reservation's own `cabin`, refunds are only noted in `payment_history`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from .source import Record, World

NOW = "2024-05-15T15:00:00"
BAG_PRICE = 50
INSURANCE_PRICE = 30
_NEW_RESERVATIONS = ("HATHAT", "HATHAU", "HATHAV")
_NEW_CERTIFICATES = ("certificate_3221322", "certificate_3221323", "certificate_3221324")


@dataclass(frozen=True)
class Change:
    """One record before and after; `before` is None where it is created."""

    path: str
    before: Record | None
    after: Record


@dataclass(frozen=True)
class Refusal:
    """Why the tool would not do it: a code for escalations and the tool's own words."""

    code: str
    error: str


@dataclass(frozen=True)
class Proposal:
    """What a call would change; `money` is US dollars charged (paid back where negative)."""

    changes: tuple[Change, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    money: float = 0
    answer: str = ""

    @property
    def records(self) -> Record:
        """The records after, by path."""
        return {change.path: change.after for change in self.changes}


@dataclass
class _Draft:
    """A proposal in the making."""

    world: World
    after: Record = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)

    def refuse(self, code: str, error: str) -> None:
        self.refusals.append(Refusal(code, "Error: " + error))

    def open(self, path: str, missing: str) -> Record | None:
        """A copy to be changed, or a refusal."""
        record = self.after.get(path) or self.world.get(path)
        if record is None:
            self.refuse("not_found", missing)
            return None
        self.after[path] = record
        return record

    def done(self, money: float, answer: str) -> Proposal:
        changes = tuple(
            Change(path, before, after)
            for path, after in self.after.items()
            if (before := self.world.get(path)) != after or path.startswith("reservations/")
        )
        if self.refusals:
            answer = self.refusals[0].error
        return Proposal(changes, tuple(self.refusals), money, answer)


def propose(world: World, name: str, arguments: Record) -> Proposal:
    """What the tool `name` would do to `world`; raises KeyError for a tool that does not write."""
    return TOOLS[name](world, **json.loads(json.dumps(arguments)))


def _book(
    world: World,
    *,
    user_id: str,
    flights: list[Record],
    passengers: list[Record],
    payment_methods: list[Record],
    nonfree_baggages: int,
    insurance: str,
    cabin: str,
    **terms: object,
) -> Proposal:
    draft = _Draft(world)
    user = draft.open(f"users/{user_id}", "user not found")
    if user is None:
        return draft.done(0, "")
    free = (new for new in _NEW_RESERVATIONS[:-1] if world.get(f"reservations/{new}") is None)
    new = next(free, _NEW_RESERVATIONS[-1])
    fares = _priced(draft, flights, cabin, len(passengers), kept=())
    reservation = {
        "reservation_id": new,
        "user_id": user_id,
        "origin": terms["origin"],
        "destination": terms["destination"],
        "flight_type": terms["flight_type"],
        "cabin": cabin,
        "flights": flights,
        "passengers": passengers,
        "payment_history": payment_methods,
        "created_at": NOW,
        "total_baggages": terms["total_baggages"],
        "nonfree_baggages": nonfree_baggages,
        "insurance": insurance,
    }
    paid = sum(payment["amount"] for payment in payment_methods)
    for payment in payment_methods:
        _check_balance(draft, user, payment["payment_id"], payment["amount"])
    if fares is not None:
        insured = INSURANCE_PRICE * len(passengers) if insurance == "yes" else 0
        price = fares + insured + BAG_PRICE * nonfree_baggages
        if paid != price:
            draft.refuse(
                "payment_mismatch",
                f"payment amount does not add up, total price is {price}, but paid {paid}",
            )
    for payment in payment_methods:
        _take(user, payment["payment_id"], payment["amount"])
    user["reservations"].append(new)
    draft.after = {f"reservations/{new}": reservation} | draft.after
    return draft.done(paid, json.dumps(reservation))


def _check_balance(draft: _Draft, user: Record, payment_id: str, amount: float) -> None:
    method = user["payment_methods"].get(payment_id)
    if method is None:
        draft.refuse("payment_not_in_profile", f"payment method {payment_id} not found")
    elif method["source"] != "credit_card" and method["amount"] < amount:
        draft.refuse("insufficient_balance", f"not enough balance in payment method {payment_id}")


def _take(user: Record, payment_id: str, amount: float) -> None:
    """A gift card loses the amount, a certificate is used up, a credit card keeps no balance."""
    method = user["payment_methods"].get(payment_id, {})
    if method.get("source") == "gift_card":
        method["amount"] -= amount
    elif method.get("source") == "certificate":
        del user["payment_methods"][payment_id]


def _cancel(world: World, *, reservation_id: str) -> Proposal:
    draft = _Draft(world)
    reservation = draft.open(f"reservations/{reservation_id}", "reservation not found")
    if reservation is None:
        return draft.done(0, "")
    history = reservation["payment_history"]
    paid = sum(payment["amount"] for payment in history)
    history += [{"payment_id": p["payment_id"], "amount": -p["amount"]} for p in history]
    reservation["status"] = "cancelled"
    return draft.done(-paid, json.dumps(reservation))


def _rebook(
    world: World, *, reservation_id: str, cabin: str, flights: list[Record], payment_id: str
) -> Proposal:
    draft = _Draft(world)
    reservation = draft.open(f"reservations/{reservation_id}", "reservation not found")
    if reservation is None:
        return draft.done(0, "")
    seats, old = len(reservation["passengers"]), reservation["flights"]
    # a segment keeps its old price only while the cabin stays
    kept = old if cabin == reservation["cabin"] else ()
    fares = _priced(draft, flights, cabin, seats, kept)
    money = None if fares is None else fares - sum(f["price"] for f in old) * seats
    reservation["flights"] = flights
    _charge(draft, reservation, payment_id, money)
    return draft.done(money or 0, json.dumps(reservation))


def _baggage(
    world: World,
    *,
    reservation_id: str,
    total_baggages: int,
    nonfree_baggages: int,
    payment_id: str,
) -> Proposal:
    draft = _Draft(world)
    reservation = draft.open(f"reservations/{reservation_id}", "reservation not found")
    if reservation is None:
        return draft.done(0, "")
    money = BAG_PRICE * max(0, nonfree_baggages - reservation["nonfree_baggages"])
    reservation["total_baggages"] = total_baggages
    reservation["nonfree_baggages"] = nonfree_baggages
    _charge(draft, reservation, payment_id, money)
    return draft.done(money, json.dumps(reservation))


def _charge(draft: _Draft, reservation: Record, payment_id: str, money: float | None) -> None:
    """One later payment on a reservation; `money` is None where the price is unknown."""
    user = draft.open(f"users/{reservation['user_id']}", "user not found")
    method = user["payment_methods"].get(payment_id) if user else None
    if method is None:
        draft.refuse("payment_not_in_profile", "payment method not found")
    elif method["source"] == "certificate":
        draft.refuse("certificate_not_allowed", "certificate cannot be used to update reservation")
    elif method["source"] == "gift_card" and money is not None:
        if method["amount"] < money:
            draft.refuse("insufficient_balance", "gift card balance is not enough")
        method["amount"] -= money
    if money:
        reservation["payment_history"].append({"payment_id": payment_id, "amount": money})


def _priced(
    draft: _Draft, flights: list[Record], cabin: str, seats: int, kept: Sequence[Record]
) -> float | None:
    """Fills in price, origin and destination; the fares for all seats, None if one is unknown."""
    total: float | None = 0
    for flight in flights:
        number, date = flight["flight_number"], flight["date"]
        same = [f for f in kept if (f["flight_number"], f["date"]) == (number, date)]
        route = same[0] if same else draft.world.flights.get(number, {})
        price = same[0]["price"] if same else _fare(draft, number, date, cabin, seats)
        if price is not None:
            flight["price"] = price
        flight |= {end: route[end] for end in ("origin", "destination") if end in route}
        total = None if total is None or price is None else total + price * seats
    return total


def _fare(draft: _Draft, number: str, date: str, cabin: str, seats: int) -> float | None:
    day = draft.world.on(number, date)
    if number not in draft.world.flights:
        draft.refuse("flight_not_available", f"flight {number} not found")
    elif day is None:
        draft.refuse("flight_not_available", f"flight {number} not found on date {date}")
    elif day["status"] != "available":
        draft.refuse("flight_not_available", f"flight {number} not available on date {date}")
    else:
        if day["available_seats"][cabin] < seats:
            draft.refuse("no_seats", f"not enough seats on flight {number}")
        price: float = day["prices"][cabin]
        return price
    return None


def _passengers(world: World, *, reservation_id: str, passengers: list[Record]) -> Proposal:
    draft = _Draft(world)
    reservation = draft.open(f"reservations/{reservation_id}", "reservation not found")
    if reservation is None:
        return draft.done(0, "")
    if len(passengers) != len(reservation["passengers"]):
        draft.refuse("passenger_count", "number of passengers does not match")
    reservation["passengers"] = passengers
    return draft.done(0, json.dumps(reservation))


def _certificate(world: World, *, user_id: str, amount: float) -> Proposal:
    draft = _Draft(world)
    user = draft.open(f"users/{user_id}", "user not found")
    if user is None:
        return draft.done(0, "")
    methods = user["payment_methods"]
    new = next((one for one in _NEW_CERTIFICATES if one not in methods), None)
    if new is None:
        return draft.done(0, "")
    methods[new] = {"source": "certificate", "amount": amount, "id": new}
    return draft.done(-amount, f"Certificate {new} added to user {user_id} with amount {amount}.")


TOOLS: dict[str, Callable[..., Proposal]] = {
    "book_reservation": _book,
    "cancel_reservation": _cancel,
    "update_reservation_flights": _rebook,
    "update_reservation_baggages": _baggage,
    "update_reservation_passengers": _passengers,
    "send_certificate": _certificate,
}
