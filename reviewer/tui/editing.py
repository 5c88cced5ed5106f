"""What is being edited: one text for each write, read back into writes.  No widget, no I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..domain.errors import InputError
from ..untrusted import one_line
from .forms import Form, form_of, spell_out, take_back

if TYPE_CHECKING:
    from ..domain.views import Item
    from ..domain.writes import Write
    from .drafts import Draft
    from .spelling import Spelled


class Editing:
    """The texts of an artifact's writes, spelled out for an editor.

    A text that was not touched gives the proposed write itself, byte for byte.
    """

    def __init__(self, item: Item) -> None:
        self._proposed = list(item.artifact.writes)
        self.forms: list[Form] = [form_of(write) for write in self._proposed]
        self._spelled: dict[int, Spelled] = {}
        self._texts: dict[int, str] = {}
        self.dropped: set[int] = set()

    def restore(self, draft: Draft) -> None:
        """Takes a draft's texts, as far as there are writes for them."""
        known = range(len(self._proposed))
        self._texts = {index: text for index, text in draft.texts.items() if index in known}
        self.dropped = {index for index in draft.dropped if index in known}

    def _original(self, index: int) -> Spelled:
        if index not in self._spelled:
            self._spelled[index] = spell_out(self.forms[index].text(self._proposed[index]))
        return self._spelled[index]

    def text(self, index: int) -> str:
        """What the editor shows of a write."""
        return self._texts.get(index, self._original(index).text)

    def put(self, index: int, text: str) -> bool:
        """Takes what was typed; False where it is what was there."""
        if text == self.text(index):
            return False
        self._texts[index] = text
        if text == self._original(index).text:
            del self._texts[index]
        return True

    def changed(self, index: int) -> bool:
        """Whether a write's text differs from the proposal."""
        return index in self._texts

    @property
    def touched(self) -> bool:
        """Whether anything differs from the proposal."""
        return bool(self._texts or self.dropped)

    def changed_texts(self) -> dict[int, str]:
        """The texts that differ from the proposal."""
        return dict(self._texts)

    def read(self, index: int) -> Write:
        """The write as it is typed now; raises `InputError` where it is none."""
        proposed = self._proposed[index]
        if index not in self._texts:
            return proposed
        text = take_back(self._texts[index], self._original(index).ending)
        return self.forms[index].read(proposed, text)

    def writes(self) -> tuple[Write | None, ...]:
        """All writes, None where one is dropped; raises `InputError` naming the write."""
        found: list[Write | None] = []
        for index in range(len(self._proposed)):
            if index in self.dropped:
                found.append(None)
                continue
            try:
                found.append(self.read(index))
            except InputError as error:
                raise InputError(f"write {index + 1}: {error}") from None
        return tuple(found)

    def violations(self, index: int, mine: Write) -> list[str]:
        """What is wrong with a write under the JSON Schema that it carries; safe to show."""
        form = self.forms[index]
        schema = form.schema(mine)
        if schema is None:
            return []
        from ..domain.schema import violations

        return [one_line(why, 160) for why in violations(form.value(mine), schema)]
