"""What the makers of demo artifacts share: agents, times, context items, the frame around all.

Makers are pure: a seeded `random.Random` and `now` (instant, microseconds) go in, artifacts as
plain JSON objects of wire format 1 come out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import Any

from ..domain.artifact import Risk
from ..domain.digest import digest
from ..domain.instant import MINUTE, SECOND, iso
from ..policy.route import SLA

Json = dict[str, Any]
Maker = Callable[[Random, int], Json]
Why = tuple[str, str] | tuple[str, str, str] | tuple[str, str, str, float]
"""A reason: code, sentence, and where not by the agent itself its source, then a score."""

AGENTS: dict[str, Json] = {
    "refund-bot": {"version": "2.3.1", "model": "claude-sonnet-4-5", "act_as": "svc-refunds",
                   "scopes": ["orders:write", "payments:refund"], "queue": "billing"},
    "crm-sync": {"version": "0.9.4", "model": "gpt-5-mini", "act_as": "svc-crm",
                 "scopes": ["contacts:write", "accounts:write"], "queue": "data"},
    "sql-agent": {"version": "1.12.0", "model": "claude-opus-4-5", "act_as": "svc-warehouse",
                  "scopes": ["warehouse:write"], "queue": "data"},
    "coder": {"version": "1.4.0", "model": "claude-opus-4-5", "act_as": "svc-git",
              "scopes": ["repo:write"], "queue": "engineering"},
    "mailer": {"version": "3.0.2", "model": "gpt-5", "act_as": "support@northwind.example",
               "scopes": ["mail:send"], "queue": "support"},
    "contract-clerk": {"version": "0.7.0", "model": "gemini-2.5-pro", "act_as": "svc-contracts",
                       "scopes": ["contracts:draft"], "queue": "legal"},
    "ops-bot": {"version": "5.1.0", "model": "claude-sonnet-4-5", "act_as": "svc-ops",
                "scopes": ["cluster:write", "flags:write"], "queue": "engineering"},
}  # fmt: skip


def said(role: str, text: str) -> Json:
    """A message: role user, agent, person, thought, system."""
    return {"type": "message", "role": role, "text": text}


def asked(name: str, arguments: Json, output: Any, *, error: bool = False) -> list[Json]:
    """A tool call and what came back, tied by an id."""
    mark = f"{name}-{len(str(arguments))}"
    call = {"type": "tool_call", "name": name, "arguments": arguments, "id": mark}
    result = {"type": "tool_result", "name": name, "id": mark, "output": output}
    return [call, result | {"error": True} if error else result]


def read(title: str, text: str, uri: str = "") -> Json:
    """A document that the agent read."""
    return {"type": "document", "title": title, "text": text, "uri": uri}


def link(title: str, uri: str) -> Json:
    """Somewhere to look further."""
    return {"type": "link", "title": title, "uri": uri}


def note(text: str) -> Json:
    """A remark for the reviewer."""
    return {"type": "note", "text": text}


def timed(rng: Random, now: int, items: Sequence[Json]) -> list[Json]:
    """The items with ascending times, the last some seconds before `now`."""
    at = now - rng.randrange(20, 90) * SECOND
    longest = max(1, min(240, 7_200 // (len(items) or 1)))
    done: list[Json] = []
    for item in reversed(items):
        done.append(item | {"at": iso(at)})
        at -= rng.randrange(longest) * SECOND + 200_000
    return done[::-1]


def artifact(
    rng: Random,
    now: int,
    agent: str,
    kind: str,
    title: str,
    *,
    writes: Sequence[Json] = (),
    context: Iterable[Json] = (),
    why: Sequence[Why] = (),
    summary: str = "",
    risk: str = "medium",
    confidence: float | None = None,
    due: int | None = None,
    on_behalf_of: str = "",
    number: int | str | None = None,
    revision: int = 0,
    queue: str = "",
    **more: Any,
) -> Json:
    """The frame around the writes; `due` is relative to `now` in microseconds, negative is late."""
    who = AGENTS[agent]
    run_id = f"{rng.getrandbits(64):016x}"
    ticket = number if number is not None else rng.randrange(1_000_000, 9_999_999)
    tokens = rng.randrange(1_800, 46_000)
    steps = rng.randrange(2, 19)
    made: Json = {
        "key": f"{kind}-{ticket}-r{revision}",
        "agent": {k: who[k] for k in ("version", "model")} | {"name": agent, "run_id": run_id},
        "kind": kind,
        "title": title,
        "queue": queue or who["queue"],
        "identity": {"act_as": who["act_as"], "on_behalf_of": on_behalf_of,
                     "scopes": list(who["scopes"])},
        "writes": [_tied(write) for write in writes],
        "context": timed(rng, now, list(context)),
        "escalations": [_reason(one) for one in why],
        "risk": risk,
        "cost": {"usd": round(tokens * 3.1e-6 + steps * 0.0011, 4), "input_tokens": tokens,
                 "output_tokens": tokens // rng.randrange(6, 20), "steps": steps,
                 "seconds": round(steps * rng.uniform(0.8, 3.4), 1)},
        "trace": {"traceparent": f"00-{rng.getrandbits(128):032x}-{run_id}-01",
                  "url": f"https://traces.northwind.example/run/{run_id}"},
    }  # fmt: skip
    if summary:
        made["summary"] = summary
    if confidence is not None:
        made["confidence"] = confidence
    if due is not None:
        # later than the policy's own deadline would all come out as that one
        latest = SLA[Risk(risk)]
        made["due_at"] = iso(now + (due if due < latest else int(latest * rng.uniform(0.1, 0.99))))
    if revision:
        made["supersedes"] = f"{kind}-{ticket}-r{revision - 1}"
    return made | more


def soon(rng: Random) -> int:
    """A due time relative to now: mostly minutes to hours, one in six late already."""
    if rng.randrange(6) == 0:
        return -rng.randrange(1, 45) * MINUTE
    return rng.choice((7, 14, 25, 48, 95, 170, 310, 560, 1_150)) * MINUTE + rng.randrange(MINUTE)


def sure(rng: Random, low: float = 0.35, high: float = 0.97) -> float:
    """A confidence with two decimals."""
    return round(rng.uniform(low, high), 2)


def _tied(write: Json) -> Json:
    """The write with the digest of what its agent saw, where it saw something."""
    if write.get("before") is None or "precondition" in write:
        return write
    return write | {"precondition": {"digest": digest(write["type"], write["before"])}}


def _reason(why: Why) -> Json:
    reason: Json = {"code": why[0], "detail": why[1]}
    if len(why) > 2:
        reason["source"] = why[2]
    if len(why) > 3:
        reason["score"] = why[3]
    return reason
