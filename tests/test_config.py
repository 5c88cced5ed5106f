"""The settings: defaults, environment, one clear sentence for each thing wrong, saving."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from reviewer import config
from reviewer.config import Config, View
from reviewer.domain import query
from reviewer.domain.errors import ReviewerError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REVIEWER_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("REVIEWER_QUEUE", raising=False)
    return tmp_path / "home"


def write(home: Path, text: str) -> None:
    home.mkdir(exist_ok=True)
    (home / "config.toml").write_text(text, encoding="utf-8")


def error(home: Path, text: str) -> ReviewerError:
    write(home, text)
    with pytest.raises(ReviewerError) as caught:
        config.load()
    return caught.value


def test_no_file_means_defaults(home: Path) -> None:
    assert config.load() == Config()
    assert not home.exists()


def test_the_default_queue_lives_under_home(home: Path) -> None:
    assert config.default_queue_url() == f"sqlite:///{home.as_posix()}/queue.db"
    assert config.default_queue_url().startswith("sqlite:////")
    assert Config().queue_url() == config.default_queue_url()


def test_queue_url_by_precedence(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Config(queue="sqlite:////b")
    assert settings.queue_url() == "sqlite:////b"
    monkeypatch.setenv("REVIEWER_QUEUE", "sqlite:////c")
    assert settings.queue_url() == "sqlite:////c"
    assert settings.queue_url("sqlite:////d") == "sqlite:////d"


def test_without_an_override_home_is_a_directory_of_the_platform(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("REVIEWER_HOME", raising=False)
    assert config.home().is_absolute()
    assert config.home().name == "reviewer"


def test_everything_is_read(home: Path) -> None:
    write(
        home,
        """
        name = "ana"
        roles = ["reviewer"]
        undo_seconds = 0
        mouse = false
        editor = "code --wait"

        [[views]]
        name = "Money"
        filter = "kind:refund risk:>=high"

        [keymap]
        approve = "A"
        """,
    )
    loaded = config.load()
    assert loaded.views == (View("Money", "kind:refund risk:>=high"),)
    assert loaded.keymap == {"approve": "A"}
    assert (loaded.undo_seconds, loaded.mouse) == (0, False)
    assert loaded.editor_command() == ["code", "--wait"]
    actor = loaded.actor()
    assert (actor.id, actor.kind, actor.roles) == ("ana", "person", {"reviewer"})
    assert loaded.actor("ben").id == "ben"


def test_default_views_are_filters_that_the_language_reads() -> None:
    for view in Config().views:
        query.parse(view.filter)


def test_every_setting_says_what_it_means() -> None:
    assert all(config.meaning(name) for name in config.FIELDS)


@pytest.mark.parametrize(
    ("text", "line", "parts"),
    [
        ('name = "x"\nundo_seconds = "five"\n', 2, ["'undo_seconds'", "0 to 60", '"five"', "(5)"]),
        ("undo_seconds = true\n", 1, ["'undo_seconds'"]),
        ("\n\nundo_seconds = 61\n", 3, ["61"]),
        ("mouse = 1\n", 1, ["true or false"]),
        ("name = 3\n", 1, ["a text in quotes"]),
        ("undo_second = 3\n", 1, ["'undo_second'", "'undo_seconds'?"]),
        ("zzzzqqq = 3\n", 1, ["Known:", "theme"]),
        ('columns = ["risk", "titel"]\n', 1, ['"titel"', "'title'?"]),
        ("columns = []\n", 1, ["a list of texts"]),
        ('roles = ["boss"]\n', 1, ["boss", "reviewer"]),
        ('theme = "x"\n[keymap]\napprove = 3\n', 3, ["'approve'"]),
        ("keymap = 3\n", 1, ["a table"]),
        ('[[views]]\nname = "a"\n[[views]]\nname = "b"\nfiltr = "x"\n', 5, ["'filter'?"]),
        ('[[views]]\nname = "a"\n\n[[views]]\nfilter = "x"\n', 1, ["'name'"]),
        ('[[views]]\nname = "a"\n[[views]]\nname = "a"\n', 1, ["same name"]),
        ("views = 1\n", 1, ["list of tables"]),
        ("name = \n", 1, ["not TOML"]),
        ('name = "a"\nname = "b"\n', 2, ["not TOML"]),
        ('a = "', 1, ["not TOML"]),
    ],
)
def test_what_is_wrong_is_one_sentence_with_its_line(
    home: Path, text: str, line: int, parts: list[str]
) -> None:
    told = str(error(home, text))
    assert f"{home / 'config.toml'}, line {line}" in told
    assert "\n" not in told
    for part in parts:
        assert part in told


def test_a_file_that_is_no_text(home: Path) -> None:
    home.mkdir()
    (home / "config.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ReviewerError, match="not UTF-8"):
        config.load()


def test_a_directory_in_its_place(home: Path) -> None:
    (home / "config.toml").mkdir(parents=True)
    with pytest.raises(ReviewerError, match=r"config\.toml"):
        config.load()


def test_save_keeps_comments_and_the_rest(home: Path) -> None:
    write(home, '# mine\nname = "ana"  # me\n\n[keymap]\napprove = "A"\n')
    assert config.save("theme", "nord").theme == "nord"
    text = (home / "config.toml").read_text()
    assert "# mine" in text
    assert "# me" in text
    loaded = config.load()
    assert (loaded.name, loaded.theme, loaded.keymap) == ("ana", "nord", {"approve": "A"})
    assert config.save("theme", None).theme == ""
    assert "# me" in (home / "config.toml").read_text()


def test_save_makes_the_home_for_its_owner_alone(home: Path) -> None:
    config.save("columns", ["risk", "title"])
    assert home.stat().st_mode & 0o077 == 0
    assert (home / "config.toml").stat().st_mode & 0o077 == 0
    assert config.load().columns == ("risk", "title")


def test_save_refuses_what_load_would_and_writes_nothing(home: Path) -> None:
    write(home, 'name = "ana"\n')
    with pytest.raises(ReviewerError, match="undo_seconds"):
        config.save("undo_seconds", 999)
    with pytest.raises(ReviewerError, match="'theme'"):
        config.save("themes", "x")
    assert (home / "config.toml").read_text() == 'name = "ana"\n'


def test_save_never_writes_over_a_broken_file(home: Path) -> None:
    write(home, "name = ")
    with pytest.raises(ReviewerError, match="line 1"):
        config.save("theme", "nord")
    assert (home / "config.toml").read_text() == "name = "


def test_save_follows_a_link(home: Path, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.toml"
    real.write_text('name = "ana"\n')
    home.mkdir()
    (home / "config.toml").symlink_to(real)
    config.save("theme", "nord")
    assert (home / "config.toml").is_symlink()
    assert "nord" in real.read_text()


def test_a_home_that_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("REVIEWER_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(ReviewerError, match="REVIEWER_HOME"):
        config.ensure_home()


def test_loading_imports_nothing_heavy(home: Path) -> None:
    write(home, 'name = "ana"\n')
    code = (
        "import sys; from reviewer import config; config.load().queue_url();"
        "heavy = {'pydantic', 'sqlalchemy', 'textual', 'tomlkit', 'httpx', 'litellm', 'rich'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_editor_that_is_no_command_line() -> None:
    with pytest.raises(ReviewerError, match="quote"):
        Config(editor="vi 'x").editor_command()
