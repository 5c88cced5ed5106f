"""The SDK on a real embedded queue, with a person who decides beside it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest

import reviewer
from reviewer import (
    Answered,
    AsyncClient,
    Client,
    NotApproved,
    Refused,
    Rejected,
    Superseded,
    TimedOut,
    Verdict,
    Withdrawn,
)
from reviewer.adapters import client as client_module
from reviewer.domain.artifact import parse
from reviewer.domain.context import Note
from reviewer.domain.decision import Kind
from reviewer.domain.errors import ConflictError, InputError, NotFoundError, QueueError
from reviewer.domain.writes import DocumentWrite

from .conftest import Person

T = TypeVar("T")

WRITE = {"type": "document", "title": "letter", "before": "Hi", "after": "Hello"}


def script(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )


def submit(desk: Client, **more: Any) -> Any:
    return desk.submit(**{"kind": "note", "title": "Say hello", "writes": [WRITE], **more})


def test_submit_wait_report(url: str, person: Person) -> None:
    with Client(url, agent="bot") as desk:
        ticket = submit(desk)
        assert ticket.created
        verdict = ticket.wait(timeout=20)
        assert verdict is not None
        assert (verdict.status, verdict.decision, verdict.by) == ("approved", "approve", "ana")
        assert verdict.writes == (WRITE,)
        assert verdict.digest == ticket.digest
        assert ticket.approved(0) == verdict
        ticket.report("applied", "sent")
        assert desk.get(ticket.id).entry.outcome == "applied"


def test_an_edit_brings_the_final_writes(url: str, person: Person) -> None:
    better = DocumentWrite.model_validate(WRITE | {"after": "Good day"})
    person.choice = lambda item: {"kind": Kind.EDIT, "writes": (better,)}
    with Client(url, agent="bot") as desk:
        verdict = submit(desk).approved(20)
        assert verdict.decision == "edit"
        assert verdict.writes[0]["after"] == "Good day"


def test_what_is_not_approved_is_raised_with_its_reasons(url: str, person: Person) -> None:
    person.choice = lambda item: (
        {"kind": Kind.REJECT, "reasons": ("unsafe", "other"), "comment": "not so"}
        if item.artifact.kind == "bad"
        else {"kind": Kind.RESPOND, "comment": "which one?"}
    )
    with Client(url, agent="bot") as desk:
        with pytest.raises(
            Rejected, match=r"rejected by ana \(unsafe, other\): not so"
        ) as rejected:
            submit(desk, kind="bad").approved(20)
        assert rejected.value.reasons == ("unsafe", "other")
        assert rejected.value.comment == "not so"
        assert isinstance(rejected.value.verdict, Verdict)
        with pytest.raises(Answered, match="which one") as answered:
            submit(desk, kind="good").approved(20)
        assert answered.value.comment == "which one?"


def test_withdrawn_superseded_and_nobody(url: str) -> None:
    with Client(url, agent="bot") as desk:
        first, second = submit(desk, key="a"), submit(desk, key="b")
        assert first.wait(0.05) is None
        with pytest.raises(TimedOut) as late:
            first.approved(0.05)
        assert isinstance(late.value, TimeoutError)
        assert isinstance(late.value, NotApproved)
        first.withdraw()
        with pytest.raises(Withdrawn):
            first.approved(20)
        assert first.withdraw().status == "withdrawn"
        submit(desk, key="c", supersedes="b")
        with pytest.raises(Refused, match="superseded already") as refused:
            second.withdraw()
        assert refused.value.code == "already_decided"
        with pytest.raises(Superseded):
            second.approved(20)


def test_submit_is_idempotent_by_key(url: str) -> None:
    with Client(url, agent="bot") as desk:
        first, again = submit(desk, key="k"), submit(desk, key="k")
        assert first.id == again.id
        assert (first.created, again.created) == (True, False)
        with pytest.raises(ConflictError):
            submit(desk, key="k", title="other")


def test_every_way_to_say_an_artifact_is_the_same_artifact(url: str) -> None:
    whole = {
        "agent": {"name": "bot", "version": "2"}, "kind": "note", "title": "x", "key": "k",
        "writes": [WRITE], "context": [{"type": "note", "text": "n"}],
        "due_at": "2099-01-01T00:00:00Z",
    }  # fmt: skip
    with Client(url, agent={"name": "bot", "version": "2"}) as desk:
        ids = {
            desk.submit(whole).id,
            desk.submit(parse(whole)).id,
            desk.submit({"title": "y", **whole} | {"title": "y"}, title="x").id,
            desk.submit(
                kind="note", title="x", key="k",
                writes=[DocumentWrite.model_validate(WRITE)],
                context=(Note(type="note", text="n"),),
                due_at=datetime(2099, 1, 1, tzinfo=UTC),
            ).id,
        }  # fmt: skip
    assert len(ids) == 1


def test_what_is_wrong_is_named(url: str) -> None:
    with Client(url, agent="bot") as desk:
        with pytest.raises(InputError, match="/risk"):
            submit(desk, risk="huge")
        with pytest.raises(InputError, match="/surprise"):
            submit(desk, surprise=1)
        with pytest.raises(InputError, match="/due_at"):
            submit(desk, due_at=datetime(2099, 1, 1))
        with pytest.raises(NotFoundError):
            desk.get("a_nothing")
        with pytest.raises(NotFoundError):
            desk.report("a_nothing", "applied")
    with Client(url) as desk, pytest.raises(InputError, match="no name"):
        submit(desk)


def test_a_queue_that_cannot_be_opened(url: str) -> None:
    with pytest.raises(QueueError), Client("nowhere://x", agent="bot"):
        pass


def test_a_client_opens_itself_and_again_after_close(url: str) -> None:
    desk = Client(url, agent="bot")
    first = submit(desk, key="k")
    desk.close()
    desk.close()
    assert submit(desk, key="k").id == first.id
    desk.close()


def test_inside_a_running_loop(url: str, person: Person) -> None:
    async def notebook() -> str:
        with Client(url, agent="bot") as desk:
            return submit(desk).approved(20).status

    assert asyncio.run(notebook()) == "approved"


def test_from_several_threads(url: str, person: Person) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with Client(url, agent="bot") as desk, ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda i: submit(desk, key=str(i)).approved(20).key, range(8)))
    assert sorted(done) == [str(i) for i in range(8)]


async def test_async(url: str, person: Person) -> None:
    async with AsyncClient(url, agent="bot") as desk:
        tickets = [await desk.submit(kind="note", title=str(i), writes=[WRITE]) for i in range(3)]
        verdicts = await asyncio.gather(*(ticket.approved(20) for ticket in tickets))
        assert {verdict.status for verdict in verdicts} == {"approved"}
        await tickets[0].report("failed", "smtp said no")
        assert (await desk.get(tickets[0].id)).entry.outcome == "failed"
        last = await desk.submit(kind="note", title="last", writes=[WRITE], key="last")
        assert await last.wait(20) is not None
        with pytest.raises(Refused):
            await last.withdraw()


async def test_a_wait_that_is_cancelled_leaves_the_client_usable(url: str) -> None:
    async with AsyncClient(url, agent="bot") as desk:
        ticket = await desk.submit(kind="note", title="x", writes=[WRITE])
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(ticket.wait(), 0.05)
        assert (await desk.get(ticket.id)).entry.state.status == "pending"


async def test_calls_are_tried_again_while_the_queue_is_away(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "PAUSES", (0.0, 0.0))
    async with AsyncClient(url, agent="bot") as desk:
        fails = 2

        async def flaky(queue: Any) -> str:
            nonlocal fails
            if fails:
                fails -= 1
                raise QueueError("locked")
            return "done"

        def call(queue: Any) -> Awaitable[str]:
            return flaky(queue)

        assert await desk._tried(call) == "done"
        fails = 3
        with pytest.raises(QueueError):
            await desk._tried(call)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_after_a_fork_it_says_so(url: str) -> None:
    code = f"""
import os, sys
from reviewer import Client, ReviewerError
desk = Client({url!r}, agent="bot")
desk.submit(kind="note", title="x", writes=[{WRITE!r}])
if os.fork() == 0:
    try:
        desk.get("x")
    except ReviewerError as error:
        print(error, flush=True)
    os._exit(0)
os.wait()
"""
    done = script(code)
    assert "Open a Client in each process" in done.stdout, done.stderr


def test_the_sdk_imports_neither_textual_nor_litellm(url: str) -> None:
    code = f"""
import sys
import reviewer
assert "pydantic" not in sys.modules
from reviewer import AsyncClient, Client, Rejected
desk = Client({url!r}, agent="bot")
@desk.reviewed(kind="x")
def call(a: int) -> None: ...
desk.submit(kind="note", title="x", writes=[{WRITE!r}])
desk.close()
print(sorted({{name.split(".")[0] for name in sys.modules}} & {{"textual", "litellm", "typer"}}))
"""
    done = script(code)
    assert done.stdout.strip() == "[]", done.stderr


def test_everything_that_is_exported_is_there() -> None:
    for name in reviewer.__all__:
        assert getattr(reviewer, name) is not None
    assert set(reviewer.__all__) - {"__version__"} == set(reviewer._LAZY)
    with pytest.raises(AttributeError):
        _ = reviewer.nothing
