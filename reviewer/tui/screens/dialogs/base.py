"""What all dialogs share: a box, a line that says which keys do what, a confirm that cannot slip.

The confirm key is that of the action `dialog.confirm` (`y`, or `ctrl+s` while typing): never Enter
and never the key that opened the dialog.  It does nothing until the dialog has been on screen for
250 ms, so that keys typed ahead confirm nothing.
"""

from __future__ import annotations

import time
from typing import Generic, TypeVar

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static, TextArea

from ....actions import by_id, display, keys_of
from ...keymap import textual_bindings
from ...presence import SHOWN
from ...toasts import make_room
from ...widgets.artifact_header import QUIET
from ..left_once import LeftOnce

T = TypeVar("T")

clock = time.monotonic
"""Seconds; the same clock as the session's."""


class Wrong(Exception):
    """What has been entered cannot be used; the text is the sentence for the person."""


class Dialog(ModalScreen[T | None], LeftOnce[T | None], Generic[T]):
    """A question; `None` is the answer of who leaves it.

    A subclass gives `heading`, `verb` (what confirming does), `body` and `collect`.
    """

    BINDINGS = textual_bindings("dialog")
    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        & > .dialog--box {
            width: 78; max-width: 96%; height: auto; max-height: 92%;
            background: $surface; border: round $border; padding: 0 1;
            scrollbar-size-vertical: 1;
        }
        .dialog--foot { dock: bottom; height: auto; background: $surface; }
        .dialog--heading { text-style: bold; color: $text-primary; }
        .dialog--what { color: $foreground; margin-bottom: 1; }
        .dialog--wrong { color: $text-error; display: none; }
        .dialog--wrong.-on { display: block; }
        .dialog--keys { color: $text-muted; margin-top: 1; }
        .dialog--label { color: $text-muted; margin-top: 1; }
        TextArea { height: 5; border: tall $border-blurred; background: $background; padding: 0; }
        TextArea:focus { border: tall $primary; }
        Input { background: $background; border: tall $border-blurred; }
        Input:focus { border: tall $primary; }
    }
    """
    heading = ""
    verb = "yes"

    def __init__(self, what: Content | None = None) -> None:
        super().__init__()
        self._what = what
        self._since: float | None = None

    # ------------------------------------------------------------------ for subclasses

    def body(self) -> ComposeResult:
        """The widgets between the heading and the keys."""
        yield from ()

    def collect(self) -> T:
        """The answer; raises `Wrong` where something is missing."""
        raise NotImplementedError

    def more_keys(self) -> str:
        """Other keys that the last line tells, such as `1-9 reason`."""
        return ""

    # ------------------------------------------------------------------ the box

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog--box", can_focus=False):
            yield Static(Content(self.heading), classes="dialog--heading", markup=False)
            if self._what is not None:
                yield Static(self._what, classes="dialog--what", markup=False)
            yield from self.body()
            # the keys stay on screen however small it is; what is asked scrolls above them
            with Vertical(classes="dialog--foot"):
                yield Static("", classes="dialog--wrong", markup=False)
                yield Static("", classes="dialog--keys", markup=False)

    def on_mount(self) -> None:
        make_room(self.app)
        self._tell_keys()
        self.call_after_refresh(self._note_shown)

    def _note_shown(self) -> None:
        if self._since is None:
            self._since = clock()

    def on_descendant_focus(self) -> None:
        self._tell_keys()

    def _tell_keys(self) -> None:
        session = getattr(self.app, "session", None)
        keymap = session.config.keymap if session is not None else {}
        cancel = keys_of(by_id("dialog.cancel"), keymap)
        typing = isinstance(self.focused, Input | TextArea)
        confirm = self.confirm_key(keys_of(by_id("dialog.confirm"), keymap), typing)
        parts = [(confirm, self.verb), (display(cancel[0]), "cancel")]
        drawn = [Content.assemble((key, "bold $text-accent"), f" {word}") for key, word in parts]
        if self.more_keys():
            drawn.append(Content.styled(self.more_keys(), QUIET))
        self.query_one(".dialog--keys", Static).update(Content("   ").join(drawn))

    def confirm_key(self, keys: tuple[str, ...], typing: bool) -> str:
        """The confirm key to tell: one that is not typed into a text while `typing`."""
        fit = [key for key in keys if len(key) > 1] if typing else list(keys)
        return display((fit or list(keys))[0])

    def say_wrong(self, sentence: str) -> None:
        """Shows why the answer cannot be used; nothing hides it."""
        line = self.query_one(".dialog--wrong", Static)
        line.set_class(bool(sentence), "-on")
        line.update(Content(sentence))

    def long_enough(self) -> bool:
        """Whether the dialog had been on screen for 250 ms when the last key was pressed."""
        session = getattr(self.app, "session", None)
        idle = session.idle() if session is not None else 0.0
        return self._since is not None and clock() - idle - self._since >= SHOWN

    def action_dialog_confirm(self) -> None:
        """Answers, unless the key was typed ahead or something is missing."""
        if not self.long_enough():
            return
        try:
            answer = self.collect()
        except Wrong as wrong:
            self.say_wrong(str(wrong))
            return
        self.dismiss(answer)

    def action_dialog_cancel(self) -> None:
        """Leaves everything as it is."""
        self.dismiss(None)
