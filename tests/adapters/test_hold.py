"""Calls that are held until a person has decided."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import pytest
from pydantic import AfterValidator

from reviewer import (
    AlreadyReported,
    Answered,
    AsyncClient,
    Client,
    Expired,
    InvalidEdit,
    Rejected,
    TimedOut,
    Withdrawn,
)
from reviewer.domain.decision import Kind
from reviewer.domain.errors import InputError, QueueError

from .conftest import Person, until


def edited(**changes: Any) -> Any:
    """A person who changes arguments of the call."""

    def choice(item: Any) -> dict[str, Any]:
        [write] = item.artifact.writes
        arguments = write.arguments | changes
        return {"kind": Kind.EDIT, "writes": (write.model_copy(update={"arguments": arguments}),)}

    return choice


@pytest.fixture
def desk(url: str) -> Iterator[Client]:
    with Client(url, agent="mailer") as client:
        yield client


def test_an_approved_call_runs_with_what_was_shown(desk: Client, person: Person) -> None:
    ran: list[Any] = []

    @desk.reviewed(
        kind="email", risk="high", title="Mail to {to}", system="smtp", queue="mails",
        context=lambda to, **_: [{"type": "note", "text": f"about {to}"}],
        escalations=[{"code": "first_time"}], identity={"act_as": "svc-mail"},
        metadata={"team": "a"},
    )  # fmt: skip
    def send(to: str, body: str, *, at: datetime, copies: int = 1) -> str:
        """Sends an e-mail.

        More about it.
        """
        ran.append((to, body, at, copies))
        return "sent"

    at = datetime(2026, 1, 2, tzinfo=UTC)
    assert send("ada", "hello", at=at) == "sent"
    assert ran == [("ada", "hello", at, 1)]
    [item] = person.seen
    artifact = item.artifact
    assert (artifact.kind, artifact.title, artifact.risk) == ("email", "Mail to ada", "high")
    assert artifact.summary == "Sends an e-mail."
    assert artifact.identity.act_as == "svc-mail"
    assert item.entry.state.queue == "mails"
    [write] = artifact.writes
    assert (write.type, write.system, write.name) == ("tool_call", "smtp", "send")
    assert write.arguments == {
        "to": "ada", "body": "hello", "at": "2026-01-02T00:00:00Z", "copies": 1,
    }  # fmt: skip
    assert write.arguments_schema["properties"]["copies"]["type"] == "integer"
    assert artifact.context[0].text == "about ada"
    assert desk.get(item.entry.state.id).entry.outcome == "applied"


def test_an_edited_call_runs_with_the_edited_arguments(desk: Client, person: Person) -> None:
    person.choice = edited(body="Good day", copies=2)

    @desk.reviewed()
    def send(to: str, body: str, copies: int = 1) -> tuple[str, str, int]:
        return to, body, copies

    assert send("ada", body="hello") == ("ada", "Good day", 2)
    assert person.seen[0].artifact.kind == "send"


def address(to: str) -> str:
    """What a schema does not say."""
    if "@" not in to:
        raise ValueError("no address")
    return to


def test_an_edit_that_does_not_fit_runs_nothing(desk: Client, person: Person) -> None:
    # no schema says this, so the desk lets it through and it reaches the signature
    person.choice = edited(to="nobody")
    ran: list[str] = []

    @desk.reviewed()
    def send(to: Annotated[str, AfterValidator(address)]) -> None:
        ran.append(to)

    with pytest.raises(InvalidEdit, match="to"):
        send("ada@example.org")
    assert ran == []
    assert desk.get(person.seen[0].entry.state.id).entry.outcome == "failed"


def test_a_rejected_call_does_not_run(desk: Client, person: Person) -> None:
    person.choice = lambda item: {"kind": Kind.REJECT, "reasons": ("unsafe",), "comment": "no"}
    ran: list[str] = []

    @desk.reviewed()
    def send(to: str) -> None:
        ran.append(to)

    with pytest.raises(Rejected) as rejected:
        send("ada")
    assert (rejected.value.reasons, rejected.value.comment) == (("unsafe",), "no")
    assert ran == []


def test_an_answer_is_raised_or_returned(desk: Client, person: Person) -> None:
    person.choice = lambda item: {"kind": Kind.RESPOND, "comment": "which ada?"}

    @desk.reviewed()
    def send(to: str) -> None: ...

    @desk.reviewed(on_answer="return")
    def ask(to: str) -> str:
        raise AssertionError("it must not run")

    with pytest.raises(Answered, match="which ada"):
        send("ada")
    assert ask("ada") == "which ada?"


def test_a_call_that_fails_is_reported_and_raised(desk: Client, person: Person) -> None:
    @desk.reviewed()
    def send(to: str) -> None:
        raise ConnectionError("smtp is away")

    with pytest.raises(ConnectionError):
        send("ada")
    assert desk.get(person.seen[0].entry.state.id).entry.outcome == "failed"


def test_a_call_that_is_interrupted_is_reported_as_unknown(desk: Client, person: Person) -> None:
    @desk.reviewed()
    def send(to: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send("ada")
    assert desk.get(person.seen[0].entry.state.id).entry.outcome == "unknown"


def test_nobody_in_time_withdraws_it(desk: Client, person: Person) -> None:
    person.choice = lambda item: None
    ran: list[str] = []

    @desk.reviewed(timeout=0.1, key=lambda to: f"mail-{to}")
    def send(to: str) -> None:
        ran.append(to)

    with pytest.raises(TimedOut):
        send("ada")
    with pytest.raises(Withdrawn):
        send("ada")
    assert ran == []


def test_expiry_is_told(desk: Client, person: Person) -> None:
    person.choice = lambda item: None
    ticket = desk.submit(
        kind="note", title="x", writes=[{"type": "document", "after": "x"}],
        expires_at="2001-01-01T00:00:00Z",
    )  # fmt: skip
    with pytest.raises(Expired):
        ticket.approved(20)


def test_a_stable_key_finds_its_decision_and_never_runs_twice(desk: Client, person: Person) -> None:
    ran: list[str] = []

    @desk.reviewed(key=lambda order: f"refund-{order}")
    def refund(order: str) -> None:
        ran.append(order)

    refund("8841")
    with pytest.raises(AlreadyReported) as again:
        refund("8841")
    assert again.value.outcome == "applied"
    assert ran == ["8841"]


def test_without_a_key_every_call_is_an_artifact_of_its_own(desk: Client, person: Person) -> None:
    @desk.reviewed()
    def ping() -> int:
        return 1

    assert ping() + ping() == 2
    assert len({item.entry.state.id for item in person.seen}) == 2


def test_methods_and_local_parameters(desk: Client, person: Person) -> None:
    class Mailer:
        domain = "example.org"

        @desk.reviewed(local=["session"])
        def send(self, to: str, session: Any = None) -> str:
            return f"{to}@{self.domain} by {session}"

        @staticmethod
        @desk.reviewed()
        def plain(x: int) -> int:
            return x

    assert Mailer().send("ada", session="s1") == "ada@example.org by s1"
    assert person.seen[0].artifact.writes[0].arguments == {"to": "ada"}
    assert Mailer.plain(3) == 3


def test_arguments_that_json_cannot_carry_are_refused_before_anything_is_submitted(
    desk: Client, person: Person
) -> None:
    @desk.reviewed()
    def send(to) -> None: ...  # type: ignore[no-untyped-def]

    with pytest.raises(InputError, match="'to'"):
        send(("a", "b"))
    with pytest.raises(TypeError):
        send()
    assert person.seen == []


def test_what_cannot_be_held_is_refused_when_decorated(desk: Client, url: str) -> None:
    def generator() -> Iterator[int]:
        yield 1

    async def async_generator() -> AsyncIterator[int]:
        yield 1

    class Thing: ...

    def opaque(thing: Thing) -> None: ...

    def plain() -> None: ...

    for function, part in (
        (generator, "generator"),
        (async_generator, "generator"),
        (Thing, "decorate a function"),
        (staticmethod(plain), "staticmethod"),
        (opaque, "'thing'"),
    ):
        with pytest.raises(TypeError, match=part):
            desk.reviewed()(function)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="'nobody'"):
        desk.reviewed(title="Mail to {nobody.name}")(plain)
    with pytest.raises(TypeError, match="Client instead"):
        AsyncClient(url, agent="x").reviewed()(plain)


def test_an_outcome_that_cannot_be_reported_does_not_make_callers_try_again(
    desk: Client, person: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def away(*_: object) -> None:
        raise QueueError("the queue\n is \x1b[31m away")

    @desk.reviewed()
    def send(to: str) -> str:
        monkeypatch.setattr(desk.inner, "report", away)
        return "sent"

    with caplog.at_level(logging.WARNING, "reviewer"):
        assert send("ada") == "sent"
    assert "could not be reported: the queue↵ is ^[[31m away" in caplog.text


async def test_async_functions(url: str, person: Person) -> None:
    person.choice = edited(n=5)
    async with AsyncClient(url, agent="bot") as desk:

        @desk.reviewed(title=lambda n: f"Count to {n}")
        async def count(n: int) -> int:
            await asyncio.sleep(0)
            return n

        assert await asyncio.gather(count(1), count(2)) == [5, 5]
    assert {item.artifact.title for item in person.seen} == {"Count to 1", "Count to 2"}


async def test_async_functions_with_the_plain_client(url: str, person: Person) -> None:
    with Client(url, agent="bot") as desk:

        @desk.reviewed()
        async def double(n: int) -> int:
            return n * 2

        beats = 0

        async def beat() -> None:
            nonlocal beats
            while True:
                await asyncio.sleep(0.005)
                beats += 1

        end = time.monotonic() + 20  # a loop that stands still would wait for ever
        person.choice = lambda _: (
            {"kind": Kind.APPROVE} if beats > 2 or time.monotonic() > end else None
        )
        beating = asyncio.create_task(beat())
        assert await double(4) == 8
        beating.cancel()
        assert beats > 2  # the caller's loop went on meanwhile


async def test_a_cancelled_call_of_the_plain_client_is_withdrawn_too(
    url: str, person: Person
) -> None:
    looked: list[Any] = []
    person.choice = looked.append
    with Client(url, agent="bot") as desk:

        @desk.reviewed(key=lambda n: f"n{n}")
        async def double(n: int) -> int:
            raise AssertionError("it must not run")

        call = asyncio.create_task(double(1))
        await asyncio.to_thread(until, lambda: bool(looked))  # handed in, however long it took
        await asyncio.sleep(0.3)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        with pytest.raises(Withdrawn):
            await asyncio.wait_for(double(1), 20)


async def test_a_cancelled_call_is_withdrawn(url: str, person: Person) -> None:
    looked: list[Any] = []
    person.choice = looked.append
    async with AsyncClient(url, agent="bot") as desk:

        @desk.reviewed(key=lambda n: f"n{n}")
        async def double(n: int) -> int:
            raise AssertionError("it must not run")

        call = asyncio.create_task(double(1))
        await asyncio.to_thread(until, lambda: bool(looked))  # handed in, however long it took
        await asyncio.sleep(0.3)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        with pytest.raises(Withdrawn):
            await double(1)


def test_a_decision_that_falls_when_time_runs_out_is_heeded(
    desk: Client, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The agent gives up while the undo window of an approval is open: the approval holds."""
    from reviewer.adapters.client import AsyncClient as Inner

    wait = Inner.wait
    waits: list[float | None] = []

    async def impatient(self: Any, id: str, timeout: float | None = None) -> Any:
        waits.append(timeout)
        if len(waits) == 1:
            await asyncio.to_thread(until, lambda: bool(person.decided))
            return None
        return await wait(self, id, timeout)

    monkeypatch.setattr(Inner, "wait", impatient)

    @desk.reviewed(timeout=1)
    def send(to: str) -> str:
        return "sent"

    assert send("ada") == "sent"
    assert len(waits) == 2


def test_the_person_is_quick(desk: Client, person: Person) -> None:
    desk.submit(kind="note", title="x", writes=[{"type": "document", "after": "x"}])
    until(lambda: len(person.seen) == 1)
