"""Policies for tests: as documents, as people would write them, and by Hypothesis."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from reviewer.policy.document import Policy

AGENTS = ("*", "refund-bot", "coder")
KINDS = ("refund", "patch")
QUEUES = ("*", "billing")


def policy(**parts: Any) -> Policy:
    """A policy of these parts; agents default to one that may do everything with people."""
    agents = {"*": {"grants": [{"write": "*"}]}}
    return Policy.model_validate({"version": 1, "agents": agents, **parts})


def _some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


globs = st.lists(st.sampled_from(["*", "crm", "cr*", "erp", "a/*", "a/**"]), min_size=1, max_size=2)
shares = st.sampled_from([0.0, 0.01, 0.2, 0.8, 1.0])
amounts = st.sampled_from([0.0, 1.0, 100.0])
numbers = st.integers(0, 5)
modes = st.sampled_from(["shadow", "assisted", "autonomous"])
durations = st.sampled_from(["5m", "1h", "1d12h", "7d"])
risks = st.sampled_from(["low", "medium", "high", "critical"])
people = st.lists(st.sampled_from(["ana", "ben", "@leads"]), max_size=2, unique=True)

limits = _some(
    least=amounts,
    most=amounts,
    most_change=amounts,
    one_of=st.lists(st.sampled_from(["a", 1, None]), max_size=2, unique_by=str),
    longest=numbers,
    matches=st.just("^a"),
)
grants = st.builds(
    lambda write, more: {"write": write} | more,
    st.sampled_from(["*", "record", ["sql", "file"]]),
    _some(
        system=globs,
        resource=globs,
        fields=globs,
        recipients=globs,
        limits=st.dictionaries(st.sampled_from(["/amount", "/status"]), limits, max_size=2),
        rows=numbers,
        rates=_some(hour=numbers, day=numbers),
        spend=st.builds(lambda more: {"field": "/amount"} | more, _some(hour=amounts, day=amounts)),
        over=st.sampled_from(["person", "deny"]),
    ),
)
autonomies = _some(
    confidence=shares,
    risk=risks,
    known_shapes=numbers,
    spread=st.none() | amounts,
    sample=shares,
    cohort=shares,
)
budgets = st.builds(
    lambda more: {"rate": 0.05, "window": "7d"} | more,
    _some(
        rate=shares,
        window=durations,
        least=st.integers(1, 5),
        mistakes=st.lists(
            st.sampled_from(["reject", "edit", "failed", "rolled_back"]), max_size=3, unique=True
        ),
        then=st.sampled_from(["assisted", "shadow", "stop"]),
    ),
)
costs = _some(task=amounts, day=amounts)
agents = _some(
    owner=st.just("ana"),
    identities=globs,
    mode=modes,
    new_version=modes,
    autonomy=autonomies,
    grants=st.lists(grants, max_size=3),
    budget=budgets,
    cost=costs,
    kinds=st.dictionaries(
        st.sampled_from(KINDS),
        _some(mode=modes, autonomy=autonomies, budget=budgets, cost=costs),
        max_size=2,
    ),
)
queues = _some(
    reviewers=people,
    lead=st.just("ana"),
    roles=st.lists(st.sampled_from(["reviewer", "lead"]), max_size=2, unique=True),
    sla=st.dictionaries(risks, durations, max_size=4),
    quorum=st.integers(1, 3),
    four_eyes=st.booleans(),
    looks=numbers,
)
thens = _some(
    risk=risks,
    queue=st.just("billing"),
    quorum=st.integers(1, 3),
    roles=st.lists(st.just("lead"), max_size=1),
    four_eyes=st.booleans(),
    looks=numbers,
    due=durations,
    reason=st.just({"code": "large", "detail": "a large sum"}),
    person=st.booleans(),
    lift_out=st.booleans(),
    deny=st.just("This is not to be written."),
)
conditions = st.sampled_from(
    [
        "true",
        "artifact.confidence < 0.5",
        "size(artifact.title) > 10",
        "artifact.kind == 'refund'",
    ]
)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A policy as a document; it has an agent `*`."""
    rules = draw(
        st.lists(
            st.tuples(conditions, thens, globs.map(lambda some: some[:1])),
            max_size=3,
        )
    )
    named = draw(st.dictionaries(st.sampled_from(AGENTS[1:]), agents, max_size=2))
    return {
        "version": 1,
        "activation": draw(_some(four_eyes=st.booleans(), by=people)),
        "queues": draw(st.dictionaries(st.sampled_from(QUEUES), queues, max_size=2)),
        "agents": {"*": draw(agents)} | named,
        "rules": [
            {"id": f"rule-{number}", "when": when, "then": then, "agent": agent}
            for number, (when, then, agent) in enumerate(rules)
        ],
        "assistant": draw(_some(blind_first=st.booleans())),
        "masking": draw(_some(fields=st.lists(st.just("/secret"), max_size=1))),
    }
