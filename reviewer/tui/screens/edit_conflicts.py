"""Where an edit meets a new proposal: one side is chosen for each place, by a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from ...actions import by_id
from ...diff.merge_places import Choice
from ...untrusted import show_line
from ..keymap import textual_bindings
from ..widgets.artifact_header import QUIET
from ..widgets.conflict_lines import ConflictLines
from ..widgets.footer import DeskFooter
from ..widgets.writes_tree import label
from .left_once import LeftOnce

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...domain.writes import Write
    from ..carrying import Conflicted
    from ..session import Session

APART: Final = "the two changes are too close to stand together"
"""Said of a value that both changed, of the same words, and of words next to each other."""
_FOOTER = (
    "conflicts.mine", "conflicts.theirs", "conflicts.both", "conflicts.next", "conflicts.back",
)  # fmt: skip


class ConflictsScreen(LeftOnce[None]):
    """Chooses for each place of one write; `changed` is called after each choice."""

    PLACE = "conflicts"
    BINDINGS = textual_bindings("conflicts")
    CSS = """
    ConflictsScreen {
        background: $background;
        #top { height: 1; padding: 0 1; background: $surface; }
        #places { height: 1fr; }
        #footer { background: $surface; }
    }
    """

    def __init__(self, write: Write, conflicted: Conflicted, changed: Callable[[], None]) -> None:
        super().__init__()
        self.write, self.conflicted = write, conflicted
        self._changed = changed
        self.lines = ConflictLines(id="places")
        self.footer = DeskFooter(id="footer")

    @property
    def session(self) -> Session:
        """The sitting that all screens share."""
        session: Session = self.app.session  # type: ignore[attr-defined]
        return session

    def compose(self) -> ComposeResult:
        yield Static("", id="top", markup=False)
        yield self.lines
        yield self.footer

    def on_mount(self) -> None:
        self.lines.focus()
        first = next(iter(self.conflicted.open), 0)
        self.call_after_refresh(self._show, first)

    def _show(self, place: int) -> None:
        places, choices = self.conflicted.merge.places, self.conflicted.choices
        self.lines.show(places, choices, place)
        left = len(self.conflicted.open)
        state = f"{left} of {len(places)} not settled" if left else "all settled; esc goes back"
        top = Content.assemble(
            ("your edit meets the new proposal  ", QUIET), show_line(label(self.write), 50, "bold"),
            "   ", (state, "$text-warning" if left else "$text-success"),
        )  # fmt: skip
        self.query_one("#top", Static).update(top)
        self._tell_footer()

    def _tell_footer(self) -> None:
        place = self.conflicted.merge.places[self.lines.place]

        def forbidden(action: object) -> str:
            is_both = getattr(action, "id", "") == "conflicts.both"
            return APART if is_both and place.both is None else ""

        self.footer.tell(list(map(by_id, _FOOTER)), self.session.config.keymap, forbidden)

    def _choose(self, choice: Choice | None) -> None:
        at, choices = self.lines.place, self.conflicted.choices
        if choice is None:
            choices.pop(at, None)
            following = at
        else:
            choices[at] = choice
            following = next((n for n in self.conflicted.open if n > at), None) or next(
                iter(self.conflicted.open), at
            )
        self._changed()
        self._show(following)

    def action_conflicts_mine(self) -> None:
        """Mine stands."""
        self._choose("mine")

    def action_conflicts_theirs(self) -> None:
        """The new proposal's stands."""
        self._choose("theirs")

    def action_conflicts_both(self) -> None:
        """Both stand."""
        if self.conflicted.merge.places[self.lines.place].both is None:
            self.notify(f"{APART.capitalize()}; choose one, then edit it.", markup=False)
        else:
            self._choose("both")

    def action_conflicts_open(self) -> None:
        """Takes the choice back."""
        self._choose(None)

    def action_conflicts_next(self) -> None:
        """The next place."""
        self.lines.go_place(self.lines.place + 1)
        self._tell_footer()

    def action_conflicts_previous(self) -> None:
        """The place before."""
        self.lines.go_place(self.lines.place - 1)
        self._tell_footer()

    def action_conflicts_page_down(self) -> None:
        """Half a page down."""
        self.lines.move("half_page_down")

    def action_conflicts_page_up(self) -> None:
        """Half a page up."""
        self.lines.move("half_page_up")

    def action_conflicts_back(self) -> None:
        """Back to the edit."""
        self.dismiss(None)
