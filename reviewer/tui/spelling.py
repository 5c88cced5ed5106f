"""Hidden characters spelled out for editing, and back: what is seen is what is edited.

Every character that `untrusted` would not show as itself stands in the editor as `⟨U+202E⟩`, so it
can be seen, moved and deleted like a word, and typing such a name makes the character.  A literal
`⟨U+…⟩` in the text has its first bracket spelled out, so that going there and back changes nothing.
Line ends are LF in the editor; where a text uses CRLF throughout it gets them back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..untrusted import pieces

_NAME = re.compile(r"⟨U\+([0-9A-F]{4,6})⟩")
_BRACKET = "⟨U+27E8⟩"


@dataclass(frozen=True, slots=True)
class Spelled:
    """A text for an editor; `ending` is the line end that all its lines share."""

    text: str
    ending: str = "\n"


def spell_out(text: str, line_ends: bool = True) -> Spelled:
    """The text with hidden characters by name and LF for line ends.

    Without `line_ends` those of CRLF stay as they are, every CR by name.
    """
    ending = "\n"
    if line_ends and "\r\n" in text and text.count("\r\n") == text.count("\n") == text.count("\r"):
        text, ending = text.replace("\r\n", "\n"), "\r\n"
    if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable():
        return Spelled(text, ending)
    text = _NAME.sub(lambda match: _BRACKET + match[0][1:], text)
    parts = []
    for piece in pieces(text):
        source = text[piece.start : piece.end]
        spelled = piece.kind != "text" or "\r" in source
        parts.append("".join(map(_name, source)) if spelled else source)
    return Spelled("".join(parts), ending)


def take_back(shown: str, ending: str = "\n") -> str:
    """The text that was spelled out, with what was changed in it."""
    text = _NAME.sub(_character, shown)
    return text.replace("\n", ending) if ending != "\n" else text


def _name(char: str) -> str:
    return f"⟨U+{ord(char):04X}⟩"


def _character(match: re.Match[str]) -> str:
    number = int(match[1], 16)
    if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF:
        return match[0]
    return chr(number)
