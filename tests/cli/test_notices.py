"""What did not arrive, from the command line and in what the doctor says."""

from __future__ import annotations

import asyncio
from pathlib import Path

from reviewer.cli.codes import Exit
from reviewer.config import default_queue_url
from tests.effects.working import late, opened, policy, worker
from tests.support.making import ANNA
from tests.support.receiving import hook

from .conftest import Run


def broken(number: int) -> None:
    """So many notifications of which nobody knows."""

    def cut() -> None:
        raise ConnectionError

    async def run() -> None:
        with hook() as chat:
            chat.before = cut
            path = Path(default_queue_url().removeprefix("sqlite://"))
            queue = await opened(path, policy(chat))
            await late(queue, number)
            one, _ = worker(queue)
            await one.once()
            await queue.close()

    asyncio.run(run())


def test_they_are_listed_and_the_doctor_says_so(cli: Run, home: Path) -> None:
    assert "No notification of what waits still failed" in cli("notices").out
    assert "nobody waits for a notification" in cli("doctor").out
    broken(3)
    done = cli("notices")
    assert done.code == Exit.OK
    lines = done.out.splitlines()
    assert lines[0].split() == [
        "state",
        "to",
        "channel",
        "given",
        "up",
        "artifact",
        "queue",
        "title",
    ]
    assert sum(line.startswith("unknown  otto") for line in lines) == 3
    assert done.out.count("is not known") == 1, "one sentence for all that have it in common"
    assert "Tell these people yourself" in done.out
    assert len(cli("notices", "--limit", "2", "--json").json) == 2
    doctor = cli("doctor", "--json")
    [check] = [one for one in doctor.json["checks"] if one["name"] == "notices"]
    assert check["state"] == "warning"
    assert check["sentence"].startswith("3 unknown: `reviewer notices` lists them")
    assert doctor.json["sound"]


def test_each_is_told_in_json_and_decided_ones_on_demand(cli: Run, home: Path) -> None:
    broken(1)
    [one] = cli("notices", "--json").json
    assert (one["state"], one["to"], one["channel"], one["status"]) == (
        "unknown", "otto", "chat", "pending",
    )  # fmt: skip
    assert one["title"].startswith("Refund order")
    assert cli("approve", one["artifact"], "--as", ANNA.id).code == Exit.OK
    assert cli("notices", "--json").json == []
    [again] = cli("notices", "--all", "--json").json
    assert again["status"] == "approved"
    assert "No notification of what waits still" in cli("notices").out
