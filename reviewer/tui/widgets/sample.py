"""What a theme looks like: every colour that carries a meaning, with the meaning beside it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

LINES: tuple[tuple[tuple[str, str], ...], ...] = (
    (("  risk      due   title                        why", "$quiet"),),
    (("▌ ", "$primary"), ("■ crit", "bold $text-error"), ("  -0:04", "bold $text-error"),
     ("   Refund order 8841            ", ""), ("⚑ conf", "$quiet")),
    (("● ", "bold $text-accent"), ("▲ high", "$text-warning"), ("   0:12", "$text-warning"),
     ("   Merge duplicate contact      ", ""), ("drift", "$quiet")),
    (("  ", ""), ("◆ med ", "$text-primary"), ("   1:40", ""),
     ("   Fix retry loop in sync       ", ""), ("new", "$quiet")),
    (("  ", ""), ("· low ", "$quiet"), ("     1d", ""),
     ("   Reply to ticket 5521         ", ""), ("policy", "$quiet")),
    (("", ""),),
    (("● live", "$text-success"), ("   ◐ slow", "$text-warning"), ("   ○ offline", "$text-error"),
     ("   42 pending", "bold"), ("   not possible", "$faint")),
    (("", ""),),
    (("  41   def retry(call, attempts=3):", ""),),
)  # fmt: skip
"""Runs of text and style."""


class Sample(Vertical):
    """A piece of a list and of a diff in the colours of the theme."""

    DEFAULT_CSS = """
    Sample { height: 1fr; padding: 1 2; background: $background; overflow: hidden; }
    Sample Static { height: 1; width: 1fr; }
    Sample .removed { background: $error 15%; }
    Sample .added { background: $success 15%; }
    Sample .sample--told { height: auto; margin-top: 1; color: $quiet; }
    """

    def compose(self) -> ComposeResult:
        for line in LINES:
            yield Static(Content.assemble(*line), markup=False)
        yield Static(Content("  43 -         sleep(i)"), classes="removed", markup=False)
        yield Static(Content("  43 +         sleep(backoff(i))"), classes="added", markup=False)
        yield Static("", classes="sample--told", markup=False)

    def tell(self, words: str) -> None:
        """What is to be said of the theme."""
        self.query_one(".sample--told", Static).update(Content(words))
