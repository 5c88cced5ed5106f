"""Colours as eyes see them: contrast, difference, and what the colour-blind make of them.

Sources: contrast is that of WCAG 2.2; differences are CIEDE2000 (Sharma, Wu and Dalal, "The
CIEDE2000 color-difference formula", 2005); colour vision deficiencies are simulated with the
matrices of Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of color
vision deficiency" (2009), at severity 1, applied to linear sRGB.
"""

from __future__ import annotations

from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt

RGB = tuple[int, int, int]
Lab = tuple[float, float, float]

MACHADO: dict[str, tuple[tuple[float, float, float], ...]] = {
    "nothing": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
"""What is missing, and the matrix."""


def linear(rgb: RGB) -> tuple[float, float, float]:
    """Linear sRGB from 0 to 1."""
    r, g, b = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in rgb)
    )
    return r, g, b


def seen(rgb: RGB, missing: str) -> tuple[float, float, float]:
    """The linear sRGB that somebody with this deficiency sees."""
    parts = linear(rgb)
    r, g, b = (
        min(1.0, max(0.0, sum(m * v for m, v in zip(row, parts, strict=True))))
        for row in MACHADO[missing]
    )
    return r, g, b


def contrast(one: RGB, other: RGB) -> float:
    """The contrast ratio, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(rgb: RGB) -> float:
    r, g, b = linear(rgb)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def difference(one: RGB, other: RGB, missing: str = "nothing") -> float:
    """CIEDE2000 between two colours as somebody with this deficiency sees them."""
    return ciede2000(lab(seen(one, missing)), lab(seen(other, missing)))


def lab(rgb: tuple[float, float, float]) -> Lab:
    """CIELAB (D65, 2 degrees) of a linear sRGB colour."""
    r, g, b = rgb
    x = (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047
    y = 0.2126729 * r + 0.7151522 * g + 0.0721750 * b
    z = (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883
    fx, fy, fz = (
        v ** (1 / 3) if v > 216 / 24389 else (24389 / 27 * v + 16) / 116 for v in (x, y, z)
    )
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def ciede2000(one: Lab, other: Lab) -> float:
    """The difference of two CIELAB colours; 1 is about what can just be seen."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (hypot(a1, b1) + hypot(a2, b2)) / 2
    g = 0.5 * (1 - sqrt(mean**7 / (mean**7 + 25**7)))
    a1, a2 = (1 + g) * a1, (1 + g) * a2
    c1, c2 = hypot(a1, b1), hypot(a2, b2)
    h1 = degrees(atan2(b1, a1)) % 360 if c1 else 0.0
    h2 = degrees(atan2(b2, a2)) % 360 if c2 else 0.0
    turn = h2 - h1
    if c1 * c2 == 0:
        turn = 0.0
    elif turn > 180:
        turn -= 360
    elif turn < -180:
        turn += 360
    dl, dc, dh = l2 - l1, c2 - c1, 2 * sqrt(c1 * c2) * sin(radians(turn) / 2)
    lm, cm = (l1 + l2) / 2, (c1 + c2) / 2
    if c1 * c2 == 0:
        hm = h1 + h2
    elif abs(h1 - h2) <= 180:
        hm = (h1 + h2) / 2
    else:
        hm = (h1 + h2 + (360 if h1 + h2 < 360 else -360)) / 2
    t = (
        1
        - 0.17 * cos(radians(hm - 30))
        + 0.24 * cos(radians(2 * hm))
        + 0.32 * cos(radians(3 * hm + 6))
        - 0.20 * cos(radians(4 * hm - 63))
    )
    sl = 1 + 0.015 * (lm - 50) ** 2 / sqrt(20 + (lm - 50) ** 2)
    sc, sh = 1 + 0.045 * cm, 1 + 0.015 * cm * t
    turned = 30 * exp(-(((hm - 275) / 25) ** 2))
    rt = -2 * sqrt(cm**7 / (cm**7 + 25**7)) * sin(radians(2 * turned))
    lightness, chroma, hue = dl / sl, dc / sc, dh / sh
    return sqrt(lightness**2 + chroma**2 + hue**2 + rt * chroma * hue)
