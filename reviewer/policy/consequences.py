"""What a rule does, in words."""

from __future__ import annotations

from collections.abc import Iterator

from .comparing import duration
from .rule import Then


def consequences(then: Then) -> list[str]:
    """One phrase for everything that follows, the gravest first; empty where nothing does."""
    return list(_phrases(then))


def _phrases(then: Then) -> Iterator[str]:
    if then.deny is not None:
        yield f"it is denied ({then.deny})"
    if then.person:
        yield "a person sees it"
    if then.queue is not None:
        yield f"it goes to the queue {then.queue}"
    if then.risk is not None:
        yield f"its risk is {then.risk} at least"
    if then.quorum is not None:
        yield f"{then.quorum} must approve"
    if then.roles:
        yield f"a {' or '.join(then.roles)} decides"
    if then.four_eyes:
        yield "four eyes are needed"
    if then.looks is not None:
        yield f"{then.looks} of a group must be looked at"
    if then.due is not None:
        yield f"it is due within {duration(then.due)}"
    if then.lift_out:
        yield "it is lifted out of groups"
    if then.reason is not None:
        detail = f" ({then.reason.detail})" if then.reason.detail else ""
        yield f"it has the reason {then.reason.code}{detail}"
