"""Dialogs for one artifact: reject, respond, reassign, snooze, escalate, leave a reason."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, OptionList, Static, TextArea
from textual.widgets.option_list import Option

from ....domain.decision import REASONS, place_wrong
from ....domain.errors import InputError
from ....domain.instant import from_datetime, parse_duration, to_datetime
from ....untrusted import show_line
from ...spelling import spell_out, take_back
from .base import Dialog, Wrong
from .choices import Choices

Keep = Callable[[str], None]
"""Keeps what has been typed so far, so that nothing can lose it."""

_DIGITS: list[BindingType] = [
    Binding(str(number), f"pick({number})", show=False) for number in range(1, 10)
]


def _forget(_text: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Answer:
    """What a dialog brought: reason codes, words, where to, until when (microseconds)."""

    reasons: tuple[str, ...] = ()
    comment: str = ""
    to: str = ""
    until: int | None = None


class WordsDialog(Dialog[Answer]):
    """A dialog with a text; `draft` is what was typed before, `keep` gets every change."""

    label = "in your words"
    BINDINGS = _DIGITS

    def __init__(
        self, what: Content | None = None, *, draft: str = "", keep: Keep = _forget
    ) -> None:
        super().__init__(what)
        self._draft, self._keep = draft, keep

    def words(self) -> ComposeResult:
        """The text with its label."""
        yield Static(Content(self.label), classes="dialog--label", markup=False)
        yield TextArea(self._draft, id="words", soft_wrap=True, tab_behavior="focus")

    @property
    def comment(self) -> str:
        """What has been typed; hidden characters stand spelled out in the field."""
        return take_back(self.query_one("#words", TextArea).text).strip()

    def on_text_area_changed(self) -> None:
        """Keeps the words."""
        self._keep(self.query_one("#words", TextArea).text)
        self.say_wrong("")

    def on_choices_chosen(self) -> None:
        """A choice answers what was missing."""
        self.say_wrong("")

    def action_pick(self, number: int) -> None:
        """A digit chooses."""
        for choices in self.query(Choices):
            choices.pick(number)


class RejectDialog(WordsDialog):
    """Why it is rejected: at least one reason code, words if it is another reason.

    `reasons` are the codes that may be given, with their meanings.
    """

    heading = "Reject: why?"
    verb = "reject"
    label = "what the agent should know (optional)"

    def __init__(
        self,
        what: Content | None = None,
        *,
        reasons: Mapping[str, str] = REASONS,
        draft: str = "",
        keep: Keep = _forget,
    ) -> None:
        super().__init__(what, draft=draft, keep=keep)
        self._reasons = reasons

    def body(self) -> ComposeResult:
        yield Choices(self._reasons, several=True)
        yield from self.words()

    def more_keys(self) -> str:
        return f"{self.query_one(Choices).digits} reason   tab text"

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(Choices).focus()

    def collect(self) -> Answer:
        return with_reasons(self.query_one(Choices), self.comment)


def with_reasons(choices: Choices, comment: str) -> Answer:
    """The answer of chosen reason codes and words; raises `Wrong` where one is missing."""
    if not choices.chosen:
        raise Wrong(f"Choose a reason with {choices.digits}.")
    if choices.chosen == ("other",) and not comment:
        raise Wrong("Say the other reason in words.")
    return Answer(choices.chosen, comment)


class RespondDialog(WordsDialog):
    """Words for the agent; it works on and may submit again."""

    heading = "Respond to the agent"
    verb = "send"
    label = "your answer"

    def body(self) -> ComposeResult:
        yield from self.words()

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#words").focus()

    def collect(self) -> Answer:
        if not self.comment:
            raise Wrong("A response needs words.")
        return Answer(comment=self.comment)


class ReassignDialog(WordsDialog):
    """To whom it goes: a queue or a person; queues that are there can be chosen.

    `places` is asked once the dialog is there, so that what is typed at once lands in it.
    """

    heading = "Reassign to"
    verb = "reassign"
    label = "a note for them (optional)"

    def __init__(
        self,
        places: Callable[[], Awaitable[Sequence[str]]],
        what: Content | None = None,
        *,
        draft: str = "",
        keep: Keep = _forget,
    ) -> None:
        super().__init__(what, draft=draft, keep=keep)
        self._ask = places
        self._places: tuple[str, ...] = ()

    def body(self) -> ComposeResult:
        yield Input(placeholder="a person, or queue:NAME", id="to")
        yield OptionList(id="places", markup=False)
        yield from self.words()

    def more_keys(self) -> str:
        return "tab, enter take a queue from the list" if self._places else ""

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#places").display = False
        self.query_one("#to").focus()
        self.run_worker(self._fill(), exit_on_error=False)

    async def _fill(self) -> None:
        self._places = tuple(await self._ask())
        places = self.query_one("#places", OptionList)
        places.add_options([Option(show_line(place, 60)) for place in self._places])
        places.display = bool(self._places)
        self._tell_keys()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Takes a place from the list into the field."""
        self.query_one("#to", Input).value = spell_out(self._places[event.option_index]).text
        self.query_one("#to").focus()

    @property
    def to(self) -> str:
        """The person or queue that has been typed or chosen."""
        return take_back(self.query_one("#to", Input).value).strip()

    def collect(self) -> Answer:
        if wrong := place_wrong(self.to):
            raise Wrong(wrong)
        return Answer(comment=self.comment, to=self.to)


class EscalateDialog(ReassignDialog):
    """Up the line: to somebody by name or just up, with the reason."""

    heading = "Escalate"
    verb = "escalate"
    label = "why (they read this first)"

    def collect(self) -> Answer:
        if not self.comment:
            raise Wrong("Say why in a few words.")
        if self.to and (wrong := place_wrong(self.to)):
            raise Wrong(wrong)
        return Answer(comment=self.comment, to=self.to)


SNOOZES: Mapping[str, str] = {
    "15m": "15 minutes",
    "1h": "1 hour",
    "4h": "4 hours",
    "tomorrow": "tomorrow at 9:00",
}


class SnoozeDialog(WordsDialog):
    """Until when it is put aside; `now` is the queue's clock, microseconds."""

    heading = "Snooze until"
    verb = "snooze"

    def __init__(self, now: int, what: Content | None = None) -> None:
        super().__init__(what)
        self._now = now

    def body(self) -> ComposeResult:
        yield Choices(SNOOZES)
        yield Static(Content("or for how long"), classes="dialog--label", markup=False)
        yield Input(placeholder="90s, 30m, 2d", id="duration")

    def more_keys(self) -> str:
        return "1-4 choose   tab other"

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(Choices).focus()

    def collect(self) -> Answer:
        typed = self.query_one("#duration", Input).value.strip()
        chosen = self.query_one(Choices).chosen
        if typed:
            try:
                span = parse_duration(typed)
            except InputError as error:
                raise Wrong(str(error)) from None
            if span <= 0:
                raise Wrong("A snooze ends at a time to come.")
            return Answer(until=self._now + span)
        if not chosen:
            raise Wrong("Choose with 1-4, or type how long.")
        if chosen[0] == "tomorrow":
            return Answer(until=tomorrow(self._now))
        return Answer(until=self._now + parse_duration(chosen[0]))


def tomorrow(now: int) -> int:
    """The next day at nine by this machine's zone, as an instant."""
    local = to_datetime(now).astimezone()
    morning = datetime.combine(local.date() + timedelta(days=1), time(9)).astimezone()
    return from_datetime(morning)
