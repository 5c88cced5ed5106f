"""The settings of one person on one machine: `config.toml` under `home()`.

The desk reads this before its first paint, so nothing heavy is imported here.  A file that is not
there means defaults; a file that cannot be read is one `ReviewerError` that names file, line,
setting and what to do.  `REVIEWER_HOME` moves everything, `REVIEWER_QUEUE` the queue.
"""

from __future__ import annotations

import dataclasses
import os
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .domain.errors import ReviewerError
from .on_call import read_pager, read_rotations
from .saved_views import COLUMNS, DEFAULT_VIEWS, View, read_columns, read_views
from .wrong import Wrong, nearest, shown

if TYPE_CHECKING:
    from .domain.decision import Actor
    from .policy.schedule import Rotation

UNDO_SECONDS = 5
ROLES = ("agent", "reviewer", "lead", "auditor", "admin")
__all__ = [
    "COLUMNS",
    "DEFAULT_VIEWS",
    "FIELDS",
    "Config",
    "View",
    "config_path",
    "default_queue_url",
    "ensure_home",
    "home",
    "load",
    "meaning",
    "nearest",
    "parse",
    "save",
    "save_key",
    "save_views",
]


def _setting(default: Any, meaning: str, **limits: Any) -> Any:
    """A setting with its default, its meaning for people, and its limits."""
    return field(default=default, metadata={"meaning": meaning, **limits})


@dataclass(frozen=True, slots=True)
class Config:
    """All settings; every field says what it means in `meaning(name)`."""

    queue: str = _setting("", "URL of the queue; empty for queue.db under the home directory")
    name: str = _setting("", "who you are in decisions and records; empty for the system's user")
    roles: tuple[str, ...] = _setting(
        ("reviewer", "lead"),
        "what you may do on the embedded queue; a server has roles of its own",
        one_of=ROLES,
    )
    theme: str = _setting("", "the desk's colours, any theme of Textual; empty for its own")
    undo_seconds: int = _setting(
        UNDO_SECONDS, "seconds in which a decision can be taken back", low=0, high=60
    )
    lease_minutes: int = _setting(
        12, "minutes a claim lasts; the desk renews it while it is open", low=1, high=720
    )
    columns: tuple[str, ...] = _setting(
        ("risk", "due", "agent", "kind", "title", "reasons", "holder", "age"),
        "columns of the inbox and of `reviewer list`, in order; title:40 is 40 cells wide",
    )
    views: tuple[View, ...] = _setting(
        DEFAULT_VIEWS, "tabs of the inbox: name, filter, sort, columns"
    )
    keymap: Mapping[str, str] = field(
        default_factory=dict,
        metadata={"meaning": "other keys for actions: action id = key (`reviewer keys`)"},
    )
    editor: str = _setting("", "command that edits a text; empty for $VISUAL, then $EDITOR")
    mouse: bool = _setting(True, "let the desk use the mouse")
    side_by_side: bool = _setting(True, "show diffs side by side where the terminal is wide")
    context_lines: int = _setting(3, "unchanged lines around a change", low=0, high=100)
    alarm: str = _setting(
        "bell",
        "what the terminal does when an artifact breaches: bell, osc9 (a desktop note) or off",
        one_of=("bell", "osc9", "off"),
    )
    bulk_looks: int = _setting(
        3, "members of a group to look at before all are decided", low=0, high=20
    )
    on_call: tuple[Rotation, ...] = _setting(
        (), "who is on call: queue, people, starts, every, zone, overrides"
    )
    policy: str = _setting(
        "", "the policy file that you edit, check and propose; empty for policy.yaml at home"
    )
    pager: str = _setting("", "command line or https address that pages whoever is on call")

    def queue_url(self, override: str = "") -> str:
        """The queue to open: `override`, else `REVIEWER_QUEUE`, else the setting, else embedded.

        The embedded one takes the undo window from the settings; any other has its own.
        """
        named = override or os.environ.get("REVIEWER_QUEUE", "") or self.queue
        if named or self.undo_seconds == UNDO_SECONDS:
            return named or default_queue_url()
        return f"{default_queue_url()}?undo={self.undo_seconds}"

    def actor_name(self, override: str = "") -> str:
        """Who acts: `override`, else the setting, else the system's user."""
        return override or self.name or _system_user()

    def actor(self, override: str = "") -> Actor:
        """The person at this machine, with the roles that the settings give."""
        from .domain.decision import Actor

        return Actor(self.actor_name(override), "person", frozenset(self.roles), "local")

    def policy_path(self) -> Path:
        """The policy file that one edits, checks and proposes: the setting's, else at home."""
        return Path(self.policy).expanduser() if self.policy else home() / "policy.yaml"

    def editor_command(self) -> list[str]:
        """The editor's command line, without the file; raises `ReviewerError` where it is none."""
        chosen = self.editor or os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
        try:
            return shlex.split(chosen) or ["notepad" if os.name == "nt" else "vi"]
        except ValueError:
            raise ReviewerError(
                f"The editor {shown(chosen)} is no command line: a quote is not closed.",
                "Correct 'editor' in the settings, or $VISUAL or $EDITOR.",
            ) from None

    @property
    def column_names(self) -> tuple[str, ...]:
        """The columns without their widths."""
        return tuple(text.partition(":")[0] for text in self.columns)

    @property
    def lease(self) -> int:
        """How long a claim lasts, microseconds."""
        return self.lease_minutes * 60_000_000


FIELDS: dict[str, dataclasses.Field[Any]] = {f.name: f for f in dataclasses.fields(Config)}


def meaning(name: str) -> str:
    """What a setting means, in one line."""
    return str(FIELDS[name].metadata["meaning"])


def home() -> Path:
    """The directory of everything: settings, embedded queue, drafts, logs (not created here)."""
    chosen = os.environ.get("REVIEWER_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    import platformdirs

    return Path(platformdirs.user_data_dir("reviewer", appauthor=False))


def ensure_home() -> Path:
    """The same directory, created for its owner alone; raises `ReviewerError` where that fails."""
    path = home()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ReviewerError(
            f"The directory {path} cannot be made: {error.strerror}.",
            "Set REVIEWER_HOME to one that can.",
        ) from None
    return path


def config_path() -> Path:
    """Where the settings are."""
    return home() / "config.toml"


def default_queue_url() -> str:
    """The embedded queue: `sqlite:////…/queue.db` under `home()`."""
    from urllib.parse import quote

    return "sqlite:///" + quote((home() / "queue.db").as_posix(), safe="/:~ ")


def load(path: Path | None = None) -> Config:
    """The settings in a file; raises `ReviewerError` naming file, line and setting."""
    place = path or config_path()
    try:
        text = place.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Config()
    except UnicodeDecodeError:
        raise _broken(place, 0, "it is not UTF-8 text", "Save it as UTF-8.") from None
    except OSError as error:
        raise _broken(place, 0, f"{error.strerror}", "Check its permissions.") from None
    return parse(text, place)


def parse(text: str, place: Path) -> Config:
    """The settings in a TOML text; `place` is for the errors."""
    import tomllib

    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # tomllib says "what (at line 3, column 7)"
        why, _, where = str(error).partition(" (at ")
        number = re.match(r"line (\d+)", where)
        line = int(number[1]) if number else text.count("\n") + 1
        raise _broken(
            place, line, f"not TOML: {why[:1].lower()}{why[1:]}", "Correct it, or remove the line."
        ) from None
    given: dict[str, Any] = {}
    for name, value in found.items():
        try:
            given[name] = _read(name, value)
        except Wrong as wrong:
            raise _broken(place, _line_of(text, name, wrong), wrong.why, wrong.hint) from None
    return Config(**given)


def save(name: str, value: Any, path: Path | None = None) -> Config:
    """Sets one setting in the file (None removes it), keeps the rest with its comments.

    Answers with the settings as they are then; raises `ReviewerError` where the value is none.
    """

    def change(document: Any) -> None:
        if value is None:
            document.pop(name, None)
        else:
            _check(name, value)
            document[name] = value

    return _change(change, path)


def save_key(action: str, keys: str | None, path: Path | None = None) -> Config:
    """Sets the keys of one action under [keymap]; None gives it its own keys back."""
    import tomlkit

    def change(document: Any) -> None:
        keymap = document.get("keymap")
        if keys is None:
            if keymap is not None:
                keymap.pop(action, None)
                if not keymap:
                    document.pop("keymap")
            return
        if keymap is None:
            document["keymap"] = keymap = tomlkit.table()
        keymap[action] = keys

    return _change(change, path)


def save_views(views: Sequence[View], path: Path | None = None) -> Config:
    """Writes the views in this order; those that were there keep their comments."""
    import tomlkit

    def change(document: Any) -> None:
        _check("views", [view.plain() for view in views])
        there = {table.get("name"): table for table in document.get("views", [])}
        tables = tomlkit.aot()
        for view in views:
            table = there.get(view.name) or tomlkit.table()
            plain = view.plain()
            for key in [key for key in table if key not in plain]:
                table.pop(key)
            for key, value in plain.items():
                if table.get(key) != value:
                    table[key] = value
            tables.append(table)
        document.pop("views", None)
        document["views"] = tables

    return _change(change, path)


def _check(name: str, value: Any) -> None:
    try:
        _read(name, value)
    except Wrong as wrong:
        raise ReviewerError(f"{wrong.why[:1].upper()}{wrong.why[1:]}.", wrong.hint) from None


def _change(change: Callable[[Any], None], path: Path | None) -> Config:
    """Changes the file by way of its document, so that comments and order stay."""
    import tomlkit

    place = path or config_path()
    if path is None:
        ensure_home()
    text = place.read_text(encoding="utf-8") if place.exists() else ""
    parse(text, place)
    document = tomlkit.parse(text)
    change(document)
    changed = tomlkit.dumps(document)
    config = parse(changed, place)
    _replace(place, changed)
    return config


def _broken(place: Path, line: int, why: str, hint: str) -> ReviewerError:
    where = f"{place}, line {line}" if line else str(place)
    return ReviewerError(f"The settings in {where} cannot be used: {why}.", hint)


def _read(name: str, value: Any) -> Any:
    if name not in FIELDS:
        raise Wrong(f"there is no setting '{name}'", nearest(name, FIELDS))
    if name == "views":
        return read_views(value)
    if name == "keymap":
        return _keymap(value)
    if name == "columns":
        return read_columns(value)
    if name == "on_call":
        return read_rotations(value)
    if name == "pager":
        return read_pager(value)
    default, limits = FIELDS[name].default, FIELDS[name].metadata
    if isinstance(default, bool):
        return _expect(name, value, isinstance(value, bool), "true or false")
    if isinstance(default, int):
        low, high = limits["low"], limits["high"]
        good = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        return _expect(name, value, good, f"a whole number from {low} to {high}")
    if isinstance(default, tuple):
        return _choices(name, value, limits["one_of"])
    if "one_of" in limits:
        return _expect(
            name, value, value in limits["one_of"], "one of " + ", ".join(limits["one_of"])
        )
    return _expect(name, value, isinstance(value, str), "a text in quotes")


def _expect(name: str, value: Any, good: bool, wanted: str) -> Any:
    if good:
        return value
    default = FIELDS[name].default
    hint = f"Correct it, or remove the line to get the default ({shown(default)})."
    raise Wrong(f"'{name}' is {wanted}, not {shown(value)}", hint)


def _choices(name: str, value: Any, one_of: tuple[str, ...]) -> tuple[str, ...]:
    good = isinstance(value, list) and bool(value) and all(isinstance(x, str) for x in value)
    _expect(name, value, good, "a list of texts, such as [" + shown(one_of[0]) + "]")
    for item in value:
        if item not in one_of:
            raise Wrong(f"'{name}' does not know {shown(item)}", nearest(item, one_of))
    return tuple(dict.fromkeys(value))


def _keymap(value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise Wrong("'keymap' is a table of action = key", 'Write [keymap], then approve = "A".')
    for action, key in value.items():
        if not isinstance(key, str) or not key:
            why = f"the key of '{action}' is a text in quotes, not {shown(key)}"
            raise Wrong(why, "`reviewer keys` lists actions and keys.", action)
    return dict(value)


def _line_of(text: str, name: str, wrong: Wrong) -> int:
    """The 1-based line of a setting, 0 where it cannot be found."""
    table, count, found = "", -1, 0
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[\[?\s*([\w.\"-]+)", line)
        if header:
            table = header[1].strip('"')
            count += table == name and line.lstrip().startswith("[[")
            if table == name and not found:
                found = number
        key = re.match(r"\s*[\"']?([\w.-]+)[\"']?\s*=", line)
        if key is None:
            continue
        if not table and key[1] == name:
            return number
        inside = table == name and wrong.key and (wrong.index is None or count == wrong.index)
        if inside and key[1] == wrong.key:
            return number
    return found


def _replace(place: Path, text: str) -> None:
    from .files import replace_text

    place = place.resolve()  # a link to somebody's dot-files stays a link
    try:
        replace_text(place, text)
    except OSError as error:
        raise ReviewerError(
            f"The settings in {place} cannot be written: {error.strerror}.",
            "Check the directory's permissions.",
        ) from None


def _system_user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "me"
