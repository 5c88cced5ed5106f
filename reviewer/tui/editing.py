"""What is being edited: one text for each write, read back into writes.  No widget, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from ..diff.hunks import Patch, patch
from ..diff.merge_places import carry
from ..domain.errors import InputError
from ..domain.writes import DocumentWrite, FileWrite
from ..untrusted import one_line
from .carrying import Conflicted, target_of
from .drafts import Draft
from .forms import Form, form_of, spell_out, take_back

if TYPE_CHECKING:
    from ..domain.views import Item
    from ..domain.writes import Write
    from .spelling import Spelled

CR: Final = "⟨U+000D⟩"


class Editing:
    """The texts of an artifact's writes, spelled out for an editor.

    A text that was not touched gives the proposed write itself, byte for byte.  `conflicted` are
    the writes whose edit could not be carried over to this proposal without a choice; they are read
    only once every choice is made.  `earlier` are the proposed texts that an edit was made on.
    """

    def __init__(self, item: Item) -> None:
        self.proposed = list(item.artifact.writes)
        self.forms: list[Form] = [form_of(write) for write in self.proposed]
        self._spelled: dict[int, Spelled] = {}
        self._texts: dict[int, str] = {}
        self._patches: dict[int, Patch] = {}
        self.dropped: set[int] = set()
        self.left_out: dict[int, frozenset[int]] = {}
        self.conflicted: dict[int, Conflicted] = {}
        self.earlier: dict[int, str] = {}

    # ------------------------------------------------------------------ texts

    def original(self, index: int) -> Spelled:
        """The proposed text of a write; takes long for a large one, the first time."""
        if index not in self._spelled:
            self._spelled[index] = spell_out(self.forms[index].text(self.proposed[index]))
        return self._spelled[index]

    def spell_line_ends(self, index: int) -> None:
        """From now on every CR of a write's text is spelled out, for its lines end in two ways."""
        mine, old = self._texts.get(index), self.original(index)
        if old.ending == "\n":
            return
        text = self.forms[index].text(self.proposed[index])
        self._spelled[index] = spell_out(text, line_ends=False)
        if mine is not None:
            self._texts[index] = mine.replace("\n", f"{CR}\n")

    def ready(self, index: int) -> bool:
        """Whether a write's text is there without taking long."""
        return index in self._spelled

    def text(self, index: int) -> str:
        """What the editor shows of a write."""
        if index in self.conflicted:
            return self.conflicted[index].text
        return self._texts.get(index, self.original(index).text)

    def put(self, index: int, text: str) -> bool:
        """Takes what was typed; False where it is what was there, or choices are open."""
        if index in self.conflicted or text == self.text(index):
            return False
        self._texts[index] = text
        if text == self.original(index).text:
            del self._texts[index]
            self.left_out.pop(index, None)
        return True

    def changed(self, index: int) -> bool:
        """Whether a write's text differs from the proposal."""
        return index in self._texts or index in self.conflicted

    @property
    def touched(self) -> bool:
        """Whether anything differs from the proposal."""
        return bool(self._texts or self.dropped or self.conflicted)

    # ------------------------------------------------------------------ writes

    def read(self, index: int) -> Write:
        """The write as it is typed now; raises `InputError` where it is none."""
        if index not in self.conflicted and index not in self._texts:
            return self.proposed[index]
        return self.form_read(index, self.text(index))

    def form_read(self, index: int, text: str) -> Write:
        """The write that a text of its form stands for; raises `InputError` where it is none."""
        plain = take_back(text, self.original(index).ending)
        return self.forms[index].read(self.proposed[index], plain)

    def writes(self) -> tuple[Write | None, ...]:
        """All writes, None where one is dropped; raises `InputError` naming the write."""
        found: list[Write | None] = []
        for index in range(len(self.proposed)):
            if index in self.dropped:
                found.append(None)
                continue
            if index in self.conflicted:
                raise InputError(f"write {index + 1}: {self.conflicted[index].sentence}")
            try:
                found.append(self.read(index))
            except InputError as error:
                apart = "," if error.place else ":"
                raise InputError(f"write {index + 1}{apart} {error}") from None
        return tuple(found)

    def violations(self, index: int, mine: Write) -> list[tuple[str, str]]:
        """What is wrong with a write under the JSON Schema that it carries: where, and a sentence.

        The places are JSON pointers; the sentences are safe to show.
        """
        form = self.forms[index]
        schema = form.schema(mine)
        if schema is None:
            return []
        from ..domain.schema import MAX_ERRORS, UNUSABLE, violated

        found = violated(form.value(mine), schema, MAX_ERRORS)
        if found is None:
            return [("", UNUSABLE)]
        return [(at, one_line(f"{at or '/'}: {why}", 160)) for at, why in found]

    # ------------------------------------------------------------------ drafts and conflicts

    def draft(self, artifact_id: str, digest: str, now: int, comments: Mapping[str, str]) -> Draft:
        """Everything that differs from the proposal, and what it was made on."""
        texts, bases = dict(self._texts), {}
        choices = {}
        for index in self._texts:
            bases[index] = self.original(index).text
        for index, open_one in self.conflicted.items():
            texts[index], bases[index] = open_one.mine, open_one.base
            choices[index] = {number: str(side) for number, side in open_one.choices.items()}
        numbers = sorted({*texts, *self.dropped})
        return Draft(
            artifact_id, digest, now, texts, tuple(sorted(self.dropped)), comments, bases,
            {index: target_of(self.proposed[index]) for index in numbers}, choices,
            {index: tuple(sorted(left)) for index, left in self.left_out.items() if left},
        )  # fmt: skip

    def take(self, index: int, text: str, left_out: frozenset[int] = frozenset()) -> None:
        """Takes a draft's text, made on this proposal."""
        self._texts[index] = text
        if text == self.original(index).text:
            del self._texts[index]
        if left_out:
            self.left_out[index] = left_out

    def settle(self, index: int) -> bool:
        """Takes the merged text of a write where every choice is made; False where one is open."""
        open_one = self.conflicted.get(index)
        if open_one is None or open_one.open:
            return False
        del self.conflicted[index]
        self.take(index, open_one.text)
        return True

    # ------------------------------------------------------------------ hunks

    def why_no_hunks(self, index: int) -> str:
        """Why a write cannot be taken hunk by hunk, or nothing."""
        write = self.proposed[index]
        if not isinstance(write, FileWrite | DocumentWrite):
            return "Only the changes of files and documents are taken hunk by hunk."
        if index in self.conflicted:
            return self.conflicted[index].sentence
        if isinstance(write, FileWrite) and any(
            side is not None and side.text is None for side in (write.before, write.after)
        ):
            return "These are bytes, not text; there are no hunks."
        return ""

    def patch(self, index: int) -> Patch:
        """What the proposal changes of a file or document; takes long for a large one."""
        if index not in self._patches:
            self._patches[index] = patch(*_sides(self.proposed[index]))
        return self._patches[index]

    def leave_out(self, index: int, pieces: frozenset[int]) -> str:
        """Leaves these pieces of the proposed change out, and no others; says why not, or nothing.

        What was typed besides stays: it is merged in, and where it stands in the way the pieces
        stay as they were.
        """
        made, write = self.patch(index), self.proposed[index]
        everything = frozenset(range(len(made.pieces)))
        if isinstance(write, FileWrite) and write.after is None:
            if pieces not in (frozenset(), everything):
                return "A file is deleted whole or not at all."
            self._mark_dropped(index, dropped=bool(pieces))
            return ""
        before = self.left_out.get(index, frozenset())
        for left in (before, pieces):  # the line ends of both are known before either is spelled
            self._spell(index, made.text(everything - left))
        new = self._spell(index, made.text(everything - pieces))
        if index not in self._texts and not before:
            text = new
        else:
            old = self._spell(index, made.text(everything - before))
            merged = carry(old, self.text(index), new)
            if merged.places:
                where = merged.places[0].where
                return f"What you typed in {where} stands in the way; take it back first."
            text = merged.text()
        nothing = text == self._spell(index, _sides(write)[0]) and _only_text(write)
        self._mark_dropped(index, dropped=nothing)
        self.take(index, text)
        self.left_out[index] = pieces
        if not pieces:
            del self.left_out[index]
        return ""

    def _spell(self, index: int, text: str) -> str:
        """A text spelled as the write's own is; where its line ends do not fit, so that they do."""
        if self.original(index).ending == "\r\n":
            if text.count("\r\n") == text.count("\n") == text.count("\r"):
                return spell_out(text.replace("\r\n", "\n"), line_ends=False).text
            self.spell_line_ends(index)
        return spell_out(text, line_ends=False).text

    def drop(self, index: int) -> None:
        """Leaves a write out, or takes it back in, as proposed where its hunks had all gone."""
        if index not in self.dropped:
            self.dropped.add(index)
            return
        self.dropped.discard(index)
        left = self.left_out.get(index)
        if left is not None and len(left) == len(self.patch(index).pieces):
            self._texts.pop(index, None)
            del self.left_out[index]

    def _mark_dropped(self, index: int, *, dropped: bool) -> None:
        (self.dropped.add if dropped else self.dropped.discard)(index)


def _sides(write: Write) -> tuple[str, str]:
    """The text before and the proposed one of a file or document, empty where there is none."""
    if isinstance(write, FileWrite):
        before, after = write.before, write.after
        return (before.text or "" if before else ""), (after.text or "" if after else "")
    assert isinstance(write, DocumentWrite)
    return write.before or "", write.after


def _only_text(write: Write) -> bool:
    """Whether a write changes nothing but the text."""
    if isinstance(write, DocumentWrite):
        return True
    if not isinstance(write, FileWrite) or write.action == "rename":
        return False
    before, after = write.before, write.after
    return before is None or after is None or before.mode == after.mode
