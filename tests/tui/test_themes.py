"""Themes: every one draws, ours can be read, and the safe pair can be told apart by every eye."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from reviewer.config import Config
from reviewer.tui.app import DeskApp
from reviewer.tui.screens.settings import SettingsScreen
from reviewer.tui.session import Session
from reviewer.tui.themes import THEMES
from tests.support.colours import MACHADO, RGB, ciede2000, contrast, difference

from .review_desk import Desk, desk
from .test_inbox import text

SAFE = ("reviewer-safe", "reviewer-safe-light")
OURS = tuple(theme.name for theme in THEMES)
RISKS = ("text-error", "text-warning", "text-primary", "quiet")
"""Critical, high, medium, low, as `ArtifactList` draws them."""
HEALTH = ("text-success", "text-warning", "text-error")
"""Good, warning, bad, as the bars draw them."""
APART = 12.0
"""CIEDE2000 that two words next to each other must differ by; 1 is the least that can be seen, and
about 10 is seen at a glance.
"""
TINTS = {0.14: 9.0, 0.42: 20.0}
"""How much of red or green is in a changed line and in a changed word, as `DiffView` draws them,
and how much they must differ by.
"""
READABLE = 4.5
"""The contrast of WCAG 2.2 for text, level AA (success criterion 1.4.3)."""
SEEN = 2.9
"""For what is not possible, of which WCAG asks nothing: about that of what is not text (1.4.11)."""


def colours(theme: str) -> dict[str, str]:
    app = DeskApp(Session(Config(theme=theme)), "")
    return app.get_css_variables()


def rgb(variables: dict[str, str], name: str) -> RGB:
    return Color.parse(variables[name]).rgb


@pytest.mark.parametrize("missing", MACHADO)
@pytest.mark.parametrize("theme", SAFE)
def test_risks_and_health_are_told_apart_by_every_eye(theme: str, missing: str) -> None:
    found = colours(theme)
    for group in (RISKS, HEALTH):
        for one, other in combinations(group, 2):
            apart = difference(rgb(found, one), rgb(found, other), missing)
            assert apart >= APART, f"{one} and {other}"


@pytest.mark.parametrize("missing", MACHADO)
@pytest.mark.parametrize("theme", SAFE)
def test_added_and_removed_are_told_apart_by_every_eye(theme: str, missing: str) -> None:
    found = colours(theme)
    paper = Color.parse(found["background"])
    for much, least in TINTS.items():
        added = paper.blend(Color.parse(found["success"]), much).rgb
        removed = paper.blend(Color.parse(found["error"]), much).rgb
        assert difference(added, removed, missing) >= least
        for tint in (added, removed):
            assert difference(tint, paper.rgb, missing) >= 5
            assert contrast(rgb(found, "foreground"), tint) >= READABLE


@pytest.mark.parametrize("theme", OURS)
def test_what_carries_a_meaning_can_be_read(theme: str) -> None:
    found = colours(theme)
    for name in ("foreground", *RISKS, *HEALTH, "text-accent"):
        assert contrast(rgb(found, name), rgb(found, "background")) >= READABLE, name
    assert contrast(rgb(found, "faint"), rgb(found, "background")) >= SEEN
    for name in ("foreground", *HEALTH):
        for paper in ("surface", "panel"):
            assert contrast(rgb(found, name), rgb(found, paper)) >= READABLE, (name, paper)


def test_the_common_pair_of_red_and_green_would_fail() -> None:
    """The measure measures something: our default theme is not for the red-green blind."""
    found = colours("reviewer")
    good, bad = rgb(found, "text-success"), rgb(found, "text-error")
    assert difference(good, bad) > 3 * APART
    assert difference(good, bad, "deuteranopia") < APART


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [  # from the test data of Sharma, Wu and Dalal (2005), table 1
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0),
        ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0009), 7.1792),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((50.0, 2.5, 0.0), (58.0, 24.0, 15.0), 19.4535),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((22.7233, 20.0904, -46.694), (23.0331, 14.973, -42.5619), 2.0373),
        ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_difference_is_that_of_the_paper(
    one: tuple[float, float, float], other: tuple[float, float, float], apart: float
) -> None:
    assert ciede2000(one, other) == pytest.approx(apart, abs=5e-5)
    assert ciede2000(other, one) == pytest.approx(apart, abs=5e-5)


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_greys_stay_greys_and_contrast_is_symmetric(rgb: RGB) -> None:
    grey: RGB = (rgb[0], rgb[0], rgb[0])
    for missing in MACHADO:
        assert difference(grey, grey, missing) == 0
    assert contrast(rgb, grey) == contrast(grey, rgb) >= 1
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)


async def test_every_theme_draws_inbox_settings_and_review(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, monkeypatch) as running:
        id = await running.submit(title="Refund order 8841")
        await running.until(lambda: "Refund order 8841" in text(running), "the inbox")
        await in_every_theme(running, "Refund order 8841")
        await running.ask("comma", SettingsScreen)
        await in_every_theme(running, "sleep(backoff(i))")
        await running.press("escape")
        await running.until(lambda: not isinstance(running.app.screen, SettingsScreen))
        await running.open(id)
        await in_every_theme(running, "backoff(7)")


async def in_every_theme(running: Desk, words: str) -> None:
    """The words are on the screen, and the screen is in the theme's colours."""
    assert set(running.app.available_themes) >= {*OURS, *BUILTIN_THEMES}
    for theme in running.app.available_themes:
        running.app.theme = theme
        await running.pilot.pause()
        assert words in text(running), theme
        paper = running.app.screen.styles.background
        assert paper.ansi is not None or paper.rgb == rgb(running.app.theme_variables, "background")
