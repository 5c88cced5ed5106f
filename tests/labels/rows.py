"""Label rows made as a backend makes them: admit, settle, label."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from reviewer.domain.artifact import Artifact, parse
from reviewer.domain.decision import Kind
from reviewer.domain.lifecycle import settle
from reviewer.domain.state import Step
from reviewer.domain.views import LabelRow
from reviewer.labels.label import label
from tests.domain.strategies import NOW, PERSON, decision, pending, simple, texts


def row(artifact: Artifact, kind: Kind, seq: int = 1, **changes: Any) -> LabelRow:
    """The row that this decision on that artifact leaves."""
    state = pending(artifact)
    made = decision(state, kind, **changes)
    step = settle(state, made, PERSON, NOW, artifact)
    assert isinstance(step, Step), step
    document = label(step.state, made, PERSON, NOW, artifact, step.final, policy="p1")
    return LabelRow(f"a_{seq}", seq, artifact, document)


def after(value: Any) -> dict[str, Any]:
    """A record write that sets `a`."""
    return {"type": "record", "resource": "order/1", "before": {"a": 1}, "after": {"a": value}}


def edited(artifact: Artifact, value: Any) -> dict[str, Any]:
    """The changes for `row` that edit the first write and keep the others."""
    first = artifact.writes[0].model_copy(update={"after": {"a": value}})
    return {"writes": (first, *artifact.writes[1:])}


context_items = st.one_of(
    st.builds(
        lambda role, text: {"type": "message", "role": role, "text": text},
        st.sampled_from(["system", "user", "assistant", "agent", "person", "thought"]),
        texts,
    ),
    st.builds(
        lambda name, id, value: {"type": "tool_call", "name": name, "arguments": value, "id": id},
        st.sampled_from(["get", "put", "get.order/ü"]),
        st.sampled_from(["", "c1", "c2"]),
        st.none() | st.just({"id": 1}) | st.just("x"),
    ),
    st.builds(
        lambda name, id, value, error: {
            "type": "tool_result",
            "name": name,
            "output": value,
            "id": id,
            "error": error,
        },
        st.sampled_from(["", "get", "put"]),
        st.sampled_from(["", "c1", "c2"]),
        st.just("done") | st.just({"id": 1}) | st.none(),
        st.booleans(),
    ),
    st.builds(lambda text: {"type": "document", "title": "policy", "text": text}, texts),
    st.builds(lambda text: {"type": "note", "text": text}, texts),
    st.just({"type": "link", "uri": "https://example.org"}),
)
contexts = st.lists(context_items, max_size=8)


@st.composite
def histories(draw: st.DrawFn) -> Sequence[LabelRow]:
    """Rows of several agents' revision chains, mixed, as a queue would order them."""
    rows: list[LabelRow] = []
    latest: dict[str, str] = {}
    for seq in range(1, draw(st.integers(1, 14)) + 1):
        line, value = draw(st.sampled_from("xyz")), draw(st.integers(2, 4))
        document: dict[str, Any] = {
            "key": f"{line}-{seq}",
            "agent": {"name": f"bot-{line}"},
            "kind": "task",
            "title": "t",
            "writes": [after(value)],
            "context": draw(contexts),
        }
        if line in latest and draw(st.booleans()):
            document["supersedes"] = latest[line]
        if draw(st.integers(0, 7)) == 0:
            document["metadata"] = {"seeded": True}
        artifact = parse(document)
        kinds = [Kind.APPROVE, Kind.EDIT, Kind.REJECT, Kind.REJECT, Kind.RESPOND]
        kind = draw(st.sampled_from(kinds))
        changes = edited(artifact, value + 10) if kind is Kind.EDIT else {}
        rows.append(row(artifact, kind, seq, **changes))
        latest[line] = artifact.key
    return rows


__all__ = ["after", "contexts", "edited", "histories", "parse", "row", "simple"]
