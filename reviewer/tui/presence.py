"""Who is there and what they have seen: key presses, what is on screen since when, viewed marks."""

from __future__ import annotations

from collections.abc import Callable

SHOWN = 0.25
"""Seconds an artifact has to be on screen before a key may decide it (DESK.md)."""


class Presence:
    """One person in front of one screen; `monotonic` gives seconds."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._shown: tuple[str, str] | None = None
        self._shown_at = 0.0
        self._touched = self._began = monotonic()
        self._viewed: set[str] = set()

    def touch(self, age: float = 0.0) -> None:
        """Someone pressed a key or the mouse, `age` seconds ago (typed ahead of a busy screen)."""
        self._touched = max(self._touched, self._monotonic() - age)

    def idle(self) -> float:
        """Seconds since somebody pressed something."""
        return self._monotonic() - self._touched

    def lasted(self) -> float:
        """Seconds since the person sat down."""
        return self._monotonic() - self._began

    def note_shown(self, artifact_id: str, digest: str) -> None:
        """This artifact is drawn now (and no other); calling it again changes nothing."""
        if self._shown != (artifact_id, digest):
            self._shown, self._shown_at = (artifact_id, digest), self._monotonic()

    def note_hidden(self) -> None:
        """No artifact is on screen."""
        self._shown = None

    def shown_long_enough(self, artifact_id: str, digest: str) -> bool:
        """Whether it had been on screen for 250 ms when the last key was pressed."""
        if self._shown != (artifact_id, digest):
            return False
        return self._touched - self._shown_at >= SHOWN

    def dwell_ms(self, artifact_id: str, digest: str) -> int:
        """Milliseconds that it has been on screen, 0 where it is not."""
        if self._shown != (artifact_id, digest):
            return 0
        return int((self._monotonic() - self._shown_at) * 1000)

    def mark_viewed(self, digest: str, viewed: bool = True) -> None:
        """Content with this digest was seen by the person (or `viewed=False`: was not)."""
        (self._viewed.add if viewed else self._viewed.discard)(digest)

    def is_viewed(self, digest: str) -> bool:
        """Whether content with this digest was marked as seen."""
        return digest in self._viewed
