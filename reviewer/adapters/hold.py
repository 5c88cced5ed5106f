"""Holds a function call until a person has decided, then runs it as approved or edited.

    @desk.reviewed(kind="email", risk="medium", title="Mail to {to}")
    def send_email(to: str, subject: str, body: str) -> None: ...

The call becomes an artifact with one `tool_call` write: the arguments as JSON with a JSON Schema
from the signature.  Then, once the undo window is over:

- approved: runs with exactly the arguments that were shown, read back from their JSON;
- approved with edits: runs with the edited arguments, checked against the annotations;
- rejected: raises `Rejected` (`.reasons`, `.comment`); the function does not run;
- answered in words: raises `Answered`, or returns the words with `on_answer="return"`;
- expired, withdrawn, superseded, only recorded: raises `Expired`, `Withdrawn`, `Superseded`,
  `Shadowed`;
- nobody decided within `timeout` seconds: withdrawn, raises `TimedOut`.

What became of it is reported: `applied`, `failed` where the function raised, `unknown` where it
was interrupted.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import logging
import re
import secrets
import string
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, TypedDict, TypeVar, cast

from ..domain.errors import ReviewerError
from ..queue import Verdict
from .arguments import Arguments
from .proposals import Fields, Parts
from .verdicts import AlreadyReported, Answered, InvalidEdit, Refused, approved

if TYPE_CHECKING:
    from .client import AsyncClient, Client

P = ParamSpec("P")
T = TypeVar("T")
PartsOf = Parts | Callable[..., Parts]

GRACE = 60.0
"""Seconds to wait for a verdict that fell just when the timeout ran out (its undo window)."""

_log = logging.getLogger("reviewer")


class How(TypedDict, total=False):
    """How calls are held; see `Hold` for each."""

    kind: str
    title: str | Callable[..., str]
    name: str
    system: str
    risk: str
    queue: str
    summary: str
    context: PartsOf
    escalations: PartsOf
    identity: Mapping[str, Any]
    allowed: Sequence[str]
    metadata: Mapping[str, Any]
    local: Collection[str]
    key: Callable[..., str] | None
    timeout: float | None
    on_answer: Literal["raise", "return"]


@dataclass(frozen=True)
class Hold:
    """How calls are held.

    `kind` is the artifact's kind (the function's name without one); `title` a template with the
    arguments (`"Mail to {to}"`) or a function of them; `name` and `system` what the write calls
    the tool.  `context` and `escalations` are parts, or functions of the arguments that make them.
    `local` names parameters that nobody sees and that are handed through.  `key` makes a stable
    key from the arguments: the same call after a crash then finds its decision again, and is not
    carried out a second time once it was reported.  `timeout` is in seconds.
    """

    kind: str = ""
    title: str | Callable[..., str] = ""
    name: str = ""
    system: str = ""
    risk: str = "medium"
    queue: str = ""
    summary: str = ""
    context: PartsOf = ()
    escalations: PartsOf = ()
    identity: Mapping[str, Any] | None = None
    allowed: Sequence[str] = ("approve", "edit", "reject", "respond")
    metadata: Mapping[str, Any] | None = None
    local: Collection[str] = ()
    key: Callable[..., str] | None = None
    timeout: float | None = None
    on_answer: Literal["raise", "return"] = "raise"


def decorator(
    client: AsyncClient | Client, hold: Hold
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """The decorator; raises `TypeError` at once for a function that cannot be held."""
    from .client import Client

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        _holdable(function, plain_allowed=isinstance(client, Client))
        held = _Held(function, hold)
        if inspect.iscoroutinefunction(function):
            made = _for_async(client, function, held)
        else:
            made = _for_plain(cast("Client", client), function, held)
        return cast("Callable[P, T]", functools.wraps(function)(made))

    return decorate


def _holdable(function: Any, plain_allowed: bool) -> None:
    name = getattr(function, "__qualname__", repr(function))
    if inspect.isclass(function) or not callable(function):
        raise TypeError(f"{name} cannot be held: decorate a function.")
    if isinstance(function, staticmethod | classmethod):
        raise TypeError(f"{name} cannot be held: put @{type(function).__name__} above @reviewed.")
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        raise TypeError(f"{name} cannot be held: a generator does its work after the call.")
    if not plain_allowed and not inspect.iscoroutinefunction(function):
        raise TypeError(f"{name} is not async: hold it with Client instead of AsyncClient.")


def _for_async(client: AsyncClient | Client, function: Any, held: _Held) -> Any:
    from .client import Client

    async def call(*args: Any, **kwargs: Any) -> Any:
        if isinstance(client, Client):  # its work belongs on its own loop
            running = client

            async def on(work: Any) -> Any:
                return await running.awaited(work)

            inner = client.inner
        else:

            async def on(work: Any) -> Any:
                return await work

            inner = client
        step = await on(held.decided(inner, args, kwargs))
        if isinstance(step, _Words):
            return step.text
        try:
            result = await function(*step.args, **step.kwargs)
        except Exception as error:
            await on(held.report(inner, step, "failed", _said(error)))
            raise
        except BaseException as error:
            await asyncio.shield(on(held.report(inner, step, "unknown", _said(error))))
            raise
        await on(held.report(inner, step, "applied", ""))
        return result

    return call


def _for_plain(client: Client, function: Any, held: _Held) -> Any:
    def call(*args: Any, **kwargs: Any) -> Any:
        inner = client.inner
        step = client.run(held.decided(inner, args, kwargs))
        if isinstance(step, _Words):
            return step.text
        try:
            result = function(*step.args, **step.kwargs)
        except Exception as error:
            client.run(held.report(inner, step, "failed", _said(error)))
            raise
        except BaseException as error:
            client.run(held.report(inner, step, "unknown", _said(error)))
            raise
        client.run(held.report(inner, step, "applied", ""))
        return result

    return call


@dataclass(frozen=True)
class _Words:
    """An answer in words, to be returned."""

    text: str


@dataclass(frozen=True)
class _Go:
    """A call that may run, as it was decided."""

    artifact_id: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class _Held:
    """One decorated function: from a call to the decided call."""

    def __init__(self, function: Callable[..., Any], hold: Hold) -> None:
        self._hold = hold
        self._name = hold.name or getattr(function, "__name__", "call")
        self._arguments = Arguments(function, hold.local)
        self._check_title()
        doc = inspect.getdoc(function) or ""
        self._summary = hold.summary or doc.split("\n\n", maxsplit=1)[0]

    async def decided(
        self, client: AsyncClient, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> _Go | _Words:
        """Submits the call and waits; raises what the decision is unless it may run."""
        values, bound = self._arguments.bind(args, kwargs)
        fields = self._fields(values)
        ticket = await client.submit(**fields)
        if not ticket.created:
            await self._not_again(client, ticket.id)
        try:
            verdict = approved(ticket.id, await self._verdict(client, ticket.id))
        except Answered as answer:
            if self._hold.on_answer == "return":
                return _Words(answer.comment)
            raise
        proposed = cast("list[dict[str, Any]]", fields["writes"])[0]
        try:
            decided = self._decided_arguments(proposed, verdict)
            restored = self._arguments.restore(decided, bound)
        except InvalidEdit as error:
            go = _Go(ticket.id, (), {})
            await self.report(client, go, "failed", str(error))
            raise
        return _Go(ticket.id, *restored)

    async def report(self, client: AsyncClient, go: _Go, outcome: str, detail: str) -> None:
        """Reports; where that fails it is logged, because raising would make callers try again."""
        try:
            await client.report(go.artifact_id, outcome, detail)
        except ReviewerError as error:
            from ..untrusted import one_line

            said = one_line(str(error), 300)
            _log.warning("%s: '%s' could not be reported: %s", go.artifact_id, outcome, said)

    async def _verdict(self, client: AsyncClient, artifact_id: str) -> Verdict | None:
        try:
            verdict = await client.wait(artifact_id, self._hold.timeout)
        except asyncio.CancelledError:
            # nobody waits for it any more: a person must not approve into the void
            await asyncio.shield(self._withdrawn(client, artifact_id))
            raise
        if verdict is None and not await self._withdrawn(client, artifact_id):
            return await client.wait(artifact_id, GRACE)
        return verdict

    async def _withdrawn(self, client: AsyncClient, artifact_id: str) -> bool:
        """Takes the artifact back; False where a decision came first."""
        try:
            await client.withdraw(artifact_id)
        except Refused:
            return False
        return True

    async def _not_again(self, client: AsyncClient, artifact_id: str) -> None:
        outcome = (await client.get(artifact_id)).entry.outcome
        if outcome:
            raise AlreadyReported(
                f"{artifact_id} ({self._name}) was carried out before: {outcome}.", outcome
            )

    def _fields(self, values: dict[str, Any]) -> Fields:
        hold = self._hold
        write = {
            "type": "tool_call",
            "system": hold.system,
            "name": self._name,
            "arguments": values,
            "arguments_schema": self._arguments.schema,
        }
        fields: dict[str, Any] = {
            "key": hold.key(**values)
            if hold.key
            else f"{self._name[:100]}-{secrets.token_hex(12)}",
            "kind": hold.kind or self._name,
            "title": self._title(values)[:2000],
            "summary": self._summary,
            "queue": hold.queue,
            "risk": hold.risk,
            "writes": [write],
            "context": hold.context(**values) if callable(hold.context) else hold.context,
            "escalations": (
                hold.escalations(**values) if callable(hold.escalations) else hold.escalations
            ),
            "identity": hold.identity,
            "allowed": hold.allowed,
            "metadata": hold.metadata,
        }
        return cast("Fields", {name: value for name, value in fields.items() if value is not None})

    def _check_title(self) -> None:
        """A template that names what is no argument fails when decorated, not when called."""
        title = self._hold.title
        for _, field, _, _ in string.Formatter().parse(title) if isinstance(title, str) else ():
            name = re.split(r"[.\[]", field, maxsplit=1)[0] if field is not None else None
            if name is not None and name not in self._arguments.names:
                raise TypeError(f"The title of {self._name} names '{name}', which is no argument.")

    def _title(self, values: dict[str, Any]) -> str:
        title = self._hold.title
        if callable(title):
            return title(**values)
        if title:
            return title.format_map(values)
        return f"{self._name}({', '.join(f'{k}={v!r}'[:60] for k, v in values.items())})"[:200]

    def _decided_arguments(self, proposed: dict[str, Any], verdict: Verdict) -> dict[str, Any]:
        writes = verdict.writes
        if len(writes) != 1 or writes[0].get("type") != "tool_call":
            raise InvalidEdit(f"The decision on {verdict.artifact_id} does not hold one tool call.")
        final = writes[0]
        if final.get("name") != self._name:
            raise InvalidEdit(f"The decision calls another tool than {self._name}.")
        arguments = final.get("arguments")
        if not isinstance(arguments, dict):
            raise InvalidEdit(f"The decided arguments of {self._name} are no object.")
        if verdict.decision == "approve" and arguments != proposed["arguments"]:
            raise InvalidEdit(f"The approved arguments of {self._name} are not the proposed ones.")
        return arguments


def _said(error: BaseException) -> str:
    text = str(error)
    return f"{type(error).__name__}: {text}"[:2000] if text else type(error).__name__
