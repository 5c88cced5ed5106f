"""The top of the review screen: what, who, acting as whom, for whom, due, cost, confidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from ...domain.artifact import Risk
from ...domain.instant import MINUTE, short_duration
from ...untrusted import show_line

if TYPE_CHECKING:
    from ...domain.artifact import Artifact, Cost
    from ...domain.views import Item

BACK = 2
"""The last cell of the first line that belongs to the `‹`; a finger needs more than one."""
QUIET = "$foreground 58%"
"""The style of what may be overlooked at first; `$text-muted` is not dimmed within content."""

RISKS: dict[Risk, tuple[str, str]] = {
    Risk.CRITICAL: ("■ crit", "bold $text-error"),
    Risk.HIGH: ("▲ high", "$text-warning"),
    Risk.MEDIUM: ("◆ med", "$text-primary"),
    Risk.LOW: ("· low", QUIET),
}
"""Mark, word and style of each risk; the mark's shape tells without colour."""


class ArtifactHeader(Static):
    """Two lines; the claim and the due time stand to the right."""

    DEFAULT_CSS = """
    ArtifactHeader { height: 2; padding: 0 1; background: $surface; }
    """

    class Back(Message):
        """The sign that leads back was clicked."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", markup=False, id=id)
        self._item: Item | None = None
        self._now = 0
        self._claim = ("", "")

    def show(self, item: Item, now: int, claim: str, claim_style: str = "$text-success") -> None:
        """Shows an artifact; `claim` says whose it is, in our words and one name."""
        self._item, self._now, self._claim = item, now, (claim, claim_style)
        self._draw()

    def tick(self, now: int) -> None:
        """Time went on."""
        if self._item is not None and now // MINUTE != self._now // MINUTE:
            self._now = now
            self._draw()

    def on_resize(self) -> None:
        """Other room, other lines."""
        self._draw()

    def on_click(self, event: events.Click) -> None:
        """The `‹` at the start of the first line leads back."""
        if event.y == 0 and event.x <= BACK:
            event.stop()
            self.post_message(self.Back())

    def _draw(self) -> None:
        width = self.content_size.width
        if self._item is None or width <= 0:
            return
        first = title_line(self._item, self._now, self._claim, width)
        self.update(Content("\n").join([first, who_line(self._item, width)]), layout=False)


def title_line(item: Item, now: int, claim: tuple[str, str], width: int) -> Content:
    """`‹ ▲ high  Title …      due 0:48  claimed by you`."""
    state = item.entry.state
    mark, style = RISKS[state.risk]
    left = Content.assemble(("‹ ", QUIET), (mark, style), "  ")
    right = Content.assemble(due(state.due_at, now), "   ", show_line(claim[0], 40, claim[1]))
    room = width - left.cell_length - right.cell_length - 2
    if room < 16:
        right = due(state.due_at, now)
        room = width - left.cell_length - right.cell_length - 2
    title = show_line(item.artifact.title, max(room, 4), "bold")
    gap = max(2, width - left.cell_length - title.cell_length - right.cell_length)
    return Content.assemble(left, title, " " * gap, right)


def who_line(item: Item, width: int) -> Content:
    """`coder 1.4 (model) as svc-git for repo/sync · kind · queue · $0.03 · 14 s · conf. 0.62`."""
    artifact, state = item.artifact, item.entry.state
    agent, identity = artifact.agent, artifact.identity
    dim = QUIET
    parts = [show_line(agent.name, 40, "bold $text-accent")]
    if agent.version:
        parts.append(show_line(f" {agent.version}", 24))
    for word, name in (("as", identity.act_as), ("for", identity.on_behalf_of)):
        if name:
            parts += [Content.styled(f" {word} ", dim), show_line(name, 40, "bold")]
    facts = [*facts_of(artifact), state.kind, state.queue]
    for fact in facts:
        parts += [Content.styled(" · ", dim), show_line(fact, 60, dim)]
    return _fitted(Content.assemble(*parts), width)


def facts_of(artifact: Artifact) -> list[str]:
    """Confidence and cost, each in a few words."""
    found = []
    if artifact.confidence is not None:
        found.append(f"confidence {artifact.confidence:.2f}")
    return found + cost_words(artifact.cost)


def cost_words(cost: Cost) -> list[str]:
    """What the run cost: money, time, steps."""
    found = []
    if cost.usd is not None:
        found.append(f"${cost.usd:.2f}" if cost.usd >= 0.005 else f"${cost.usd:.4f}")
    if cost.seconds is not None:
        found.append(
            f"{cost.seconds:.0f} s" if cost.seconds < 120 else f"{cost.seconds / 60:.0f} min"
        )
    if cost.steps is not None:
        found.append(f"{cost.steps} steps")
    return found


def due(due_at: int, now: int) -> Content:
    """`due 0:48`, or since when it is over."""
    left = due_at - now
    if left < 0:
        return Content.styled(f"overdue {short_duration(-left)}", "bold $text-error")
    style = "bold $text-warning" if left < 15 * MINUTE else QUIET
    return Content.styled(f"due {short_duration(left)}", style)


def _fitted(line: Content, width: int) -> Content:
    return line.truncate(width, ellipsis=True) if line.cell_length > width else line
