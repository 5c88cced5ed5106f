"""Deciding on a group: looks at a few random members, then the list, then one operation."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from ...domain.decision import Kind, Seen
from ..bulk import decide_many
from ..deciding import tell
from ..policy_words import looks_needed
from .group_look import LookScreen

if TYPE_CHECKING:
    from ...domain.views import Entry
    from .group import GroupScreen


async def decide_group(
    screen: GroupScreen, kind_name: str, entries: list[Entry], rng: Random
) -> set[str]:
    """Decides as one operation; answers with the ids that were sent, none where it was left.

    What ends an artifact asks for looks first, as many as the setting says, or for an approve the
    policy where it says more, as far as there are members.
    Who turns out to have changed while it is looked at is left out, and it is said.
    """
    kind, session = Kind(kind_name), screen.session
    wanted = session.config.bulk_looks
    if kind is Kind.APPROVE:
        wanted = max(wanted, *(looks_needed(entry.state.needs) for entry in entries))
    looks = min(wanted, len(entries)) if kind.terminal else 0
    seen = Seen(bulk=True)
    if looks:
        order = rng.sample(entries, len(entries))
        look = LookScreen(order, looks, kind.value, len(entries))
        await screen.app.push_screen_wait(look)
        if look.dropped:
            number = len(look.dropped)
            words = "1 member drops" if number == 1 else f"{number:,} members drop"
            tell(screen, f"{words} out: {next(iter(look.dropped.values()))}.")
            screen.note_dropped(set(look.dropped))
            entries = [entry for entry in entries if entry.state.id not in look.dropped]
        if not look.finished or not entries:
            return set()
        seen = Seen(
            dwell_ms=look.dwell_ms, lines=look.lines, flags=look.flags_seen, bulk=True,
            sampled=len(look.looked),
        )  # fmt: skip
    clean = screen.members.clean if screen.members is not None else frozenset()
    done = await decide_many(screen, session, kind, entries, seen=seen, clean=clean)
    return {entry.state.id for entry in entries} if done else set()
