"""What no line of a diff shows by itself: modes, renames, line endings, preconditions.

The sentences are ours and hold no text of an artifact; that stands in `before` and `after`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from reviewer.domain.writes import (
    BaseWrite,
    DocumentWrite,
    FileWrite,
    Precondition,
    RecordWrite,
    RequestWrite,
)

from .model import Fact
from .states import SYMLINK, State

_NAMES: Final[Mapping[str, str]] = {
    "note": "the agent's note",
    "title": "title",
    "channel": "channel",
    "thread": "thread",
    "method": "method",
    "url": "address",
    "tool": "tool",
    "rows_claimed": "rows that the agent expects to change",
}


def value_facts(left: State, right: State) -> Iterator[Fact]:
    """The short values of two states that differ."""
    for code in dict.fromkeys((*right.values, *left.values)):
        before, after = left.values.get(code), right.values.get(code)
        if before == after:
            continue
        if code == "existence":
            sentence = "this is created" if after == "present" else "this is deleted"
            yield Fact(code, sentence, before, after, alert=after != "present")
        elif code == "path":
            if before is not None and after is not None:
                yield Fact("rename", "the path changes", before, after)
        elif code == "mode":
            yield _mode(before, after)
        else:
            yield Fact(code, _NAMES[code], before, after)


def _mode(before: str | None, after: str | None) -> Fact:
    sentence = "file mode"
    if SYMLINK in (before, after):
        sentence = "a symbolic link" if after == SYMLINK else "a symbolic link before"
    elif after == "100755":
        sentence = "executable" if before is None else "becomes executable"
    elif before == "100755" and after is not None:
        sentence = "is no longer executable"
    return Fact("mode", sentence, before, after, alert=after not in (None, "100644"))


def write_facts(write: BaseWrite, edited: BaseWrite | None) -> Iterator[Fact]:
    """What the write rests on, and what it does not say."""
    new = edited or write
    old_words, new_words = _preconditions(write.precondition), _preconditions(new.precondition)
    for code in dict.fromkeys((*new_words, *old_words)):
        yield Fact(
            f"precondition_{code}",
            f"rests on the {code} that the agent saw",
            old_words.get(code),
            new_words.get(code),
            alert=old_words.get(code) != new_words.get(code),
        )
    tied = FileWrite | RecordWrite | RequestWrite | DocumentWrite
    if isinstance(new, tied) and not new_words and new.before is not None:
        yield Fact("no_precondition", "nothing ties this write to the state that the agent saw")
    if isinstance(new, FileWrite) and new.action == "rename" and new.before is None:
        if new.after is None:
            yield Fact("content_unknown", "the content that moves is not given", alert=True)
        else:
            yield Fact("before_unknown", "what was there before is not given", alert=True)


def _preconditions(precondition: Precondition | None) -> dict[str, str]:
    if precondition is None:
        return {}
    return {code: str(value) for code, value in precondition if value is not None}


def text_facts(before: str | None, after: str | None, is_file: bool) -> Iterator[Fact]:
    """Line endings, a missing last one and byte order marks of two texts (None where none).

    Only a file is expected to end with a newline; elsewhere just a change of it is told.
    """
    if after is None:
        return
    yield from _ending_facts(_endings(before or ""), _endings(after))
    old, new = _ragged(before), _ragged(after)
    if old != new if before else new and is_file:
        sentence = "no newline at the end" if new else "a newline at the end"
        yield Fact("last_newline", sentence, _there(before, not old), _there(after, not new))
    elif new and is_file:
        yield Fact("last_newline", "no newline at the end, as before", "missing", "missing")
    marks = [(text or "").startswith("\ufeff") for text in (before, after)]
    if any(marks):
        yield Fact(
            "byte_order_mark", "byte order mark", _there(before, marks[0]), _there(after, marks[1])
        )


def bytes_facts(before: bytes | None, after: bytes | None) -> Iterator[Fact]:
    """The sizes of two byte strings."""
    yield Fact("binary", "shown as bytes", _size(before), _size(after), alert=True)


def _ending_facts(before: dict[str, int], after: dict[str, int]) -> Iterator[Fact]:
    mixed, changed = len(after) > 1, bool(before and after and set(before) != set(after))
    if mixed or changed or not set(after) <= {"LF"}:
        sentence = "line endings change" if changed else "line endings"
        yield Fact(
            "line_endings",
            "line endings are mixed" if mixed else sentence,
            _listed(before),
            _listed(after),
            alert=mixed or changed,
        )


def _endings(text: str) -> dict[str, int]:
    """How many lines end how, most frequent first."""
    both = text.count("\r\n")
    counts = {"CR LF": both, "LF": text.count("\n") - both, "CR": text.count("\r") - both}
    return {name: n for name, n in sorted(counts.items(), key=lambda item: -item[1]) if n}


def _listed(endings: dict[str, int]) -> str | None:
    return ", ".join(f"{name} {n:,}" for name, n in endings.items()) or None


def _ragged(text: str | None) -> bool:
    return bool(text) and not (text or "").endswith(("\n", "\r"))


def _there(text: str | None, there: bool) -> str | None:
    return None if text is None else "there" if there else "missing"


def _size(content: bytes | None) -> str | None:
    return None if content is None else f"{len(content):,} bytes"
