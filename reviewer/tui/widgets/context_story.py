"""The agent's run as a whole: its beats with their times, and what it took in all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from .context_rows import SORTS, Beat, beats

if TYPE_CHECKING:
    from ...domain.artifact import Artifact, Cost
    from ...domain.context import ContextItem

TIME_WIDTH: Final = 5


class Clock(StrEnum):
    """What stands in the gutter: the time of day, seconds since the start, or since the step."""

    TIME = "time"
    START = "since the start"
    STEP = "since the step before"


@dataclass(frozen=True)
class Story:
    """Beats in order; `evidence` are the beats that an escalation points to."""

    beats: tuple[Beat, ...] = ()
    evidence: frozenset[int] = frozenset()
    trace: str = ""
    total: str = ""
    start: datetime | None = None
    places: tuple[int, ...] = ()
    """For each context item the beat that tells it."""
    weight: int = 0
    """Roughly how many characters there are in all bodies."""

    @classmethod
    def of(cls, artifact: Artifact, evidence: Collection[int] = ()) -> Story:
        """The story of an artifact; takes some time for thousands of items."""
        told = tuple(beats(artifact.context))
        places = [0] * len(artifact.context)
        for number, beat in enumerate(told):
            places[beat.index] = number
            if beat.answer is not None:
                places[beat.answer] = number
        marked = frozenset(places[index] for index in evidence if index < len(places))
        start = next((beat.at for beat in told if beat.at is not None), None)
        total = " · ".join(totals(artifact.cost, artifact.context, told))
        weight = sum(beat.weight for beat in told)
        return cls(told, marked, artifact.trace.url, total, start, tuple(places), weight)

    @property
    def time_width(self) -> int:
        """The cells of the gutter's times, or of the beats' numbers where no times are told."""
        return TIME_WIDTH if self.start is not None else max(2, len(str(len(self.beats))))

    @property
    def sorts(self) -> list[str]:
        """Which sorts of beats there are."""
        found = {beat.sort for beat in self.beats}
        return [sort for sort in SORTS if sort in found]

    def order(self, sort: str = "") -> list[int]:
        """The beats of a sort, or all."""
        return [at for at, beat in enumerate(self.beats) if sort in ("", beat.sort)]

    def time(self, at: int, clock: Clock) -> str:
        """What the gutter says of a beat: a time, or its number where no times are told."""
        when, start = self.beats[at].at, self.start
        if start is None:
            return str(at + 1)
        if when is None:
            return ""
        try:
            if clock is Clock.TIME:
                return f"{when.astimezone():%H:%M}"
            since = start if clock is Clock.START else self._before(at) or when
            return since_words((when - since).total_seconds())
        except OverflowError:  # the years 1 and 9999 have no other time zones
            return ""

    def _before(self, at: int) -> datetime | None:
        """The time of the step before."""
        earlier = (self.beats[step].at for step in range(at - 1, max(-1, at - 1000), -1))
        return next((when for when in earlier if when is not None), None)


def since_words(seconds: float) -> str:
    """How much later, in at most five characters: `+3.1s`, `+42s`, `+12m`, `+5h`, `+3d`."""
    sign, size = ("-" if seconds < 0 else "+"), abs(seconds)
    if size < 9.95:
        return f"{sign}{size:.1f}s"
    for unit, of, most in (("s", 1, 99.5), ("m", 60, 99.5), ("h", 3600, 47.5), ("d", 86400, 999)):
        if size / of < most:
            return f"{sign}{size / of:.0f}{unit}"
    return f"{sign}…"


def took(seconds: float) -> str:
    """A duration as people say it: `40 ms`, `3.1 s`, `14 s`, `2 min 5 s`, `1 h 4 min`."""
    if seconds < 0.95:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s" if whole % 60 else f"{whole // 60} min"
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def totals(cost: Cost, context: Sequence[ContextItem], told: Sequence[Beat]) -> list[str]:
    """Duration, steps, tokens, money: what the agent told, else what its context shows."""
    found = []
    times = [item.at for item in context if item.at is not None]
    seconds = cost.seconds
    if seconds is None and len(times) > 1:
        seconds = (max(times) - min(times)).total_seconds()
    if seconds is not None:
        found.append(took(seconds))
    steps = cost.steps
    if steps is None and told:
        steps = sum(beat.kind in ("agent", "assistant", "thought", "tool") for beat in told)
    if steps:
        found.append(f"{steps:,} step{'s' if steps != 1 else ''}")
    if cost.input_tokens is not None or cost.output_tokens is not None:
        found.append(f"{_count(cost.input_tokens)}→{_count(cost.output_tokens)} tokens")
    if cost.usd is not None:
        found.append(
            f"${cost.usd:.2f}" if cost.usd >= 0.005 or not cost.usd else f"${cost.usd:.4f}"
        )
    return found


def _count(number: int | None) -> str:
    if number is None:
        return "?"
    return f"{number:,}" if number < 100_000 else f"{number / 1000:,.0f}k"
