"""The settings for on-call: read strictly, each mistake a sentence with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewer import config
from reviewer.config import Config
from reviewer.domain.errors import ReviewerError
from reviewer.policy.schedule import Override, Rotation

GOOD = """
pager = "notify-me --loud"

[[on_call]]
people = ["ana", "ben"]
starts = "2026-11-02T09:00"
every = "1w"
zone = "Europe/Berlin"

[[on_call]]
queue = "billing"
people = ["cy"]
starts = 2026-11-02T09:00:00
every = "1d"
zone = "UTC"
overrides = [{ from = "2026-12-24T09:00", to = "2026-12-27T09:00", person = "ana" }]
"""


def parsed(text: str) -> Config:
    return config.parse(text, Path("config.toml"))


def test_rotations_and_pager_are_read() -> None:
    found = parsed(GOOD)
    assert found.pager == "notify-me --loud"
    assert found.on_call == (
        Rotation("*", ("ana", "ben"), "2026-11-02T09:00", "1w", "Europe/Berlin"),
        Rotation(
            "billing",
            ("cy",),
            "2026-11-02T09:00:00",
            "1d",
            "UTC",
            (Override("2026-12-24T09:00", "2026-12-27T09:00", "ana"),),
        ),
    )
    assert (Config().on_call, Config().pager) == ((), "")


START = '[[on_call]]\npeople = ["a"]\nstarts = "2026-11-02T09:00"\nevery = "1d"\nzone = "UTC"\n'


@pytest.mark.parametrize(
    ("text", "line", "parts"),
    [
        ("on_call = 3\n", 1, ["a list of tables", "[[on_call]]"]),
        (START + 'peple = ["b"]\n', 6, ["no 'peple'", "'people'?"]),
        (START.replace('["a"]', '"a"'), 2, ["a list of names"]),
        (START.replace('["a"]', "[]"), 2, ["needs people"]),
        (START.replace('"2026-11-02T09:00"', '"2026-11-02T09:00Z"'), 3, ["no local time"]),
        (START.replace('"2026-11-02T09:00"', "9"), 3, ["a text in quotes"]),
        (START.replace('"2026-11-02T09:00"', "09:00:00"), 3, ["no local time"]),
        (START.replace('"1d"', '"1m"'), 4, ["an hour at least"]),
        (START.replace('"1d"', "1"), 4, ["'every'"]),
        (START.replace('"UTC"', '"Mars/Base"'), 5, ["no time zone 'Mars/Base'", "Europe/Berlin"]),
        (START.replace('zone = "UTC"\n', ""), 1, ["needs 'zone'"]),
        (START + 'queue = "b"\n' + START + 'queue = "b"\n', 12, ["two rotations", '"b"']),
        (START + "overrides = 1\n", 6, ["a list of tables"]),
        (START + 'overrides = [{ from = "2026-11-02T09:00" }]\n', 6, ["needs 'to'"]),
        (START + 'overrides = [{ form = "2026-11-02T09:00" }]\n', 6, ["has no 'form'"]),
        (
            START + 'overrides = [{ from = "2026-11-02", to = "2026-11-01", person = "b" }]\n',
            6,
            ["ends after"],
        ),
        ("pager = 3\n", 1, ["a text in quotes"]),
        ('pager = "say \'x"\n', 1, ["a quote is open"]),
        ('pager = "http://pager.example/x"\n', 1, ["must be https", "this machine alone"]),
        ('pager = "ftp://pager.example/x"\n', 1, ["no https address"]),
        ('pager = "https://"\n', 1, ["no https address"]),
        ('pager = "https://[::1/x"\n', 1, ["cannot be read"]),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, line: int, parts: list[str]) -> None:
    with pytest.raises(ReviewerError) as caught:
        parsed(text)
    sentence = str(caught.value)
    assert f", line {line} " in sentence
    for part in parts:
        assert part in sentence


@pytest.mark.parametrize("pager", ["", "notify", "https://p.example/x", "http://127.0.0.1:1/"])
def test_a_pager_is_a_command_or_an_address(pager: str) -> None:
    assert parsed(f'pager = "{pager}"\n').pager == pager
