"""What focus says of a run: where it is, how fast, how long still, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from ...untrusted import show_line
from ..tally import WORDS, lasts
from ..widgets.bar import Part

if TYPE_CHECKING:
    from ..focus_run import FocusRun

ENOUGH = 3
"""From so many decisions on the time that is left is estimated."""


def progress(run: FocusRun, width: int) -> tuple[list[Part], list[Part]]:
    """The line on top: position left, pace right."""
    total = run.position - 1 + run.left
    of = f"{total:,}" if run.exact else f"{total:,}+"
    left = [
        Part(" Focus  ", "brand", keep=9),
        Part(f"{run.position:,} of {of}  ", "strong", keep=8),
    ]
    room = min(30, width // 5)
    if room >= 8 and total:
        full = round(room * min(1.0, (run.position - 1) / total))
        left += [Part("━" * full, "good", keep=2), Part("─" * (room - full), "off", keep=2)]
    if run.skipped:
        left.append(Part(f"  {len(run.skipped):,} skipped", "warn", keep=6))
    if run.text:
        left += [Part("  / ", "key", keep=4), Part(show_line(run.text, 40), "quiet", keep=4)]
    right = []
    if run.pace:
        right.append(Part(f"{pace(run.pace)}", "text", keep=5))
    if len(run.done) >= ENOUGH and run.exact and run.left:
        right.append(Part(f" · about {lasts(run.left * run.pace)} left", "quiet", keep=3))
    return left, [*right, Part(" ", keep=1)]


def pace(seconds: float) -> str:
    """How long one takes, and what that makes in a minute or an hour."""
    if seconds < 20:
        return f"{seconds:.0f} s each · {60 / max(seconds, 1):.0f} a minute"
    return f"{lasts(seconds)} each · {3600 / seconds:,.0f} an hour"


def summary(run: FocusRun) -> Content:
    """What came of a run, a line for each kind of decision."""
    counts = run.counts
    lines = [Content.styled("Nothing is left to decide in this list.", "bold"), Content("")]
    for kind, word in WORDS.items():
        if counts[kind]:
            lines.append(Content(f"{counts[kind]:>6,}  {word}"))
    if run.done:
        spent = sum(step.seconds for step in run.done.values())
        lines.append(
            Content.styled(f"{len(run.done):>6,}  in {lasts(spent)}, {pace(run.pace)}", "dim")
        )
    else:
        lines.append(Content("What agents hand in comes here by itself."))
    if run.skipped:
        lines += [Content(""), Content(f"{len(run.skipped):>6,}  skipped; s goes through them now")]
    return Content("\n").join(lines)
