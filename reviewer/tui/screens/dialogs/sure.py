"""A plain question before something that the palette would do at once."""

from __future__ import annotations

from textual.content import Content

from .base import Dialog


class Sure(Dialog[bool]):
    """Asks whether to do what the sentence says, with what it names."""

    heading = "From the palette"

    def __init__(self, sentence: str, verb: str = "do it", what: Content | None = None) -> None:
        lines = [Content(sentence)] if what is None else [Content(sentence), what]
        super().__init__(Content("\n").join(lines))
        self.verb = verb

    def collect(self) -> bool:
        """Yes."""
        return True
