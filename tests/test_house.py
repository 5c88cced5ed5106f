"""The house rules: style, types, import arrows, small rooms, and one door for each thing."""

from __future__ import annotations

import ast
import importlib
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from .support.shared import ROOT

BIN = Path(sys.executable).parent
TOP = {
    "pyproject.toml",
    "README.md",
    "CHANGELOG.md",
    "LICENSE",
    "reviewer",
    "backends",
    "tests",
    "screenshots",
}
CHECKS = {
    "ruff": ["ruff", "check"],
    "format": ["ruff", "format", "--check"],
    "mypy": ["mypy"],
    "imports": ["lint-imports"],
}


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("check", CHECKS)
def test_a_checker_is_content(check: str) -> None:
    tool, *arguments = CHECKS[check]
    done = subprocess.run(
        [str(BIN / tool), *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "path", sorted((ROOT / "tests/benchmarks").glob("bench_*.py")), ids=lambda path: path.stem
)
def test_a_benchmark_can_be_started(path: Path) -> None:
    """Nobody runs them often, so that one which lacks what another gave up is found late."""
    importlib.import_module(f"tests.benchmarks.{path.stem}")


def test_the_top_level_holds_what_the_design_names() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert {name.split("/")[0] for name in listed if not name.startswith(".")} <= TOP


def test_rooms_are_small() -> None:
    sizes = {path: len(path.read_text().splitlines()) for path in sources("reviewer", "backends")}
    assert statistics.median(size for size in sizes.values() if size > 2) <= 150
    assert {path.name: size for path, size in sizes.items() if size > 500} == {}


def test_functions_fit_a_screen() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in sources("reviewer", "backends")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: size for name, size in long.items() if size > 60} == {}


def test_public_things_say_what_they_mean() -> None:
    silent = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in sources("reviewer", "backends")
        if "migrations/versions" not in path.as_posix()
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if not node.name.startswith("_") and ast.get_docstring(node) is None
    ]
    assert silent == []


def test_one_place_for_sql_and_one_for_time() -> None:
    """SQL drivers only in backends; the wall clock is read nowhere in the pure packages."""
    pure = ("domain", "policy", "diff", "labels", "audit", "insights")
    offenders = []
    for path in sources("reviewer", "backends"):
        inside = path.relative_to(ROOT).parts
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            for name in (name.split(".")[0] for name in names):
                sql = name in ("sqlite3", "sqlalchemy", "sqlmodel", "alembic")
                impure = name in ("time", "random", "asyncio", "os", "socket", "textual")
                if sql and inside[0] != "backends" and "demo" not in inside:
                    offenders.append(f"{path}: {name}")
                if impure and inside[0] == "reviewer" and inside[1] in pure:
                    offenders.append(f"{path}: {name}")
    assert offenders == []


def test_the_readme_has_the_command_that_ci_runs() -> None:
    readme = (ROOT / "README.md").read_text()
    block = readme.split("<!-- test command -->")[1].split("<!-- end -->")[0]
    assert "pytest" in block
    assert "README" in (ROOT / ".ci" / "run").read_text()


def test_dependencies_are_the_ones_agreed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    plain = {line.split(">")[0].split("=")[0] for line in project["dependencies"]}
    assert {"textual", "httpx", "sqlmodel", "keyring", "pygments", "diff-match-patch"} <= plain
    assert "litellm" not in plain
    assert any("litellm" in line for line in project["optional-dependencies"]["assist"])
