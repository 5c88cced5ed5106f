"""Policies, artifacts and facts for tests: written out, and as Hypothesis strategies."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from reviewer.domain.artifact import Artifact, parse
from reviewer.domain.state import Ruling
from reviewer.policy.admission import rule
from reviewer.policy.compiled import Compiled, compiled_policy
from reviewer.policy.document import Policy
from reviewer.policy.facts import Facts, Spread, Standing, Used
from tests.domain.strategies import NOW

Document = dict[str, Any]

KNOWN = Facts(shape_decided=9, flags=0, standing=Standing(version_decided=9))
"""Facts under which nothing stands against an autonomous agent."""


def made(document: Document) -> Compiled:
    """A policy from plain values, compiled."""
    return compiled_policy(Policy.model_validate({"version": 1} | document))


def of(grants: list[Document], **agent: Any) -> Compiled:
    """A policy with one agent `bot` that has these grants."""
    return made({"agents": {"bot": {"grants": grants} | agent}})


def autonomous(grants: list[Document] | None = None, **more: Any) -> Document:
    """An agent that decides alone as far as it may; no sample is taken."""
    return {
        "mode": "autonomous",
        "new_version": "autonomous",
        "grants": grants if grants is not None else [{"write": "*"}],
        "autonomy": {"sample": 0.0} | more.pop("autonomy", {}),
    } | more


def record(before: Any = None, after: Any = None, **more: Any) -> Document:
    """A record write."""
    sides = {"before": before, "after": after}
    return (
        {"type": "record", "system": "crm", "resource": "orders/1"}
        | {name: side for name, side in sides.items() if side is not None}
        | more
    )


def proposal(*writes: Document, **more: Any) -> Artifact:
    """An artifact of `bot` with these writes."""
    base: Document = {"key": "k", "agent": {"name": "bot", "version": "1"}, "kind": "refund"}
    base |= {"title": "t", "confidence": 0.9, "writes": list(writes)}
    if not writes:
        base["escalations"] = [{"code": "unsure"}]
    return parse(base | more)


def ruled(compiled: Compiled, artifact: Artifact, facts: Facts = KNOWN) -> Ruling:
    """The ruling at NOW."""
    return rule(compiled, artifact, facts, NOW)


def mostly(usual: Any, *others: Any) -> st.SearchStrategy[Any]:
    """The usual value far more often: of many things that stand in the way, few shall at once."""
    return st.sampled_from([usual] * 8 + list(others))


# small worlds, so that what policies say and what artifacts hold meets often
SYSTEMS = st.sampled_from(["crm", "erp", "mail"])
FIELDS = ("/amount", "/status", "/lines/0/qty", "/lines/1/qty", "/note")
FIELD_PATTERNS = st.sampled_from([*FIELDS, "*", "/lines/*/qty", "/lines/**", "/*"])
RESOURCES = st.sampled_from(["orders/1", "orders/2", "orders/1/lines", "customers/1"])
RESOURCE_PATTERNS = st.sampled_from(["*", "orders/*", "orders/**", "customers/1", "o*/1"])
AMOUNTS = st.sampled_from([0, 1, 5, 10, 50, 99.5, 100, -3])


@st.composite
def limits(draw: st.DrawFn) -> Document:
    """One limit for a value."""
    found: Document = {}
    if draw(st.booleans()):
        found["most"] = draw(AMOUNTS)
    if draw(st.booleans()):
        found["most_change"] = abs(draw(AMOUNTS))
    if not found or draw(st.booleans()):
        found["one_of"] = draw(st.lists(AMOUNTS | st.just("paid"), min_size=1, max_size=4))
    return found


@st.composite
def grants(draw: st.DrawFn) -> Document:
    """One grant."""
    found: Document = {
        "write": draw(st.sampled_from(["*", "record", "tool_call", ["record", "message"]])),
        "system": draw(mostly("*", "crm", "erp", "m*")),
        "resource": draw(RESOURCE_PATTERNS),
        "fields": draw(st.just(["*"]) | st.lists(FIELD_PATTERNS, min_size=1, max_size=3)),
        "identity": draw(st.sampled_from(["*", "svc-*", "svc-a"])),
        "actions": draw(mostly("*", ["modify", "refund"], "create")),
        "over": draw(st.sampled_from(["person", "deny"])),
    }
    if draw(st.booleans()):
        pointers = st.sampled_from(["/amount", "/lines/*/qty", "/status"])
        found["limits"] = draw(st.dictionaries(pointers, limits(), max_size=2))
    if draw(st.booleans()):
        found["rates"] = {"hour": draw(st.integers(0, 5)), "day": draw(st.integers(0, 9))}
    if draw(st.booleans()):
        found["spend"] = {"field": "/amount", "day": draw(st.sampled_from([0, 50, 500]))}
    return found


RULES = st.sampled_from(
    [
        {"when": "artifact.kind == 'refund'", "then": {"queue": "money"}},
        {"when": "has(artifact.metadata.urgent)", "then": {"risk": "high"}},
        {
            "each": "write",
            "when": "write.type == 'record' && write.after.amount == 50",
            "then": {"risk": "high"},
        },
        {"each": "write", "when": "write.system == 'erp'", "then": {"deny": "not the ERP"}},
        {"when": "writes.count > 1", "then": {"quorum": 2}},
        {"when": "history.shape_rejected > 0", "then": {"person": True}},
        {"agent": "b*", "write": "message", "then": {"reason": {"code": "message"}}},
    ]
)


def numbered(rules: list[Document]) -> list[Document]:
    """Rules with an id each."""
    return [rule | {"id": f"r{number}"} for number, rule in enumerate(rules)]


@st.composite
def agents(draw: st.DrawFn) -> Document:
    """One agent, more often autonomous than not."""
    modes = mostly("autonomous", "assisted", "shadow")
    found: Document = {
        "mode": draw(modes),
        "new_version": draw(mostly("autonomous", "assisted")),
        "grants": draw(st.lists(grants(), max_size=3)) + draw(EVERYTHING),
        "autonomy": {
            "confidence": draw(mostly(0.0, 0.5, 0.9)),
            "risk": draw(mostly("critical", "low", "medium", "high")),
            "known_shapes": draw(mostly(0, 1, 3)),
            "spread": draw(st.sampled_from([None, 1.0, 4.0])),
            "sample": draw(mostly(0.0, 0.2, 1.0)),
            "cohort": draw(mostly(1.0, 0.5)),
        },
    }
    if draw(st.booleans()):
        found["budget"] = {"rate": draw(st.sampled_from([0.02, 0.2])), "window": "1d", "least": 5}
    if draw(mostly(False, True, True)):
        found["cost"] = {"task": draw(st.sampled_from([0.1, 2.0])), "day": 5.0}
    if draw(st.booleans()):
        found["identities"] = draw(mostly("*", "svc-*"))
    return found


EVERYTHING: st.SearchStrategy[list[Document]] = st.sampled_from(
    [[], [{"write": "*"}], [{"write": "*", "rates": {"hour": 3}}]]
)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A whole policy as plain values."""
    queues: Document = {"*": {}, "money": {"quorum": draw(st.integers(1, 2))}}
    return {
        "version": 1,
        "queues": draw(st.sampled_from([{}, queues])),
        "agents": {"bot": draw(agents())},
        "rules": numbered(draw(st.lists(RULES, max_size=3))),
    }


@st.composite
def orders(draw: st.DrawFn) -> Document:
    """A document that writes change."""
    found: Document = {"amount": draw(AMOUNTS | mostly(10, "5", True))}
    found["status"] = draw(st.sampled_from(["open", "paid", 1, None]))
    if draw(st.booleans()):
        found["lines"] = [{"qty": draw(AMOUNTS)} for _ in range(draw(st.integers(0, 2)))]
    if draw(st.booleans()):
        found["note"] = draw(st.sampled_from(["", "x"]))
    return found


@st.composite
def writes(draw: st.DrawFn) -> Document:
    """A write of one of several types, mostly of records."""
    base = {"system": draw(SYSTEMS), "resource": draw(RESOURCES)}
    sort = draw(st.sampled_from(["record", "record", "record", "tool_call", "message"]))
    if sort == "message":
        to = draw(st.sampled_from(["a@example.com", "Eve <eve@evil.test>"]))
        return base | {"type": "message", "channel": "email", "to": [to], "body": "hello"}
    if sort == "tool_call":
        return base | {"type": "tool_call", "name": "refund", "arguments": draw(orders())}
    before, after = draw(orders() | st.none()), draw(orders())
    return record(before, after) | base


@st.composite
def proposals(draw: st.DrawFn) -> Artifact:
    """An artifact of `bot`."""
    more: Document = {
        "key": draw(st.sampled_from("abcdefgh")),
        "confidence": draw(mostly(0.95, None, 0.3)),
        "risk": draw(mostly("low", "medium", "critical")),
        "identity": {"act_as": draw(mostly("svc-a", "", "root"))},
        "cost": draw(mostly({"usd": 0.05}, {}, {"usd": 9.0})),
        "metadata": draw(mostly({}, {"urgent": True})),
    }
    return proposal(*draw(st.lists(writes(), min_size=1, max_size=2)), **more)


@st.composite
def known(draw: st.DrawFn) -> Facts:
    """What is known of the past."""
    counts = st.integers(0, 9)
    scopes = [f"{sort}:bot:#{number}" for sort in ("grant", "spend") for number in (1, 2, 3)]
    used = {
        scope: Used(draw(counts), draw(counts), draw(AMOUNTS), draw(AMOUNTS))
        for scope in draw(st.lists(st.sampled_from([*scopes, "cost:bot"]), max_size=3))
    }
    spreads = {"record crm /amount": Spread(9, 10.0, draw(st.sampled_from([0.0, 1.0, 50.0])))}
    decided = draw(st.sampled_from([0, 10, 100]))
    return Facts(
        shape_decided=draw(counts),
        shape_rejected=draw(mostly(0, 1)),
        standing=Standing(decided, draw(mostly(0, 1, 3)), draw(mostly(5, 0))),
        used=used,
        spreads=draw(st.sampled_from([{}, spreads])),
        stopped=draw(mostly("", "ann stopped it")),
        cap=draw(mostly("", "assisted", "shadow")),
        draw=draw(mostly(1.0, 0.0, 0.1, 0.5)),
        flags=draw(mostly(0, 2, None)),
    )
