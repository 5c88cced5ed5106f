"""Shell completion of values.  A completion that cannot be made is empty, never an error."""

from __future__ import annotations

from collections.abc import Iterable

_SHELL = frozenset(" :'\"`$\\;&|<>()*?[]{}!#~")


def reasons(incomplete: str) -> Iterable[tuple[str, str]]:
    """Reason codes with what they mean, those of the policy in force before the built-in ones."""
    from ..policy.reasons import codes
    from .decisions import reasons_in_force
    from .session import Session

    try:
        known = Session().run(reasons_in_force)
    except Exception:
        known = codes(None)
    return [(code, _said(text)) for code, text in known.items() if code.startswith(incomplete)]


def outcomes(incomplete: str) -> Iterable[str]:
    """Outcomes of writes."""
    from ..domain.outcome import Outcome

    return [name for name in Outcome if name.startswith(incomplete)]


def formats(incomplete: str) -> Iterable[str]:
    """Export formats."""
    from ..labels.exports import FORMATS

    return [name for name in FORMATS if name.startswith(incomplete)]


def settings(incomplete: str) -> Iterable[tuple[str, str]]:
    """Settings with what they mean."""
    from ..config import FIELDS, meaning

    return [(name, meaning(name)) for name in FIELDS if name.startswith(incomplete)]


def pages(incomplete: str) -> Iterable[str]:
    """Pages of the guide."""
    from .desk import guide_pages

    return [name for name in guide_pages() if name.startswith(incomplete)]


def pending(incomplete: str) -> Iterable[tuple[str, str]]:
    """Ids that wait, with their titles."""
    return _ids("is:pending", incomplete)


def anything(incomplete: str) -> Iterable[tuple[str, str]]:
    """Ids of all artifacts, newest first, with their titles."""
    return _ids("is:pending,decided sort:newest", incomplete)


def modes(incomplete: str) -> Iterable[str]:
    """Modes, from the most careful to the least."""
    from ..policy.agents import MODES

    return [name for name in MODES if name.startswith(incomplete)]


def agents(incomplete: str) -> Iterable[str]:
    """Names of agents that have work here now or lately, or that the policy names."""
    from .session import Session
    from .stopping import in_force

    session = Session()
    try:
        found = session.run(lambda queue: in_force(queue, session))
    except Exception:
        return []
    # what a shell would read in its own way is no name to complete
    return sorted(
        name
        for name in {one.agent for one in found}
        if name.startswith(incomplete) and not _SHELL.intersection(name) and name.isprintable()
    )


def _ids(base: str, incomplete: str) -> Iterable[tuple[str, str]]:
    from dataclasses import replace

    from ..domain.query import Op, Term, parse
    from .session import Session

    session = Session()
    query = parse(base)
    if incomplete:
        query = replace(query, terms=(*query.terms, Term("id", Op.PREFIX, (incomplete,))))
    try:
        page = session.run(lambda queue: queue.page(query, session.person(), limit=40))
    except Exception:
        return []
    return [(entry.state.id, _said(entry.title)) for entry in page.entries]


def _said(text: str) -> str:
    """What is told of a value, in one clean line."""
    from ..untrusted import one_line

    # a shell's completion code reads colons and quotes in its own way
    return one_line(text, 60).translate({ord(c): None for c in ":'\"`$\\"})
