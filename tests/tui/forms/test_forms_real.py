"""The forms on writes as agents send them: hostile ones, those of the demo and of an airline."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from rich.cells import cell_len

from reviewer.demo.catalogue import first, rest
from reviewer.domain.artifact import parse
from reviewer.domain.writes import Write
from reviewer.tui.forms import form_of, spell_out, take_back
from reviewer.tui.widgets.forms import widget_for
from reviewer.untrusted.characters import NEVER

from ...support.airline import artifacts
from ...support.hostile import TYPES, hostile_artifact
from .form_desk import form_desk

FORMS = [number for number in range(48) if TYPES[number % 8] not in ("file", "document")]


def same_text(write: Write) -> None:
    """Loading a text and asking for it gives it back, before and after it is mounted."""
    maker = widget_for(write)
    assert maker is not None
    form = maker()
    text = spell_out(form_of(write).text(write)).text
    form.load(text)
    assert form.text == text
    assert form.wrong == ""


@pytest.mark.parametrize("number", range(64))
def test_hostile_writes_come_back_as_they_were(number: int) -> None:
    for write in parse(hostile_artifact(number)).writes:
        if widget_for(write) is None:
            assert write.type in ("file", "document")
        else:
            same_text(write)


@pytest.mark.parametrize("number", FORMS[:12])
async def test_nothing_hostile_reaches_the_screen(number: int) -> None:
    (write,) = parse(hostile_artifact(number)).writes
    async with form_desk(write, size=(60, 24)) as desk:
        for key in ("j", "G", "g", "$", "j", "enter", "end", "tab", "down"):
            await desk.press(key)
            for line in desk.shown():
                assert not NEVER.search(line), ascii(line)
                assert cell_len(line) == 60
        assert form_of(write).read(write, take_back(desk.form.text)).type == write.type


async def test_a_hostile_text_is_edited_and_all_of_it_but_the_edit_stays() -> None:
    for number in FORMS[:24]:
        (write,) = parse(hostile_artifact(number)).writes
        if write.type not in ("record", "tool_call"):
            continue
        async with form_desk(write, size=(60, 24)) as desk:
            old = json.loads(take_back(desk.form.text))
            await desk.press("enter", "end", "z", "tab")
            new = json.loads(take_back(desk.form.text))
            changed = [key for key in old if old[key] != new.get(key)]
            assert list(new) == list(old)
            assert len(changed) <= 1
            for key in changed:
                if isinstance(old[key], str):
                    assert new[key] == old[key] + "z" or new[key] == "z" + old[key]


def test_the_writes_of_the_demo_come_back_as_they_were() -> None:
    documents = [*first(7, 1_780_000_000_000_000), *rest(7, 1_780_000_000_000_000)]
    shown = Counter[str]()
    for document in documents:
        for write in parse(document).writes:
            if widget_for(write) is not None:
                same_text(write)
                shown[write.type] += 1
    assert set(shown) == {"record", "rows", "sql", "request", "message", "tool_call"}


def test_the_writes_of_an_airline_come_back_as_they_were() -> None:
    shown = 0
    for document in artifacts():
        for write in parse(document).writes:
            if widget_for(write) is not None:
                same_text(write)
                shown += 1
    assert shown > 50


async def test_one_field_of_an_airlines_booking_is_changed() -> None:
    """The first thing that can be typed into is changed; the write differs there alone."""
    for document in artifacts(4):
        write = next(write for write in parse(document).writes if widget_for(write) is not None)
        async with form_desk(write, size=(70, 24)) as desk:
            before = form_of(write).text(write)
            await desk.press("enter", *"Zz9", "enter")
            lines, old = take_back(desk.form.text).split("\n"), before.split("\n")
            assert len(lines) == len(old)
            assert sum(new != was for new, was in zip(lines, old, strict=True)) <= 1
            await desk.press("g", "u")
            assert take_back(desk.form.text) == before
