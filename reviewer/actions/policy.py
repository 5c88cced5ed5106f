"""The policy in force, its history, a file to check; the agents under it and the kill switch."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from .model import Action
from .model import one as _one

PLACES = ("list", "review", "triage")
"""The scopes from which policy and agents are reached."""


def doors() -> Iterable[Action]:
    """The ways there, and the switch that stops the artifact's agent."""
    for scope in PLACES:
        one = partial(_one, scope, "Screens")
        if scope != "review":
            yield one(
                "policy", "P", "", "Policy: in force, history, check and simulate a file.",
                call="door('policy')",
            )  # fmt: skip
        yield one(
            "agents", "B", "", "Agents: modes, error budgets, promotions, who is stopped.",
            call="door('agents')",
        )  # fmt: skip
        yield _one(
            scope, "Kill switch", "stop_agent", "!", "",
            "Stop the agent of this artifact, or all agents; asks why.",
            call="stop_agent", guard="writable online",
        )  # fmt: skip


def part() -> Iterable[Action]:
    """What the review says of the policy behind an artifact."""
    yield _one(
        "review", "View", "policy_part", "P", "",
        "What the policy ruled, what decisions need; enter there opens the policy.",
    )  # fmt: skip


def policy() -> Iterable[Action]:
    """What the policy screen does."""
    one = partial(_one, "policy", "Policy")
    for number, name in enumerate(("what is in force", "the history", "your file"), 1):
        yield one(f"policy.page{number}", str(number), "", f"Page {number}: {name}.",
                  call=f"view({number})")  # fmt: skip
    yield one("policy.next", "tab", "page", "Next page.", call="step_view(1)")
    yield one("policy.previous", "shift+tab", "", "Page before.", call="step_view(-1)")
    yield one("policy.open", "enter", "open", "The text of a policy, or the line of a problem.")
    yield one("policy.compare", "d", "compare", "Compare it with the policy in force, or not.")
    yield one("policy.check", "c", "check", "Read and check your policy file.")
    yield one("policy.edit", "e", "edit", "Open your policy file in your editor.")
    yield one(
        "policy.simulate", "s", "simulate",
        "What the last 30 days would have been under it; esc stops.", guard="online",
    )  # fmt: skip
    yield one(
        "policy.activate", "a", "activate",
        "Put it in force, or propose it where a second person must agree.",
        guard="writable lead online",
    )  # fmt: skip
    yield one("policy.left", "h left", "", "Scroll left.", call="scroll_left")
    yield one("policy.right", "l right", "", "Scroll right.", call="scroll_right")


def agents() -> Iterable[Action]:
    """What the agents screen does."""
    one = partial(_one, "agents", "Agents")
    yield one("agents.list", "enter", "list", "List what waits of this agent.")
    yield one("agents.versions", "v", "versions", "Tell the versions of an agent apart, or not.")
    yield one(
        "agents.promotion", "p", "promotion", "Decide a proposed promotion: lift or decline.",
        guard="writable lead online",
    )  # fmt: skip
    yield one(
        "agents.cap", "c", "cap", "Leave the agent's kind at most a mode, or lift that; asks why.",
        guard="writable lead online",
    )  # fmt: skip
    yield one(
        "agents.resume", "R", "resume", "Let a stopped agent, or all, go on.",
        guard="writable lead online",
    )  # fmt: skip
    yield _one(
        "agents", "Kill switch", "stop_agent", "!", "stop",
        "Stop the agent under the cursor, or all agents; asks why.", guard="writable online",
    )  # fmt: skip
    yield _one("agents", "Screens", "policy", "P", "", "Policy.", call="door('policy')")
    yield _one("agents", "Agents", "switch", "tab shift+tab", "", "To what is said of it, or back.")
