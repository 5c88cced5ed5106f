"""What a simulated agent makes of a reject or a response: the next revision, pure.

A number or a mail address in the reviewer's comment is taken over; reason codes decide the rest.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from ..domain.views import Verdict
from .made import Json, artifact, asked, read, said, soon

GIVES_UP = frozenset({"not_needed", "duplicate"})
"""Reason codes after which no revision comes: the agent was told to leave it."""

_KEY = re.compile(r"(?P<stem>.+)-r(?P<revision>\d+)")
_NUMBER = re.compile(r"(?<![\w.@])\d+(?:\.\d+)?(?![\w@])")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def next_key(key: str) -> str | None:
    """The key of the revision after `key`; None for a key that is none of the demo's."""
    found = _KEY.fullmatch(key)
    return f"{found['stem']}-r{int(found['revision']) + 1}" if found else None


def revised(old: Json, verdict: Verdict, rng: Random, now: int) -> Json | None:
    """The next revision after a reject or a response, or None where the agent leaves it."""
    key = next_key(str(old.get("key", "")))
    if key is None or (verdict.decision == "reject" and GIVES_UP & set(verdict.reasons)):
        return None
    if not old.get("writes"):
        return _answer(old, key, verdict, rng, now) if verdict.decision == "respond" else None
    writes = copy.deepcopy(old["writes"])
    done = [step(writes, verdict.comment) for step in _steps(verdict)]
    changed = "; ".join(what for what in done if what) or "looked at it again, found no better way"
    told = verdict.comment or ", ".join(verdict.reasons)
    more = [said("person", told), *_evidence(verdict), said("thought", f"Changed: {changed}.")]
    new = old | {
        "key": key,
        "supersedes": old["key"],
        "writes": writes,
        "context": [*old.get("context", []), *more],
        "summary": f"Revised: {changed}.",
        "confidence": min(0.99, round(old.get("confidence", 0.5) + 0.12, 2)),
        "escalations": [
            *(one for one in old.get("escalations", []) if one["code"] != "revised"),
            {"code": "revised", "detail": f"{verdict.by} said: {told}"},
        ],
    }
    return _renewed(new, rng, now)


def _renewed(new: Json, rng: Random, now: int) -> Json:
    """A revision has a run and a deadline of its own."""
    fresh = artifact(rng, now, new["agent"]["name"], new["kind"], new["title"], due=soon(rng) // 2)
    kept = {key: value for key, value in new.items() if key != "expires_at"}
    due = fresh["due_at"]
    return kept | {"agent": fresh["agent"], "trace": fresh["trace"], "due_at": due}


def _answer(old: Json, key: str, verdict: Verdict, rng: Random, now: int) -> Json:
    """A question that was answered becomes a message with that answer."""
    ticket = f"ticket/{rng.randrange(5_000, 5_999)}"
    body = f"Hello,\n\nthank you for waiting. {verdict.comment.strip()}\n\nNorthwind Support\n"
    before = {"status": "waiting for a person"}
    writes = [
        {"type": "message", "system": "mail", "resource": ticket, "channel": "email",
         "to": ["customer@mail.example"], "subject": "Your question", "body": body},
        {"type": "record", "system": "helpdesk", "resource": ticket, "before": before,
         "after": {"status": "answered", "answered_by": verdict.by}},
    ]  # fmt: skip
    context = [*old.get("context", []), said("person", verdict.comment)]
    new = {k: v for k, v in old.items() if k != "allowed"} | {
        "key": key, "supersedes": old["key"], "writes": writes, "context": context,
        "title": old["title"].replace("What shall I answer", "Send your answer to", 1),
        "summary": "Your answer, put into a letter.",
        "escalations": [{"code": "revised", "detail": f"worded after {verdict.by}'s answer"}],
    }  # fmt: skip
    return _renewed(new, rng, now)


Step = Callable[[list[Json], str], str]
"""Changes the writes in place by a comment; answers with what it did, empty for nothing."""


def _steps(verdict: Verdict) -> Iterator[Step]:
    codes = set(verdict.reasons)
    if "wrong_value" in codes or _NUMBER.search(verdict.comment):
        yield _other_value
    if "wrong_target" in codes or _MAIL.search(verdict.comment):
        yield _other_target
    if codes & {"unsafe", "against_policy"}:
        yield _smaller
    if codes & {"poor_quality", "other"} or not codes:
        yield _polished


def _evidence(verdict: Verdict) -> list[Json]:
    if "missing_context" in verdict.reasons:
        precedent = {"at": "last week", "by": "jonas", "note": "same case, was approved"}
        return asked("search_records", {"for": verdict.comment or "history"}, [precedent])
    if "against_policy" in verdict.reasons:
        return [read("The rule that was named", verdict.comment or "see the team's policy")]
    return []


def _other_value(writes: list[Json], comment: str) -> str:
    numbers = {value for write in writes for value in _numbers(write)} - {0, 1}
    if not numbers:
        return ""
    main = max(numbers, key=abs)
    said_number = _NUMBER.search(comment)
    value: float = float(said_number[0]) if said_number else main / 2
    value = int(value) if isinstance(main, int) and float(value).is_integer() else round(value, 2)
    if value == main:
        return ""
    for write in writes:
        for part in _PARTS:
            if part in write:
                before = write.get("before") if part == "after" else None
                write[part] = _swap(write[part], before, main, value)
    return f"{main} became {value}"


_PARTS = ("after", "arguments", "body", "patch", "parameters", "updated")


def _numbers(write: Json) -> Iterator[float]:
    """The numbers that a write brings in anew."""
    for part in _PARTS[:-1]:
        yield from _new(write.get(part), write.get("before") if part == "after" else None)
    for one in write.get("updated", []):
        yield from _new(one["after"], one.get("before"))


def _new(value: Any, before: Any) -> Iterator[float]:
    if _checks(value):
        return
    if isinstance(value, dict | list):
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _new(one, _at(before, key))
    elif isinstance(value, int | float) and not isinstance(value, bool) and value != before:
        yield value


def _at(value: Any, key: Any) -> Any:
    """What stands at the same place before, or None."""
    if isinstance(value, dict):
        return value.get(key)
    return value[key] if isinstance(value, list) and key in range(len(value)) else None


def _checks(value: Any) -> bool:
    """Whether this is a patch's test: it says what is, and changes nothing (RFC 6902, 4.6)."""
    return isinstance(value, dict) and value.get("op") == "test"


def _swap(value: Any, before: Any, old: float, new: float) -> Any:
    """The value with `old` replaced by `new` wherever it is not there before."""
    if _checks(value):
        return value
    if isinstance(value, dict):
        return {key: one if key in ("key", "before") else _swap(one, _at(before, key), old, new)
                for key, one in value.items()}  # fmt: skip
    if isinstance(value, list):
        return [_swap(one, _at(before, at), old, new) for at, one in enumerate(value)]
    if isinstance(value, str):
        return value.replace(f"{old:.2f}", f"{new:.2f}")
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return new if number and value == old and value != before else value


def _other_target(writes: list[Json], comment: str) -> str:
    found = _MAIL.search(comment)
    letters = [write for write in writes if write["type"] == "message"]
    for write in letters:
        for field in ("cc", "bcc"):
            write.pop(field, None)
        if found:
            write["to"] = [found[0]]
    return "other recipients" if letters else ""


def _smaller(writes: list[Json], _comment: str) -> str:
    if len(writes) > 1:
        dropped = writes.pop()
        return f"left out the {dropped['type']} write"
    write = writes[0]
    if write["type"] == "rows" and len(write.get("updated", [])) > 1:
        half = (len(write["updated"]) + 1) // 2
        write.update(updated=write["updated"][:half], deleted=[])
        return f"the first {half} rows only, nothing deleted"
    if write["type"] == "sql" and write.get("rows"):
        write.update(statement=f"{write['statement']}\n LIMIT 100", rows=min(100, write["rows"]))
        return "100 rows at most"
    if write["type"] == "request" and isinstance(write.get("body"), dict):
        write["body"]["dry_run"] = True
        return "as a dry run first"
    return ""


def _polished(writes: list[Json], _comment: str) -> str:
    for write in writes:
        if write["type"] == "message":
            write["body"] = write["body"].rstrip() + "\n\nJust answer this mail if it is urgent.\n"
            return "friendlier words and a way to reach us"
        if write["type"] == "document":
            write["after"] = write["after"].rstrip() + "\n\n(Reworded; nothing else changed.)\n"
            return "clearer words"
        text = (write.get("after") or {}).get("text") if write["type"] == "file" else None
        if text and not text.endswith("\n"):
            write["after"]["text"] = text + "\n"
            return "a newline at the end of the file"
    return ""
