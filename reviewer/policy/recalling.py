"""What people had decided by when, replayed: on shapes, on versions, on numbers.

A policy that does not ask for such history leaves none in the stored facts; one that asks for it is
simulated with what the replayed past shows.  It is the past of the replayed time alone, and so no
more than there was.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush
from math import sqrt
from typing import Any

from ..domain.governance import Admission
from ..shapes.shape import shape_of
from .autonomy import numbers
from .changes import Change
from .facts import Spread

MOST = 100_000
"""Shapes, versions and places that are told apart; later ones count as never seen."""
_APPROVED = ("approve", "edit")

Work = tuple[str, str]
"""An agent and the kind of its work."""


@dataclass(slots=True)
class _Numbers:
    """Number, mean and sum of squares of deviations (B. P. Welford, Technometrics 4, 1962)."""

    number: int = 0
    mean: float = 0.0
    squares: float = 0.0

    def add(self, value: float) -> None:
        self.number += 1
        off = value - self.mean
        self.mean += off / self.number
        self.squares += off * (value - self.mean)

    def spread(self) -> Spread:
        deviation = sqrt(max(0.0, self.squares) / (self.number - 1)) if self.number > 1 else 0.0
        return Spread(self.number, self.mean, deviation)


def shape(admission: Admission) -> str:
    """The shape that an artifact has by its own reasons, as admission asks for it."""
    artifact = admission.artifact
    codes = dict.fromkeys(escalation.code for escalation in artifact.escalations)
    return shape_of(artifact, list(codes)).id


class Recalled:
    """Decisions of people from when they were taken on."""

    def __init__(self) -> None:
        self._coming: list[tuple[int, int, dict[str, Any]]] = []
        self._shapes: dict[str, list[int]] = {}
        self._versions: dict[tuple[str, str, str], int] = {}
        self._numbers: dict[tuple[str, str, str], _Numbers] = {}

    def add(self, admission: Admission, of_shape: str) -> None:
        """Takes in what people decided on one admission, if they did."""
        if admission.decided_kind != "person" or admission.decided_at is None:
            return
        artifact = admission.artifact
        found: dict[str, Any] = {
            "work": (artifact.agent.name, artifact.kind),
            "version": artifact.agent.version,
            "shape": of_shape,
            "rejected": admission.decision == "reject",
        }
        if admission.decision in _APPROVED:
            found["numbers"] = numbers(map(Change, artifact.writes))
        heappush(self._coming, (admission.decided_at, admission.seq, found))

    def until(self, at: int) -> None:
        """Counts what was decided by an instant."""
        while self._coming and self._coming[0][0] <= at:
            self._count(heappop(self._coming)[2])

    def decided(self, of_shape: str) -> tuple[int, int]:
        """How often people had decided on a shape, and how often they rejected it."""
        decided, rejected = self._shapes.get(of_shape, (0, 0))
        return decided, rejected

    def version(self, work: Work, version: str) -> int:
        """How often they had decided on a version's work."""
        return self._versions.get((*work, version), 0)

    def spread(self, work: Work, path: str) -> Spread | None:
        """The numbers that they had approved under a path."""
        found = self._numbers.get((*work, path))
        return found.spread() if found is not None else None

    def _count(self, found: dict[str, Any]) -> None:
        shapes, versions, places = self._shapes, self._versions, self._numbers
        if found["shape"] in shapes or len(shapes) < MOST:
            counts = shapes.setdefault(found["shape"], [0, 0])
            counts[0] += 1
            counts[1] += found["rejected"]
        name = (*found["work"], found["version"])
        if name in versions or len(versions) < MOST:
            versions[name] = versions.get(name, 0) + 1
        for path, values in found.get("numbers", {}).items():
            place = (*found["work"], path)
            if place in places or len(places) < MOST:
                known = places.setdefault(place, _Numbers())
                for value in values:
                    known.add(value)
