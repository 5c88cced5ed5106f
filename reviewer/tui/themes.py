"""The desk's own themes, and the colours that any theme must have for it.

Every meaning has a glyph or a word beside its colour.  The colour-blind-safe pair uses blue and
orange (Okabe and Ito, 2008), which all common kinds of colour blindness tell apart, and tells bad
from warning by how light they are; the tests measure it by simulation (Machado et al., 2009).
"""

from __future__ import annotations

import os

from textual.color import Color
from textual.theme import Theme

DEFAULT_DARK = "reviewer"
DEFAULT_LIGHT = "reviewer-light"

FAINT, FAINT_ON_LIGHT = 0.40, 0.50
"""How much ink is in what is not possible: on light paper less can be read with as much of it."""

THEMES: tuple[Theme, ...] = (
    Theme(
        name=DEFAULT_DARK,
        primary="#6CB6FF",
        secondary="#96A3B8",
        accent="#E3B341",
        warning="#E3B341",
        error="#F47067",
        success="#6BC46D",
        foreground="#CDD5DF",
        background="#14181D",
        surface="#1A1F26",
        panel="#222831",
        dark=True,
        variables={"border": "#39424E", "border-blurred": "#39424E"},
    ),
    Theme(
        name=DEFAULT_LIGHT,
        primary="#0B5CAD",
        secondary="#57606A",
        accent="#8A5A00",
        warning="#8A5A00",
        error="#B3261E",
        success="#1A6B31",
        foreground="#1F2328",
        background="#FCFCFA",
        surface="#F3F3EF",
        panel="#E9E9E4",
        dark=False,
        variables={"border": "#C4C4BC", "border-blurred": "#C4C4BC"},
    ),
    Theme(
        name="reviewer-safe",
        primary="#56B4E9",
        secondary="#9AA5B1",
        accent="#E69F00",
        warning="#F0E442",
        error="#E69F00",
        success="#56B4E9",
        foreground="#D7DCE2",
        background="#14181D",
        surface="#1A1F26",
        panel="#222831",
        dark=True,
        variables={
            "border": "#39424E",
            "border-blurred": "#39424E",
            "text-error": "#EE7A1C",
            "text-warning": "#F8EFB0",
        },
    ),
    Theme(
        name="reviewer-safe-light",
        primary="#0060A0",
        secondary="#57606A",
        accent="#A85400",
        warning="#8A6500",
        error="#A85400",
        success="#0060A0",
        foreground="#1F2328",
        background="#FCFCFA",
        surface="#F3F3EF",
        panel="#E9E9E4",
        dark=False,
        variables={
            "border": "#C4C4BC",
            "border-blurred": "#C4C4BC",
            "text-error": "#5E1900",
            "text-warning": "#88600F",
        },
    ),
)


def default_theme() -> str:
    """The desk's light or dark theme, by what the terminal says of its background (COLORFGBG)."""
    background = os.environ.get("COLORFGBG", "").rpartition(";")[2]
    return DEFAULT_LIGHT if background in ("7", "15") else DEFAULT_DARK


def told_of(name: str) -> str:
    """What is worth knowing of a theme before it is chosen."""
    if name.startswith("reviewer-safe"):
        return "For every kind of colour vision: blue and orange instead of green and red."
    if name.startswith("ansi"):
        return "The terminal's own sixteen colours."
    return "Colours carry no meaning alone: every one has a mark or a word beside it."


def quieter(foreground: str, background: str) -> dict[str, str]:
    """Colours for what matters less (`quiet`) and what is not possible (`faint`).

    They are solid, because a style in content cannot be blended with what lies under it.
    """
    ink, paper = Color.parse(foreground), Color.parse(background)
    if ink.ansi is not None or paper.ansi is not None:
        return {"quiet": "ansi_default", "faint": "ansi_bright_black"}
    solid = paper.rgb
    base = Color(*solid)
    faint = FAINT_ON_LIGHT if base.brightness > 0.5 else FAINT
    return {"quiet": base.blend(ink, 0.62).hex, "faint": base.blend(ink, faint).hex}
