"""Editing the writes of an artifact, its hunks, and where an edit meets a new proposal."""

from __future__ import annotations

from collections.abc import Iterable

from .model import Action, one


def edit() -> Iterable[Action]:
    """The edit screen: one write at a time."""
    for id, keys, label, sentence in (
        ("send", "ctrl+s", "send", "Go on to the confirm with your version."),
        ("compare", "f2", "compare", "Against the proposal, the state before, or what it was."),
        ("view", "f3", "form/text", "The form or its text; both are the same edit."),
        ("editor", "f4", "$EDITOR", "Edit the text in your own editor."),
        ("wrong", "f5", "", "Go to what is wrong."),
        ("next_write", "f6", "write", "Next write."),
        ("previous_write", "shift+f6", "", "Write before."),
        ("hunks", "f7", "hunks", "Take or leave each change of a file or document."),
        ("drop", "f8", "drop", "Drop this write, or take it back in."),
        ("carry", "f9", "settle", "Settle where your edit meets a new proposal, or go on to it."),
        ("back", "escape", "back", "Back; the draft is kept."),
    ):
        yield one("edit", "Edit", f"edit.{id}", keys, label, sentence)


def hunks() -> Iterable[Action]:
    """The hunks of one write."""
    for id, keys, label, sentence in (
        ("next", "j down", "next", "Next hunk."),
        ("previous", "k up", "", "Hunk before."),
        ("first", "g home", "", "First hunk."),
        ("last", "G end", "", "Last hunk."),
        ("page_down", "ctrl+d pagedown", "", "Half a page down."),
        ("page_up", "ctrl+u pageup", "", "Half a page up."),
        ("take", "y", "take", "Take this hunk, go on to the next."),
        ("leave", "n", "leave", "Leave this hunk out, go on to the next."),
        ("toggle", "space", "", "Take this hunk or leave it out."),
        ("take_all", "a", "all", "Take every hunk."),
        ("leave_all", "d", "none", "Leave every hunk out."),
        ("split", "s", "split", "Split this hunk into smaller ones."),
        ("edit", "e", "edit", "Edit the text where this hunk is."),
        ("back", "escape f7 enter", "back", "Back to the edit; what you chose is kept."),
    ):
        yield one("hunks", "Hunks", f"hunks.{id}", keys, label, sentence)


def conflicts() -> Iterable[Action]:
    """Where an edit meets a new proposal."""
    for id, keys, label, sentence in (
        ("next", "n j down", "next", "Next place."),
        ("previous", "N k up", "", "Place before."),
        ("page_down", "ctrl+d pagedown", "", "Half a page down."),
        ("page_up", "ctrl+u pageup", "", "Half a page up."),
        ("mine", "m", "mine", "What you typed stands here."),
        ("theirs", "t", "theirs", "What the new proposal says stands here."),
        ("both", "b", "both", "Both stand here, where they concern different words."),
        ("open", "u", "", "Open this choice again."),
        ("back", "escape f9 enter", "back", "Back to the edit; your choices are kept."),
    ):
        yield one("conflicts", "Conflicts", f"conflicts.{id}", keys, label, sentence)
