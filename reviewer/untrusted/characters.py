"""What a code point is to a reader: ordinary, a blank, a joiner, a mark, or hidden.

Sources: the Unicode character database as Python carries it; UAX #44 (general categories),
UTS #51 (emoji sequences), UTR #36 and UTS #39 (security), UAX #9 (bidirectional controls).
"""

from __future__ import annotations

import re
import unicodedata
from enum import Enum
from functools import cache, lru_cache
from itertools import compress
from operator import ne


class Kind(Enum):
    """How a code point is drawn, before its neighbours are looked at."""

    PLAIN = 0  # as it is
    MARK = 1  # as it is where it has a base to sit on and is not one of too many
    VOWEL = 2  # a conjoining Hangul vowel or final: as it is after Hangul
    BLANK = 3  # a blank that is not the space: a glyph of its own
    JOINER = 4  # ZWJ, ZWNJ: a glyph where the script needs it, else as hidden
    SELECTOR = 5  # variation selectors 15 and 16: a glyph after an emoji, else as hidden
    INDICATOR = 6  # half of a flag: the letters, as in ⟨DE⟩
    TAB = 7
    NEWLINE = 8
    HIDDEN = 9  # always by its number or in caret notation


BLANKS = {"\u00a0": "⍽", "\u202f": "⎵", "\u3000": "␣␣"}
JOINERS = {"\u200c": "¦", "\u200d": "⁀"}
SELECTORS = {"\ufe0e": "ᵗ", "\ufe0f": "ᵛ"}
NEWLINE_GLYPH = "↵"
TAB_GLYPH = "⇥"
CIRCLE = "◌"
# Burmese needs five on one letter (လျှော့).
MAX_MARKS = 6

# Printable by their category, yet nothing is seen of them or their width is anybody's guess:
# combining grapheme joiner, Hangul fillers, Khmer inherent vowels, Mongolian and other variation
# selectors, Braille blank, object replacement, Khitan filler, null note head, skin tones.
_UNSEEN = (
    (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2800, 0x2800),
    (0x3164, 0x3164), (0xFE00, 0xFE0D), (0xFFA0, 0xFFA0), (0xFFFC, 0xFFFC), (0x16FE4, 0x16FE4),
    (0x1D159, 0x1D159), (0x1F3FB, 0x1F3FF), (0xE0100, 0xE01EF),
)  # fmt: skip

# Scripts whose spelling needs the joiners: Arabic to N'Ko and Mandaic, the Indic block, Tibetan,
# Myanmar, Khmer, Mongolian, Balinese, Arabic presentation forms, the Brahmic blocks beyond, Adlam.
_JOINING = (
    (0x0600, 0x08FF), (0x0900, 0x0DFF), (0x0F00, 0x109F), (0x1780, 0x18AF), (0x1B00, 0x1B7F),
    (0xFB50, 0xFDFF), (0xFE70, 0xFEFC), (0x11000, 0x117FF), (0x1E900, 0x1E95F),
)  # fmt: skip

_PICTOGRAPHS = (
    (0xA9, 0xA9), (0xAE, 0xAE), (0x203C, 0x203C), (0x2049, 0x2049), (0x2122, 0x2122),
    (0x2139, 0x2139), (0x2194, 0x21AA), (0x2300, 0x23FF), (0x24C2, 0x24C2), (0x25AA, 0x25FE),
    (0x2600, 0x27BF), (0x2934, 0x2935), (0x2B05, 0x2B55), (0x3030, 0x303D), (0x3297, 0x3299),
    (0x1F000, 0x1F3FA), (0x1F400, 0x1FAFF),
)  # fmt: skip

_HANGUL = ((0x1100, 0x115E), (0x1161, 0x11FF), (0xA960, 0xA97C), (0xAC00, 0xD7A3), (0xD7B0, 0xD7FB))
_VOWELS = ((0x1161, 0x11FF), (0xD7B0, 0xD7FB))
_INDICATOR_A, _INDICATOR_Z = "\U0001f1e6", "\U0001f1ff"


# The basic plane but for large stretches of one kind, of which the first is enough: ideographs,
# Hangul syllables, surrogates with private use.
_VARIED = ((0x0000, 0x3400), (0xA000, 0xAC00), (0xD7A4, 0xD800), (0xF900, 0xFFFF))


def _among(char: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    code = ord(char)
    return any(first <= code <= last for first, last in ranges)


def _kind(char: str) -> Kind:
    """What one code point is by itself."""
    if char in "\n\t":
        return Kind.NEWLINE if char == "\n" else Kind.TAB
    if char in JOINERS:
        return Kind.JOINER
    if char in SELECTORS:
        return Kind.SELECTOR
    if char in BLANKS:
        return Kind.BLANK
    if not char.isprintable() or _among(char, _UNSEEN):
        return Kind.HIDDEN
    category = unicodedata.category(char)
    if category in ("Mn", "Mc"):
        return Kind.MARK
    if category == "Me":  # enclosing marks draw over their neighbours
        return Kind.HIDDEN
    if _among(char, _VOWELS):
        return Kind.VOWEL
    if _INDICATOR_A <= char <= _INDICATOR_Z:
        return Kind.INDICATOR
    return Kind.PLAIN


kind = lru_cache(maxsize=8192)(_kind)


def code(char: str) -> str:
    """The visible name of a code point: `^[` for the C0 controls and DEL, else `⟨U+202E⟩`."""
    number = ord(char)
    if number < 0x20 or number == 0x7F:
        return "^" + chr(number ^ 0x40)
    return f"⟨U+{number:04X}⟩"


def indicator(char: str) -> str:
    """The Latin letter of a regional indicator."""
    return chr(ord(char) - ord(_INDICATOR_A) + ord("A"))


def is_joining(char: str) -> bool:
    """Whether this is a letter or mark of a script whose spelling needs ZWJ and ZWNJ."""
    return bool(char) and _among(char, _JOINING) and unicodedata.category(char)[0] in "LM"


def is_virama(char: str) -> bool:
    """Whether this sign kills a vowel, so that a joiner may end the word (canonical class 9)."""
    return bool(char) and unicodedata.combining(char) == 9


def is_pictograph(char: str) -> bool:
    """Whether an emoji sequence can rest on this (a superset of Extended_Pictographic)."""
    return bool(char) and _among(char, _PICTOGRAPHS)


def is_skin_tone(char: str) -> bool:
    """Whether this is one of the five emoji modifiers."""
    return "\U0001f3fb" <= char <= "\U0001f3ff"


def is_hangul(char: str) -> bool:
    """Whether a conjoining vowel or final can sit on this."""
    return bool(char) and _among(char, _HANGUL)


def joiner_fits(text: str, at: int) -> bool:
    """Whether the ZWJ or ZWNJ at this index stands where spelling or an emoji sequence needs it."""
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if is_joining(before):
        return is_joining(after) or is_virama(before)
    emoji = is_pictograph(before) or (bool(before) and (before == "\ufe0f" or is_skin_tone(before)))
    return text[at] == "\u200d" and emoji and is_pictograph(after)


def selector_fits(text: str, at: int) -> bool:
    """Whether the variation selector 15 or 16 at this index follows what it can select."""
    before = text[at - 1 : at] if at else ""
    keycap = bool(before) and before in "0123456789#*" and text[at + 1 : at + 2] == "\u20e3"
    return is_pictograph(before) or keycap


def is_base(char: str) -> bool:
    """Whether a combining mark can sit on this: anything seen that is not a blank."""
    return bool(char) and char != " " and kind(char) in (Kind.PLAIN, Kind.MARK, Kind.VOWEL)


@cache
def suspects(newlines: bool) -> re.Pattern[str]:
    """A pattern for runs of code points to look at one by one; with `newlines`, LF too.

    Beyond the basic plane everything is looked at, so that the search stays a bitmap's.
    """
    look = set(Kind) - {Kind.PLAIN} if newlines else set(Kind) - {Kind.PLAIN, Kind.NEWLINE}
    return re.compile(f"[{_ranges(look)}\\U00010000-\\U0010ffff]+")


@cache
def _rare() -> tuple[re.Pattern[str], re.Pattern[str]]:
    marks = _ranges({Kind.MARK})
    rare = _ranges(set(Kind) - {Kind.PLAIN, Kind.NEWLINE, Kind.MARK})
    unseated = f"[ \n][{marks}]|[{marks}]{{{MAX_MARKS + 1}}}"
    return re.compile(f"[{rare}\\U00010000-\\U0010ffff]"), re.compile(unseated)


@cache
def many_marks() -> re.Pattern[str]:
    """A pattern for more combining marks in a row than one base may carry."""
    return re.compile(f"[{_ranges({Kind.MARK})}]{{{MAX_MARKS + 1},}}")


@cache
def marks() -> re.Pattern[str]:
    """A pattern for combining marks in a row, however many."""
    return re.compile(f"[{_ranges({Kind.MARK})}]+")


def ordinary(text: str) -> bool:
    """Whether the text, newlines kept, is surely shown as it is; quick even where marks abound."""
    rare, unseated = _rare()
    if not text or kind(text[0]) is Kind.MARK:
        return not text
    return not rare.search(text) and not unseated.search(text)


@cache
def _kinds() -> list[tuple[int, int, Kind]]:
    """The basic plane in stretches of one kind.

    Within a general category the kind changes only where one of our own ranges starts or ends, so
    one answer holds for a whole stretch: the first text beyond ASCII waits for this.
    """
    own = (
        _UNSEEN,
        _VOWELS,
        tuple((ord(c), ord(c)) for c in (*BLANKS, *JOINERS, *SELECTORS, *" \n\t")),
    )
    cuts = {edge for ranges in own for first, last in ranges for edge in (first, last + 1)}
    numbers = [n for first, last in _VARIED for n in range(first, last + 1)]
    categories = [unicodedata.category(chr(number)) for number in numbers]
    cuts |= set(compress(numbers, map(ne, categories, ["", *categories])))
    starts = sorted(cut for cut in cuts if cut < 0x10000)
    stretches: list[tuple[int, int, Kind]] = []
    for first, end in zip(starts, (*starts[1:], 0x10000), strict=True):
        what = _kind(chr(first))
        same = stretches and stretches[-1][2] is what
        stretches.append((stretches.pop()[0] if same else first, end - 1, what))
    return stretches


def _ranges(kinds: set[Kind]) -> str:
    wanted = ((first, last) for first, last, what in _kinds() if what in kinds)
    return "".join(f"\\u{first:04x}-\\u{last:04x}" for first, last in wanted)


# What must never reach a terminal within a text, whoever wrote it: controls, and everything that is
# by Unicode's Default_Ignorable_Code_Point or by its nature without ink (UAX #44, UTR #36).
_NEVER = (
    (0x0000, 0x0008), (0x000B, 0x001F), (0x007F, 0x009F), (0x00AD, 0x00AD), (0x034F, 0x034F),
    (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F),
    (0x2028, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xD800, 0xDFFF), (0xFDD0, 0xFDEF),
    (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB), (0xFFFE, 0xFFFF),
    (0x13430, 0x1345F), (0x16FE4, 0x16FE4), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
    *((plane * 0x10000 + 0xFFFE, plane * 0x10000 + 0xFFFF) for plane in range(1, 17)),
)  # fmt: skip

_CLASS = "".join(f"{chr(first)}-{chr(last)}" for first, last in _NEVER)

NEVER = re.compile(f"[\t\n{_CLASS}]")
"""Finds a character that may not stand in any text that is written to a terminal."""

UNSEEN = re.compile(f"[{_CLASS}]")
"""The same without tabs and newlines, which every text may hold."""
