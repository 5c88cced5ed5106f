"""What a simulation found, as people see it in a terminal."""

from __future__ import annotations

import sys

import pytest

from reviewer.cli.policy_drawn import ROWS, say_simulated
from reviewer.domain.instant import DAY, HOUR
from reviewer.policy.simulate import Simulation
from reviewer.policy.simulated import Simulated
from tests.domain.strategies import NOW
from tests.policy.test_simulate import ASSISTED, lenient
from tests.policy.worlds import Event, World, artifact, compile_


def found(agents: int = 1, gap: int = DAY) -> Simulated:
    """Twelve days of refunds, of which every third would go to people."""
    some = [
        Event(
            gap,
            artifact(n, agent=f"bot-{n % agents}", confidence=0.1 if n % 3 == 0 else 0.9),
            decision="reject" if n % 4 == 0 else "approve",
        )
        for n in range(max(12, agents))
    ]
    simulation = Simulation(compile_(lenient()), NOW, NOW + 12 * DAY)
    simulation.add(World(compile_(ASSISTED)).run(some))
    return simulation.result()


def test_the_plot_shows_then_and_now(capsys: pytest.CaptureFixture[str]) -> None:
    say_simulated(found(), "new")
    lines = capsys.readouterr().out.splitlines()
    at = lines.index("To people   █ now   ○ then")
    plot = lines[at + 1 : at + 11]
    assert sum(line.count("○") for line in plot) == 12
    assert any("█" in line for line in plot)
    assert plot[0].startswith("1┤")
    assert "29 May" in plot[-1]
    assert all(len(line) <= 80 for line in plot)
    assert lines[-1].split()[0].startswith("a")  # an example ends it, and no empty line


def test_no_plot_where_it_cannot_be_read(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(sys.stdout), "encoding", "ascii", raising=False)
    say_simulated(found(), "new")
    assert "○" not in capsys.readouterr().out


def test_hours_have_their_own_labels(capsys: pytest.CaptureFixture[str]) -> None:
    some = [Event(HOUR, artifact(n)) for n in range(5)]
    simulation = Simulation(compile_(lenient()), NOW, NOW + 6 * HOUR)
    simulation.add(World(compile_(ASSISTED)).run(some))
    say_simulated(simulation.result(), "new")
    lines = capsys.readouterr().out.splitlines()
    plot = lines[lines.index("To people   █ now   ○ then") + 1 :][:10]
    assert plot[-1].count(":26") >= 3


def test_long_tables_say_where_the_rest_is(capsys: pytest.CaptureFixture[str]) -> None:
    say_simulated(found(agents=ROWS + 5, gap=HOUR), "new")
    out = capsys.readouterr().out
    assert "and 5 more; --json and --csv have all" in out
    assert out.count("bot-") >= ROWS
