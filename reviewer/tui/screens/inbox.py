"""The inbox: what its keys do."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from ...actions import by_id
from .. import doors, guards
from ..keymap import textual_bindings
from ..marks import LIMIT
from ..shown_view import next_sort, sort_by
from ..widgets.artifact_list import ArtifactList
from .inbox_view import InboxView
from .left_once import asking

if TYPE_CHECKING:
    from ...domain.views import Entry

SOON = 0.02
"""Seconds after which another view is named, where its list is not read by then."""


class InboxScreen(InboxView):
    """The list of what waits; from here one opens, marks and decides."""

    PLACE = "inbox"
    BINDINGS: ClassVar[list[BindingType]] = textual_bindings("move", "decide", "list")

    _busy = False

    def _refused(self, id: str) -> bool:
        """Says why an action is not possible; True where it is not."""
        action = by_id(id)
        reason = guards.forbidden(action, self.session, self.list.entry, len(self.list.marks))
        if reason:
            self.say(f"{(action.label or action.id).capitalize()}: {reason}.")
        return bool(reason)

    @property
    def aim(self) -> list[Entry]:
        """What a decision would be about: what is marked, else what is under the cursor."""
        entry = self.list.entry
        return list(self.list.marks) or ([entry] if entry is not None else [])

    def on_resize(self) -> None:
        """With other room the artifact may be on screen, or not any more."""
        self.call_after_refresh(self._note_shown)

    # ------------------------------------------------------------------ moving, opening

    def action_move(self, where: str) -> None:
        """Moves the cursor."""
        window = self.list.window
        if where == "bottom" and window.next is not None:
            self.reader.to_end()
        elif where == "top" and window.previous is not None:
            self.reader.to_start()
        else:
            self.list.move(where)

    def go_line(self, line: int) -> None:
        """Goes to a line of the list, counted from 1, as far as it is in memory."""
        index, last = line - 1 - self.list.window.base, self.list.row_count - 1
        self.list.go(index)
        if not 0 <= index <= last and self.list.row_count:
            at = self.list.window.base + self.list.cursor + 1
            self.say(f"Line {at:,} is the nearest that is read already; g and G go to the ends.")

    def action_open(self) -> None:
        """Opens the artifact under the cursor; not the one that is being decided right now."""
        entry = self.list.entry
        if self._busy:
            self.say(guards.SENDING)
        elif entry is not None:
            self.open_artifact(entry.state.id)

    @on(ArtifactList.Opened)
    def _opened(self) -> None:
        self.action_open()

    def open_artifact(self, artifact_id: str) -> None:
        """Opens an artifact; its neighbours are those in this list."""
        from .review import ReviewScreen

        order = [entry.state.id for entry in self.list.window.rows]

        def beside(from_id: str, step: int) -> str | None:
            """The next in the list as it is now; a decided one counts from where it stood."""
            rows = [entry.state.id for entry in self.list.window.rows]
            if from_id in rows:
                at = rows.index(from_id) + step
                return rows[at] if 0 <= at < len(rows) else None
            if from_id not in order:
                return rows[0] if rows else None
            at = order.index(from_id)
            ahead = order[at + 1 :] if step > 0 else order[:at][::-1]
            return next((id for id in ahead if id in rows), None)

        index = self.list.window.index_of(artifact_id)
        kept = self.reader.feed.kept(self.list.window.rows[index]) if index is not None else None
        self.app.push_screen(ReviewScreen(artifact_id, beside, kept.item if kept else None))

    def action_take_next(self) -> None:
        """Claims and opens the most urgent artifact that is free."""
        if not self._refused("take_next"):
            self._run(self._take_next, "take", True)

    async def _take_next(self) -> None:
        query = self.reader.feed.query
        claim = await self.session.claim_next(query) if query is not None else None
        if claim is None:
            self.say("Nothing in this view is free to take.")
        else:
            self.open_artifact(claim.item.entry.state.id)

    def action_copy(self) -> None:
        """Copies the artifact: as text, as JSON, its id or its permalink."""
        entry = self.list.entry
        if entry is not None:
            from ..copying import copy_menu

            copy_menu(self, entry, say=self.say)

    def action_preview(self) -> None:
        """Shows or hides the preview."""
        self.set_class(not self.has_class("-no-preview"), "-no-preview")
        self.call_after_refresh(self._join)
        self.call_after_refresh(self._moved)
        if self.has_class("-no-preview"):
            self.session.note_hidden()

    def action_scroll_preview(self, direction: int) -> None:
        """Scrolls the preview by half its height."""
        self.preview.scroll_lines(direction * max(1, self.preview.size.height // 2))

    # ------------------------------------------------------------------- views, filter

    def action_view(self, number: int) -> None:
        """Opens a saved view; `number` counts from 1."""
        if not 1 <= number <= len(self.views.views):
            self.say(f"There are {len(self.views.views)} views.")
        elif number - 1 != self.views.here:
            self.views.here = number - 1
            self._changed_list()

    def action_step_view(self, step: int) -> None:
        """Opens the next view, or the one before."""
        self.action_view((self.views.here + step) % len(self.views.views) + 1)

    def _changed_list(self) -> None:
        self.filter_bar.set_text(self.views.filter)
        self.open_list()
        self.set_timer(SOON, self.tell)  # with the list in one frame, but where that takes longer

    async def action_filter(self) -> None:
        """Starts typing a filter."""
        await self.filter_bar.edit()

    def action_clear_filter(self) -> None:
        """Drops the filter."""
        if self.views.filter:
            self.views.set(filter="")
            self._changed_list()

    def action_sort(self) -> None:
        """Changes the order."""
        self._sort(next_sort(self.filter_bar.order))

    def _sort(self, order: str) -> None:
        self.views.set(sort=order)
        self._changed_list()

    @on(ArtifactList.HeadClicked)
    def _head_clicked(self, event: ArtifactList.HeadClicked) -> None:
        order = sort_by(event.column, self.filter_bar.order)
        if order:
            self._sort(order)
        else:
            self.say(f"The queue is not ordered by {event.column}: by due or age; / filters.")

    @on(ArtifactList.MarkClicked)
    def _mark_clicked(self) -> None:
        entry = self.list.entry
        if entry is not None:
            self.list.marks.toggle(entry)
            self._marked()

    def action_columns(self) -> None:
        """Chooses, orders and widens the columns."""
        self._desk.open_settings("columns")

    def action_save_view(self) -> None:
        """Saves what is shown as a view, or changes the saved ones."""
        if not asking(self, "save-view"):
            self._run(self._save_view, "save-view", False)

    async def _save_view(self) -> None:
        from ...config import save_views
        from .dialogs.saved_view import SavedViewDialog, apply

        saved = self.session.config.views
        change = await self.app.push_screen_wait(SavedViewDialog(saved, self.views))
        if change is None:
            return
        if change.kind == "copy":
            from ...saved_views import one_line_toml

            self.app.copy_to_clipboard(one_line_toml(self.views.as_view(self.views.view.name)))
            self.say("Copied the view; `reviewer views import -` takes it in.")
            return
        views, open_name, said = apply(saved, self.views, change)
        await asyncio.to_thread(save_views, views)
        self.session.config = replace(self.session.config, views=views)
        self.views.saved(views, open_name)
        self._changed_list()
        self.say(said)

    def columns_changed(self) -> None:
        """The settings' columns are others now, or the view's."""
        self.views.default_columns = self.session.config.columns
        self.tell_columns()
        self.tell()

    def action_choose_queue(self) -> None:
        """Chooses one queue, or all."""
        if not asking(self, "choose"):
            self._run(self._choose_queue, "choose", False)

    async def _choose_queue(self) -> None:
        from .choose import ChooseScreen

        facets = await self.reader.feed.facets()
        queues = facets.get("queue", {})
        rows = [("", "all queues", sum(queues.values()))]
        rows += [(name, name, count) for name, count in sorted(queues.items())]
        chosen = await self.app.push_screen_wait(ChooseScreen("Which queue?", rows, self._queue))
        if chosen is not None and chosen != self._queue:
            self._queue = chosen
            self._changed_list()

    async def action_refresh(self) -> None:
        """Reads everything anew; opens the queue again where it could not be opened."""
        if self.session.queue is None:
            self._desk.open_queue()
        self.reader.look_again()
        self.reader.recount()

    async def action_back(self) -> None:
        """Leaves what is going on: the filter's field, a range, marks."""
        if self.filter_bar.editing:
            await self.filter_bar.leave(self.filter_bar.text)
        elif self.list.range_from is not None:
            self.list.range_from = None
            self.list.look_over()
        elif len(self.list.marks):
            self.action_clear_marks()
        elif self.workers and any(w.group == "mark-all" for w in self.workers if w.is_running):
            self.workers.cancel_group(self, "mark-all")
            self.say("Stopped.")
        else:
            self.action_clear_filter()

    # ----------------------------------------------------------------------------- marks

    def action_mark(self) -> None:
        """Marks the artifact and goes on; ends a range."""
        entry = self.list.entry
        if self.list.range_from is not None:
            self._mark_range()
        elif entry is not None:
            self.list.marks.toggle(entry)
            self.list.move("down")
            self._marked()

    def action_range(self) -> None:
        """Starts a range, or marks it."""
        entry = self.list.entry
        if entry is None:
            return
        if self.list.range_from is not None:
            self._mark_range()
            return
        self.list.range_from = entry.state.id
        self.list.look_over()
        self.say("Range: move, then v marks everything up to there; esc leaves.")

    def _mark_range(self) -> None:
        rows = self.list.window.rows
        inside = [rows[i] for i in range(len(rows)) if self.list.in_range(i)]
        self.list.range_from = None
        self._add(inside)
        if not inside:
            self.say("The start of the range is out of reach; start again.")

    def action_mark_all(self) -> None:
        """Marks everything that matches, up to the limit."""
        self._run(self._mark_all, "mark-all", True)

    async def _mark_all(self) -> None:
        entries, more = await self.reader.feed.everything(
            lambda count: self.say(f"Marking {count:,} … esc stops")
        )
        self._add(entries)
        self.say(
            f"Marked the first {LIMIT:,}: no more can be decided at once." if more
            else f"Marked all {len(entries):,} that match."
        )  # fmt: skip

    def action_clear_marks(self) -> None:
        """Takes all marks away."""
        self.list.marks.clear()
        self._marked()

    def _add(self, entries: list[Entry]) -> None:
        over = self.list.marks.add(entries)
        self._marked()
        if over:
            self.say(f"{over:,} are not marked: {LIMIT:,} at once is the limit.")

    def _marked(self) -> None:
        self.list.look_over()
        self.tell()

    # -------------------------------------------------------------------------- deciding

    def action_decide(self, kind: str, advance: bool) -> None:
        """Decides the marked artifacts, else the one under the cursor."""
        if self._busy:
            self.say(guards.SENDING)
            return
        if self._refused(kind):
            return
        entries = self.aim
        if len(self.list.marks):
            if self.filter_bar.editing:  # what it will hide in the end is not known yet
                self.say(f"{kind.capitalize()}: enter keeps the filter first, esc drops it.")
                return
        else:
            if not entries:
                return
            entry = entries[0]
            drawn = self.is_drawn
            if not drawn:
                self._note_shown()
            reason = guards.unready(self.session, entry, drawn)
            if reason:
                self.say(f"{kind.capitalize()}: {reason}.")
                return
        self._busy = True
        self._run(partial(self._decide, kind, entries, advance), "decide", False)

    async def _decide(self, kind: str, entries: list[Entry], advance: bool) -> None:
        from ...domain.decision import Kind
        from ..deciding import decide

        try:
            listed = bool(len(self.list.marks))
            done = await decide(self, Kind(kind), entries, advance=advance, listed=listed)
        finally:
            self._busy = False
            if self._notice == guards.SENDING:
                self.quiet()
        if not done:
            return
        decided = {entry.state.id for entry in entries}
        self.list.marks.drop(decided)
        here = self.list.entry
        if advance and here is not None and here.state.id in decided:
            self.list.move("down")
        self._marked()
        self.reader.look_again()
        self.reader.recount()

    # ---------------------------------------------------------------------------- doors

    def action_door(self, name: str) -> None:
        """Opens another screen on what is under the cursor, or on this list."""
        doors.open_door(self.app, name, self.list.entry, self.reader.feed.query)

    def action_stop_agent(self) -> None:
        """Asks whether to stop the agent of what is under the cursor, or all."""
        from ..kill_switch import ask_to_stop

        ask_to_stop(self, self.list.entry.state.agent if self.list.entry is not None else "")

    def show_only(self, text: str) -> None:
        """Lists what a filter finds, in the view that is open."""
        self.views.set(filter=text)
        self._changed_list()
