"""What the screens that work on a list share: work that fails aloud, and the undo countdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..domain.errors import ReviewerError
from ..untrusted import one_line

if TYPE_CHECKING:
    from textual.screen import Screen

    from .inbox_reader import Work
    from .session import Session


async def carefully(screen: Screen[Any], work: Work) -> None:
    """Runs it; what goes wrong is said, and the desk goes on."""
    try:
        await work()
    except ReviewerError as error:
        screen.notify(one_line(str(error), 300), severity="error", markup=False)
    except Exception as error:  # a defect in a backend must not throw the person out
        screen.log.error(error)
        said = f"Something went wrong: {type(error).__name__}: {error}"
        screen.notify(one_line(said, 300), severity="error", markup=False)


def undo_words(session: Session) -> str:
    """The countdown of what can still be taken back, as footers tell it; empty for nothing."""
    undoable = session.undoable
    if undoable is None:
        return ""
    left = -(-(undoable.effective_at - session.now()) // 1_000_000)
    return f"{undoable.sentence} · u undo {left} s "
