"""How insights say numbers: durations, money, shares."""

from __future__ import annotations

from ..domain.instant import DAY, HOUR, MINUTE, SECOND
from .shares import Share


def lasting(micros: float | None) -> str:
    """A duration in one unit: `42 s`, `12 min`, `3.4 h`; a dash for none."""
    if micros is None:
        return "–"
    for unit, word in ((DAY, "d"), (HOUR, "h")):
        if micros >= unit:
            number = micros / unit
            return f"{number:.0f} {word}" if number >= 10 else f"{number:.1f} {word}"
    if micros >= MINUTE:
        return f"{micros / MINUTE:.0f} min"
    return f"{micros / SECOND:.0f} s" if micros >= SECOND else "< 1 s"


def money(dollars: float | None) -> str:
    """Dollars with as many digits as tell something: `$0.042`, `$3.10`, `$1,204`."""
    if dollars is None:
        return "–"
    if dollars >= 100:
        return f"${dollars:,.0f}"
    return f"${dollars:.2f}" if dollars >= 1 else f"${dollars:.3f}"


def percent(value: float | None) -> str:
    """A share in per cent; never 0 or 100 unless it is so."""
    if value is None:
        return "–"
    if 0 < value < 0.01:
        return "<1%"
    return ">99%" if 0.99 < value < 1 else f"{value * 100:.0f}%"


def sure(share: Share) -> str:
    """The 95 % interval of a share: `72–83`; empty for a share of nothing."""
    return f"{share.low * 100:.0f}–{share.high * 100:.0f}" if share.whole else ""


def rate(number: float) -> str:
    """How many an hour."""
    if 0 < number < 0.1:
        return "<0.1"
    return f"{number:,.0f}" if number >= 10 else f"{number:.1f}"
