"""The palette: every action of the screen by its name, from the registry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from ..actions import Action, display, keys_of, place
from ..untrusted import show_line
from .screens.left_once import LeftOnce

if TYPE_CHECKING:
    from ..domain.views import Entry


class Palette(CommandPalette, LeftOnce[None]):
    """Textual's palette, closed once by however many presses of `escape`."""


class DeskCommands(Provider):
    """What can be done on the screen under the palette; what cannot says why."""

    async def discover(self) -> Hits:
        """Everything, before anything is typed."""
        for action, title, help in self._offered():
            yield DiscoveryHit(title, partial(self._run, action), text=title, help=help)

    async def search(self, query: str) -> Hits:
        """What matches what was typed."""
        matcher = self.matcher(query)
        for action, title, help in self._offered():
            score = matcher.match(f"{title} {action.id}")
            if score > 0:
                shown = matcher.highlight(title)
                yield Hit(score, shown, partial(self._run, action), text=title, help=help)

    def _offered(self) -> Iterator[tuple[Action, str, str]]:
        session = getattr(self.app, "session", None)
        keymap = session.config.keymap if session is not None else {}
        name = getattr(self.screen, "PLACE", "inbox")
        for action in place(name):
            if action.group == "Move" or action.id == "palette":
                continue
            keys = " ".join(display(key) for key in keys_of(action, keymap))
            yield action, action.sentence.rstrip("."), keys

    async def _run(self, action: Action) -> None:
        if action.call.startswith("decide('approve'"):
            self.screen.run_worker(self._ask_first(action), group="palette", exclusive=True)
        else:
            await self._act(action)

    async def _ask_first(self, action: Action) -> None:
        # Enter runs whatever hit is on top, also when it was typed before the hits were drawn
        from .screens.dialogs.sure import Sure

        aim = self._aim()
        if aim is None:
            await self._act(action)  # which says why it cannot
            return
        if not await self.app.push_screen_wait(Sure(action.sentence, "approve", aim[1])):
            return
        now = self._aim()
        if now is None or now[0] != aim[0]:
            said = "Nothing was approved: another artifact stands there now."
            self.screen.notify(said, severity="warning", markup=False)
            return
        await self._act(action)

    def _aim(self) -> tuple[frozenset[str], Content] | None:
        """The digests that an approval would go to and how to name them; None without any."""
        entries: Sequence[Entry] = getattr(self.screen, "aim", ())
        if not entries:
            return None
        digests = frozenset(f"{entry.state.id} {entry.state.digest}" for entry in entries)
        if len(entries) > 1:
            return digests, Content.styled(f"the {len(entries):,} marked artifacts", "bold")
        agent, title = (
            show_line(entries[0].state.agent, 24),
            show_line(entries[0].title, 50, "bold"),
        )
        return digests, Content.assemble(agent, "  ", title)

    async def _act(self, action: Action) -> None:
        scope = "app" if action.scope == "global" else "screen"
        await self.app.run_action(f"{scope}.{action.call}", default_namespace=self.screen)
