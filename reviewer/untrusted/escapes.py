"""JSON and TOML texts in which nothing hides: the same value, written with escapes."""

from __future__ import annotations

from .characters import UNSEEN


def json_escaped(text: str) -> str:
    r"""A JSON text with every hidden or steering character as `\uXXXX` (RFC 8259, section 7).

    Such characters occur within strings only, so the value stays the same.
    """
    return UNSEEN.sub(lambda found: "".join(map(_units, found[0])), text)


def toml_escaped(text: str) -> str:
    r"""The same for TOML 1.0, as `\UXXXXXXXX`: it does not know pairs of surrogates."""
    return UNSEEN.sub(lambda found: "".join(f"\\U{ord(c):08x}" for c in found[0]), text)


def _units(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
