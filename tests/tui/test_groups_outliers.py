"""Groups while others work: outliers, changes meanwhile, members on their own, hostile texts."""

from __future__ import annotations

from pathlib import Path

from reviewer.domain.decision import Decision, Kind, Refusal
from reviewer.tui.screens.group import GroupScreen
from reviewer.tui.screens.group_member import MemberScreen
from reviewer.tui.screens.groups import GroupsScreen
from tests.support.hostile import hostile_artifact
from tests.support.refunds import refunds

from .review_desk import BOB, footer
from .test_groups import ALIKE, NUMBER, Groups, Patch, groups, text


async def outlier(here: Groups, group: GroupScreen) -> str:
    """Puts the cursor on the first outlier."""
    await here.press("g")
    id = group.list.current
    assert group.members is not None
    assert id in group.members.outliers
    return id


async def test_an_outlier_is_left_out_until_it_was_looked_at_and_taken_in(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with groups(tmp_path, monkeypatch, bulk_looks=0) as here:
        group = await here.open_group()
        id = await outlier(here, group)
        await here.press("space")
        assert "look at it first" in footer(group)
        assert id not in {entry.state.id for entry in group.aim}
        await here.press("enter")
        await here.shown(id)
        await here.pilot.press("escape")  # the clock stands still: a glimpse is no look
        await here.drawn()
        await outlier(here, group)
        await here.press("space")
        assert "look at it first" in footer(group)
        await outlier(here, group)
        await here.press("enter")
        await here.shown(id)
        await here.press("escape")
        await here.drawn()
        # it was looked at, which alone decides nothing
        assert id not in {entry.state.id for entry in group.aim}
        await outlier(here, group)
        await here.press("space")
        assert id in {entry.state.id for entry in group.aim}
        assert "1 taken in" in text(group.list)
        await outlier(here, group)
        await here.press("space")
        assert id not in {entry.state.id for entry in group.aim}
        await outlier(here, group)
        await here.press("space", "a")
        dialog = await here.looks(0)
        assert dialog.number == ALIKE + 1


async def test_marks_are_decided_instead_and_never_hold_an_outlier_unseen(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with groups(tmp_path, monkeypatch, bulk_looks=0) as here:
        group = await here.open_group()
        assert group.members is not None
        await here.press("g", "v", "G", "v")
        assert len(group.list.marks) == ALIKE
        assert "3 stand out and are not marked" in footer(group)
        await here.press("ctrl+@")
        assert not group.list.marks
        await here.press("*")
        assert {entry.state.id for entry in group.list.marks} == set(group.members.alike)
        await here.press("escape")
        await here.press("G", "space", "k", "k", "space")
        assert "2 marked" in text(group.line)
        marked = {entry.state.id for entry in group.list.marks}
        await here.press("a")
        dialog = await here.looks(0)
        assert {entry.state.id for entry in dialog.entries} == marked


async def test_an_outlier_of_several_writes_is_looked_at_when_all_of_them_were(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    note = {"type": "document", "resource": "note", "after": "refunded\n"}
    made = [each | {"writes": [*each["writes"], note]} for each in refunds(NUMBER)]
    async with groups(tmp_path, monkeypatch, made, bulk_looks=0) as here:
        group = await here.open_group()
        id = await outlier(here, group)
        for keys in ((), ("]",)):
            await here.press("space")
            assert "look at all of its 2 writes first" in footer(group)
            await outlier(here, group)
            await here.press("enter")
            await here.shown(id)
            await here.press(*keys, "escape")
            await here.drawn()
            await outlier(here, group)
        await here.press("space")
        assert id in {entry.state.id for entry in group.aim}


async def test_flagged_text_is_lifted_out(tmp_path: Path, monkeypatch: Patch) -> None:
    hidden = refunds(1, seed=3)[0]
    hidden["writes"][0]["after"]["reason"] = "dam\u202eaged"
    hidden["key"] = "hidden"
    async with groups(tmp_path, monkeypatch, [*refunds(NUMBER), hidden]) as here:
        group = await here.open_group()
        assert group.members is not None
        assert here.ids[-1] in group.members.outliers
        assert here.ids[-1] not in {entry.state.id for entry in group.aim}


# ------------------------------------------------------------------------- what happens meanwhile


async def reject(here: Groups, id: str, operation: str) -> None:
    """Bob rejects one."""
    item = await here.queue.get(id)
    assert item is not None
    state = item.entry.state
    decision = Decision(
        Kind.REJECT, id, state.revision, state.digest, operation, reasons=("unsafe",)
    )
    assert not isinstance(await here.queue.decide(decision, BOB), Refusal)


async def test_who_is_decided_or_claimed_meanwhile_drops_out_and_it_is_said(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with groups(tmp_path, monkeypatch, bulk_looks=0) as here:
        group = await here.open_group()
        await here.press("*")
        await reject(here, here.ids[0], "b1")
        await here.until(lambda: "decided meanwhile" in here.toasts(), "the note")
        await here.queue.claim(here.ids[1], BOB)
        await here.until(lambda: "claimed by bob" in here.toasts(), "the note")
        assert group.members is not None
        assert set(group.members.gone) == {here.ids[0], here.ids[1]}
        assert len(group.list.marks) == ALIKE - 2
        await here.drawn()
        await here.press("a")
        dialog = await here.looks(0)
        assert dialog.number == ALIKE - 2
        assert not {entry.state.id for entry in dialog.entries} & {here.ids[0], here.ids[1]}


async def test_a_change_under_the_reviewer_has_to_be_seen_first(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with groups(tmp_path, monkeypatch, bulk_looks=0) as here:
        group = await here.open_group()
        before = group.token
        await reject(here, here.ids[0], "b1")
        await here.until(lambda: here.session._shown not in (None, before), "drawn anew")
        await here.pilot.press("a")  # the clock stands still
        await here.pilot.pause()
        assert here.app.screen is group
        assert "long enough" in footer(group)


async def test_who_changes_while_looks_are_taken_is_replaced_and_left_out(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with groups(tmp_path, monkeypatch) as here:
        await here.open_group()
        await here.press("a")
        look = await here.look_shown(0)
        first, following = look.artifact_id, look._waiting[0].state.id
        await reject(here, first, "b1")
        await here.until(lambda: look.opened is not None and look.opened.changed, "the change")
        await reject(here, following, "b2")
        await here.press("space")  # neither counts, and others come in their place
        dialog = await here.looks()
        assert set(look.dropped) == {first, following}
        assert not {first, following} & set(look.looked)
        assert dialog.number == ALIKE - 2
        assert "2 members drop out: rejected by bob" in here.toasts()


async def test_new_members_are_told_and_not_decided(tmp_path: Path, monkeypatch: Patch) -> None:
    async with groups(tmp_path, monkeypatch, bulk_looks=0) as here:
        group = await here.open_group()
        more = await here.hand_in([d | {"key": f"more-{d['key']}"} for d in refunds(5)[:2]])
        await here.until(lambda: "2 new" in text(group.line), "the number")
        assert not set(more) & {entry.state.id for entry in group.aim}
        await here.press("ctrl+r")
        await here.until(lambda: f"decides {ALIKE + 2}" in text(group.line), "all of them")


async def test_a_group_in_which_nobody_is_left_is_closed(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with groups(tmp_path, monkeypatch, refunds(NUMBER)[:5], bulk_looks=0) as here:
        await here.open_group()
        await here.press("a")
        await here.looks(0)
        await here.press("2", "y")
        await here.until(lambda: isinstance(here.app.screen, GroupsScreen), "the groups")
        assert set((await here.statuses()).values()) == {"approved"}


async def test_a_member_is_reviewed_alone_and_the_next_is_beside_it(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with groups(tmp_path, monkeypatch) as here:
        group = await here.open_group()
        first = await outlier(here, group)
        await here.press("enter")
        await here.shown(first)
        await here.press("r", "1", "y")
        await here.until_status(first, "rejected")
        await here.until(
            lambda: here.review.opened is not None and here.review.opened.id != first, "the next"
        )
        assert group.members is not None
        assert isinstance(here.app.screen, MemberScreen)
        assert here.review.artifact_id in group.members.outliers
        assert "drops out" not in here.toasts()


async def test_hostile_members_of_every_type_stay_text(tmp_path: Path, monkeypatch: Patch) -> None:
    """`desk` asserts at its end that the guard had nothing to do."""
    made = [
        hostile_artifact(number) | {"key": f"{number}-{copy}"}
        for number in range(8)
        for copy in range(2)
    ]
    async with groups(tmp_path, monkeypatch, made, bulk_looks=1) as here:
        screen = await here.groups()
        await here.until(lambda: len(screen._sentences) == len(screen.list.groups) > 0, "sentences")
        for number in range(len(screen.list.groups)):
            screen.list.go(number)
            await here.press("enter")
            await here.drawn()
            await here.press("p", "G", "l", "escape")
            await here.until(lambda: isinstance(here.app.screen, GroupsScreen), "the groups")
