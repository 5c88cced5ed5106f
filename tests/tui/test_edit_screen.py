"""The edit screen: what is typed is decided, kept, checked; nothing without its confirm."""

from __future__ import annotations

import stat
import sys
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import TextArea

from reviewer.tui.deciding import drafts
from reviewer.tui.screens.dialogs.edited import EditedDialog, EditedWrites
from reviewer.tui.screens.edit import EditScreen
from reviewer.tui.screens.review import ReviewScreen
from reviewer.tui.widgets.text_form import TOO_LONG, TOO_WIDE, too_much

from .review_desk import CODE, Desk, desk, document

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


# ------------------------------------------------------------------ a proposal that changes

RECORD: dict[str, Any] = document()["writes"][1]
