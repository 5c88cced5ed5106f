"""Rules of the airline's `policy.md` that its tools do not check themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from .case import Case, dollars, escalation
from .source import Record
from .tools import NOW

FREE_BAGS = {
    "regular": {"basic_economy": 0, "economy": 1, "business": 2},
    "silver": {"basic_economy": 1, "economy": 2, "business": 3},
    "gold": {"basic_economy": 2, "economy": 3, "business": 3},
}
MOST_PASSENGERS = 5
MOST_PAYMENTS = {"certificate": 1, "credit_card": 1, "gift_card": 3}
_INSURED_REASON = re.compile(
    r"\b(sick|ill|illness|unwell|health|medical|doctor|hospital|surgery|flu|injur\w+|weather|"
    r"storm\w*|snow\w*|hurricane)\b",
    re.I,
)


def basic_economy_change(case: Case) -> Iterator[Record]:
    """Basic economy flights cannot be modified (their cabin can)."""
    now = case.reservation
    if case.name != "update_reservation_flights" or not now or case.cabin != "basic_economy":
        return
    if _segments(now["flights"]) != _segments(case.arguments["flights"]):
        yield escalation(
            "policy_basic_economy_change",
            f"Reservation {case.reservation_id} is basic economy; its flights cannot be modified, "
            "but the flights asked for are others.",
            case.seen_at,
        )


def route_change(case: Case) -> Iterator[Record]:
    """Origin, destination and trip type stay as they were booked."""
    now = case.reservation
    if case.name != "update_reservation_flights" or not now:
        return
    after = case.proposal.records[f"reservations/{case.reservation_id}"]["flights"]
    stops = [(f.get("origin"), f.get("destination")) for f in after]
    home, away = now["origin"], now["destination"]
    end = home if now["flight_type"] == "round_trip" else away
    linked = all(a[1] == b[0] for a, b in pairwise(stops))
    visited = {stop for _, stop in stops}
    if stops and stops[0][0] == home and stops[-1][1] == end and away in visited and linked:
        return
    route = ", ".join(f"{a or '?'}–{b or '?'}" for a, b in stops) or "no flight at all"
    yield escalation(
        "policy_route_change",
        f"Booked is a {now['flight_type'].replace('_', ' ')} {home}–{away}; "
        f"the flights asked for are {route}.",
        case.seen_at,
    )


def cabin_change(case: Case) -> Iterator[Record]:
    """The tool prices another cabin but leaves the reservation's own field as it was."""
    now, cabin = case.reservation, case.arguments.get("cabin")
    if case.name == "update_reservation_flights" and now and case.cabin != cabin:
        yield escalation(
            "cabin_change",
            f"The cabin goes from {case.cabin} to {cabin}, which reprices every flight; the tool "
            "leaves the field 'cabin' of the record as it was.",
            case.seen_at,
        )


def cancel_without_ground(case: Case) -> Iterator[Record]:
    """Within 24 hours, cancelled by the airline, business, or insured for a covered reason."""
    now = case.reservation
    if case.name != "cancel_reservation" or not now:
        return
    fresh = datetime.fromisoformat(NOW) - datetime.fromisoformat(now["created_at"])
    if fresh <= timedelta(hours=24) or case.cabin == "business":
        return
    if any(case.status(flight) == "cancelled" for flight in now["flights"]):
        return
    if now["insurance"] == "yes":
        if _insured_reason(case) is not None:
            return
        insured = "is insured, but the customer named neither health nor weather as the reason"
    else:
        insured = "has no travel insurance"
    yield escalation(
        "cancel_without_ground",
        f"Reservation {case.reservation_id} was booked more than 24 hours ago "
        f"({now['created_at'][:10]}), no flight was cancelled by the airline, the cabin is "
        f"{case.cabin}, and it {insured}.",
        case.seen_at,
    )


def _insured_reason(case: Case) -> int | None:
    said = case.conversation.said("user")
    return next((index for index, text in said if _INSURED_REASON.search(text)), None)


def cancelled_twice(case: Case) -> Iterator[Record]:
    """What is cancelled already is neither cancelled nor changed again."""
    if (case.reservation or {}).get("status") == "cancelled":
        yield escalation(
            "already_cancelled", f"Reservation {case.reservation_id} is cancelled.", case.seen_at
        )


def already_flown(case: Case) -> Iterator[Record]:
    """Once a segment is used only a person can cancel; a used segment cannot be changed."""
    now = case.reservation
    if case.name not in ("cancel_reservation", "update_reservation_flights") or not now:
        return
    used = [f for f in now["flights"] if case.status(f) in ("landed", "flying")]
    kept = _segments(case.arguments.get("flights", ()))
    lost = [f for f in used if not kept[f["flight_number"], f["date"]]]
    if lost:
        names = ", ".join(f"{f['flight_number']} on {f['date']}" for f in lost)
        yield escalation("segment_already_flown", f"Already used: {names}.", case.seen_at)


def payments(case: Case) -> Iterator[Record]:
    """A booking takes one certificate, one credit card and three gift cards at most."""
    paid = case.arguments.get("payment_methods", ())
    kinds = Counter(p["payment_id"].rpartition("_")[0] for p in paid)
    for kind, most in MOST_PAYMENTS.items():
        if kinds[kind] > most:
            yield escalation(
                f"too_many_{kind}s",
                f"{kinds[kind]} {kind.replace('_', ' ')}s pay for this booking; {most} at most.",
                case.conversation.read("get_user_details", user_id=case.customer),
            )


def passengers(case: Case) -> Iterator[Record]:
    """A reservation has at most five passengers."""
    number = len(case.arguments.get("passengers", ()))
    if number > MOST_PASSENGERS:
        yield escalation("too_many_passengers", f"{number} passengers, {MOST_PASSENGERS} at most.")


def bags(case: Case) -> Iterator[Record]:
    """Free bags go by membership and cabin, per passenger; bags are never taken away."""
    booking = case.name == "book_reservation"
    terms = case.arguments if booking else case.reservation
    if "nonfree_baggages" not in case.arguments or not terms or not case.user:
        return
    cabin = terms["cabin"] if booking else case.cabin
    total, paid = case.arguments["total_baggages"], case.arguments["nonfree_baggages"]
    each = FREE_BAGS[case.user["membership"]][cabin]
    free = each * len(terms["passengers"])
    right = max(0, total - free)
    if paid != right:
        yield escalation(
            "baggage_allowance",
            f"A {case.user['membership']} member has {free} free bags here ({each} for each of "
            f"{len(terms['passengers'])} in {cabin}), so of {total} bags {right} are "
            f"to be paid, not {paid}.",
            case.conversation.read("get_user_details", user_id=case.customer),
        )
    if not booking and total < terms["total_baggages"]:
        yield escalation(
            "bags_removed", f"{terms['total_baggages']} bags are booked, {total} would remain."
        )


def certificate(case: Case) -> Iterator[Record]:
    """A certificate is a gesture for delays and cancellations, by passengers and standing."""
    if case.name != "send_certificate":
        return
    amount, seen = case.arguments["amount"], list(case.seen_reservations())
    yield escalation(
        "certificate_gesture",
        f"A certificate of {dollars(amount)} as a gesture to {case.customer}; once sent it is "
        "the customer's.",
    )
    standing = case.user.get("membership", "unknown")
    kind = any(r["insurance"] == "yes" or r["cabin"] == "business" for _, r in seen)
    if standing not in ("silver", "gold") and not kind:
        yield escalation(
            "certificate_not_eligible",
            f"The customer is a {standing} member, and no reservation the agent read is insured "
            "or in business.",
            case.conversation.read("get_user_details", user_id=case.customer),
        )
    due = {
        rate * len(reservation["passengers"])
        for _, reservation in seen
        for flight in reservation["flights"]
        if (rate := _gesture(case, flight))
    }
    if amount not in due:
        grounds = " or ".join(dollars(one) for one in sorted(due)) or "nothing"
        yield escalation(
            "certificate_without_ground",
            f"By the delayed and cancelled flights of the reservations the agent read, {grounds} "
            f"is due, not {dollars(amount)}.",
            seen[0][0] if seen else None,
        )


def _gesture(case: Case, flight: Record) -> int:
    """Dollars for each passenger: 100 for a cancelled flight, 50 for a late one, else none."""
    if case.status(flight) == "cancelled":
        return 100
    return 50 if case.late(flight) else 0


def _segments(flights: Iterable[Record]) -> Counter[tuple[str, str]]:
    return Counter((flight["flight_number"], flight["date"]) for flight in flights)


FOR_WRITES = (
    basic_economy_change,
    route_change,
    cabin_change,
    cancel_without_ground,
    cancelled_twice,
    already_flown,
    payments,
    passengers,
    bags,
    certificate,
)
