"""The prompt side: whatever the context, it makes a transcript that chat APIs accept."""

from __future__ import annotations

import json
import re
from typing import Any

from hypothesis import given

from reviewer.domain.artifact import parse_writes
from reviewer.labels.conversation import (
    conversation,
    function_name,
    openai_messages,
    openai_tools,
    plain_messages,
    writes_text,
)
from tests.domain.strategies import simple

from .rows import contexts


def message(role: str, text: str) -> dict[str, Any]:
    return {"type": "message", "role": role, "text": text}


def call(name: str, ident: str = "", **arguments: Any) -> dict[str, Any]:
    return {"type": "tool_call", "name": name, "arguments": arguments, "id": ident}


def result(output: Any, id: str = "", **more: Any) -> dict[str, Any]:
    return {"type": "tool_result", "output": output, "id": id} | more


def test_a_conversation_with_calls_becomes_chat_messages() -> None:
    artifact = simple(
        context=[
            {"type": "document", "title": "Policy", "uri": "p.md", "text": "Be kind."},
            message("user", "Where is it?"),
            message("thought", "look it up"),
            message("agent", "One moment."),
            call("get_order", "c9", id=1),
            call("get_user", "c9", id=2),
            result({"b": 1, "a": [True]}, "c9", name="get_order"),
            result("none", "c9", name="get_user", error=True),
            {"type": "note", "text": "for the reviewer"},
        ]
    )
    turns = conversation(artifact)
    assert openai_messages(turns) == [
        {"role": "system", "content": "Policy <p.md>\n\nBe kind."},
        {"role": "user", "content": "Where is it?"},
        {
            "role": "assistant",
            "content": "One moment.",
            "tool_calls": [
                {
                    "id": "call_4",
                    "type": "function",
                    "function": {"name": "get_order", "arguments": '{"id":1}'},
                },
                {
                    "id": "call_5",
                    "type": "function",
                    "function": {"name": "get_user", "arguments": '{"id":2}'},
                },
            ],
        },
        {"role": "tool", "tool_call_id": "call_4", "content": '{"a":[true],"b":1}'},
        {"role": "tool", "tool_call_id": "call_5", "content": "Error: none"},
        {
            "role": "user",
            "content": "Propose the writes for this task (task) as a JSON array in reviewer's "
            "wire format 1.",
        },
    ]
    assert plain_messages(turns)[2] == {
        "role": "assistant",
        "content": 'One moment.\n{"arguments":{"id":1},"name":"get_order"}\n'
        '{"arguments":{"id":2},"name":"get_user"}',
    }
    assert [tool["function"]["name"] for tool in openai_tools(artifact, turns)] == [
        "get_order",
        "get_user",
    ]


def test_calls_and_results_without_each_other_are_told_as_text() -> None:
    artifact = simple(context=[result("lost", name="get"), call("get", a=1), message("user", "?")])
    told = [(turn.role, turn.text) for turn in conversation(artifact)]
    assert told[:3] == [
        ("user", "get: lost"),
        ("assistant", '{"arguments":{"a":1},"name":"get"}'),
        ("user", "?"),
    ]


def test_a_late_result_follows_its_call() -> None:
    artifact = simple(context=[call("get", "1"), message("user", "hurry"), result("x", "1")])
    assert [turn.role for turn in conversation(artifact)] == ["assistant", "tool", "user", "user"]


def test_without_context_the_title_says_what_was_asked() -> None:
    assert plain_messages(conversation(simple(title="Refund 8841", kind="refund"))) == [
        {
            "role": "user",
            "content": "Propose the writes for this task (refund: Refund 8841) as a JSON array "
            "in reviewer's wire format 1.",
        }
    ]


def test_a_proposed_tool_call_brings_its_schema() -> None:
    schema = {"type": "object", "properties": {"id": {"type": "integer"}}}
    write = {
        "type": "tool_call", "name": "pay.now", "arguments": {}, "arguments_schema": schema,
    }  # fmt: skip
    artifact = simple(writes=[write], context=[call("pay.now"), result("ok")])
    assert openai_tools(artifact, conversation(artifact)) == [
        {"type": "function", "function": {"name": "pay_now", "parameters": schema}}
    ]


@given(contexts)
def test_every_context_makes_a_transcript_that_chat_apis_accept(
    context: list[dict[str, Any]],
) -> None:
    artifact = simple(context=context)
    turns = conversation(artifact)
    messages = openai_messages(turns)
    tools = {tool["function"]["name"] for tool in openai_tools(artifact, turns)}
    asked: list[str] = []
    for one in messages:
        # every call is answered, in order, before anything else is said
        assert (one["role"] == "tool") is bool(asked)
        if one["role"] == "tool":
            assert one["tool_call_id"] == asked.pop(0)
        calls = one.get("tool_calls", [])
        assert one["content"] or calls or one["role"] == "tool"
        for each in calls:
            assert isinstance(json.loads(each["function"]["arguments"]), object)
            assert each["function"]["name"] in tools
        asked = asked or [each["id"] for each in calls]
    assert not asked
    assert messages[-1]["role"] == "user"
    ids = [each["id"] for one in messages for each in one.get("tool_calls", [])]
    assert len(ids) == len(set(ids))
    for plain in plain_messages(turns):
        assert plain.keys() == {"role", "content"}
        assert plain["role"] in ("system", "user", "assistant", "tool")


@given(contexts)
def test_nothing_that_the_agent_saw_is_lost(context: list[dict[str, Any]]) -> None:
    told = "\n".join(
        turn["content"] for turn in plain_messages(conversation(simple(context=context)))
    )
    for item in context:
        if item["type"] in ("message", "document") and item.get("role") != "thought":
            assert item["text"].strip() in told
        if item["type"] == "tool_result" and isinstance(item["output"], str):
            assert item["output"] in told
    calls = sum(item["type"] == "tool_call" for item in context)
    assert told.count('"arguments":') == calls


def test_names_fit_openai() -> None:
    for name in ("a", "get.order/ü", "x" * 512, "名前"):
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", function_name(name))


def test_the_text_of_writes_reads_back_as_the_same_writes() -> None:
    artifact = simple()
    text = writes_text(artifact.document()["writes"])
    assert list(parse_writes(text)) == artifact.writes
    assert text == ('[{"after":{"a":2},"before":{"a":1},"resource":"order/1","type":"record"}]')
