"""Saved views: columns, sharing, merging; nothing of mine is overwritten unasked."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer import config
from reviewer.config import Config, View
from reviewer.domain import query
from reviewer.domain.errors import ReviewerError
from reviewer.saved_views import (
    COLUMNS,
    SORTS,
    WIDTHS,
    column,
    find_view,
    from_toml,
    merged,
    one_line_toml,
    read_columns,
    to_toml,
)
from reviewer.wrong import Wrong

COLUMN = st.builds(
    lambda name, width: f"{name}:{width}" if width else name,
    st.sampled_from(COLUMNS),
    st.one_of(st.just(0), st.integers(*WIDTHS)),
)
VIEWS = st.lists(
    st.builds(
        View,
        st.text("abc äß\"'\\#=[]", min_size=1, max_size=12).map(str.strip).filter(bool),
        st.sampled_from(["", "is:mine", 'kind:refund "free text"', "risk:>=high -queue:billing"]),
        st.sampled_from(["", *SORTS]),
        st.lists(COLUMN, max_size=4, unique_by=lambda text: text.partition(":")[0]).map(tuple),
    ),
    min_size=1,
    max_size=9,
    unique_by=lambda view: " ".join(view.name.split()),
)


def test_the_orders_are_those_of_the_filter_language() -> None:
    assert SORTS == query.SORTS


@given(VIEWS)
def test_what_is_exported_is_imported_as_it_was(views: list[View]) -> None:
    tidy = [View(" ".join(v.name.split()), v.filter, v.sort, v.columns) for v in views]
    assert list(from_toml(to_toml(tidy))) == tidy
    for view in tidy:
        line = one_line_toml(view)
        assert "\n" not in line
        assert from_toml(line) == (view,)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[views]]\nname = 'a'\nfiltr = 'x'\n", "no 'filtr'"),
        ("[[views]]\nname = 'a'\nfilter = 'kin:x'\n", "there is no field 'kin'"),
        ("[[views]]\nname = 'a'\nsort = 'agent'\n", "no order"),
        ("[[views]]\nname = 'a'\ncolumns = ['titel']\n", "does not know"),
        ("[[views]]\nname = 'a'\ncolumns = ['title:2']\n", "cells wide"),
        ("[[views]]\nname = 'a'\ncolumns = ['title:x']\n", "is no column"),
        ("[[views]]\nname = 'a'\ncolumns = 'title'\n", "list of texts"),
        ("[[views]]\nname = ' '\n", "needs a 'name'"),
        ("[[views]]\nname = 'a'\n[[views]]\nname = 'a'\n", "same name"),
        ("queue = 'https://evil'\n[[views]]\nname = 'a'\n", "nothing but 'views'"),
        ("views = []\n", "no view"),
        ("views = 3\n", "list of tables"),
        ("[[views", "not TOML"),
        ("#" * 100_001, "not longer"),
    ],
)
def test_what_is_wrong_with_shared_views_is_refused(text: str, words: str) -> None:
    with pytest.raises(ReviewerError, match=words):
        from_toml(text)


def test_a_shared_name_cannot_hide_anything() -> None:
    (view,) = from_toml('views = [{name = "Mi\\u202Ene\\u001b[31m\\n x"}]')
    assert view.name == "Mi⟨U+202E⟩ne^[[31m x"
    (long,) = from_toml(f'views = [{{name = "{"x" * 500}"}}]')
    assert len(long.name) <= 40


def test_nothing_of_mine_is_overwritten_unasked() -> None:
    mine = (View("Mine", "is:mine"), View("Refunds", "kind:refund"))
    theirs = (View("refunds", "kind:*"), View("New", ""), View("Mine", "is:mine"))
    views, clashing = merged(mine, theirs)
    assert (views, clashing) == ((*mine, theirs[1]), ("Refunds",))
    views, clashing = merged(mine, theirs, replace=True)
    assert views == (mine[0], theirs[0], theirs[1])
    assert clashing == ("Refunds",)


def test_a_view_is_found_by_name_and_else_the_names_are_listed() -> None:
    assert find_view(Config().views, " breaching ").name == "Breaching"
    with pytest.raises(ReviewerError, match="Views: Mine, My queues"):
        find_view(Config().views, "is:mine")


def test_a_column_has_a_width_or_takes_what_there_is() -> None:
    assert column("title") == ("title", 0)
    assert column("title:40") == ("title", 40)
    assert read_columns(["title:40", "risk", "title"]) == ("title:40", "risk")
    with pytest.raises(Wrong):
        column("title:121")
    assert Config(columns=("title:40", "risk")).column_names == ("title", "risk")


FILE = """\
# my settings
theme = "nord"  # dark

[keymap]
# habit
approve = "f5"  # far away

[[views]]
# what I do
name = "Refunds"  # mine
filter = "kind:refund"

[[views]]
name = "Rest"
"""


def test_saving_views_and_keys_keeps_the_comments(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(FILE)
    rest, refunds = config.load(path).views[1], config.load(path).views[0]
    changed = View("Refunds", "kind:refund", "oldest", ("title:40", "risk"))
    assert config.save_views([rest, changed, View("New")], path).views == (
        rest,
        changed,
        View("New"),
    )
    assert config.save_key("reject", "f6", path).keymap == {"approve": "f5", "reject": "f6"}
    config.save("queue", "sqlite:////x", path)
    text = path.read_text()
    for comment in ("# my settings", "# dark", "# habit", "# far away", "# what I do", "# mine"):
        assert comment in text
    config.save_key("approve", None, path)
    kept = config.save_key("reject", None, path)
    assert kept.keymap == {}
    assert kept.queue == "sqlite:////x"
    assert refunds.name in path.read_text()
    with pytest.raises(ReviewerError):
        config.save_views([View("a"), View("a")], path)
    assert config.load(path).views == kept.views
