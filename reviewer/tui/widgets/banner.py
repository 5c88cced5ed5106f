"""A banner above the panes: flags found in the artifact, or that it changed under the reviewer."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content
from textual.widgets import Static

from ...untrusted import show_line


class Banner(Static):
    """Lines of warning; not there while there is nothing to say."""

    DEFAULT_CSS = """
    Banner {
        height: auto; max-height: 5; padding: 0 1; display: none;
        background: $warning 18%; color: $foreground;
        &.-alarm { background: $error 22%; }
        &.-on { display: block; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", markup=False, id=id)
        self.text = ""
        self._said: tuple[tuple[tuple[str, str], ...], bool] = ((), False)

    def say(self, said: Iterable[tuple[str, str]], *, alarm: bool = False) -> None:
        """Shows lines of (our mark, sentence that may hold artifact text); none hides it."""
        lines = tuple(said)
        if (lines, alarm) == self._said:  # each drawing lays the whole screen out
            return
        self._said = (lines, alarm)
        self.text = "\n".join(sentence for _, sentence in lines)
        self.set_class(bool(lines), "-on")
        self.set_class(alarm, "-alarm")
        drawn = [
            Content.assemble((f"{mark} ", "bold"), show_line(sentence, 400))
            for mark, sentence in lines
        ]
        self.update(Content("\n").join(drawn))
