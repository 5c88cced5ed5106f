"""The policy's screens: pages, a file that is checked, problems, the editor, hostile texts."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from reviewer.domain.governance import Cap, PolicyRow, Stop
from reviewer.tui.screens.agents import AgentsScreen
from reviewer.tui.screens.dialogs.governing import ActivateDialog, PromotionDialog, StopDialog
from reviewer.tui.screens.policy import PolicyScreen, only_proposes
from reviewer.untrusted.characters import NEVER

from .governed import CAPS, LEDGER, NOW, ROWS, TEXT, Governed, compiled_of, row
from .hostile_queue import payload
from .policy_desk import desk_of, drawn
from .test_edit_screen import _in_place

Patch = pytest.MonkeyPatch


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: Patch) -> None:
    monkeypatch.setenv("REVIEWER_HOME", str(tmp_path))
    monkeypatch.delenv("VISUAL", raising=False)


async def pressed(pilot: Pilot[None], *keys: str) -> None:
    """Presses keys and waits until what they began is done."""
    for key in keys:
        await pilot.press(key)
        await pilot.pause()
        screen = pilot.app.screen
        if isinstance(screen, PolicyScreen):
            while screen.doing:
                await pilot.pause(0.02)
    await pilot.pause(0.1)


async def test_pages_turn_by_number_by_tab_and_by_click(tmp_path: Path) -> None:
    screen = PolicyScreen()
    async with desk_of(tmp_path, screen) as pilot:
        assert "who may write what, as whom" in drawn(screen)
        await pressed(pilot, "2")
        assert screen.page == "history"
        assert "twice the budget" in drawn(screen)
        await pressed(pilot, "tab")
        assert screen.page == "check"
        await pressed(pilot, "shift+tab", "shift+tab")
        assert screen.page == "in force"
        at = drawn(screen).split("\n")[1].index("Check")
        await pilot.click("#tabs", offset=(at, 0))
        await pilot.pause()
        assert screen.page == "check"


async def test_a_small_terminal_shows_whole_notes_and_every_policy_there_is_room_for(
    tmp_path: Path,
) -> None:
    note = "after the audit of the third quarter, so that nobody forgets why this was written"
    rows = tuple(replace(one, note=note) for one in ROWS)
    screen = PolicyScreen()
    async with desk_of(tmp_path, screen, Governed(rows), size=(80, 24)) as pilot:
        assert "why this was written" in " ".join(drawn(screen).split())
        await pressed(pilot, "2")
        assert "why this was written" in " ".join(drawn(screen).split())
        assert not screen.policies.show_vertical_scrollbar, "they fit, so all are there"
        await pressed(pilot, "3")
        await pilot.resize_terminal(30, 24)
        await pilot.pause(0.2)
        assert "…" in drawn(screen).split("\n")[3], "what is cut off says so"


async def test_the_history_shows_texts_and_what_they_change(tmp_path: Path) -> None:
    screen = PolicyScreen("history")
    async with desk_of(tmp_path, screen) as pilot:
        await pressed(pilot, "d")
        while screen.compared.rows is None:
            await pilot.pause(0.02)
        await pilot.pause(0.1)
        assert "rate: 4%" in drawn(screen)
        assert "rate: 2%" in drawn(screen)
        await pressed(pilot, "enter")
        assert screen.focused is screen.compared
        await pressed(pilot, "escape")
        await pressed(pilot, "j")
        assert screen.policies.cursor == 1
        assert not screen.has_class("-comparing")
        await pressed(pilot, "a")
        assert screen is pilot.app.screen, "what is in force is not put in force"


async def test_a_file_with_mistakes_names_their_lines(tmp_path: Path, monkeypatch: Patch) -> None:
    seen = tmp_path / "seen"
    monkeypatch.setenv("EDITOR", f"{editor(tmp_path, seen)}")
    path = tmp_path / "policy.yaml"
    path.write_text(TEXT.replace("quorum: 2\n    four", "quorom: 2\n    four") + "\nagent: {}\n")
    screen = PolicyScreen()
    async with desk_of(tmp_path, screen, size=(80, 24)) as pilot:
        await pressed(pilot, "c")
        assert screen.page == "check"
        assert screen.tried is not None
        assert len(screen.tried.problems) == 2
        assert "2 problems" in drawn(screen)
        problem = screen.problems.problem
        assert problem is not None
        assert f"{problem.line}:{problem.column}" in drawn(screen)
        assert "quorom" in drawn(screen)
        await pressed(pilot, "j")
        second = screen.problems.problem
        assert second is not None
        assert screen.file.row + 1 == second.line
        await pressed(pilot, "a")
        assert screen is pilot.app.screen, "a file with mistakes is not put in force"
        monkeypatch.setattr(pilot.app, "suspend", _in_place)
        await pressed(pilot, "enter")
        assert seen.read_text().split("\n")[:2] == [f"+{second.line}", str(path)]


def editor(tmp_path: Path, seen: Path) -> str:
    """An editor that writes down what it was asked to open; by the name of one that knows lines."""
    script = tmp_path / "editor.py"
    script.write_text(
        f"import sys\nopen({str(seen)!r}, 'w').write('\\n'.join([*sys.argv[1:], '']))\n"
    )
    link = tmp_path / "vim"
    link.symlink_to(sys.executable)
    return f"{link} {script}"


async def test_the_editor_begins_with_the_policy_in_force(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    monkeypatch.setenv("EDITOR", editor(tmp_path, tmp_path / "seen"))
    screen = PolicyScreen()
    async with desk_of(tmp_path, screen) as pilot:
        monkeypatch.setattr(pilot.app, "suspend", _in_place)
        await pressed(pilot, "3", "c")
        assert "is not there yet" in drawn(screen)
        await pressed(pilot, "e")
        assert (tmp_path / "policy.yaml").read_text() == TEXT
        assert screen.tried is not None
        assert screen.tried.good
        assert "it is good" in drawn(screen)
        assert "means the same as the policy in force" in drawn(screen)


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (lambda path: path.mkdir(), "cannot be read"),
        (lambda path: path.write_bytes(b"\xff\xfe"), "not UTF-8"),
        (lambda path: path.write_bytes(b"#" * 2_000_001), "larger than 2 MB"),
        (lambda path: path.write_text("- 1\n"), "1 problem"),
        (lambda path: path.write_text(""), "1 problem"),
    ],
)
async def test_what_cannot_be_read_is_said(tmp_path: Path, write: object, said: str) -> None:
    write(tmp_path / "policy.yaml")  # type: ignore[operator]
    screen = PolicyScreen()
    async with desk_of(tmp_path, screen) as pilot:
        await pressed(pilot, "c")
        assert said in drawn(screen)


async def test_activating_asks_says_who_must_agree_and_takes_no_enter(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(TEXT.replace("quorum: 2", "quorum: 1"))
    screen = PolicyScreen()
    async with desk_of(tmp_path, screen) as pilot:
        await pressed(pilot, "c", "a")
        dialog = pilot.app.screen
        assert isinstance(dialog, ActivateDialog)
        said = drawn(dialog)
        assert "Propose this policy?" in said
        assert "somebody else (ana, mia)" in said
        assert "It was not simulated" in said
        assert "looser" in said
        await pilot.press("enter")
        assert pilot.app.screen is dialog
        await pilot.press("escape")
        await pilot.pause()
        assert pilot.app.screen is screen


def test_who_only_proposes() -> None:
    policy = compiled_of().policy
    assert only_proposes(policy, "ana")
    alone = policy.model_copy(
        update={"activation": policy.activation.model_copy(update={"four_eyes": False})}
    )
    assert not only_proposes(alone, "mia")
    assert only_proposes(alone, "somebody")
    assert not only_proposes(None, "mia")
    groups = {"finance": ["ben"], "@leads": ["@finance", "mia"]}
    by = alone.activation.model_copy(update={"by": ["@leads"]})
    nested = alone.model_copy(update={"activation": by, "groups": groups})
    assert not only_proposes(nested, "ben"), "a group may hold groups, here as everywhere"
    assert only_proposes(nested, "cy")


# -------------------------------------------------------------------------------- agents


async def test_agents_are_told_and_asked_about(tmp_path: Path) -> None:
    screen = AgentsScreen("mailer")
    async with desk_of(tmp_path, screen) as pilot:
        assert screen.list.row is not None
        assert screen.list.row.agent == "mailer", "the agent one came from is under the cursor"
        said = drawn(screen)
        assert "■ 1 stopped" in said
        assert "↑ 1 promotion to decide" in said
        assert "A promotion is proposed" in said
        await pilot.press("p")
        await pilot.pause(0.1)
        dialog = pilot.app.screen
        assert isinstance(dialog, PromotionDialog)
        assert "4.9 %" in drawn(dialog)
        await pilot.press("escape")
        await pilot.pause(0.1)
        await pilot.press("!")
        await pilot.pause(0.1)
        dialog = pilot.app.screen
        assert isinstance(dialog, StopDialog)
        assert "● only mailer" in drawn(dialog).replace("  ", " ").replace("  ", " ")
        await pilot.press("escape")
        await pilot.pause(0.1)
        assert pilot.app.screen is screen
        await pilot.press("v")
        await pilot.pause(0.8)
        assert len(screen.list.rows) == 6


async def test_without_any_agent_it_says_what_will_stand_there(tmp_path: Path) -> None:
    screen = AgentsScreen()
    bare = replace(ROWS[1], text="version: 1\nagents: {'*': {}}\n")
    made = Governed((ROWS[0], bare), (), (), ())
    async with desk_of(tmp_path, PolicyScreen(), made) as pilot:
        from reviewer.policy.compiled import load

        pilot.app.session.governing.compiled = load(bare.text)  # type: ignore[attr-defined]
        pilot.app.push_screen(screen)
        await pilot.pause(0.8)
        assert "No agent has done anything yet" in drawn(screen)


@pytest.mark.parametrize("seed", range(4))
async def test_hostile_policies_agents_and_reasons(tmp_path: Path, seed: int) -> None:
    """Every name and text is hostile; nothing of it reaches the terminal as it is."""
    bad = [payload(seed * 17 + step) for step in range(12)]
    rows = (
        PolicyRow(f"sha256:{bad[0]}", bad[1] * 30, "proposed", bad[2], bad[3], NOW),
        replace(ROWS[1], text=f"# {bad[4]}\n{TEXT}", note=bad[5]),
    )
    ledger = (
        *LEDGER,
        replace(row(bad[6], bad[7], 40, rejected=9), version=bad[8]),
    )
    caps = (*CAPS, Cap(bad[6], bad[7], "assisted", bad[9], bad[10], NOW, "promotion"))
    stops = (Stop(bad[6], bad[11], bad[3], NOW), Stop("*", bad[1], bad[2], NOW))
    made = Governed(rows, ledger, caps, stops)
    (tmp_path / "policy.yaml").write_text(
        f"{bad[0]}: {bad[1]!r}\n# {bad[2]}\n", encoding="utf-8", errors="surrogateescape"
    )
    policies, agents = PolicyScreen(), AgentsScreen()
    async with desk_of(tmp_path, policies, made, size=(80, 24)) as pilot:
        for key in ("2", "d", "enter", "escape", "escape", "c"):
            await pressed(pilot, key)
            harmless(drawn(policies))
        pilot.app.push_screen(agents)
        await pilot.pause(0.6)
        for key in ("j", "j", "G", "tab", "G", "escape", "v", "!", "escape", "g"):
            await pilot.press(key)
            await pilot.pause(0.1)
            harmless(drawn(pilot.app.screen))


def harmless(text: str) -> None:
    """No character that a terminal acts on."""
    found = NEVER.search(text.replace("\n", ""))
    assert found is None, ascii(found)
    assert all(cell_len(line) <= 80 for line in text.split("\n"))


async def test_without_colours_everything_is_told_by_signs_and_words(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    agents, policies = AgentsScreen(), PolicyScreen("history")
    async with desk_of(tmp_path, agents, size=(80, 24)) as pilot:
        assert pilot.app.no_color
        said = drawn(agents)
        for words in (
            "■ stopped",
            "◐ assisted",
            "◌ shadow",
            "░░░░░░░░ spent",
            "████░░░░ 55 % left",
        ):
            assert words in said
        pilot.app.push_screen(policies)
        await pilot.pause(0.5)
        said = drawn(policies)
        for words in ("◌ proposed", "● in force", "· before"):
            assert words in said
        await pressed(pilot, "d")
        while policies.compared.rows is None:
            await pilot.pause(0.02)
        await pilot.pause(0.1)
        assert "21    -" in drawn(policies) or "-     budget" in drawn(policies)
