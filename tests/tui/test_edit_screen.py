"""The edit screen: what is typed is decided, kept, checked; nothing without its confirm."""

from __future__ import annotations

import stat
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import TextArea

from reviewer.domain.decision import Kind
from reviewer.domain.views import Claim
from reviewer.tui.deciding import drafts
from reviewer.tui.screens.dialogs.edited import EditedDialog, EditedWrites
from reviewer.tui.screens.edit import EditScreen
from reviewer.tui.screens.edit_hunks import HunksScreen
from reviewer.tui.screens.review import ReviewScreen
from reviewer.tui.widgets.text_form import TOO_LONG, TOO_WIDE, too_much

from .review_desk import BOB, CODE, Desk, desk, document

Patch = pytest.MonkeyPatch


async def edit_screen(here: Desk, key: str = "e", *, text: bool = False) -> EditScreen:
    """Opens the edit screen and waits for its first form, as text where that is wanted."""
    await here.press(key)
    edit: EditScreen = await here.dialog(EditScreen)
    await here.until(lambda: edit.ready, "the form")
    edit.plain.editor.move_cursor((0, 0))
    if text and not edit.as_text:
        await here.press("f3")
        await here.until(lambda: edit.as_text, "its text")
    return edit


async def to_write(here: Desk, edit: EditScreen, index: int, *, text: bool = False) -> None:
    """Goes to a write and waits for its form."""
    while edit.index != index:
        await here.press("f6")
    await here.until(lambda: edit.form.text == edit.editing.text(index), "the write")
    if text and not edit.as_text:
        await here.press("f3")
        await here.until(lambda: edit.as_text, "its text")


def wrong(edit: EditScreen) -> str:
    return str(edit.query_one("#wrong").content)  # type: ignore[attr-defined]


def line_at(edit: EditScreen) -> str:
    """The line under the cursor."""
    row, _ = edit.plain.editor.cursor_location
    return edit.plain.text.split("\n")[row]


async def test_an_edit_is_decided_as_it_was_typed(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        await here.open(id)
        edit = await edit_screen(here)
        await here.press(*"xy", "enter")
        await to_write(here, edit, 1)
        await here.press("f8", "ctrl+s")
        await here.dialog(EditedDialog)
        await here.press("ctrl+s", "enter", "e")
        assert isinstance(here.app.screen, EditedDialog)
        assert await here.status(id) == "pending"
        await here.press("y")
        await here.until_status(id, "approved")
        assert edit.editing.dropped == {1}
        facts = (await here.queue.history(id))[-1].facts
        assert facts["decision"] == "edit"
        assert facts["digest_decided"] != facts["digest_shown"]
        await here.until(lambda: drafts().load(id) is None, "the draft goes")


async def test_a_draft_survives_leaving(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        await here.open(id)
        await edit_screen(here, "E")
        await here.press(*"mine", "escape")
        await here.until(lambda: isinstance(here.app.screen, ReviewScreen), "left")
        kept = drafts().load(id)
        assert kept is not None
        assert kept.texts[0].startswith("mine")
        assert kept.bases[0] == CODE.replace("call(7)", "call(backoff(7))")
        edit = await edit_screen(here, "E")
        assert edit.form.text.startswith("mine")
        assert "draft is back" in here.toasts()
        assert await here.status(id) == "pending"


async def test_a_draft_is_kept_while_one_types_on_without_a_pause(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        await here.open(id)
        await edit_screen(here)
        for _ in range(200):
            await here.press("x")
            if drafts().load(id) is not None:
                break
        kept = drafts().load(id)
        assert kept is not None
        assert kept.texts[0].startswith("x")


async def test_what_is_wrong_is_said_while_typing_and_not_sent(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        await here.open(id)
        edit = await edit_screen(here)
        await to_write(here, edit, 1, text=True)
        await here.press(*"oops")
        await here.until(lambda: "not JSON" in wrong(edit), "the sentence")
        await here.press("ctrl+s")
        await here.until(lambda: "write 2" in wrong(edit), "which write")
        assert isinstance(here.app.screen, EditScreen)


async def test_a_text_that_no_form_can_show_stays_a_text_and_loses_nothing(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        await here.open(await here.submit(writes=[document()["writes"][1]]))
        edit = await edit_screen(here, text=True)
        await here.press(*"oops")
        text = edit.form.text
        assert text.startswith("oops")
        await here.press("f3", "f3", "f3")
        await here.until(lambda: edit.form.text == text, "the text")
        assert edit.as_text


async def test_a_schema_names_the_place_and_f5_goes_there(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer", "maximum": 9}}}
    call = {
        "type": "tool_call", "name": "f", "arguments": {"a": 1, "n": 5}, "arguments_schema": schema,
    }  # fmt: skip
    async with desk(tmp_path, monkeypatch) as here:
        await here.open(await here.submit(writes=[call]))
        edit = await edit_screen(here, text=True)
        edit.plain.editor.move_cursor((2, 7))
        await here.press("5")
        await here.until(lambda: "/n: 55" in wrong(edit), "the place")
        edit.plain.editor.move_cursor((0, 0))
        await here.press("f5")
        assert edit.plain.editor.cursor_location == (2, 0)


async def test_nothing_changed_is_no_edit(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        await here.open(await here.submit())
        edit = await edit_screen(here)
        await here.press("ctrl+s")
        await here.until(lambda: "approve it instead" in wrong(edit), "the sentence")


async def test_dropping_every_write_is_no_edit_and_says_what_to_do(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        await here.open(id)
        edit = await edit_screen(here)
        await here.press("f8", "f6", "f8")
        assert "rejects instead" in here.toasts()
        await here.press("ctrl+s")
        await here.until(lambda: "reject it instead" in wrong(edit), "the sentence")
        assert isinstance(here.app.screen, EditScreen)
        await here.press("f8")
        assert edit.editing.dropped == {0}
        assert await here.status(id) == "pending"


async def test_going_on_at_once_never_puts_one_text_into_another_write(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    import threading

    from reviewer.tui.editing import Editing

    go, real = threading.Event(), Editing.original
    large = {"type": "document", "resource": "big", "before": "", "after": "big\n" * 60_000}
    small = {"type": "document", "resource": "d", "before": "", "after": "one\n"}

    def slow(self: Editing, index: int) -> Any:
        if index == 1 and not self.ready(1):
            go.wait(20)
        return real(self, index)

    async with desk(tmp_path, monkeypatch) as here:
        await here.open(await here.submit(writes=[small, large]))
        edit = await edit_screen(here)
        monkeypatch.setattr(Editing, "original", slow)
        await here.press("x", "f6", "y")
        assert edit.index == 1
        edit.sync()
        go.set()
        await here.until(lambda: edit.form.text == "big\n" * 60_000, "the large one")
        assert set(edit.editing._texts) == {0}


async def test_a_look_at_one_write_tells_nothing_under_the_next(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    import threading

    from reviewer.tui.editing import Editing

    looking, look, come = threading.Event(), threading.Event(), threading.Event()
    read, original = Editing.read, Editing.original
    large = {"type": "document", "resource": "d", "before": "", "after": "big\n" * 60_000}

    def slow_read(self: Editing, index: int) -> Any:
        if index == 0 and self.changed(0):
            looking.set()
            look.wait(20)
        return read(self, index)

    def slow_original(self: Editing, index: int) -> Any:
        if index == 1 and not self.ready(1):
            come.wait(20)
        return original(self, index)

    async with desk(tmp_path, monkeypatch) as here:
        await here.open(await here.submit(writes=[document()["writes"][0], large]))
        edit = await edit_screen(here)
        monkeypatch.setattr(Editing, "read", slow_read)
        monkeypatch.setattr(Editing, "original", slow_original)
        await here.press("x")
        await here.until(looking.is_set, "the look at the first")
        await here.press("f6")
        assert edit.index == 1
        compared = edit._rounds
        look.set()
        looks = [worker for worker in edit.workers if worker.group == "look"]
        await here.until(lambda: all(worker.is_finished for worker in looks), "the end of it")
        assert edit._rounds == compared
        come.set()
        await here.until(lambda: edit.form.text == "big\n" * 60_000, "the large one")


async def test_hidden_characters_are_seen_and_kept(tmp_path: Path, monkeypatch: Patch) -> None:
    writes = [{"type": "document", "resource": "d", "before": "", "after": "pay\u202e twice"}]
    async with desk(tmp_path, monkeypatch) as here:
        await here.open(await here.submit(writes=writes))
        edit = await edit_screen(here, text=True)
        assert edit.form.text == "pay⟨U+202E⟩ twice"
        await here.press("x")
        await here.until(lambda: edit.editing.changed(0), "typed")
        assert edit.editing.read(0).after == "xpay\u202e twice"  # type: ignore[union-attr]


async def test_the_confirm_shows_every_change_and_its_words_are_kept(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        await here.open(id)
        edit = await edit_screen(here)
        await here.press(*"mine")
        await here.press("ctrl+s")
        dialog = await here.dialog(EditedDialog)
        await here.until(lambda: dialog.diff.rows is not None, "the diff")
        shown = "\n".join(row.text for row in _strips(dialog.diff))
        assert "minedef f0(call)" in shown
        assert "call(backoff(7))" not in shown, "what is as proposed is no change of mine"
        await here.press("tab")
        await here.until(lambda: isinstance(here.app.focused, TextArea), "in the text")
        await here.press(*"why", "escape")
        await here.until(lambda: here.app.screen is edit, "back")
        await here.press("escape")
        await here.until(lambda: isinstance(here.app.screen, ReviewScreen), "left")
        kept = drafts().load(id)
        assert kept is not None
        assert kept.comments == {"edit": "why"}
        await edit_screen(here)
        await here.press("ctrl+s")
        dialog = await here.dialog(EditedDialog)
        assert dialog.comment == "why"


def _strips(diff: Any) -> list[Any]:
    return [diff.draw_line(line, 0, 200) for line in range(diff.line_count)]


def test_the_confirm_names_every_write_that_is_not_as_proposed() -> None:
    from reviewer.domain.artifact import parse

    proposed = parse(document()).writes
    changed = proposed[1].model_copy(update={"after": {"status": "open"}})
    edited = EditedWrites.of(proposed, (None, changed))
    said = [line.plain for line in edited.lines]
    assert said[0].startswith("1  ")
    assert said[0].endswith("dropped")
    assert said[1].startswith("2  ")
    assert {section.name for section in edited.diff.sections} == {"write 2 · record"}
    assert "as proposed" not in "".join(said)
    assert EditedWrites.of(proposed, proposed).lines[0].plain == "2 writes go as proposed"


async def test_before_and_mine_and_proposed_and_mine_are_one_key_apart(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        await here.open(await here.submit())
        edit = await edit_screen(here)
        await here.press("x")
        await here.until(lambda: edit.diff.diff is not None, "compared")
        assert edit.diff.diff is not None
        assert edit.diff.diff.base == "proposed"
        await here.press("f2")
        await here.until(lambda: edit.diff.diff and edit.diff.diff.base == "before", "before")
        shown = "\n".join(row.text for row in _strips(edit.diff))
        assert "call(backoff(7))" in shown
        await here.press("f2")
        await here.until(lambda: edit.diff.diff and edit.diff.diff.base == "proposed", "again")


async def test_a_text_opens_at_the_first_change(tmp_path: Path, monkeypatch: Patch) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        await here.open(await here.submit())
        await here.press("e")
        edit: EditScreen = await here.dialog(EditScreen)
        await here.until(lambda: edit.ready, "the form")
        assert line_at(edit) == "    return call(backoff(7))"


async def test_shift_f6_goes_back(tmp_path: Path, monkeypatch: Patch) -> None:
    writes = [
        {"type": "document", "resource": f"d{n}", "before": "", "after": f"{n}\n"} for n in range(3)
    ]
    async with desk(tmp_path, monkeypatch) as here:
        await here.open(await here.submit(writes=writes))
        edit = await edit_screen(here)
        await here.press("f18")
        await here.until(lambda: edit.form.text == "2\n", "the last")
        await here.press("shift+f6")
        await here.until(lambda: edit.form.text == "1\n", "the one before")


# ------------------------------------------------------------------ the person's own editor


def own_editor(tmp_path: Path, script: str) -> str:
    """A program that edits the file that it is given."""
    path = tmp_path / "editor"
    path.write_text(f"#!{sys.executable}\nimport sys\npath = sys.argv[1]\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


TYPES: dict[str, dict[str, Any]] = {
    "file": {"resource": "a.py", "before": {"text": "x"}, "after": {"text": "old\n"}},
    "record": {"resource": "r", "before": {}, "after": {"a": "old"}},
    "rows": {"resource": "t", "key_columns": ["id"], "inserted": [{"id": 1, "a": "old"}]},
    "sql": {"statement": "update t set a = 'old'", "parameters": []},
    "request": {"method": "POST", "url": "https://x.example/", "body": {"a": "old"}},
    "message": {"channel": "mail", "to": ["a@x.example"], "subject": "s", "body": "old"},
    "tool_call": {"name": "f", "arguments": {"a": "old"}},
    "document": {"resource": "d", "before": "x", "after": "old\n"},
}


async def test_every_type_is_edited_outside_and_approved(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    script = (
        "text = open(path, newline='').read()\n"
        "open(path, 'w', newline='').write(text.replace('old', 'new'))"
    )
    monkeypatch.setenv("EDITOR", own_editor(tmp_path, script))
    monkeypatch.delenv("VISUAL", raising=False)
    async with desk(tmp_path, monkeypatch) as here:
        monkeypatch.setattr(here.app, "suspend", _in_place)
        writes = [{"type": type, **fields} for type, fields in TYPES.items()]
        id = await here.submit(writes=writes)
        await here.open(id)
        edit = await edit_screen(here)
        for number in range(len(writes)):
            await to_write(here, edit, number)
            await here.press("f4")
            await here.until(lambda: "new" in edit.form.text, str(number))
        await here.press("ctrl+s")
        await here.dialog(EditedDialog)
        await here.press("y")
        await here.until_status(id, "approved")
        for decided in edit.editing.writes():
            assert decided is not None
            assert "new" in decided.model_dump_json()
            assert '"old' not in decided.model_dump_json(exclude={"before"})


class _in_place:
    """Stands for the terminal that is given to the editor: a test has none to give."""

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


def test_what_is_too_much_for_the_screen_is_for_the_own_editor() -> None:
    assert too_much("x\n" * 100) == ""
    assert "256,002" in too_much("x\n" * ((TOO_LONG + 2) // 2))
    assert "too long" in too_much("x" * (TOO_WIDE + 1))


async def test_a_huge_text_is_kept_whole_and_only_the_own_editor_changes_it(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    monkeypatch.setenv("EDITOR", own_editor(tmp_path, "open(path, 'a').write('mine\\n')"))
    monkeypatch.delenv("VISUAL", raising=False)
    text = "".join(f"line {n}\n" for n in range(60_000))
    writes = [{"type": "document", "resource": "d", "before": "", "after": text}]
    async with desk(tmp_path, monkeypatch) as here:
        monkeypatch.setattr(here.app, "suspend", _in_place)
        id = await here.submit(writes=writes)
        await here.open(id)
        edit = await edit_screen(here)
        await here.press("x", "delete")
        assert edit.form.text == text
        assert edit.plain.editor.text == ""
        await here.press("f4")
        await here.until(lambda: edit.form.text == text + "mine\n", "the text")
        await here.press("escape")
        await here.until(lambda: isinstance(here.app.screen, ReviewScreen), "left")
        kept = drafts().load(id)
        assert kept is not None
        assert kept.texts[0] == text + "mine\n"


# ------------------------------------------------------------------ hunks

CHANGED = CODE.replace("call(7)", "call(seven)").replace("call(30)", "call(thirty)")


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


# ------------------------------------------------------------------ a proposal that changes

RECORD: dict[str, Any] = document()["writes"][1]


def revised(**changes: Any) -> list[dict[str, Any]]:
    return [{**RECORD, "after": {**RECORD["after"], **changes}}]


async def change_reason(here: Desk, edit: EditScreen, new: str) -> None:
    """Types another reason into the record's text."""
    if not edit.as_text:
        await here.press("f3")
        await here.until(lambda: edit.as_text, "its text")
    text = edit.plain.text.replace('"refunded"', f'"{new}"')
    edit.plain.editor.replace(text, (0, 0), edit.plain.editor.document.end)
    await here.until(lambda: edit.editing.changed(0), "typed")


async def test_an_edit_from_the_list_goes_on_with_the_revision_and_no_other(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        old = await here.submit(writes=revised())
        await here.submit(key="b1", title="Another")
        await here.open(old)
        await here.press("escape")
        edit = await edit_screen(here)
        assert edit.item.entry.state.id == old
        await change_reason(here, edit, "mine")
        new = await here.submit(key="a2", supersedes="a1", writes=revised(status="x"))
        await here.until(lambda: edit.newer == new, "heard of")
        await here.press("f9")
        await here.shown(new)


async def test_a_new_revision_under_an_edit_is_said_and_nothing_is_sent(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        old = await here.submit(writes=revised())
        await here.open(old)
        edit = await edit_screen(here)
        await change_reason(here, edit, "mine")
        new = await here.submit(key="a2", supersedes="a1", writes=revised(refund={"amount": 200}))
        await here.until(lambda: edit.newer == new, "heard of")
        assert "F9 carries your edit over" in edit.news.text
        await here.press("ctrl+s")
        await here.until(lambda: "new revision" in wrong(edit), "refused")
        assert here.app.screen is edit
        # the new one is seen first, under a claim of its own, then the edit goes on
        await here.press("f9")
        await here.shown(new)
        await here.until(lambda: here.session.held(new) is not None, "claimed")
        assert here.session.held(old) is None
        here.clock.seconds += 1
        edit = await edit_screen(here)
        assert edit.item.entry.state.id == new
        assert "without conflicts" in edit.news.text
        after = edit.editing.read(0).after  # type: ignore[union-attr]
        assert (after["status"], after["refund"]) == ("mine", {"amount": 200})  # type: ignore[index,call-overload]
        await here.press("f2", "f2")
        assert edit.mode == "earlier"
        await here.until(lambda: edit.diff.diff is not None and edit.diff.diff.changed, "shown")
        shown = "\n".join(row.text for row in _strips(edit.diff))
        assert "212" in shown
        assert "mine" not in shown
        await here.press("ctrl+s")
        await here.dialog(EditedDialog)
        await here.press("y")
        await here.until_status(new, "approved")
        assert await here.status(old) == "superseded"
        await here.until(lambda: not (drafts().load(new) or drafts().load(old)), "drafts go")


async def test_a_conflict_is_settled_by_a_key_and_refuses_until_then(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    from reviewer.tui.screens.edit_conflicts import ConflictsScreen

    async with desk(tmp_path, monkeypatch) as here:
        old = await here.submit(writes=revised())
        await here.open(old)
        edit = await edit_screen(here)
        await change_reason(here, edit, "mine")
        await here.press("escape")
        await here.until(lambda: isinstance(here.app.screen, ReviewScreen), "left")
        # the desk was not looking while the agent changed its mind, twice
        await here.press("escape")
        await here.submit(key="a2", supersedes="a1", writes=revised(status="closed"))
        new = await here.submit(key="a3", supersedes="a2", writes=revised(status="theirs"))
        await here.open(new)
        edit = await edit_screen(here)
        assert list(edit.editing.conflicted) == [0]
        await here.press("ctrl+s")
        await here.until(lambda: "1 place where your edit meets" in wrong(edit), "refused")
        assert here.app.screen is edit
        await here.press("f9")
        screen = await here.dialog(ConflictsScreen)
        await here.until(lambda: screen.lines.row_count > 0, "the places")
        (place,) = screen.conflicted.merge.places
        assert (place.where, place.base, place.mine, place.theirs) == (
            "/status", "refunded", "mine", "theirs",
        )  # fmt: skip
        await here.press("b")
        assert screen.conflicted.choices == {}, "both changed the same word"
        assert "The two changes are too close to stand together; choose one" in here.toasts()
        await here.press("t", "escape")
        await here.until(lambda: here.app.screen is edit, "back")
        await here.until(lambda: edit.editing.conflicted == {}, "settled")
        assert not edit.editing.touched, "what is theirs is as proposed"
        await here.press("ctrl+s")
        await here.until(lambda: "approve it instead" in wrong(edit), "nothing left of it")


async def test_choices_survive_leaving(tmp_path: Path, monkeypatch: Patch) -> None:
    from reviewer.tui.screens.edit_conflicts import ConflictsScreen

    async with desk(tmp_path, monkeypatch) as here:
        old = await here.submit(writes=revised(other="x"))
        await here.open(old)
        edit = await edit_screen(here)
        await change_reason(here, edit, "mine")
        text = edit.plain.text.replace('"x"', '"my x"')
        edit.plain.editor.replace(text, (0, 0), edit.plain.editor.document.end)
        await here.press("escape")
        await here.until(lambda: isinstance(here.app.screen, ReviewScreen), "left")
        await here.press("escape")
        new = await here.submit(
            key="a2", supersedes="a1", writes=revised(status="theirs", other="their x")
        )
        await here.open(new)
        edit = await edit_screen(here)
        await here.press("f9")
        screen = await here.dialog(ConflictsScreen)
        await here.until(lambda: screen.lines.row_count > 0, "the places")
        await here.press("m", "escape")
        await here.until(lambda: here.app.screen is edit, "back")
        await here.press("escape")
        await here.until(lambda: isinstance(here.app.screen, ReviewScreen), "left")
        edit = await edit_screen(here)
        assert edit.editing.conflicted[0].choices == {0: "mine"}
        assert edit.editing.conflicted[0].open == (1,)


async def test_what_others_decide_under_an_edit_is_said_and_the_draft_stays(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    from reviewer.domain.decision import Decision

    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        await here.open(id)
        edit = await edit_screen(here)
        await here.press(*"mine")
        item = await here.queue.get(id)
        assert item is not None
        lead = replace(BOB, roles=frozenset({"lead"}))
        claim = await here.queue.claim(id, lead, take_over=True)
        assert isinstance(claim, Claim)
        state = item.entry.state
        decision = Decision(
            Kind.REJECT, id, state.revision, state.digest, "op-bob",
            fence=claim.fence, reasons=("unsafe",),
        )  # fmt: skip
        await here.queue.decide(decision, lead)
        await here.until(lambda: "It is rejected by bob" in edit.over, "heard of")
        await here.press("ctrl+s")
        await here.until(lambda: "nothing is left to decide" in wrong(edit), "refused")
        assert drafts().load(id) is not None


async def test_a_lost_claim_leaves_the_draft_and_the_screen(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        await here.open(id)
        edit = await edit_screen(here)
        await here.press(*"mine")
        held = here.session.held(id)
        assert held is not None
        here.session._lose(held, "Your claim ended.")
        assert "Your claim ended." in edit.news.text
        await here.press("ctrl+s")
        await here.dialog(EditedDialog)
        assert (drafts().load(id) or _none()).texts[0].startswith("mine")


async def test_an_edit_that_the_queue_cannot_take_is_not_lost(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    from reviewer.domain.errors import QueueError

    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        await here.open(id)
        await edit_screen(here)
        await here.press(*"mine")
        queue = here.session.queue
        assert queue is not None

        async def gone(*_: Any) -> Any:
            raise QueueError("The line is cut.")

        monkeypatch.setattr(queue, "decide", gone)
        monkeypatch.setattr("reviewer.tui.connection.RETRY", (0.0,) * 5)
        await here.press("ctrl+s")
        await here.dialog(EditedDialog)
        await here.press("y")
        await here.until(lambda: "The line is cut" in here.toasts(), "said")
        assert (drafts().load(id) or _none()).texts[0].startswith("mine")
        assert await here.status(id) == "pending"
        edit = await edit_screen(here)
        assert edit.form.text.startswith("mine")


async def test_writing_a_draft_never_holds_up_the_screen(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    """A slow disk is waited for in a thread; the last draft is the one that stays."""
    import threading

    from reviewer.tui.drafts import Drafts

    go, real = threading.Event(), Drafts.save

    def slow(self: Drafts, draft: Any) -> None:
        go.wait(20)
        real(self, draft)

    async with desk(tmp_path, monkeypatch) as here:
        id = await here.submit()
        await here.open(id)
        edit = await edit_screen(here)
        monkeypatch.setattr(Drafts, "save", slow)
        await here.press(*"a")
        await here.until(lambda: edit.keeper._work is not None, "on its way to the disk")
        await here.press(*"bcd")
        assert edit.form.text.startswith("abcd")
        assert drafts().load(id) is None
        go.set()
        edit.keep()
        await edit.keeper.flush()
        assert (drafts().load(id) or _none()).texts[0].startswith("abcd")
