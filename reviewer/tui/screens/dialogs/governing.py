"""Dialogs about agents: stop, resume, cap, a promotion; each asks why, none confirms by itself.

An answer's `to` is the agent (`*` for all), its `reasons` what is to happen, `comment` why.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from ....untrusted import one_line, show, show_line
from ...policy_words import MODES, stopped_words
from ...widgets.artifact_header import QUIET
from .answers import Answer, WordsDialog
from .base import Dialog, Wrong
from .choices import Choices

if TYPE_CHECKING:
    from ....domain.governance import Stop
    from ...agent_rows import AgentRow

ALL = "*"


class _Asked(WordsDialog):
    """A choice and words that must not be missing."""

    chosen = ""
    missing = "Say why: it stands in the record, and whoever comes next reads it first."

    def choices(self) -> dict[str, str]:
        """What can be chosen, in the order of the keys."""
        raise NotImplementedError

    def order(self, choice: str, why: str) -> Answer:
        """The answer of a choice."""
        raise NotImplementedError

    def body(self) -> ComposeResult:
        yield Choices(self.choices())
        yield from self.words()

    def more_keys(self) -> str:
        return f"tab {self.query_one(Choices).digits} choose"

    def on_mount(self) -> None:
        super().on_mount()
        picked = self.query_one(Choices)
        if self.chosen in self.choices():
            picked.pick(list(self.choices()).index(self.chosen) + 1)
        self.query_one("#words").focus()

    def collect(self) -> Answer:
        chosen = self.query_one(Choices)
        if not chosen.chosen:
            raise Wrong(f"Choose with {chosen.digits}; tab goes there.")
        if not self.comment:
            raise Wrong(self.missing)
        return self.order(chosen.chosen[0], self.comment)


class StopDialog(_Asked):
    """The kill switch: one agent or all, and why; `agent` is empty where there is none here."""

    heading = "Stop an agent?"
    verb = "stop"
    label = "why (its people and its next calls get this sentence)"

    def __init__(self, agent: str) -> None:
        what = Content.styled(
            "From the next admission on everything of it is denied; what waits cannot be approved; "
            "what was approved and has not gone out goes back to people.  A lead resumes it.",
            QUIET,
        )
        super().__init__(what)
        self._agent = agent
        self.chosen = agent if agent else ALL

    def choices(self) -> dict[str, str]:
        one = {self._agent: f"only {one_line(self._agent, 48)}"} if self._agent else {}
        return {**one, ALL: "all agents"}

    def order(self, choice: str, why: str) -> Answer:
        return Answer(("stop",), why, choice)


class ResumeDialog(Dialog[bool]):
    """Lets what a stop holds go on; says who threw it and why."""

    verb = "resume"

    def __init__(self, stop: Stop) -> None:
        said = Content.assemble(
            show(stopped_words(stop)), ("\nWhat it submits from now on is ruled as usual.", QUIET)
        )
        super().__init__(said)
        self._stop = stop
        name = "all agents" if stop.agent == ALL else one_line(stop.agent, 40)
        self.heading = f"Resume {name}?"

    def collect(self) -> bool:
        """Yes."""
        return True


class CapDialog(_Asked):
    """The most daring mode that is left to an agent's kind, and why."""

    verb = "cap"
    label = "why"

    def __init__(self, row: AgentRow) -> None:
        kind = f" for {one_line(row.kind, 24)}" if row.kind else ""
        self.heading = f"Leave {one_line(row.agent, 30)} at most which mode{kind}?"
        what = Content.assemble("in force now: ", show_line(row.mode, 12, "bold"), "  ",
                                show_line(row.why[-1] if row.why else "", 90, QUIET))  # fmt: skip
        super().__init__(what)
        self._row = row
        self.chosen = row.force.caps[0].mode if row.force.caps else ""

    def choices(self) -> dict[str, str]:
        found = {mode: f"{word}: {sentence}" for mode, (_, word, sentence) in MODES.items()}
        found["autonomous"] = "no cap: the mode that the policy says"
        return found

    def order(self, choice: str, why: str) -> Answer:
        return Answer((choice,), why, self._row.agent)


LIFT, DECLINE = "lift", "decline"


class PromotionDialog(_Asked):
    """A promotion that the ledger is good enough for: people decide it."""

    verb = "decide"
    label = "why"

    def __init__(self, row: AgentRow) -> None:
        asked = row.promotion
        assert asked is not None
        self.heading = f"Promote {one_line(row.agent, 40)}?"
        super().__init__(show(asked.why))
        self._row, self._mode = row, asked.mode

    def choices(self) -> dict[str, str]:
        held = bool(self._row.force.caps)
        how = "the cap is lifted" if held else "then the policy must say so: P, e edits it"
        return {
            LIFT: f"yes: at most {self._mode} from now on; {how}",
            DECLINE: f"no: it stays {self._row.mode}; asked again when the evidence has doubled",
        }

    def order(self, choice: str, why: str) -> Answer:
        return Answer((choice,), why, self._row.agent)


class ActivateDialog(WordsDialog):
    """Puts a policy in force, or proposes it; says which, and who must agree besides."""

    label = "a note for the history"

    def __init__(
        self,
        name: Content,
        changes: Sequence[Content],
        *,
        four_eyes: str,
        proposes: bool,
        asks_note: bool,
    ) -> None:
        self.heading = "Propose this policy?" if proposes else "Put this policy in force?"
        self.verb = "propose" if proposes else "activate"
        super().__init__(name)
        self._changes, self._four_eyes, self._asks_note = changes, four_eyes, asks_note

    def body(self) -> ComposeResult:
        if self._changes:
            yield Static(Content("\n").join(self._changes), markup=False)
        yield Static(show(self._four_eyes, QUIET), classes="dialog--label", markup=False)
        if self._asks_note:
            yield from self.words()

    def on_mount(self) -> None:
        super().on_mount()
        if self._asks_note:
            self.query_one("#words").focus()

    def collect(self) -> Answer:
        return Answer(comment=self.comment if self._asks_note else "")
