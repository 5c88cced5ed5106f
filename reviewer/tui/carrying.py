"""Carries a draft over to the proposal that is there now: a three-way merge for each write.

The base is what was proposed when it was typed, mine is what was typed, theirs the proposal now.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..diff.merge_places import Carried, Choice, Shape, carry, head_of
from ..domain.errors import InputError
from ..domain.strict_json import loads
from ..domain.writes import MessageWrite, SqlWrite
from ..untrusted import one_line, pieces
from .forms import form_of, take_back

if TYPE_CHECKING:
    from ..domain.writes import Write
    from .drafts import Draft
    from .editing import Editing
    from .forms import Form


@dataclass
class Conflicted:
    """An edit that meets the new proposal in places; `choices` are made one by one."""

    base: str
    mine: str
    merge: Carried
    choices: dict[int, Choice] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The merged text as far as it is chosen, mine where it is not."""
        return respelled(self.merge.text(self.choices))

    @property
    def open(self) -> tuple[int, ...]:
        """The numbers of the places without a choice."""
        return self.merge.open(self.choices)

    @property
    def sentence(self) -> str:
        """What is to be done."""
        left = len(self.open) or len(self.merge.places)
        words = "place where" if left == 1 else "places where"
        return f"{left} {words} your edit meets the new proposal; F9 shows them."


@dataclass(frozen=True, slots=True)
class Restored:
    """What became of a draft: numbers of writes of this proposal, and what found no place there.

    `renewed` are those whose proposed text is another than the one that was edited; `lost` are the
    targets of edits that this proposal does not write to, hostile text.
    """

    renewed: tuple[int, ...] = ()
    conflicted: tuple[int, ...] = ()
    lost: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What to say of it."""
        if not self.renewed and not self.lost:
            return "Your draft is back."
        said = []
        if self.conflicted:
            n = len(self.conflicted)
            said.append(f"in {n} write{'s' * (n > 1)} it meets the new proposal; F9 shows where")
        elif self.renewed:
            said.append("it was carried over to the new proposal without conflicts")
        if self.lost:
            n = len(self.lost)
            said.append(f"{n} edited write{'s are' if n > 1 else ' is'} not in it any more")
        return f"Your draft is back: {', and '.join(said)}."


def restore(editing: Editing, draft: Draft, digest: str) -> Restored:
    """Takes a draft into an edit of the proposal with this digest; takes long for a large one."""
    targets = [target_of(write) for write in editing.proposed]
    renewed: list[int] = []
    lost: list[str] = []
    for number in sorted({*draft.texts, *draft.dropped}):
        index = _place(targets, number, draft.targets.get(number))
        if index is None:
            lost.append(draft.targets.get(number, f"write {number + 1}"))
            continue
        if number in draft.dropped:
            editing.dropped.add(index)
        if number in draft.texts and _take(editing, draft, number, index, digest):
            renewed.append(index)
    return Restored(tuple(renewed), tuple(sorted(editing.conflicted)), tuple(lost))


def _take(editing: Editing, draft: Draft, number: int, index: int, digest: str) -> bool:
    """Takes one text; True where the proposal is another than the one it was typed on."""
    now = editing.original(index).text
    base = draft.bases.get(number, now if draft.digest == digest else "")
    text = draft.texts[number]
    if base != now and base == now.replace("\n", "⟨U+000D⟩\n"):
        editing.spell_line_ends(index)
        now = base
    if base == now:
        editing.take(index, text, frozenset(draft.left_out.get(number, ())))
        return False
    editing.earlier[index] = base
    merge = carry(base, text, now, shape_of(editing.proposed[index], editing.forms[index]))
    if merge.places:
        choices = draft.choices.get(number, {})
        known = {n: side for n, side in choices.items() if n < len(merge.places)}
        editing.conflicted[index] = Conflicted(base, text, merge, known)  # type: ignore[arg-type]
    else:
        editing.take(index, respelled(merge.text()))
    return True


def _place(targets: list[str], number: int, target: str | None) -> int | None:
    """Where the write is that a draft knows by number and target."""
    if number < len(targets) and target in (None, targets[number]):
        return number
    return targets.index(target) if target in targets else None


def target_of(write: Write) -> str:
    """What a write is told by in another proposal: type, system and resource, or its tool."""
    name = getattr(write, "name", "") or getattr(write, "channel", "") or ""
    return " ".join((write.type, write.system, write.resource, name)).strip()


def shape_of(write: Write, form: Form) -> Shape:
    """How the text of a write's form is put together."""
    if isinstance(write, MessageWrite | SqlWrite):
        return "headed"
    return "json" if form.language == "json" else "text"


def respelled(text: str) -> str:
    """A merged text with every hidden character by name; names that stand there stay."""
    if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable():
        return text
    parts = []
    for piece in pieces(text):
        source = text[piece.start : piece.end]
        hidden = piece.kind != "text" or "\r" in source
        parts.append("".join(f"⟨U+{ord(c):04X}⟩" for c in source) if hidden else source)
    return "".join(parts)


def why_unread(write: Write, text: str) -> str:
    """Why a form cannot show the text of a write's form, or nothing; safe to show."""
    shape = shape_of(write, form_of(write))
    if shape == "text":
        return ""
    try:
        if shape == "json" and not isinstance(loads(take_back(text)), dict):
            return "it is no JSON object"
        if shape == "headed":
            head_of(text)
    except InputError as error:
        return one_line(str(error), 160)
    return ""
