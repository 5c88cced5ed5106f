"""All actions, the places they live in, and the tables made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from . import (
    audit,
    decisions,
    edit,
    focus,
    forms,
    groups,
    inbox,
    insights,
    moves,
    notices,
    policy,
    rest,
    review,
    triage,
)
from .keys import display, normal, split
from .model import Action, Bound

PLACES: dict[str, tuple[str, ...]] = {
    "inbox": ("global", "move", "decide", "list"),
    "review": ("global", "move", "decide", "review"),
    "focus": ("global", "move", "decide", "review", "focus"),
    "focus_end": ("global", "focus_end"),
    "edit": ("edit", "form"),
    "typing": ("edit", "typing"),
    "hunks": ("hunks",),
    "conflicts": ("conflicts",),
    "groups": ("global", "move", "groups"),
    "group": ("global", "move", "decide", "group"),
    "look": ("global", "move", "review", "look"),
    "triage": ("global", "move", "triage"),
    "insights": ("global", "move", "insights"),
    "notices": ("global", "move", "notices"),
    "audit": ("global", "move", "audit"),
    "policy": ("global", "move", "policy"),
    "agents": ("global", "move", "agents"),
    "dialog": ("dialog",),
}


ACTIONS: tuple[Action, ...] = (
    *decisions.decisions(),
    *moves.moves(),
    *inbox.in_list(),
    *inbox.marks(),
    *inbox.views(),
    *inbox.doors(),
    *review.review(),
    *focus.focus(),
    *groups.groups(),
    *groups.group(),
    *groups.look(),
    *triage.triage(),
    *insights.insights(),
    *audit.audit(),
    *notices.notices(),
    *policy.doors(),
    *policy.part(),
    *policy.policy(),
    *policy.agents(),
    *rest.rest(),
    *edit.edit(),
    *forms.forms(),
    *forms.typing(),
    *edit.hunks(),
    *edit.conflicts(),
)


def actions(*scopes: str) -> tuple[Action, ...]:
    """The actions of these scopes in the order of the registry; all without an argument."""
    return tuple(action for action in ACTIONS if not scopes or action.scope in scopes)


def place(name: str) -> tuple[Action, ...]:
    """Every action that is live on a screen: `inbox`, `review`, `edit` or `dialog`."""
    return actions(*PLACES[name])


def by_id(id: str, scope: str = "") -> Action:
    """The action with this id (the first, or that of `scope`); raises KeyError for none."""
    for action in ACTIONS:
        if action.id == id and scope in ("", action.scope):
            return action
    raise KeyError(id)


def keys_of(action: Action, keymap: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The keys of an action under a keymap (`{id: "key,key"}`), normalised."""
    chosen = (keymap or {}).get(action.id)
    raw = action.keys if chosen is None else split(chosen)
    return tuple(normal(key) for key in raw)


def bindings(*scopes: str, keymap: Mapping[str, str] | None = None) -> tuple[Bound, ...]:
    """What Textual needs to bind the actions of these scopes; comma itself is spelt `comma`."""
    return tuple(
        Bound(
            ",".join("comma" if key == "," else key for key in keys_of(action, keymap)),
            action.call,
            action.label or action.sentence,
            action.id,
            bool(action.label),
        )
        for action in actions(*scopes)
    )


def grouped(some: Iterable[Action]) -> dict[str, list[Action]]:
    """The actions by group, each once where several scopes have the same one on the same keys."""
    groups: dict[str, dict[tuple[str, ...], Action]] = {}
    for action in some:
        groups.setdefault(action.group, {}).setdefault((action.id, *action.keys), action)
    return {group: list(members.values()) for group, members in groups.items()}


def key_table_markdown(*names: str) -> str:
    """The key tables for README and guide, a section for each group of the places named."""
    lines: list[str] = []
    for group, members in grouped(a for n in names or tuple(PLACES) for a in place(n)).items():
        lines += [f"### {group}", "", "| key | action | id |", "|---|---|---|"]
        for action in members:
            keys = " ".join(f"`{display(key)}`" for key in action.keys)
            lines.append(f"| {keys} | {action.sentence} | `{action.id}` |")
        lines.append("")
    return "\n".join(lines)
