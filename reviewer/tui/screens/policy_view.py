"""What the policy screen shows: the policy in force, the history, a file that is tried."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content

from ...actions import Action, by_id
from ...untrusted import show_line
from .. import guards
from ..careful import carefully
from ..due import moment
from ..policy_drawn import difference_lines, simulated_lines
from ..policy_trying import Tried, difference_of
from ..policy_words import digest_words, stopped_short
from ..widgets.bar import Bar, Part
from ..widgets.diff_view import DiffView
from ..widgets.drawn_lines import DrawnLines
from ..widgets.footer import DeskFooter
from ..widgets.policy_list import STATES, PolicyList
from ..widgets.policy_text import PolicyText
from ..widgets.problem_lines import ProblemLines
from ..widgets.status_line import HEALTH, sitting_parts
from ..widgets.title import Title
from ..widgets.view_tabs import ViewTabs
from .left_once import in_sight
from .live import LiveScreen

if TYPE_CHECKING:
    from textual.widget import Widget
    from textual.worker import Worker

    from ...domain.governance import PolicyRow
    from ...domain.views import Change
    from ..inbox_reader import Work

PAGES = ("in force", "history", "check")
TICK = 0.5
STYLE = """
PolicyScreen {
    layout: vertical;
    background: $background;

    #status, #tabs, #footer { background: $surface; }
    #pages { height: 1fr; border-top: solid $border; }
    .page { height: 1fr; display: none; layout: vertical; }
    .page.-on { display: block; }
    #policies { height: 1fr; }
    #problems { height: 1fr; }
    #found { height: 2fr; }
    #file { height: 1fr; border-top: solid $border; }
    #problems, #found { display: none; }
    &.-problems #problems, &.-found #found { display: block; }
    #chosen, #compared { height: 1fr; }
    #compared { display: none; }
    &.-comparing #compared { display: block; }
    &.-comparing #chosen { display: none; }
    #active-title { max-height: 4; }
    #chosen-title { border-top: solid $border; max-height: 5; }

    &.-splendid .page.-on { layout: horizontal; }
    &.-splendid #policies-pane { width: 46%; height: 1fr; }
    &.-splendid #chosen-pane { width: 1fr; border-left: solid $border; }
    &.-splendid #chosen-title { border-top: none; max-height: 4; }
    &.-flat #active-title { max-height: 1; }
    &.-flat #chosen-title { max-height: 2; }
    &.-splendid #checked-pane { width: 54%; height: 1fr; }
    &.-splendid #file { width: 1fr; height: 1fr; border-top: none; border-left: solid $border; }
    #policies-pane { height: 40%; min-height: 4; }
    #chosen-pane { height: 1fr; }
    #checked-pane { height: 1fr; }
    &.-found #checked-pane { height: 2fr; }
    #checked-pane { max-height: 75%; }
    &.-splendid #checked-pane { max-height: 100%; }
    &.-flat #tabs { display: none; }
}
"""
FOOTERS = {
    "in force": ("policy.next", "policy.check", "policy.edit", "help"),
    "history": ("policy.activate", "policy.compare", "policy.open", "policy.next", "help"),
    "check": (
        "policy.check", "policy.edit", "policy.simulate", "policy.activate", "policy.open",
        "policy.next", "help",
    ),
}  # fmt: skip


class PolicyView(LiveScreen[None]):
    """The screen; what keys do is `PolicyScreen`'s."""

    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (100, "-wide"), (150, "-splendid")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (14, "-low"), (30, "-high")]
    AUTO_FOCUS = ""
    CSS = STYLE

    def __init__(self, page: str = PAGES[0]) -> None:
        super().__init__()
        self.page = page
        self.rows: list[PolicyRow] = []
        self.tried: Tried | None = None
        self.doing = ""
        self.header = Bar(id="status")
        self.tabs = ViewTabs(id="tabs")
        self.title_line = Title(id="active-title", wraps=True)
        self.active = PolicyText(id="active")
        self.policies = PolicyList(id="policies")
        self.chosen_title = Title(id="chosen-title", wraps=True)
        self.chosen = PolicyText(id="chosen")
        self.compared = DiffView(id="compared")
        self.check_title = Title(id="check-title")
        self.problems = ProblemLines(id="problems")
        self.found = DrawnLines(id="found")
        self.file = PolicyText(id="file")
        self.footer = DeskFooter(id="footer")

    def compose(self) -> ComposeResult:
        yield self.header
        yield self.tabs
        with Container(id="pages"):
            with Container(id="page-0", classes="page"), Vertical():
                yield self.title_line
                yield self.active
            with Container(id="page-1", classes="page"):
                with Vertical(id="policies-pane"):
                    yield self.policies
                with Vertical(id="chosen-pane"):
                    yield self.chosen_title
                    yield self.chosen
                    yield self.compared
            with Container(id="page-2", classes="page"):
                with Vertical(id="checked-pane"):
                    yield self.check_title
                    yield self.problems
                    yield self.found
                yield self.file
        yield self.footer

    def on_mount(self) -> None:
        self.session.note_hidden()
        self.policies.empty = (Content.styled("Reading the policies …", "$quiet"),)
        self.policies.moved = self._choose
        self.problems.followed = self.file.go_line
        self.hear(self._heard, self.tell)
        self.set_interval(TICK, self._tick)
        self.turn_to(self.page)
        self.look_again()

    def on_screen_resume(self) -> None:
        self.tell()

    def start(self, work: Work, group: str) -> Worker[None]:
        """Runs it in a worker; what goes wrong is said."""
        careful: Work = partial(carefully, self, work)
        return self.run_worker(careful, group=group, exclusive=True)

    # ------------------------------------------------------------------ what is read

    def _heard(self, changes: list[Change]) -> None:
        if any(not change.artifact_id for change in changes):
            self.look_again()

    def look_again(self) -> None:
        """Reads all policies anew."""
        self.start(self._read, "read")

    async def _read(self) -> None:
        active = await self.session.read(lambda queue: queue.policy())
        rows = await self.session.read(lambda queue: queue.policies())
        if self.has_been_left:
            return
        known = active.digest in {row.digest for row in rows}
        self.rows = rows if known else [active, *rows]
        self.active.show(active.text)
        self.title_line.tell(title_of(active, self.session.now()))
        self.policies.show(self.rows, self.session.now())
        self.policies.empty = ()
        self._choose()
        self.tell()

    @property
    def in_force(self) -> PolicyRow | None:
        """The policy in force, as it was read."""
        return next((row for row in self.rows if row.state == "active"), None) or (
            self.session.governing.row
        )

    # ------------------------------------------------------------------ pages

    def turn_to(self, page: str) -> None:
        """Shows a page; its main pane gets the focus."""
        self.page = page
        for number, name in enumerate(PAGES):
            self.query_one(f"#page-{number}").set_class(name == page, "-on")
        self.call_after_refresh(self._focus_page)
        self.tell()

    def _focus_page(self) -> None:
        if not self.has_been_left:
            self.main.focus()

    @property
    def main(self) -> Widget:
        """The pane of the page that the keys are about."""
        if self.page == "in force":
            return self.active
        if self.page == "history":
            return self.policies
        if self.problems.display:
            return self.problems
        return self.found if self.found.display else self.file

    def _choose(self) -> None:
        """Another policy of the history is under the cursor."""
        row = self.policies.row
        if row is None:
            return
        self.chosen_title.tell(title_of(row, self.session.now()))
        self.chosen.show(row.text)
        if self.has_class("-comparing"):
            self.compare()
        self.tell()

    def compare(self) -> None:
        """Draws what the chosen policy changes of the one in force."""
        row, active = self.policies.row, self.in_force
        if row is None or active is None:
            return
        key = (active.digest, row.digest)
        size = len(row.text) + len(active.text)
        self.compared.show(key, lambda _w: difference_of(active.text, row.text), size)

    # ------------------------------------------------------------------ the file

    def show_tried(self, tried: Tried) -> None:
        """Shows what is wrong with a file, or what it would change."""
        self.tried = tried
        self.problems.show(tried.problems)
        self.set_class(bool(tried.problems), "-problems")
        self.set_class(tried.good, "-found")
        self.file.show(tried.text, {problem.line for problem in tried.problems})
        if tried.simulated is not None:
            self.found.show(partial(simulated_lines, tried.simulated))
        elif tried.good:
            self.found.show(partial(difference_lines, tried.differences))
        self.call_after_refresh(self._focus_page)
        self.tell()

    def _check_words(self) -> Content:
        tried = self.tried
        where = show_line(str(self.session.config.policy_path()), 60, "bold")
        if self.doing:
            return Content.assemble(where, ("   ", ""), (self.doing, "$text-warning"))
        if tried is None:
            return Content.assemble(where, ("   c reads and checks it", "$quiet"))
        if tried.trouble:
            return Content.assemble(where, "   ", show_line(f"✗ {tried.trouble}", 200, "$error"))
        if tried.problems:
            number = len(tried.problems)
            said = f"   ✗ {number} problem{'s' * (number != 1)}; enter opens your editor there"
            return Content.assemble(where, (said, "bold $text-error"))
        assert tried.compiled is not None
        name, active = digest_words(tried.compiled.digest), self.in_force
        same = active is not None and active.digest == tried.compiled.digest
        said = "  it is in force already" if same else (
            "  a puts it in force" if tried.simulated is not None else "  s simulates it"
        )  # fmt: skip
        return Content.assemble(
            where, ("   ✓ it is good ", "$text-success"), (name, ""), (said, "$quiet")
        )

    # ------------------------------------------------------------------ what is said

    def _tick(self) -> None:
        if in_sight(self):
            self._tell_footer()

    def tell(self) -> None:
        """Draws everything around the pages; what is the same as before costs nothing."""
        if not self.is_mounted or self.has_been_left:
            return
        self._tell_header()
        names = ["In force", "History", "Check a file"]
        counts = {1: str(len(self.rows))} if self.rows else {}
        self.tabs.tell(names, counts, PAGES.index(self.page))
        self.check_title.tell(self._check_words())
        self._tell_footer()

    def _tell_header(self) -> None:
        session, active = self.session, self.in_force
        left = [
            Part("‹ ", "key", "screen.back", keep=90),
            Part("Policy", "brand", "screen.back", keep=90),
        ]
        if active is not None:
            left.append(Part(f"  {digest_words(active.digest)} ", "strong", keep=6))
            left.append(Part("in force", "quiet", keep=5))
        waiting = sum(row.state == "proposed" for row in self.rows)
        if waiting:
            left.append(Part(f"   ◌ {waiting} proposed", "warn", "screen.view(2)", keep=7))
        word, style = HEALTH[session.connection]
        right = [Part(word, style, keep=9)]
        stopped = stopped_short(session.governing.stops)
        if stopped:
            right.append(Part("   ", keep=10))
            right.append(Part(show_line(stopped, 34), "bad", "screen.door('agents')", keep=10))
        self.header.show(left, [*right, *sitting_parts(session)])

    def forbidden(self, action: Action) -> str:
        """Why an action is not possible now, or nothing."""
        return guards.forbidden(action, self.session, None)

    def _tell_footer(self) -> None:
        self.footer.serve(self.session, map(by_id, FOOTERS[self.page]), self.forbidden)


def title_of(row: PolicyRow, now: int) -> Content:
    """`● in force 3fa9c1…  proposed 3 Nov 18:00 by ana, activated … by ben  note`."""
    sign, word, style = STATES.get(row.state, STATES["retired"])
    colour = {"good": "$text-success", "warn": "$text-warning"}.get(style, "$quiet")
    parts: list[Content | tuple[str, str]] = [
        (f"{sign} {word} ", colour), (digest_words(row.digest), "bold $foreground"),
    ]  # fmt: skip
    if row.proposed_by and row.proposed_at:
        by = show_line(row.proposed_by, 24)
        parts += [(f"  proposed {moment(row.proposed_at, now)} by ", "$quiet"), by]
    if row.activated_by and row.activated_at is not None:
        by = show_line(row.activated_by, 24)
        parts += [(f"  activated {moment(row.activated_at, now)} by ", "$quiet"), by]
    if row.note:
        parts += [("  ", ""), show_line(row.note, 120)]
    return Content.assemble(*parts)
