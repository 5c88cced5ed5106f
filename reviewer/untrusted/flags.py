"""What a reviewer must be told about a text before trusting their eyes.

Source: Boucher and Anderson, "Trojan Source: Invisible Vulnerabilities"; UTR #36; UTS #39.  What
ordinary writing needs (joiners in Persian or Hindi, emoji sequences, directional marks beside
right-to-left letters, word breaks in Thai or Khmer, CRLF) is shown, but not held against anyone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from .characters import (
    UNSEEN,
    is_joining,
    joiner_fits,
    many_marks,
    marks,
    selector_fits,
)
from .lookalikes import mixed_words, posing_words
from .searching import found, holds
from .shown import one_line

SENTENCES = {
    "bidi_control": "characters that reorder the text around them, so that it reads otherwise",
    "bidi_mark": "directional marks where nothing is written from right to left",
    "zero_width": "characters that take no room and are not seen",
    "tag_characters": "invisible tag characters, which people do not see and models read",
    "variation_selectors": "variation selectors that select nothing and can carry hidden data",
    "escape_sequence": "terminal escape sequences",
    "control": "control characters",
    "separator": "invisible line or paragraph separators, which some programs take for line ends",
    "annotation": "interlinear annotation characters",
    "invalid_character": "code points that are not characters",
    "combining_marks": "piles of combining marks",
    "markup_action": "markup that would act on a click",
    "mixed_script": "words in which letters of one script pose as those of another",
    "confusable": "words that look like others, written in another alphabet",
    "binary": "binary contents, which cannot be read here",
}
"""What each code means, as the rest of a sentence that begins with the count."""

MAX_FLAGS = 10_000
_ASCII = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)|\[@|\[link=")
_LONGEST = len("[link=")
_MARKUP = re.compile(r"\[@[\w.]*\s*=|\[link\s*=", re.IGNORECASE)
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_UNSPACED = re.compile("[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u1aff\u2e80-\u9fff]")
_IDEOGRAPH = re.compile(
    "[\u2e80-\u2fdf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_SYMBOL = re.compile(
    "[\u1000-\u109f\u2200-\u22ff\u2a00-\u2aff\u3000-\u303f\uff00-\uffef\ua840-\ua87f]"
)
_FLAGS = {"\U0001f3f4" + "".join(chr(0xE0000 + ord(c)) for c in name) + "\U000e007f"
          for name in ("gbeng", "gbsct", "gbwls")}  # fmt: skip
_RANGES = (
    (0x1B, 0x1B, "escape_sequence"), (0x00, 0x1F, "control"), (0x7F, 0x7F, "control"),
    (0x90, 0x90, "escape_sequence"), (0x98, 0x98, "escape_sequence"),
    (0x9B, 0x9F, "escape_sequence"), (0x80, 0x9F, "control"),
    (0x200E, 0x200F, "bidi_mark"), (0x61C, 0x61C, "bidi_mark"),
    (0x202A, 0x202E, "bidi_control"), (0x2066, 0x2069, "bidi_control"),
    (0x2028, 0x2029, "separator"), (0xFFF9, 0xFFFB, "annotation"),
    (0x180B, 0x180D, "variation_selectors"), (0x180F, 0x180F, "variation_selectors"),
    (0xFE00, 0xFE0F, "variation_selectors"), (0xE0100, 0xE01EF, "variation_selectors"),
    (0xE0000, 0xE007F, "tag_characters"),
    (0xD800, 0xDFFF, "invalid_character"), (0xFDD0, 0xFDEF, "invalid_character"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Flag:
    """One kind of trouble on one line of a text.

    `place` is a JSON pointer into the artifact (empty for a text by itself), `line` and `column`
    count from 1 (the column in characters, of the first of `count`); `sample` is safe to show.
    """

    code: str
    place: str
    line: int
    column: int
    count: int
    sample: str = ""

    @property
    def sentence(self) -> str:
        """The flag for people."""
        said = f": {self.sample}" if self.sample else ""
        return f"{self.count} × {SENTENCES[self.code]}{said}"


def inspect(text: str, place: str = "") -> tuple[Flag, ...]:
    """The flags of a text, by line, at most 10,000; the last then stands for all that follow."""
    if text.isascii() and not holds(_ASCII, text, _LONGEST):
        return ()
    flags: list[Flag] = []
    latest: dict[str, int] = {}
    line, began, at = 1, 0, 0
    for offset, code, count, sample in sorted(_found(text)):
        line += text.count("\n", at, offset)
        began = max(began, text.rfind("\n", at, offset) + 1)
        at = offset
        index = latest.get(code, -1)
        if len(flags) >= MAX_FLAGS:
            index = MAX_FLAGS - 1
        elif index < 0 or flags[index].line != line:
            latest[code] = len(flags)
            flags.append(Flag(code, place, line, offset - began + 1, count, sample))
            continue
        old = flags[index]
        flags[index] = replace(old, count=old.count + count, sample=old.sample or sample)
    return tuple(flags)


def summary(flags: Iterable[Flag]) -> tuple[tuple[str, int, str], ...]:
    """Code, count and sentence of every kind of flag, for a banner, the gravest first."""
    counts: dict[str, int] = {}
    for flag in flags:
        counts[flag.code] = counts.get(flag.code, 0) + flag.count
    return tuple(
        (code, counts[code], f"{counts[code]} × {SENTENCES[code]}")
        for code in SENTENCES
        if code in counts
    )


def lines(flags: Iterable[Flag], place: str) -> frozenset[int]:
    """The lines of the text at this place that carry a flag, counted from 1."""
    return frozenset(flag.line for flag in flags if flag.place == place)


def offsets(text: str) -> tuple[int, ...]:
    """Where in a text flagged characters stand, in order; offsets in characters."""
    if text.isascii() and not holds(_ASCII, text, _LONGEST):
        return ()
    return tuple(sorted({offset for offset, *_ in _found(text)}))


def _found(text: str) -> Iterator[tuple[int, str, int, str]]:
    """Offset, code, count and sample of everything."""
    for match in _MARKUP.finditer(text):
        yield (
            match.start(),
            "markup_action",
            1,
            one_line(text[match.start() : match.end() + 20], 40),
        )
    run = -1
    for match in found(UNSEEN, text):
        at = match.start()
        if at < run:
            continue
        code = _code(text, at)
        if code == "tag_characters":
            tags = re.compile("[\U000e0000-\U000e007f]+").match(text, at)
            assert tags is not None
            run = tags.end()
            if text[max(0, at - 1) : run] not in _FLAGS:
                said = "".join(chr(ord(char) & 0x7F) for char in tags.group()[:200])
                yield at, code, run - at, f"“{one_line(said, 60)}”"
        elif code:
            yield at, code, 1, ""
    if text.isascii():
        return
    for match in found(many_marks(), text, marks()):
        yield match.start(), "combining_marks", 1, ""
    for at, word in mixed_words(text):
        yield at, "mixed_script", 1, one_line(word, 30)
    for at, word in posing_words(text):
        yield at, "confusable", 1, one_line(word, 30)


def _code(text: str, at: int) -> str:
    """The code of a character without ink, or nothing where ordinary writing needs it."""
    char, number = text[at], ord(text[at])
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    code = next((name for low, high, name in _RANGES if low <= number <= high), "zero_width")
    if number & 0xFFFE == 0xFFFE:
        code = "invalid_character"
    fits = (
        char in "\n\t"
        or (char == "\r" and after == "\n")
        or (char in "\u200c\u200d" and joiner_fits(text, at))
        or (char in "\ufe0e\ufe0f" and selector_fits(text, at))
        or (char == "\ufeff" and at == 0)
        or (char == "\u200b" and bool(_UNSPACED.search(text[max(0, at - 3) : at + 4])))
        or (char in "\u115f\u1160" and "\u1100" <= (after or before) <= "\u11ff")
        or (code == "bidi_mark" and _line_has_right_to_left(text, at))
        or (code == "variation_selectors" and _selects(before, char))
    )
    return "" if fits else code


def _selects(before: str, selector: str) -> bool:
    """Whether a selector other than those of emoji follows what has variants."""
    if "\u180b" <= selector <= "\u180f":
        return is_joining(before)
    if _IDEOGRAPH.match(before):
        return True
    return selector < "\ufe0e" and bool(_SYMBOL.match(before))


def _line_has_right_to_left(text: str, at: int) -> bool:
    begin = max(text.rfind("\n", 0, at) + 1, at - 500)
    end = text.find("\n", at)
    return bool(_RIGHT_TO_LEFT.search(text, begin, min(end if end >= 0 else len(text), at + 500)))
