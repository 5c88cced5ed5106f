"""The recorded episodes and the database they began with, read from the shared data.

The data is tau-bench's airline domain (Sierra Research, MIT): 50 tasks, each tried four times by
a gpt-4o support agent.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from tests.support.shared import shared_data

Record = dict[str, Any]
HANDOFF = "transfer_to_human_agents"


@dataclass(frozen=True)
class Call:
    """One tool call of an episode.

    `position` is the index of its message, `spoken` what the agent said in that same message,
    `result` the text that the real tool returned.
    """

    position: int
    id: str
    name: str
    arguments: Record
    spoken: str
    result: str

    @property
    def failed(self) -> bool:
        """Whether the real tool refused."""
        return is_error(self.result)


@dataclass(frozen=True)
class Episode:
    """One recorded conversation; `actions` and `reward` are for evaluation only."""

    task_id: int
    trial: int
    reward: float
    actions: tuple[Record, ...]
    messages: tuple[Record, ...]

    @property
    def run_id(self) -> str:
        """A name for this run that is unique among the episodes."""
        return f"tau-airline-{self.task_id}-{self.trial}"

    def calls(self) -> Iterator[Call]:
        """Every tool call with its recorded result, in order."""
        for position, message in enumerate(self.messages):
            for call in message.get("tool_calls") or ():
                yield Call(
                    position=position,
                    id=call["id"],
                    name=call["function"]["name"],
                    arguments=json.loads(call["function"]["arguments"]),
                    spoken=message["content"] or "",
                    # not by id: ids repeat within an episode; one call a message, answered next
                    result=self.messages[position + 1]["content"],
                )


@dataclass(frozen=True)
class World:
    """The database at one moment: the shared tables, and over them what this episode changed."""

    flights: Record
    records: Record
    changed: Record

    def get(self, path: str) -> Record | None:
        """A copy of `users/ID` or `reservations/ID`, or None."""
        found = self.changed.get(path)
        return deepcopy(self.records.get(path) if found is None else found)

    def on(self, flight_number: str, date: str) -> Record | None:
        """What the timetable holds for a flight on a date: status, seats, prices by cabin."""
        dates: Record = self.flights.get(flight_number, {}).get("dates", {})
        return dates.get(date)

    def with_records(self, records: Record) -> World:
        """The world after these records were written."""
        return replace(self, changed=self.changed | deepcopy(records))


def is_error(result: str) -> bool:
    """Whether a tool's answer is a refusal."""
    return result.startswith("Error")


@lru_cache(maxsize=1)
def episodes_read() -> tuple[Episode, ...]:
    """All episodes in the order of the file; skips the running test where the data is absent."""
    raw = json.loads(shared_data("tau-airline", "trajectories.json").read_text("utf-8"))
    return tuple(
        Episode(
            task_id=one["task_id"],
            trial=one["trial"],
            reward=one["reward"],
            actions=tuple(one["info"]["task"]["actions"]),
            messages=tuple(one["traj"]),
        )
        for one in raw
    )


@lru_cache(maxsize=1)
def pristine() -> World:
    """The database before each episode."""
    tables = {
        name: json.loads(shared_data("tau-airline", f"{name}.json").read_text("utf-8"))
        for name in ("flights", "reservations", "users")
    }
    records = {f"reservations/{key}": one for key, one in tables["reservations"].items()}
    records |= {f"users/{key}": _as_shown(one) for key, one in tables["users"].items()}
    return World(flights=tables["flights"], records=records, changed={})


def _as_shown(user: Record) -> Record:
    # the recorded runs saw addresses with 'province'; the table in the data was renamed later
    address = {("province" if k == "state" else k): v for k, v in user["address"].items()}
    return user | {"address": address}
