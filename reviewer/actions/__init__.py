"""The registry of everything a person can do at the desk: id, keys, scope, sentence, guard.

One registry makes the bindings, the footer, the help screen, the palette, the tables in README and
guide, and the check of custom keymaps.  It knows no widget.

Keys are written as Textual names them (`ctrl+d`, `escape`, `space`), punctuation as itself (`/`).
A scope is where an action lives; a place (`PLACES`) is a screen with the scopes that are live in
it together, so two actions of one place never share a key.
"""

from .clashes import check_keymap
from .keys import display, normal
from .model import GUARDS, Action, Bound
from .registry import (
    ACTIONS,
    PLACES,
    actions,
    bindings,
    by_id,
    grouped,
    key_table_markdown,
    keys_of,
    place,
)

__all__ = [
    "ACTIONS",
    "GUARDS",
    "PLACES",
    "Action",
    "Bound",
    "actions",
    "bindings",
    "by_id",
    "check_keymap",
    "display",
    "grouped",
    "key_table_markdown",
    "keys_of",
    "normal",
    "place",
]
