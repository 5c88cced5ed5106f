"""The edit screen: hunks of a text are taken, left and split."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reviewer.tui.deciding import drafts
from reviewer.tui.screens.dialogs.edited import EditedDialog
from reviewer.tui.screens.edit_hunks import HunksScreen
from reviewer.tui.screens.review import ReviewScreen

from .review_desk import CODE, Desk, desk
from .test_edit_screen import CHANGED, Patch, edit_screen, line_at, to_write


def file_writes(before: str | None = CODE, after: str | None = CHANGED) -> list[dict[str, Any]]:
    action = "create" if before is None else "delete" if after is None else "modify"
    sides = {"before": before, "after": after}
    found = {side: {"text": text} for side, text in sides.items() if text is not None}
    other = {"type": "document", "resource": "d", "before": "", "after": "other\n"}
    return [{"type": "file", "resource": "a/b.py", "action": action, **found}, other]


async def hunks_screen(here: Desk) -> HunksScreen:
    await here.press("f7")
    screen: HunksScreen = await here.dialog(HunksScreen)
    await here.until(lambda: screen.ready, "the hunks")
    return screen


async def test_hunks_are_taken_and_left_and_the_rest_is_approved(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit(writes=file_writes())
        await here.open(id)
        edit = await edit_screen(here)
        screen = await hunks_screen(here)
        await here.press("n")
        await here.until(lambda: edit.editing.left_out.get(0) == frozenset({0}), "left out")
        await here.until(lambda: screen.lines.hunk == 1, "the next hunk")
        await here.press("y", "escape")
        await here.until(lambda: here.app.screen is edit, "back")
        assert edit.form.text == CODE.replace("call(30)", "call(thirty)")
        await here.press("ctrl+s")
        await here.dialog(EditedDialog)
        await here.press("y")
        await here.until_status(id, "approved")


async def test_what_hunks_were_left_out_survives_in_the_draft(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit(writes=file_writes())
        await here.open(id)
        await edit_screen(here)
        await hunks_screen(here)
        await here.press("n")
        await here.until(lambda: (drafts().load(id) or _none()).left_out == {0: (0,)}, "kept")
        await here.press("escape", "escape")
        await here.until(lambda: isinstance(here.app.screen, ReviewScreen), "left")
        edit = await edit_screen(here)
        assert edit.form.text == CODE.replace("call(30)", "call(thirty)")
        screen = await hunks_screen(here)
        await here.press("space")
        await here.until(lambda: edit.editing.left_out == {}, "taken again")
        await here.until(lambda: "2 of 2 taken" in _top(screen), "said")


def _none() -> Any:
    from reviewer.tui.drafts import Draft

    return Draft("", "")


def _top(screen: Any) -> str:
    return str(screen.query_one("#top").content)


async def test_leaving_all_hunks_drops_the_write_and_says_so(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    for before, after in ((CODE, CHANGED), (None, "new\nfile\n"), ("old\nfile\n", None)):
        folder = tmp_path / str(len(after or ""))
        folder.mkdir()
        async with desk(folder, monkeypatch) as here:
            await here.open(await here.submit(writes=file_writes(before, after)))
            edit = await edit_screen(here)
            screen = await hunks_screen(here)
            await here.press("d")
            await here.until(lambda edit=edit: edit.editing.dropped == {0}, "dropped")  # type: ignore[misc]
            await here.until(lambda screen=screen: "the write is dropped" in _top(screen), "said")  # type: ignore[misc]
            await here.press("a")
            await here.until(lambda edit=edit: not edit.editing.touched, "taken back")  # type: ignore[misc]


async def test_a_hunk_is_split_and_edited_from_there(tmp_path: Path, monkeypatch: Patch) -> None:
    after = CODE.replace("call(7)", "call(seven)").replace("call(8)", "call(eight)")
    async with desk(tmp_path, monkeypatch) as here:
        await here.open(await here.submit(writes=file_writes(CODE, after)))
        edit = await edit_screen(here)
        screen = await hunks_screen(here)
        assert len(screen._hunks) == 1
        await here.press("s")
        assert len(screen._hunks) == 2
        await here.press("j", "n")
        await here.until(lambda: edit.editing.left_out.get(0) == frozenset({1}), "left out")
        assert "call(8)" in edit.editing.text(0)
        await here.press("g", "e")
        await here.until(lambda: here.app.screen is edit, "back")
        await here.until(lambda: line_at(edit) == "    return call(seven)", "the line")
        await here.until(lambda: edit.plain.editor.has_focus, "typing goes there")


async def test_hunks_are_for_files_and_documents_and_say_so(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        await here.open(await here.submit())
        edit = await edit_screen(here)
        await to_write(here, edit, 1)
        await here.press("f7")
        assert "files and documents" in here.toasts()
        assert here.app.screen is edit
