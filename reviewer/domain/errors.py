"""Errors that people see: one clear sentence, and what to do next."""

from __future__ import annotations


class ReviewerError(Exception):
    """An error with a sentence for people and, where there is one, the next step.

    `sentence` says what is wrong; `hint` says what to do about it (may be empty).
    """

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint

    def __str__(self) -> str:
        ended = self.sentence.rstrip()
        if self.hint and not ended.endswith((".", "?", "!", "…")):
            ended += "."
        return f"{ended} {self.hint}".strip()


class InputError(ReviewerError):
    """Input that was refused; `place` is a JSON pointer (RFC 6901), empty for the whole."""

    def __init__(self, sentence: str, place: str = "", hint: str = "") -> None:
        super().__init__(f"{place}: {sentence}" if place else sentence, hint)
        self.place = place


class ConflictError(ReviewerError):
    """The same idempotency key was submitted before with another body (HTTP 409)."""


class NotFoundError(ReviewerError):
    """Nothing in the queue has that id."""


class QueueError(ReviewerError):
    """The queue cannot be opened or used: not ours, newer, read-only, full, locked, gone."""


class TamperedError(QueueError):
    """What is stored is not what was handed in or decided: it is neither shown nor delivered."""


class QueryError(ReviewerError):
    """A filter that cannot be read; `at` is the offset of the offending term in characters."""

    def __init__(self, sentence: str, at: int = 0, hint: str = "") -> None:
        super().__init__(sentence, hint)
        self.at = at
