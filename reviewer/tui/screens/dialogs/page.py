"""The confirm of a page: whom it wakes, about what, how; the offer where nothing can be sent."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static, TextArea

from ....untrusted import show_line
from ...widgets.artifact_header import QUIET
from .answers import Answer, Keep, WordsDialog

PAGED = "paged"
"""The reason code of an escalation that paged somebody."""
WORDS = 300
"""The most characters of what is paged along."""


class PageDialog(WordsDialog):
    """Asks whether to page `person`.

    Without a `pager` nobody can be paged: it says how to set one, and offers the escalation alone.
    """

    label = "what they should read first (optional)"
    AUTO_FOCUS = ""

    def __init__(
        self, what: Content, person: str, until: str, pager: str, *, draft: str, keep: Keep
    ) -> None:
        super().__init__(what, draft=draft, keep=keep)
        self._person, self._until, self._pager = person, until, pager
        name = show_line(person, 24).plain
        self.heading = f"Page {name}?" if pager else f"No pager is set. Escalate to {name}?"
        self.verb = f"page {name}" if pager else "escalate"

    def body(self) -> ComposeResult:
        until = f"on call until {self._until}" if self._until else "on call"
        how = f"by {self._pager}" if self._pager else "nobody is woken"
        yield Static(
            Content.assemble(show_line(self._person, 24, "bold"), (f"  {until} · {how}", QUIET)),
            markup=False,
        )
        if not self._pager:
            yield Static(
                Content.styled(
                    "Set one: `reviewer config set pager 'COMMAND'`, or an https:// address.", QUIET
                ),
                markup=False,
            )
        yield from self.words()

    def more_keys(self) -> str:
        return "" if isinstance(self.focused, TextArea) else "tab text"

    def collect(self) -> Answer:
        words = self.comment[:WORDS]
        reasons = (PAGED,) if self._pager else ()
        return Answer(reasons=reasons, comment=words, to=self._person)
