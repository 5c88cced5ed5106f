"""Permalinks: there and back, and never a password in one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.errors import InputError
from reviewer.domain.permalink import (
    Permalink,
    artifact_id,
    is_permalink,
    parse,
    place_of,
)


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("sqlite:////home/mia/queue.db", "local"),
        ("sqlite:////home/mia/a b/queue.db?undo=3", "local"),
        ("https://Reviews.example.org/base", "reviews.example.org"),
        ("http://127.0.0.1:8080", "127.0.0.1:8080"),
        ("http://[::1]:8080/", "[::1]:8080"),
        ("postgresql://mia:secret@db.example.org:5433/reviews", "db.example.org:5433"),
        ("http://host:notaport/", "local"),
    ],
)
def test_the_place_of_a_queue(url: str, place: str) -> None:
    assert place_of(url) == place
    link = Permalink(place, "01J")
    assert parse(str(link)) == link
    assert "secret" not in str(link)


@given(
    st.sampled_from(["local", "reviews.example.org", "127.0.0.1:8080", "[::1]:80"]),
    st.text(min_size=1).filter(lambda text: text.isprintable()),
)
def test_a_permalink_reads_back(place: str, id: str) -> None:
    text = str(Permalink(place, id))
    assert text.isascii()
    assert is_permalink(text)
    assert parse(f"  {text}\n") == Permalink(place, id)


@pytest.mark.parametrize(
    "text",
    [
        "reviewer://local/artifact/",
        "reviewer://local/artifact/1/2",
        "reviewer://local/queue/1",
        "reviewer:///artifact/1",
        "reviewer://mia@host/artifact/1",
        "reviewer://local/artifact/1?x=2",
        "reviewer://local/artifact/1#x",
        "reviewer://[::1/artifact/1",
        "https://local/artifact/1",
    ],
)
def test_what_is_no_permalink_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse(text)


def test_a_permalink_to_another_queue_is_refused_by_name() -> None:
    here = "https://reviews.example.org"
    assert artifact_id("reviewer://reviews.example.org/artifact/7", here) == "7"
    assert artifact_id("refund-8841", here) == "refund-8841"
    with pytest.raises(InputError, match=r"'local'.*'reviews\.example\.org'"):
        artifact_id("reviewer://local/artifact/7", here)
