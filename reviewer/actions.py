"""The registry of everything a person can do at the desk: id, keys, scope, sentence, guard.

One registry makes the bindings, the footer, the help screen, the palette, the tables in README and
guide, and the check of custom keymaps.  It knows no widget.

Keys are written as Textual names them (`ctrl+d`, `escape`, `space`), punctuation as itself (`/`).
A scope is where an action lives; a place (`PLACES`) is a screen with the scopes that are live in
it together, so two actions of one place never share a key.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

GUARDS: dict[str, str] = {
    "later": "comes with a later version",
    "artifact": "there is no artifact under the cursor",
    "pending": "it is decided already",
    "allowed": "the agent or the policy does not allow it here",
    "shown": "it has not been on screen long enough to be read",
    "flags": "flagged lines have not been seen yet",
    "decider": "your role may not decide",
    "lead": "only a lead may do that",
    "undoable": "there is nothing that can still be taken back",
    "marks": "nothing is marked",
    "online": "the queue cannot be reached",
}
"""What a guard says while it forbids an action; a forbidden action stays visible and says why."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a person can do.

    `call` is what a screen runs (`decide('approve', True)`), `label` the footer's word (empty:
    not in the footer), `sentence` the help's.  `guard` names the conditions (keys of `GUARDS`,
    space-separated) under which it is allowed.
    """

    id: str
    keys: tuple[str, ...]
    scope: str
    call: str
    label: str
    sentence: str
    group: str
    guard: str = ""

    @property
    def guards(self) -> tuple[str, ...]:
        """The names of its guards."""
        return tuple(self.guard.split())


class Bound(NamedTuple):
    """What a Textual `Binding` needs: comma-joined keys, action, description, id, footer or not."""

    keys: str
    call: str
    description: str
    id: str
    show: bool


PLACES: dict[str, tuple[str, ...]] = {
    "inbox": ("global", "move", "decide", "list"),
    "review": ("global", "move", "decide", "review"),
    "edit": ("edit",),
    "dialog": ("dialog",),
}


def _one(
    scope: str,
    group: str,
    id: str,
    keys: str,
    label: str,
    sentence: str,
    *,
    call: str = "",
    guard: str = "",
) -> Action:
    return Action(
        id, tuple(keys.split()), scope, call or id.replace(".", "_"), label, sentence, group, guard
    )


def _decisions() -> Iterable[Action]:
    rows = (
        ("approve", "a", "approve", "Approve exactly what is shown", "pending allowed shown flags"),
        ("edit", "e", "edit", "Change the writes, then approve your version", "pending allowed"),
        ("reject", "r", "reject", "Reject with a reason", "pending allowed shown"),
        ("respond", "c", "respond", "Answer the agent in words", "pending allowed shown"),
        ("reassign", "m", "reassign", "Give it to another person or queue", "pending shown"),
        ("snooze", "z", "snooze", "Put it aside until a time", "pending shown"),
        ("escalate", "x", "escalate", "Hand it up, with a reason", "pending shown"),
    )  # fmt: skip
    for kind, key, label, sentence, guard in rows:
        everywhere = f"decider artifact {guard}"
        yield _one(
            "decide", "Decide", kind, key, label, f"{sentence}, then go on to the next.",
            call=f"decide('{kind}', True)", guard=everywhere,
        )  # fmt: skip
        yield _one(
            "decide", "Decide and stay", f"{kind}.stay", key.upper(), "", f"{sentence}, and stay.",
            call=f"decide('{kind}', False)", guard=everywhere,
        )  # fmt: skip


def _moves() -> Iterable[Action]:
    for id, keys, sentence in (
        ("down", "j down", "Next line."),
        ("up", "k up", "Line before."),
        ("top", "g home", "First line."),
        ("bottom", "G end", "Last line."),
        ("half_page_down", "ctrl+d", "Half a page down."),
        ("half_page_up", "ctrl+u", "Half a page up."),
        ("page_down", "pagedown ctrl+f", "A page down."),
        ("page_up", "pageup ctrl+b", "A page up."),
    ):
        yield _one("move", "Move", id, keys, "", sentence, call=f"move('{id}')")


def _list() -> Iterable[Action]:
    def one(*args: str, **more: str) -> Action:
        return _one("list", *args, **more)

    yield one(
        "Inbox", "open", "enter", "open", "Open it for review; this claims it.", guard="artifact"
    )
    yield one("Inbox", "filter", "/", "filter", "Filter the list; the same language as everywhere.")
    yield one("Inbox", "clear_filter", "backspace", "", "Drop the filter and show the whole view.")
    yield one("Inbox", "sort", "s", "", "Change the order: by deadline, newest, oldest.")
    yield one(
        "Inbox",
        "take_next",
        "n",
        "",
        "Claim and open what is most urgent and free.",
        guard="decider online",
    )
    yield one("Inbox", "copy", "y", "", "Copy the artifact's id.", guard="artifact")
    yield one("Inbox", "preview", "p", "", "Show or hide the preview.")
    yield one(
        "Inbox",
        "preview_down",
        "J shift+down",
        "",
        "Scroll the preview down.",
        call="scroll_preview(1)",
    )
    yield one(
        "Inbox", "preview_up", "K shift+up", "", "Scroll the preview up.", call="scroll_preview(-1)"
    )


def _marks() -> Iterable[Action]:
    def one(*args: str, **more: str) -> Action:
        return _one("list", *args, **more)

    yield one(
        "Marks",
        "mark",
        "space",
        "mark",
        "Mark it and go on; decisions act on all marked.",
        guard="artifact",
    )
    yield one(
        "Marks",
        "range",
        "v",
        "",
        "Mark everything from here to where you press v again.",
        guard="artifact",
    )
    yield one("Marks", "mark_all", "*", "", "Mark everything that matches the filter.")
    yield one("Marks", "clear_marks", "ctrl+@", "", "Clear all marks.", guard="marks")
    yield one(
        "Later",
        "focus",
        "f",
        "focus",
        "Focus mode: one after the other.",
        call="focus_mode",
        guard="later",
    )
    yield one(
        "Later",
        "bulk",
        "b",
        "bulk",
        "Groups of near-identical proposals.",
        call="bulk_groups",
        guard="later",
    )


def _views() -> Iterable[Action]:
    def one(*args: str, **more: str) -> Action:
        return _one("list", *args, **more)

    for number in range(1, 10):
        yield one(
            "Views",
            f"view.{number}",
            str(number),
            "",
            f"Saved view {number}.",
            call=f"view({number})",
        )
    yield one("Views", "next_view", "l right", "", "Next saved view.", call="step_view(1)")
    yield one("Views", "previous_view", "h left", "", "Saved view before.", call="step_view(-1)")


def _review() -> Iterable[Action]:
    def one(*args: str, **more: str) -> Action:
        return _one("review", *args, **more)

    yield one("Review", "next_change", "n", "change", "Next change.")
    yield one("Review", "previous_change", "N", "", "Change before.")
    yield one("Review", "next_write", "]", "write", "Next write.")
    yield one("Review", "previous_write", "[", "", "Write before.")
    yield one("Review", "more_context", "{", "", "More unchanged lines around changes.")
    yield one("Review", "less_context", "}", "", "Fewer unchanged lines around changes.")
    yield one("Review", "unfold", "enter", "", "Unfold what is under the cursor, or fold it again.")
    yield one(
        "Review",
        "viewed",
        ".",
        "seen",
        "Mark this write as seen; kept as long as its content stays.",
    )
    yield one("View", "whitespace", "w", "whitespace", "Ignore or show changes of whitespace.")
    yield one("View", "split", "s", "split", "Side by side or unified.")
    yield one("View", "wrap", "t", "", "Wrap long lines or scroll them.")
    yield one("View", "maximise", "+", "", "Give the pane all the room, or back.")
    yield one("View", "precedents", "p", "", "Context or precedents.")
    yield one("Panes", "next_pane", "tab", "", "Next pane.")
    yield one("Panes", "previous_pane", "shift+tab", "", "Pane before.")
    yield one("Panes", "scroll_left", "h left", "", "Scroll left.")
    yield one("Panes", "scroll_right", "l right", "", "Scroll right.")
    yield one(
        "Review", "open_link", "o", "", "Open the link or the trace; shown before it is opened."
    )
    yield one("Review", "copy", "y", "", "Copy the line, or the id.")
    yield one(
        "Review", "take_over", "T", "", "Take the claim over from whoever holds it.", guard="lead"
    )
    yield one(
        "Later",
        "focus",
        "f",
        "",
        "Focus mode: one after the other.",
        call="focus_mode",
        guard="later",
    )


def _rest() -> Iterable[Action]:
    yield _one(
        "global",
        "Desk",
        "undo",
        "u",
        "undo",
        "Take back the last decision, or the last bulk one.",
        guard="undoable",
    )
    yield _one("global", "Desk", "help", "?", "help", "All keys of this screen, and the guide.")
    yield _one("global", "Desk", "guide", "f1", "", "The guide.")
    yield _one("global", "Desk", "palette", "ctrl+p :", "", "Find any action by its name.")
    yield _one("global", "Desk", "settings", ",", "", "Theme, keys, columns, connection.")
    yield _one("global", "Desk", "refresh", "ctrl+r", "", "Read everything anew and redraw.")
    yield _one("global", "Desk", "back", "escape", "back", "Back, or close what is open.")
    yield _one("global", "Desk", "quit", "q ctrl+q", "quit", "Leave; your claims are given back.")
    yield _one(
        "edit", "Edit", "edit.send", "ctrl+s", "send", "Go on to the confirm with your version."
    )
    yield _one("edit", "Edit", "edit.editor", "f4", "$EDITOR", "Edit in your own editor.")
    yield _one(
        "edit",
        "Edit",
        "edit.compare",
        "f2",
        "compare",
        "Against the proposal, or against the state before.",
    )
    yield _one("edit", "Edit", "edit.drop", "f8", "drop", "Drop this write, or take it back in.")
    yield _one("edit", "Edit", "edit.next_write", "f6", "write", "Next write.")
    yield _one("edit", "Edit", "edit.back", "escape", "back", "Back; the draft is kept.")
    yield _one(
        "dialog", "Confirm", "dialog.confirm", "y ctrl+s", "yes", "Do it (ctrl+s while typing)."
    )
    yield _one(
        "dialog", "Confirm", "dialog.cancel", "escape", "cancel", "Leave everything as it is."
    )


ACTIONS: tuple[Action, ...] = (
    *_decisions(),
    *_moves(),
    *_list(),
    *_marks(),
    *_views(),
    *_review(),
    *_rest(),
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
    raw = action.keys if chosen is None else _split(chosen)
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


def check_keymap(keymap: Mapping[str, str]) -> list[str]:
    """A sentence for everything that is wrong with a custom keymap; none where it is good."""
    known = {action.id for action in ACTIONS}
    found = []
    for id, keys in keymap.items():
        if id not in known:
            close = difflib.get_close_matches(id, known, n=1)
            hint = f"; did you mean '{close[0]}'?" if close else ""
            found.append(f"There is no action '{id}'{hint}")
        elif not _split(keys):
            found.append(f"'{id}' needs a key")
        else:
            found += [f"'{key}' is no key ('{id}')" for key in _split(keys) if not _is_key(key)]
    for name in PLACES:
        found += _clashes(name, keymap)
    return list(dict.fromkeys(found)) + _unsafe(keymap)


def _clashes(name: str, keymap: Mapping[str, str]) -> list[str]:
    taken: dict[str, Action] = {}
    found = []
    for action in place(name):
        for key in dict.fromkeys(keys_of(action, keymap)):
            other = taken.setdefault(key, action)
            if other is not action:
                found.append(
                    f"'{key}' is bound to both '{other.id}' and '{action.id}' in the {name}"
                )
    return found


def _unsafe(keymap: Mapping[str, str]) -> list[str]:
    """The rule against accidents: what confirms is neither Enter nor a key that decides."""
    confirm = set(keys_of(by_id("dialog.confirm"), keymap))
    found = []
    if confirm & {"enter"}:
        found.append("'enter' cannot confirm: one key too many is pressed too easily")
    if confirm & {str(number) for number in range(1, 10)}:
        found.append("a digit cannot confirm: digits choose the reason")
    for action in actions("decide"):
        for key in confirm & set(keys_of(action, keymap)):
            found.append(f"'{key}' cannot both be '{action.id}' and confirm it")
    return found


_NAMED = {
    "comma": ",",
    "slash": "/",
    "backslash": "\\",
    "minus": "-",
    "plus": "+",
    "underscore": "_",
    "at": "@",
    "ctrl+space": "ctrl+@",
    "ctrl+at": "ctrl+@",
    "esc": "escape",
    "return": "enter",
    "shift+space": "space",
}
_SPECIAL = frozenset(
    f"""up down left right home end pageup pagedown insert delete backspace enter escape tab space
    {" ".join(f"f{number}" for number in range(1, 25))}""".split()
)
_DISPLAY = {
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "escape": "esc",
    "ctrl+@": "ctrl+space",
}


def normal(key: str) -> str:
    """The one spelling of a key: `question_mark` and `?` are both `?`, `shift+a` is `A`."""
    key = key.strip() or key
    if len(key) == 1:
        return key
    if key in _NAMED:
        return _NAMED[key]
    if key in _SPECIAL:
        return key
    if key.startswith("shift+") and len(key) == 7:
        return key[-1].upper()
    try:
        return unicodedata.lookup(key.replace("_", " ").upper())
    except KeyError:
        return key


def display(key: str) -> str:
    """A key as people read it: `↑`, `esc`, `ctrl+space`, `?`."""
    return _DISPLAY.get(normal(key), normal(key))


def grouped(some: Iterable[Action]) -> dict[str, list[Action]]:
    """The actions by group, each once where several scopes have the same one on the same keys."""
    groups: dict[str, dict[tuple[str, ...], Action]] = {}
    for action in some:
        groups.setdefault(action.group, {}).setdefault((action.id, *action.keys), action)
    return {group: list(members.values()) for group, members in groups.items()}


def later(action: Action) -> str:
    """What stands behind the sentence of an action that this version does not have."""
    return f" ({GUARDS['later']})" if "later" in action.guards else ""


def key_table_markdown(*names: str) -> str:
    """The key tables for README and guide, a section for each group of the places named."""
    lines: list[str] = []
    for group, members in grouped(a for n in names or tuple(PLACES) for a in place(n)).items():
        lines += [f"### {group}", "", "| key | action | id |", "|---|---|---|"]
        for action in members:
            keys = " ".join(f"`{display(key)}`" for key in action.keys)
            lines.append(f"| {keys} | {action.sentence}{later(action)} | `{action.id}` |")
        lines.append("")
    return "\n".join(lines)


def _split(keys: str) -> tuple[str, ...]:
    if keys.strip() == ",":
        return (",",)
    return tuple(key.strip() for key in keys.split(",") if key.strip())


def _is_key(key: str) -> bool:
    *modifiers, base = normal(key).split("+") if len(normal(key)) > 1 else (normal(key),)
    if any(
        modifier not in ("ctrl", "shift", "alt", "super", "hyper", "meta") for modifier in modifiers
    ):
        return False
    return len(normal(base)) == 1 or base in _SPECIAL
