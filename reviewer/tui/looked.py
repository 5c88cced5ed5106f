"""Which artifacts were looked at on their own in this sitting, by digest: 250 ms on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from .opened import Opened
    from .reading import Reading
    from .session import Session

_LOOKED: WeakKeyDictionary[Session, set[str]] = WeakKeyDictionary()


def looked(session: Session) -> set[str]:
    """The digests of what was looked at."""
    return _LOOKED.setdefault(session, set())


def note(session: Session, opened: Opened, reading: Reading) -> bool:
    """Takes note of an artifact that is on screen now, if that was a look at all of its writes."""
    long_enough = session.shown_long_enough(opened.id, opened.digest)
    if long_enough and all(reading.opened(digest) for digest in opened.digests):
        looked(session).add(opened.digest)
    return opened.digest in looked(session)
