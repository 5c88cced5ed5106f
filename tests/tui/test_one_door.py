"""No text from an artifact reaches a widget as markup: what the desk's source may not say."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from ..support.shared import ROOT

MARKUP_OFF = {"Static", "Label", "notify", "Log", "RichLog", "Button", "Checkbox", "RadioButton"}
AS_CONTENT = {"Option", "Selection"}
FORBIDDEN = {"from_markup", "render_markup", "LoadingIndicatorMarkup"}
DOORS = {"Content", "show", "show_line", "styled", "assemble", "join", "title_of", "text"}


def calls() -> Iterator[tuple[Path, ast.Call, str]]:
    for path in sorted((ROOT / "reviewer" / "tui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = node.func
                yield path, node, getattr(name, "attr", getattr(name, "id", ""))


def where(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def test_markup_is_off_wherever_a_widget_would_read_it() -> None:
    found = [
        where(path, call)
        for path, call, name in calls()
        if name in MARKUP_OFF
        and not any(
            word.arg == "markup"
            and isinstance(word.value, ast.Constant)
            and word.value.value is False
            for word in call.keywords
        )
    ]
    assert found == []


def test_lists_of_choices_hold_content() -> None:
    found = []
    for path, call, name in calls():
        if name in AS_CONTENT:
            first = call.args[0]
            made = getattr(first, "func", None)
            if getattr(made, "attr", getattr(made, "id", "")) not in DOORS:
                found.append(where(path, call))
    assert found == []


def test_nothing_reads_markup_and_no_border_title_is_set() -> None:
    found = [where(path, call) for path, call, name in calls() if name in FORBIDDEN]
    for path in sorted((ROOT / "reviewer" / "tui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            for target in getattr(node, "targets", []) if isinstance(node, ast.Assign) else []:
                if getattr(target, "attr", "") in ("border_title", "border_subtitle"):
                    found.append(where(path, node))
    assert found == []


def test_markdown_never_opens_links_by_itself() -> None:
    found = [
        where(path, call)
        for path, call, name in calls()
        if name in ("Markdown", "MarkdownViewer")
        and not any(word.arg == "open_links" for word in call.keywords)
    ]
    assert found == []


def test_the_check_would_notice() -> None:
    seen = {name for _, _, name in calls()}
    assert {"Static", "notify", "Option", "Markdown"} <= seen
