"""`reviewer policy explain`: why an artifact went where it went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..domain.errors import InputError, NotFoundError
from ..domain.instant import iso, to_datetime
from .listing import IdArgument
from .output import say, say_json
from .session import Session

if TYPE_CHECKING:
    from ..policy.document import Policy
    from ..policy.explain import Explanation
    from ..queue import Queue


def explain(session: Session, artifact: IdArgument) -> None:
    """Say in sentences why an artifact went where it went, who decides, and until when."""
    from ..untrusted import one_line

    when = iso if session.as_json else _local

    async def work(queue: Queue) -> Explanation:
        from ..policy.explain import explain
        from .lookup import find

        item = await find(queue, artifact, session.person())
        admission = await queue.ruling(item.entry.state.id)
        if admission is None:
            raise NotFoundError(
                "No ruling is stored of it: it came in before there were policies.",
                "`reviewer show` has its reasons.",
            )
        digest = str(admission.ruling.get("policy", ""))
        return explain(admission, await _policy(queue, digest), when)

    found = session.run(work)
    if session.as_json:
        say_json(_document(found))
        return
    for number, section in enumerate(found.sections):
        if number:
            say()
        say(section.title, "bold")
        for sentence in section.sentences:
            say(f"  {one_line(sentence, 2000)}")


async def _policy(queue: Queue, digest: str) -> Policy | None:
    """The policy that ruled, where its text is kept and still readable."""
    from ..policy.reading import read
    from ..policy.starter import starter

    if digest == starter().digest:
        return starter().policy
    row = next((row for row in await queue.policies() if row.digest == digest), None)
    if row is None:
        return None
    try:
        return read(row.text)
    except InputError:
        return None


def _document(found: Explanation) -> dict[str, object]:
    return {
        "id": found.artifact_id,
        "course": str(found.course),
        "mode": str(found.mode),
        "policy": found.policy,
        "sections": [
            {"title": section.title, "sentences": list(section.sentences)}
            for section in found.sections
        ],
    }


def _local(instant: int) -> str:
    return to_datetime(instant).astimezone().strftime("%a %Y-%m-%d %H:%M %Z")
