"""README and guide say what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reviewer.domain.query import FIELDS, parse

from .support.pages import GUIDE, PAGES, README, renewed
from .support.shared import ROOT


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_tables_are_those_of_the_program(page: Path) -> None:
    assert page.read_text() == renewed(page, PAGES[page]()), "run python -m tests.support.pages"


@pytest.mark.parametrize("page", sorted(GUIDE.glob("*.md")), ids=lambda page: page.name)
def test_no_page_says_a_thing_twice(page: Path) -> None:
    heads = re.findall(r"^#+ .+", page.read_text(), re.MULTILINE)
    assert {head for head in heads if heads.count(head) > 1} == set()


def test_every_filter_in_the_guide_is_read() -> None:
    text = (ROOT / "reviewer" / "guide" / "05-filters.md").read_text()
    shown = re.findall(r"`([^`\n]+:[^`\n]+)`", text)
    assert len(shown) > 20
    for example in shown:
        assert parse(example).terms or "sort" in example
    assert {field for field in FIELDS if f"{field}:" not in text} == set()


def test_pictures_that_the_readme_shows_exist() -> None:
    for picture in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README.read_text()):
        assert (ROOT / picture).is_file(), picture
