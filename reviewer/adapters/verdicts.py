"""What an agent gets instead of an approval: exceptions with the reviewer's reasons and words."""

from __future__ import annotations

from ..domain.errors import ReviewerError
from ..domain.state import SHADOWED
from ..queue import Verdict


class NotApproved(ReviewerError):
    """A person decided otherwise, or nobody did; `verdict` has everything (None for a timeout)."""

    def __init__(self, artifact_id: str, verdict: Verdict | None, sentence: str) -> None:
        super().__init__(sentence)
        self.artifact_id = artifact_id
        self.verdict = verdict

    @property
    def reasons(self) -> tuple[str, ...]:
        """The reason codes."""
        return self.verdict.reasons if self.verdict else ()

    @property
    def comment(self) -> str:
        """What the reviewer said."""
        return self.verdict.comment if self.verdict else ""

    @property
    def by(self) -> str:
        """Who decided."""
        return self.verdict.by if self.verdict else ""


class Rejected(NotApproved):
    """A person rejected it; `reasons` says why, `comment` may say more."""


class Answered(NotApproved):
    """A person answered in words (`comment`) instead of deciding."""


class Expired(NotApproved):
    """It expired before anybody decided."""


class Withdrawn(NotApproved):
    """It was withdrawn."""


class Superseded(NotApproved):
    """A later revision stands in its place."""


class Shadowed(NotApproved):
    """The agent is in shadow mode: it is recorded and scored, and nothing of it is applied."""


class TimedOut(NotApproved, TimeoutError):
    """Nobody decided in time."""


class Refused(ReviewerError):
    """The queue refused what the agent asked for; `code` is the refusal's."""

    def __init__(self, sentence: str, code: str) -> None:
        super().__init__(sentence)
        self.code = code


class InvalidEdit(ReviewerError):
    """The approved or edited writes do not fit what the agent can carry out; nothing was done."""


class AlreadyReported(ReviewerError):
    """It was carried out before; nothing was done now.  `outcome` is what was reported."""

    def __init__(self, sentence: str, outcome: str) -> None:
        super().__init__(sentence)
        self.outcome = outcome


_BY_STATUS: dict[str, tuple[type[NotApproved], str]] = {
    "rejected": (Rejected, "rejected"),
    "answered": (Answered, "answered in words"),
    "expired": (Expired, "expired before anybody decided"),
    "withdrawn": (Withdrawn, "withdrawn"),
    "superseded": (Superseded, "superseded by a later revision"),
    SHADOWED: (Shadowed, "recorded only, in shadow mode; nothing of it is to be applied"),
}


def approved(artifact_id: str, verdict: Verdict | None) -> Verdict:
    """The verdict if it approves, as proposed or edited; raises what it is otherwise."""
    if verdict is None:
        raise TimedOut(artifact_id, None, f"Nobody decided on {artifact_id} in time.")
    if verdict.status == "approved":
        return verdict
    kind, what = _BY_STATUS.get(str(verdict.status), (NotApproved, str(verdict.status)))
    by = f" by {verdict.by}" if verdict.by and kind in (Rejected, Answered) else ""
    why = f" ({', '.join(verdict.reasons)})" if verdict.reasons else ""
    words = f": {verdict.comment}" if verdict.comment else "."
    raise kind(artifact_id, verdict, f"{artifact_id} was {what}{by}{why}{words}")
