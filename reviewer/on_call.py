"""The settings for on-call: `[[on_call]]` rotations and the `pager`, read strictly.

The rules of rotations are `policy.schedule`'s, those of pagers `effects.notify.pager`'s; both are
imported only where somebody has set them, because the desk reads its settings before it paints.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .domain.errors import InputError
from .wrong import Wrong, nearest, shown

if TYPE_CHECKING:
    from .policy.schedule import Override, Rotation

FIELDS = ("queue", "people", "starts", "every", "zone", "overrides")
_OVERRIDE = ("from", "to", "person")
_HINT = (
    'Write [[on_call]], then queue = "*", people = ["ana", "ben"], starts = "2026-11-02T09:00", '
    'every = "1w", zone = "Europe/Berlin".'
)


def read_rotations(value: Any) -> tuple[Rotation, ...]:
    """Rotations from a setting; raises `Wrong` with the field and the index of the rotation."""
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise Wrong("'on_call' is a list of tables", _HINT)
    found = [_rotation(one, index) for index, one in enumerate(value)]
    for index, rotation in enumerate(found):
        if any(other.queue == rotation.queue for other in found[:index]):
            why = f"there are two rotations for the queue {shown(rotation.queue)}"
            raise Wrong(why, "Put their people into one.", "queue", index)
    return tuple(found)


def read_pager(value: Any) -> str:
    """The pager from a setting: a command line or an address; raises `Wrong`."""
    if not isinstance(value, str):
        raise Wrong(f"'pager' is a text in quotes, not {shown(value)}")
    if value:
        from .effects.notify.pager import target

        try:
            target(value)
        except InputError as error:
            raise Wrong(error.sentence, error.hint) from None
    return value


def _rotation(given: Mapping[str, Any], index: int) -> Rotation:
    from .policy.schedule import Rotation, check

    for key in given:
        if key not in FIELDS:
            raise Wrong(f"a rotation has no '{key}'", nearest(key, FIELDS), key, index)
    missing = [key for key in ("people", "starts", "every", "zone") if key not in given]
    if missing:
        raise Wrong(f"a rotation needs '{missing[0]}'", _HINT, missing[0], index)
    people = given["people"]
    if not isinstance(people, list) or not all(isinstance(one, str) for one in people):
        raise Wrong(
            f"'people' is a list of names, not {shown(people)}", 'Write ["ana"].', "people", index
        )
    rotation = Rotation(
        queue=_text(given, "queue", index, "*").strip() or "*",
        people=tuple(person.strip() for person in people),
        starts=_time(given["starts"], "starts", index),
        every=_text(given, "every", index),
        zone=_text(given, "zone", index),
        overrides=_overrides(given.get("overrides", []), index),
    )
    try:
        check(rotation)
    except InputError as error:
        why = error.sentence.removeprefix(f"{error.place}: ")
        raise Wrong(why, error.hint, error.place, index) from None
    return rotation


def _overrides(value: Any, index: int) -> tuple[Override, ...]:
    from .policy.schedule import Override

    hint = '{ from = "2026-12-24T09:00", to = "2026-12-27T09:00", person = "cy" }'
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        why = "'overrides' is a list of tables with 'from', 'to' and 'person'"
        raise Wrong(why, f"Write overrides = [{hint}].", "overrides", index)
    found = []
    for one in value:
        for key in (*one, *_OVERRIDE):
            if key not in _OVERRIDE or key not in one:
                what = "has no" if key in one else "needs"
                raise Wrong(f"an override {what} '{key}'", f"Write {hint}.", "overrides", index)
        found.append(
            Override(
                _time(one["from"], "overrides", index),
                _time(one["to"], "overrides", index),
                _text(one, "person", index).strip(),
            )
        )
    return tuple(found)


def _text(given: Mapping[str, Any], key: str, index: int, default: str = "") -> str:
    value = given.get(key, default)
    if not isinstance(value, str):
        why = f"'{key}' is a text in quotes, not {shown(value)}"
        raise Wrong(why, "", key if key in FIELDS else "overrides", index)
    return value


def _time(value: Any, key: str, index: int) -> str:
    """A local time as text; TOML has a type of its own for it, which is as good."""
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    if not isinstance(value, str):
        why = f"a local time is a text in quotes, not {shown(value)}"
        raise Wrong(why, "Write it like 2026-11-02T09:00.", key, index)
    return value
