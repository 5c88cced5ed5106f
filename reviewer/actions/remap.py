"""Changing keys one by one: what there is to change, and what a change would clash with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .clashes import check_keymap
from .keys import display, normal, split
from .model import Action
from .registry import ACTIONS, PLACES, keys_of

RESERVED = {"escape": "esc leaves everything", "ctrl+c": "ctrl+c says how to leave"}
"""Keys that are never given away here; `config.toml` can."""


@dataclass(frozen=True, slots=True)
class Remappable:
    """All actions of one id, which a keymap changes together, and the places they live in."""

    id: str
    group: str
    actions: tuple[Action, ...]
    places: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What it does."""
        return self.actions[0].sentence

    def keys(self, keymap: Mapping[str, str]) -> str:
        """Its keys as people read them; several where they differ by place."""
        sets = dict.fromkeys(keys_of(action, keymap) for action in self.actions)
        return " · ".join(" ".join(display(key) for key in keys) for keys in sets)

    def matches(self, words: str, keymap: Mapping[str, str]) -> bool:
        """Whether every word is in its id, its sentence, its group, or is one of its keys."""
        text = f"{self.id} {self.sentence} {self.group}".lower()
        keys = {display(key) for action in self.actions for key in keys_of(action, keymap)}
        return all(word in keys or word.lower() in text for word in words.split())


def remappable() -> tuple[Remappable, ...]:
    """Everything that has a key, in the order of the registry."""
    by_id: dict[str, list[Action]] = {}
    for action in ACTIONS:
        by_id.setdefault(action.id, []).append(action)
    return tuple(
        Remappable(
            id,
            actions[0].group,
            tuple(actions),
            tuple(
                name
                for name, scopes in PLACES.items()
                if any(action.scope in scopes for action in actions)
            ),
        )
        for id, actions in by_id.items()
    )


def spelled(key: str) -> str:
    """A key as it is written into a keymap."""
    return "comma" if normal(key) == "," else normal(key)


def with_key(keymap: Mapping[str, str], id: str, key: str, *, more: bool = False) -> dict[str, str]:
    """The keymap in which an action has this key; with `more`, beside those that it has."""
    had = next((keys_of(action, keymap) for action in ACTIONS if action.id == id), ())
    keys = [spelled(one) for one in had] if more else []
    keys += [spelled(key)] if spelled(key) not in keys else []
    return {**keymap, id: ",".join(keys)}


def problems(keymap: Mapping[str, str], candidate: Mapping[str, str]) -> list[str]:
    """What is wrong with a candidate that is not wrong already: a sentence for every clash."""
    known = set(check_keymap(keymap))
    return [sentence for sentence in check_keymap(candidate) if sentence not in known]


def clashes(keymap: Mapping[str, str], candidate: Mapping[str, str], id: str) -> list[str]:
    """The same for people, who have just pressed a key for `id`: one sentence for every other
    action that has the key, with all places where both are live, then whatever else is wrong.
    """
    wrong = problems(keymap, candidate)
    others: dict[tuple[str, str], list[str]] = {}
    for name, scopes in PLACES.items():
        here = [action for action in ACTIONS if action.scope in scopes]
        mine = {key for action in here if action.id == id for key in keys_of(action, candidate)}
        for action in here:
            for key in keys_of(action, candidate) if action.id != id else ():
                if key in mine:
                    others.setdefault((display(key), action.id), []).append(name)
    told = [f"{key} is '{other}' in {', '.join(names)}" for (key, other), names in others.items()]
    rest = [sentence for sentence in wrong if "is bound to both" not in sentence]
    return [*told, *rest] if wrong else []


def reserved(key: str) -> str:
    """Why a key is not to be had, empty where it is."""
    return RESERVED.get(normal(key), "")


def is_default(id: str, keys: str) -> bool:
    """Whether these are the keys that the action has anyway."""
    given = tuple(normal(key) for key in split(keys))
    return all(keys_of(action) == given for action in ACTIONS if action.id == id)
