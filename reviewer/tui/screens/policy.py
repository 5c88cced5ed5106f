"""The policy: what is in force, what was before, and a file to check, simulate and activate.

Nothing here takes effect by one key: a policy is put in force by a dialog of its own, whose key is
neither Enter nor the one that opened it, and it is the text that was checked that goes in force.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content

from ...actions import by_id
from ...domain.errors import ReviewerError
from ...untrusted import show_line
from .. import doors
from ..deciding import tell
from ..keymap import textual_bindings
from ..kill_switch import REFUSED, send
from ..policy_drawn import difference_lines, verdict
from ..policy_trying import Tried, simulated, tried
from ..policy_words import digest_words
from ..widgets.diff_view import DiffView
from ..widgets.policy_list import PolicyList
from ..widgets.syntax import Syntax, colours_for, highlighter_of
from ..widgets.virtual_lines import VirtualLines
from ..widgets.virtual_list import VirtualList
from .left_once import asking
from .policy_view import PAGES, PolicyView
from .review_actions import here

if TYPE_CHECKING:
    from ...domain.governance import PolicyRow
    from ...policy.compare import Difference
    from ...policy.document import Policy

SECOND = "Four eyes: somebody else proposed it, you are the second person."
TOLD = 6
"""Differences that the confirm lists one by one."""


class PolicyScreen(PolicyView):
    """Pages for the policy in force, the history, and the person's own file."""

    PLACE = "policy"
    BINDINGS: ClassVar[list[BindingType]] = [
        *textual_bindings("move", "policy"),
        *here("back", "refresh"),
    ]

    # ------------------------------------------------------------------ moving

    def action_move(self, where: str) -> None:
        """Moves in the pane that has the focus."""
        pane = self.focused if isinstance(self.focused, VirtualLines | VirtualList) else self.main
        if isinstance(pane, VirtualLines | VirtualList):
            pane.move(where)

    def action_view(self, number: int) -> None:
        """Turns to a page, counted from 1."""
        self.turn_to(PAGES[number - 1])

    def action_step_view(self, step: int) -> None:
        """Turns the page."""
        self.turn_to(PAGES[(PAGES.index(self.page) + step) % len(PAGES)])

    def action_scroll_left(self) -> None:
        """Scrolls long lines of the comparison back."""
        self.compared.scroll_sideways(-16)

    def action_scroll_right(self) -> None:
        """Scrolls long lines of the comparison on."""
        self.compared.scroll_sideways(16)

    def action_door(self, name: str) -> None:
        """Opens another screen."""
        doors.open_door(self.app, name, None, None)

    def action_refresh(self) -> None:
        """Reads the policies anew, and the file where it has been read."""
        self.look_again()
        if self.tried is not None and not self.doing:
            self.action_policy_check()

    def action_back(self) -> None:
        """Stops what runs, ends the comparison, goes back to the list; then leaves."""
        if self.doing:
            self.workers.cancel_group(self, "try")
            self.doing = ""
            tell(self, "Stopped; nothing was changed.", "information")
            self.tell()
        elif self.has_class("-comparing"):
            self.action_policy_compare()
        elif self.page == "history" and self.focused is not self.policies:
            self.policies.focus()
        elif self.page == "check" and self.focused not in (self.main, None):
            self.main.focus()
        else:
            self.dismiss()

    # ------------------------------------------------------------------ looking

    def action_policy_open(self) -> None:
        """Goes into the text beside the list; opens the editor at a problem."""
        if self.page == "history":
            (self.compared if self.has_class("-comparing") else self.chosen).focus()
        elif self.page == "check" and self.problems.display:
            self.action_policy_edit()
        elif self.page == "check":
            (self.main if self.focused is self.file else self.file).focus()
        else:
            tell(self, "This is the text in force; tab turns the page.", "information")

    @on(PolicyList.Opened)
    def _opened(self) -> None:
        self.action_policy_open()

    def action_policy_compare(self) -> None:
        """Shows the chosen policy as it is, or what it changes of the one in force."""
        if self.page != "history":
            self.turn_to("history")
        self.toggle_class("-comparing")
        if self.has_class("-comparing"):
            self.compare()
        elif self.focused is self.compared:
            self.policies.focus()

    @on(DiffView.Changed)
    def _compared(self) -> None:
        self.run_worker(self._colour(), group="colour", exclusive=True)

    async def _colour(self) -> None:
        diff = self.compared.diff
        if diff is None or self.compared.syntax is not None:
            return
        syntax = await Syntax.of(highlighter_of(self.app), diff, colours_for(self.compared))
        if self.compared.diff is diff:
            self.compared.syntax = syntax
            await syntax.load(self.compared.recolour)

    # ------------------------------------------------------------------ the file

    def action_policy_check(self) -> None:
        """Reads and checks the file."""
        if self.page != "check":
            self.turn_to("check")
        if not self.doing:
            self._doing("reading and checking …")
            self.start(self._check, "try")

    def _doing(self, words: str) -> None:
        self.doing = words
        self.tell()

    async def _check(self) -> None:
        try:
            found = await tried(self.session.config.policy_path(), await self._policy())
        finally:
            self.doing = ""
        if not self.has_been_left:
            self.show_tried(found)

    async def _policy(self) -> Policy | None:
        """The policy in force as values, read where the desk has not yet."""
        governing = self.session.governing
        if governing.policy is None:
            await governing.look()
        return governing.policy

    def action_policy_edit(self) -> None:
        """Opens the file in the person's editor, made from the policy in force at first."""
        from ...config import ensure_home
        from .external import edit_file

        path, active = self.session.config.policy_path(), self.in_force
        found = self.problems.problem if self.page == "check" and self.problems.display else None
        try:
            ensure_home()
            if not path.exists():
                if active is None:
                    tell(self, "The policy in force is still being read.")
                    return
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(active.text, encoding="utf-8")
            command = self.session.config.editor_command()
        except (ReviewerError, OSError) as error:
            tell(self, str(error), "error")
            return
        trouble = edit_file(self.app, command, path, found.line if found is not None else 0)
        if trouble:
            tell(self, trouble, "error")
        else:
            self.action_policy_check()

    # ------------------------------------------------------------------ simulating

    def action_policy_simulate(self) -> None:
        """Replays the last days under the file, in a thread; esc stops it."""
        if self.doing:
            return
        if self._refused("policy.simulate"):
            return
        if self.page != "check":
            self.turn_to("check")
        self._doing("reading and checking …")
        self.start(self._simulate, "try")

    async def _simulate(self) -> None:
        try:
            found = self.tried
            if found is None or not found.good:
                found = await tried(self.session.config.policy_path(), await self._policy())
                if self.has_been_left:
                    return
                self.show_tried(found)
            if found.compiled is None:
                return
            self._doing("replaying … esc stops")
            result = await simulated(self.session, found.compiled, self._tell_progress)
        finally:
            self.doing = ""
            self.tell()
        if not self.has_been_left:
            self.show_tried(found.under(result))

    def _tell_progress(self, number: int, part: float) -> None:
        if not self.has_been_left:
            self._doing(
                f"replayed {number:,} admissions  {max(0.0, min(1.0, part)):.0%}  esc stops"
            )

    # ------------------------------------------------------------------ activating

    def _refused(self, id: str) -> bool:
        action = by_id(id)
        reason = self.forbidden(action)
        if reason:
            tell(self, f"{action.label.capitalize()}: {reason}.")
        return bool(reason)

    def action_policy_activate(self) -> None:
        """Asks, then puts a policy in force or proposes it."""
        if self._refused("policy.activate") or self.doing or asking(self, "activate"):
            return
        if self.page == "check":
            if self.tried is None or not self.tried.good:
                tell(self, "Only a file that was checked and is good goes in force: c checks it.")
                return
            self.run_worker(self._propose(self.tried), group="activate", exit_on_error=False)
        elif self.page == "history" and self.policies.row is not None:
            row = self.policies.row
            self.run_worker(self._activate(row), group="activate", exit_on_error=False)
        else:
            tell(self, "It is in force already; tab goes to the history and to your file.")

    async def _propose(self, found: Tried) -> None:
        from .dialogs.governing import ActivateDialog

        assert found.compiled is not None
        policy = await self._policy()
        proposes = only_proposes(policy, self.session.actor.id)
        changes = _changes(found.differences)
        changes.append(
            verdict(found.simulated)
            if found.simulated is not None
            else Content.styled("It was not simulated: s does that.", "$text-warning")
        )
        name = Content.assemble(
            (digest_words(found.compiled.digest), "bold"), "  ", show_line(found.path.name, 50),
        )  # fmt: skip
        said = _eyes(policy, proposes)
        dialog = ActivateDialog(name, changes, four_eyes=said, proposes=proposes, asks_note=True)
        answer = await self.app.push_screen_wait(dialog)
        if answer is None:
            return
        actor = self.session.actor
        row = await send(
            self, "proposing the policy …",
            lambda queue: queue.propose_policy(found.text, answer.comment, actor),
        )  # fmt: skip
        if row is not REFUSED:
            self._tell_done(row)

    async def _activate(self, row: PolicyRow) -> None:
        from .dialogs.governing import ActivateDialog

        policy = await self._policy()
        me = self.session.actor.id
        if row.state == "active":
            tell(self, "It is in force already.", "information")
            return
        four_eyes = policy is not None and policy.activation.four_eyes
        if four_eyes and row.state == "proposed" and row.proposed_by == me:
            tell(self, "Four eyes: you proposed it, so somebody else puts it in force.")
            return
        differences = await asyncio.to_thread(_compared, policy, row.text)
        name = Content.assemble(
            (digest_words(row.digest), "bold"), "  ", show_line(row.note, 60, "$quiet")
        )
        proposes = four_eyes and row.state == "retired"
        said = _eyes(policy, proposes) if proposes or not four_eyes else SECOND
        dialog = ActivateDialog(
            name, _changes(differences), four_eyes=said, proposes=proposes, asks_note=False
        )
        if await self.app.push_screen_wait(dialog) is None:
            return
        actor = self.session.actor
        done = await send(
            self, "putting the policy in force …",
            lambda queue: queue.activate_policy(row.digest, actor),
        )  # fmt: skip
        if done is not REFUSED:
            self._tell_done(done)

    def _tell_done(self, row: PolicyRow) -> None:
        name = digest_words(row.digest)
        if row.state == "active":
            tell(self, f"{name} is in force, for what is admitted from now on.", "information")
        else:
            tell(self, f"{name} is proposed; somebody else puts it in force.", "information")
        self.look_again()


def _changes(differences: tuple[Difference, ...]) -> list[Content]:
    """How many ways it goes, and the first differences."""
    if not differences:
        return [Content.styled("It means the same as the policy in force.", "$quiet")]
    ways = [str(one.effect) for one in differences]
    looser, stricter = ways.count("looser"), ways.count("stricter")
    number = len(differences)
    many = f"{number} difference{'s' * (number != 1)}"
    head = f"{many}: {stricter} stricter, {looser} looser"
    lines = [Content.styled(head, "bold")]
    lines += difference_lines(_loosest_first(differences)[:TOLD], 72)
    if len(differences) > TOLD:
        lines.append(Content.styled(f"and {len(differences) - TOLD} more", "$quiet"))
    return lines


def _loosest_first(differences: tuple[Difference, ...]) -> list[Difference]:
    order = {"looser": 0, "stricter": 1, "neither": 2}
    return sorted(differences, key=lambda one: order[str(one.effect)])


def only_proposes(policy: Policy | None, me: str) -> bool:
    """Whether what this person hands in waits for somebody else."""
    if policy is None:
        return False
    from ...policy.chain import persons

    names = policy.activation.by
    return policy.activation.four_eyes or bool(names and me not in persons(policy, names))


def _eyes(policy: Policy | None, proposes: bool) -> str:
    """Who must agree besides, in a sentence."""
    if policy is None or not proposes:
        return "No second person is asked for: it holds for whatever is admitted from now on."
    by = f" ({', '.join(policy.activation.by)})" if policy.activation.by else ""
    if policy.activation.four_eyes:
        return f"Four eyes: this only proposes it; somebody else{by} puts it in force."
    return f"This only proposes it; whoever the policy in force names{by} puts it in force."


def _compared(active: Policy | None, text: str) -> tuple[Difference, ...]:
    from ...policy.compare import compare
    from ...policy.reading import read

    try:
        return tuple(compare(active, read(text))) if active is not None else ()
    except ReviewerError:
        return ()
