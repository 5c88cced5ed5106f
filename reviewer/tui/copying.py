"""Copying an artifact: as text, as JSON, its id, its permalink; by OSC 52, so also over ssh.

What goes to the clipboard is pasted somewhere else, perhaps into a shell: the text comes through
the door for untrusted text, and in the JSON every character that could hide or steer something is
escaped (RFC 8259, section 7), which leaves its value the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from ..domain.permalink import Permalink, place_of
from ..untrusted import one_line, visible
from ..untrusted.escapes import json_escaped
from .screens.left_once import LeftOnce

if TYPE_CHECKING:
    from textual.screen import Screen

    from ..domain.views import Entry, Item

MOST = 74_994
"""Bytes that fit into the 100,000 of base64 that xterm, and others after it, take in OSC 52."""
KINDS = {
    "text": ("t y", "the artifact as text"),
    "json": ("j", "the artifact as JSON"),
    "id": ("i", "its id"),
    "permalink": ("p", "a permalink"),
    "line": ("l", "the line under the cursor"),
}


def permalink(queue_url: str, artifact_id: str) -> str:
    """The permalink of an artifact in a queue."""
    return str(Permalink(place_of(queue_url), artifact_id))


def as_json(item: Item) -> str:
    """The artifact as canonical JSON (RFC 8785) but for escapes: nothing in it hides or steers."""
    from ..domain.digest import canonical

    return json_escaped(canonical(item.artifact.document()).decode("utf-8"))


def as_text(item: Item, now: int, queue_url: str) -> str:
    """The artifact for a message or a ticket: facts, reasons, every write with its changes."""
    from ..diff import diff_write
    from .brief import brief

    diffs = tuple(diff_write(write) for write in item.artifact.writes)
    lines = [line.plain.rstrip() for line in brief(item, diffs, now, 100)]
    return visible("\n".join([*lines, "", permalink(queue_url, item.entry.state.id)])) + "\n"


class CopyScreen(ModalScreen[str | None], LeftOnce[str | None]):
    """What shall be copied; one key answers."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", show=False),
        *(
            Binding(keys.replace(" ", ","), f"copy('{kind}')", show=False)
            for kind, (keys, _) in KINDS.items()
        ),
    ]
    DEFAULT_CSS = """
    CopyScreen { align: center bottom; background: $background 0%; }
    CopyScreen > Vertical {
        width: auto; max-width: 95%; height: auto; margin-bottom: 1;
        background: $panel; border: round $border; padding: 0 1;
    }
    CopyScreen Static { width: auto; }
    CopyScreen .copy--kind:hover { background: $primary 20%; }
    """

    def __init__(self, with_line: bool) -> None:
        super().__init__()
        self._with_line = with_line

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(Content.styled("Copy", "bold $text-primary"), markup=False)
            for kind, (keys, words) in KINDS.items():
                if kind != "line" or self._with_line:
                    shown = " or ".join(keys.split())
                    line = Content.assemble((f"{shown:<8}", "bold $text-accent"), words)
                    yield Static(line, id=kind, classes="copy--kind", markup=False)

    def on_click(self, event: Any) -> None:
        """A click on a line copies that; one beside the box leaves."""
        name = getattr(event.widget, "id", None)
        if name in KINDS:
            self.action_copy(name)
        elif event.widget is self:
            self.dismiss(None)

    def action_copy(self, kind: str) -> None:
        """Answers."""
        if kind != "line" or self._with_line:
            self.dismiss(kind)

    def action_leave(self) -> None:
        """Copies nothing."""
        self.dismiss(None)


def copy_menu(
    screen: Screen[Any], entry: Entry, line: str = "", *, say: Callable[[str], None] | None = None
) -> None:
    """Asks what of an artifact shall be copied, and copies it.

    `line` is the text under the cursor, where there is one; `say` tells what was copied, else a
    note does.
    """
    app: Any = screen.app
    tell = say or (lambda sentence: screen.notify(sentence, markup=False))

    def chosen(kind: str | None) -> None:
        if kind is not None:
            work = _copy(app, kind, entry, line, tell)
            screen.run_worker(work, group="copy", exit_on_error=False)

    # at once, not by a worker: the next key is for this screen, however fast it comes
    app.push_screen(CopyScreen(bool(line)), chosen)


async def _copy(app: Any, kind: str, entry: Entry, line: str, say: Callable[[str], None]) -> None:
    session = app.session
    url, id = session.url or app.url, entry.state.id
    if kind == "id":
        text = one_line(id)
    elif kind == "permalink":
        text = permalink(url, id)
    elif kind == "line":
        text = visible(line)
    else:
        item = await session.get(id)
        if item is None:
            say("It is not in the queue any more.")
            return
        now = session.now()
        make = as_json if kind == "json" else partial(as_text, now=now, queue_url=url)
        text = await asyncio.to_thread(make, item)
    app.copy_to_clipboard(text)
    say(copied(KINDS[kind][1], text))


def copied(what: str, text: str) -> str:
    """What to say of a text that was copied."""
    size = len(text.encode("utf-8"))
    if size > MOST:
        return f"Copied {what}: {size:,} bytes, more than many terminals take ({MOST:,})."
    return f"Copied {one_line(text)}." if size <= 80 and "\n" not in text else f"Copied {what}."
