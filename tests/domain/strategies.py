"""Hypothesis strategies for values of the domain."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from reviewer.domain.artifact import Artifact, Risk, parse
from reviewer.domain.decision import Actor, Decision, Kind
from reviewer.domain.lifecycle import Ruling, State, admit

NOW = 1_780_000_000_000_000

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
numbers = st.integers(1 - 2**53, 2**53 - 1) | st.floats(
    allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15
)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
json_objects = st.dictionaries(texts, json_values, max_size=5)


@st.composite
def artifact_documents(draw: st.DrawFn) -> dict[str, Any]:
    """A JSON document of an artifact with one to three record or document writes."""
    writes = draw(
        st.lists(
            st.fixed_dictionaries(
                {"type": st.just("record"), "before": json_objects, "after": json_objects}
            )
            | st.fixed_dictionaries({"type": st.just("document"), "before": texts, "after": texts}),
            min_size=1,
            max_size=3,
        )
    )
    return {
        "key": draw(st.text("abcdef0123", min_size=1, max_size=8)),
        "agent": {"name": "bot"},
        "kind": "task",
        "title": draw(texts.filter(bool)),
        "risk": draw(st.sampled_from([str(risk) for risk in Risk])),
        "writes": [
            {"resource": f"thing/{index}", "system": "crm"} | write
            for index, write in enumerate(writes)
        ],
        "metadata": draw(json_objects),
    }


def simple(**changes: Any) -> Artifact:
    """A small artifact with one record write."""
    write = {"type": "record", "resource": "order/1", "before": {"a": 1}, "after": {"a": 2}}
    base = {"key": "k", "agent": {"name": "bot"}, "kind": "task", "title": "t", "writes": [write]}
    return parse(base | changes)


def pending(artifact: Artifact | None = None, **ruling: Any) -> State:
    """The admitted state of an artifact at NOW."""
    given = {"queue": "q", "risk": Risk.MEDIUM, "due_at": NOW + 10} | ruling
    return admit(artifact or simple(), "a_1", Ruling(**given), NOW).state


PERSON = Actor("ann")


def decision(state: State, kind: Kind, **changes: Any) -> Decision:
    """A decision of that kind that fits the state."""
    extra: dict[str, Any] = {
        Kind.REJECT: {"reasons": ("other",)},
        Kind.RESPOND: {"comment": "because"},
        Kind.REASSIGN: {"to": "bob"},
        Kind.SNOOZE: {"until": NOW + 100},
    }.get(kind, {})
    base = {
        "kind": kind,
        "artifact_id": state.id,
        "revision": state.revision,
        "digest": state.digest,
        "operation_id": "op",
    }
    return Decision(**(base | extra | changes))
