"""What is written in the lines of the context pane: runs of text with the names of their styles.

No widget here.  Signs tell what colour tells: `⚑` evidence, `✗` failed, `›` found, `»` found and
under the cursor, `▸` and `▾` folds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from .context_layout import Fold, Wish
from .context_rows import WHO, Beat
from .context_story import took
from .finding import Found

Words = list[tuple[str, str]]
"""Pieces of a line, possibly hostile, each with the name of a style of `PaneInk`."""

_STYLES: Final = {"user": "head", "person": "head", "tool": "mark", "document": "mark",
                  "link": "mark"}  # fmt: skip
QUIET: Final = ("thought", "system", "tool", "document")


def foldable(wish: Wish, at: int) -> bool:
    """Whether a beat has more to show than its head."""
    beat = wish.beats[at]
    if beat.kind == "tool":
        return beat.answered or beat.arguments not in ({}, None)
    return bool(beat.text) and not wish.in_head(at)


def head(wish: Wish, at: int, hits: int) -> Words:
    """A beat's first line; `hits` is how many places in what is folded away were found."""
    beat, fold = wish.beats[at], wish.fold_of(at)
    sign = (
        ("▸ " if fold is Fold.FOLDED or _cut(beat, fold) else "▾ ") if foldable(wish, at) else "  "
    )
    words: Words = [(sign, "dim"), (beat.who[:WHO], _STYLES.get(beat.kind, "dim"))]
    if beat.failed:
        words.append((" ✗ failed", "bad"))
    if beat.note:
        words.append((f" ✗ {beat.note}", "warn"))
    if hits:
        words.append((f" ›{hits:,} found", "warn"))
    if wish.in_head(at):
        quiet = "dim" if beat.kind in QUIET else ""
        return [*words, ("  ", ""), (beat.text, quiet)] if beat.text else words
    if beat.kind == "tool":
        if beat.called and fold is Fold.FOLDED:
            words.append((f"({beat.called})", "dim"))
        if beat.seconds is not None:
            words.append((f" {took(beat.seconds)}", "quiet"))
        if beat.result and fold is Fold.FOLDED:
            words += [(" ⇒ ", "dim"), (beat.result, "")]
    elif fold is Fold.FOLDED:
        words.append((f"  {beat.told}", "dim"))
    if _cut(beat, fold):
        words.append((f" {more(beat, fold)}", "dim"))
    return words


def more(beat: Beat, fold: Fold) -> str:
    """What folding hides of a text, in few characters: `212 l`, `4,000 c`; nothing if little."""
    shown = len(beat.opening) if fold is Fold.OPENING else 1
    lines = beat.text.count("\n") + 1
    if lines > shown:
        return f"{lines - shown:,} l"
    left = len(beat.text) - (
        sum(map(len, beat.opening)) if fold is Fold.OPENING else len(beat.told)
    )
    return f"{left:,} c" if left > 0 else ""


def _cut(beat: Beat, fold: Fold) -> bool:
    return beat.kind != "tool" and ((fold is Fold.OPENING and beat.hides) or fold is Fold.FOLDED)


def text_at(wish: Wish, at: int, words: Words) -> int:
    """Where in a head's text the beat's own text begins, or -1 where it is not in the head."""
    if not wish.in_head(at) or not wish.beats[at].text:
        return -1
    return sum(len(text) for text, _ in words[:-1])


def hits_in_head(found: Found, at: int, text_start: int) -> list[tuple[int, int, int]]:
    """What was found and stands in a head: number, start and end in its text."""
    places = []
    for number in found.between(at, -1, 1):
        match = found.matches[number]
        if match.line < 0 and match.start < WHO:
            places.append((number, 2 + match.start, 2 + min(match.end, WHO)))
        elif match.line == 0 and text_start >= 0:
            places.append((number, text_start + match.start, text_start + match.end))
    return places


def hits_hidden(found: Found, wish: Wish, at: int) -> int:
    """How many places were found in what is folded away of a beat."""
    fold = wish.fold_of(at)
    if not found.matches or fold is Fold.WHOLE or wish.in_head(at):
        return 0
    return len(found.between(at, len(wish.beats[at].opening) if fold is Fold.OPENING else 0))


def hits_in_row(
    found: Found, at: int, line: int, start: int, length: int
) -> list[tuple[int, int, int]]:
    """What was found in a row that begins at a character of a line: number, start and end in it."""
    places = []
    for number in found.between(at, line, line + 1):
        match = found.matches[number]
        low, high = max(match.start - start, 0), min(match.end - start, length)
        if low < high:
            places.append((number, low, high))
    return places


def searched(wish: Wish) -> Sequence[tuple[int, int, Sequence[str]]]:
    """What is searched of the beats in sight: the names that are no words of ours, the bodies."""
    return _Searched(wish)


class _Searched(Sequence[tuple[int, int, Sequence[str]]]):
    """Two parts for each beat, made when it is their turn: its name, its body."""

    def __init__(self, wish: Wish) -> None:
        self._wish = wish

    def __len__(self) -> int:
        return 2 * len(self._wish.order)

    def __getitem__(self, index: int) -> tuple[int, int, Sequence[str]]:  # type: ignore[override]
        at = self._wish.order[index // 2]
        beat = self._wish.beats[at]
        if index % 2 == 0:
            named = beat.kind in ("tool", "document", "link")
            return at, -1, [beat.who[:WHO]] if named else []
        return at, 0, [beat.text] if self._wish.in_head(at) else beat.body.lines
