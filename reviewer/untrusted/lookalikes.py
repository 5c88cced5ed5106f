"""Words that look like other words: letters of one script posing as letters of another.

Sources: UTS #39 (confusables, as carried by confusable-homoglyphs) and Boucher and Anderson,
"Trojan Source: Invisible Vulnerabilities" (homoglyph attacks).  Ordinary writing mixes scripts
too (`3D打印`, `Tシャツ`, `SMSки`, `Δt`), so a word is flagged only where every letter of one script
in it could be a Latin letter, or every Latin letter in it a letter of the other script.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from .searching import found, holds

# Scripts with letters that look like Latin ones: Greek, Cyrillic, Armenian, Cherokee, Coptic, Lisu,
# their extensions, Deseret, Warang Citi.
_OTHERS = (
    "\u0370-\u03ff\u0400-\u052f\u0531-\u0587\u13a0-\u13fd\u1c80-\u1c88\u1f00-\u1fff\u2c80-\u2cf3"
    "\u2de0-\u2dff\ua4d0-\ua4fd\ua640-\ua69f\uab70-\uabbf\U00010400-\U0001044f\U000118a0-\U000118df"
)
_LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
_MARK = "\u0300-\u036f"
_OTHER = re.compile(f"[{_OTHERS}]")
_BORDER = re.compile(f"[{_LATIN}][{_MARK}]*[{_OTHERS}]|[{_OTHERS}][{_MARK}]*[{_LATIN}]")
_WORD = re.compile(f"[{_LATIN}{_OTHERS}{_MARK}]+")
_LATIN_WORD = re.compile("[A-Za-z]{2}")
# Letters of an alphabet made for mathematics or signs, and never needed to write a word.
_SIGNS = re.compile("[\u24b6-\u24e9\U0001d400-\U0001d7ff\U0001f130-\U0001f189]+")
# ASCII letters that common letters of Cyrillic and Greek look like.
_POSING = {"CYRILLIC": set("aceopxyiABCEHKMOPTXYI"), "GREEK": set("aovpuiABEZHIKMNOPTXY")}


def mixed_words(text: str) -> Iterator[tuple[int, str]]:
    """Words in which letters of one script pose as those of another, with their offsets."""
    if not holds(_OTHER, text):
        return
    done = 0
    for border in found(_BORDER, text, _WORD):
        if border.start() < done:
            continue
        start = border.start()
        while start > done and _WORD.match(text[start - 1]):
            start -= 1
        word = _WORD.match(text, start)
        assert word is not None
        done = word.end()
        if _poses(word.group()[:200]):
            yield start, word.group()


def posing_words(text: str) -> Iterator[tuple[int, str]]:
    """Whole words of three letters or more that could be Latin, in a line that is Latin otherwise,
    and words in alphabets of signs, with their offsets.
    """
    for word in found(_SIGNS, text, _SIGNS):
        if len(word.group()) >= 3:
            yield word.start(), word.group()
    if not holds(_OTHER, text):
        return
    for word in found(_whole(), text, _WORD):
        begin = text.rfind("\n", 0, word.start()) + 1
        end = text.find("\n", word.end())
        line = text[max(begin, word.start() - 500) : end if end >= 0 else word.end() + 500]
        rest = line.replace(word.group(), "")
        if _LATIN_WORD.search(rest) and not _unlike().search(rest):
            yield word.start(), word.group()


@lru_cache(maxsize=4096)
def _poses(word: str) -> bool:
    from confusable_homoglyphs import categories

    letters = {char for char in word if char.isalpha()}
    latin = {char for char in letters if categories.alias(char) == "LATIN"}
    scripts = {categories.alias(char) for char in letters - latin} - {"COMMON", "INHERITED"}
    for script in scripts:
        others = {char for char in letters - latin if categories.alias(char) == script}
        if script == "GREEK" and len(word) <= 3:  # ρgh, αs: formulas
            continue
        if latin and (others <= _like_latin() or latin <= _POSING.get(script, set())):
            return True
    return False


@cache
def _like_latin() -> set[str]:
    """The letters of the other scripts that look like an ASCII letter."""
    from confusable_homoglyphs.confusables import confusables_data

    return {
        char
        for char, looks in confusables_data.items()
        if len(char) == 1
        and _OTHER.match(char)
        and any(
            len(look["c"]) == 1 and look["c"].isascii() and look["c"].isalpha() for look in looks
        )
    }


@cache
def _whole() -> re.Pattern[str]:
    letters = f"{_LATIN}{_OTHERS}{_MARK}"
    like = "".join(sorted(_like_latin()))
    return re.compile(f"(?<![{letters}])[{like}]{{3,}}(?![{letters}])")


@cache
def _unlike() -> re.Pattern[str]:
    """A letter of another script that looks like no Latin letter: the line is really in it."""
    like = "".join(sorted(_like_latin()))
    return re.compile(f"(?![{like}])[{_OTHERS}]")
