"""The commands on a real embedded queue, one after the other as a person types them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from reviewer.cli.codes import Exit

from .conftest import Done, Run, artifact


def file(tmp_path: Path, *documents: Any, name: str = "a.jsonl") -> Path:
    path = tmp_path / name
    path.write_text("".join(json.dumps(d) + "\n" for d in documents), encoding="utf-8")
    return path


@pytest.fixture
def submitted(cli: Run, tmp_path: Path) -> Any:
    """Submits an artifact and answers with its id."""

    def submit(**more: Any) -> str:
        done = cli("submit", file(tmp_path, artifact(**more)))
        assert done.code == Exit.OK, done.err
        return done.out.strip()

    return submit


# ----------------------------------------------------------------------------------------- submit


def test_one_object_prints_its_id_and_is_taken_in_once(cli: Run, tmp_path: Path) -> None:
    path = file(tmp_path, artifact(key="r1"))
    first, again = cli("submit", path), cli("submit", path, "--json")
    assert first.code == again.code == Exit.OK
    assert first.err == ""
    assert again.json["id"] == first.out.strip()
    assert again.json["created"] is False
    assert again.json["digest"].startswith("sha256:")


def test_the_same_key_with_another_body_is_refused(cli: Run, tmp_path: Path) -> None:
    cli("submit", file(tmp_path, artifact(key="r1")))
    done = cli("submit", file(tmp_path, artifact(key="r1", title="Other")))
    assert done.code == Exit.NEGATIVE
    assert "r1" in done.sentence


def test_lines_are_told_one_by_one_and_summed_up(cli: Run, tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    good = [json.dumps(artifact(key=f"k{i}", title=f"t{i}")) for i in range(3)]
    twin = json.dumps(artifact(key="k0", title="another body"))
    path.write_text("\n".join([good[0], "{oops", good[1], good[0], twin, good[2]]))
    done = cli("submit", path)
    assert done.code == Exit.USAGE
    ids = done.out.split()
    assert len(ids) == 4
    assert ids[0] == ids[2]
    told = done.err.splitlines()
    assert told[0].startswith("reviewer: line 2: not JSON")
    assert told[1].startswith("reviewer: line 5: ")
    assert told[2] == "3 created, 1 there before, 2 refused."


def test_lines_as_json(cli: Run, tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text(
        json.dumps(artifact(key="a")) + '\n{"kind": 3}\n' + json.dumps(artifact(key="b"))
    )
    *facts, summary = cli("submit", path, "--json").lines
    assert [fact["line"] for fact in facts] == [1, 2, 3]
    assert [fact.get("created") for fact in facts] == [True, None, True]
    assert facts[1]["place"].startswith("/")
    assert summary == {"summary": {"created": 2, "duplicate": 0, "refused": 1}}


def test_conflicts_alone_are_a_negative_answer(cli: Run, tmp_path: Path) -> None:
    path = file(tmp_path, artifact(key="a"), artifact(key="a", title="b"))
    assert cli("submit", path).code == Exit.NEGATIVE


def test_strict_stops_at_the_first_bad_line(cli: Run, tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text(
        "\n".join([json.dumps(artifact(key="a")), "{oops", json.dumps(artifact(key="b"))])
    )
    done = cli("submit", path, "--strict")
    assert done.code == Exit.USAGE
    assert len(done.out.split()) == 1
    assert cli("list", "--json").out.count("\n") == 1


def test_a_single_bad_object_names_the_place(cli: Run, tmp_path: Path) -> None:
    bad = artifact()
    bad["writes"][0]["surprise"] = 1
    done = cli("submit", file(tmp_path, bad))
    assert done.code == Exit.USAGE
    assert "/writes/0/surprise" in done.sentence


def test_blobs_stand_beside_the_file(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "new.txt").write_text("hello\n")
    write = {"type": "file", "system": "repo", "resource": "a.txt", "action": "create"}
    good = artifact(key="g", writes=[write | {"after": {"blob": "data/new.txt"}}])
    bad = artifact(key="b", writes=[write | {"after": {"blob": "data/old.txt"}}])
    done = cli("submit", file(tmp_path, good, bad))
    assert "line 2: /writes/0/after/blob: the blob 'data/old.txt' is not there" in done.err
    shown = cli("show", done.out.strip(), "--json").json
    assert shown["artifact"]["writes"][0]["after"] == {"text": "hello\n"}
    elsewhere = cli("submit", file(tmp_path, good), "--blobs", tmp_path / "nowhere")
    assert elsewhere.code == Exit.USAGE


# ------------------------------------------------------------------------------------------- look


def test_list_is_a_table_in_the_order_of_deadlines(cli: Run, submitted: Any) -> None:
    low, high = submitted(key="a", risk="low"), submitted(key="b", risk="critical")
    done = cli("list")
    head, first, second = done.out.splitlines()
    assert head.split()[:3] == ["id", "risk", "due"]
    assert first.startswith(high)
    assert "■ crit" in first
    assert second.startswith(low)
    assert "\x1b" not in done.out
    assert cli("list", "risk:low").out.count("\n") == 2
    assert cli("list", "agent:nobody").out == "Nothing matches.\n"
    assert low not in cli("list", "-risk:low").out
    assert high in cli("list", "-risk:low", "-holder:ana", "--limit", "5").out
    assert cli("list", "-x").code == Exit.USAGE


def test_list_pages_through_everything(cli: Run, tmp_path: Path) -> None:
    many = [artifact(key=f"k{i}", title=f"t{i}") for i in range(450)]
    cli("submit", file(tmp_path, *many))
    assert "50 of 450; --all lists all." in cli("list").out
    assert len(cli("list", "--limit", "210", "--json").lines) == 210
    everything = cli("list", "--all", "--json").lines
    assert {line["title"] for line in everything} == {f"t{i}" for i in range(450)}
    assert len(cli("list", "--all").out.splitlines()) == 451


def test_ids_keys_and_beginnings_name_the_same_artifact(cli: Run, submitted: Any) -> None:
    id = submitted(key="refund-8841")
    for name in (id, id[:12], "refund-8841"):
        assert cli("show", name, "--json").json["id"] == id
    submitted(key="other")
    several = cli("show", id[:3])
    assert several.code == Exit.USAGE
    assert "begins several ids" in several.sentence
    none = cli("show", "nothing")
    assert none.code == Exit.NOT_FOUND
    assert "'nothing'" in none.sentence


def test_show_and_diff(cli: Run, submitted: Any) -> None:
    id = submitted(summary="the agent's claim")
    shown = cli("show", id).out
    assert "Refund order 8841" in shown
    assert "two orders match" in shown
    diff = cli("diff", id).out
    assert '~ /status: "open" → "refunded"' in diff
    assert "\x1b" not in diff
    [write] = cli("diff", id, "--json").json["writes"]
    assert write["changed"] is True
    assert write["counts"]["changed"] == 2


def test_colour_is_by_choice(cli: Run, submitted: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    id = submitted()
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[33m" in cli("diff", id).out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in cli("diff", id).out


# ----------------------------------------------------------------------------------------- decide


def test_claims_are_taken_kept_and_given_back(cli: Run, submitted: Any) -> None:
    id = submitted()
    claim = cli("claim", id, "--json").json
    assert (claim["id"], claim["fence"]) == (id, 1)
    taken = cli("approve", id, "--as", "ben")
    assert taken.code == Exit.NEGATIVE
    assert "ana has claimed it" in taken.sentence
    assert cli("release", id, "--as", "ben").code == Exit.NEGATIVE
    assert cli("release", id).code == Exit.OK
    assert cli("approve", id, "--as", "ben").code == Exit.OK


def test_claim_next_follows_a_filter_until_nothing_is_free(cli: Run, submitted: Any) -> None:
    low, high = submitted(key="a", risk="low"), submitted(key="b", risk="high")
    assert cli("claim", "--next", "-risk:low", "--json").json["id"] == high
    assert cli("claim", "--next", "risk:low", "--json").json["id"] == low
    done = cli("claim", "--next", "--as", "ben")
    assert done.code == Exit.NOT_FOUND
    over = cli("claim", high, "--take-over", "--as", "ben", "--json")
    assert over.json["fence"] > 1


def test_approve_binds_the_digest(cli: Run, submitted: Any) -> None:
    id = submitted()
    digest = cli("show", id, "--json").json["digest"]
    other = cli("approve", id, "--digest", "sha256:" + "0" * 64)
    assert other.code == Exit.NEGATIVE
    assert digest in other.sentence
    assert cli("approve", id, "--digest", digest[:12]).code == Exit.NEGATIVE
    done = cli("approve", id, "--digest", digest[:30], "--json").json
    assert (done["status"], done["decision"]) == ("approved", "approve")
    assert done["operation"].startswith("op-")
    again = cli("reject", id, "-r", "other")
    assert again.code == Exit.NEGATIVE
    assert "approved already" in again.sentence


def test_undo_takes_back_the_last_or_a_named_decision(cli: Run, submitted: Any) -> None:
    first, second = submitted(key="a"), submitted(key="b")
    operation = cli("approve", first, "--json").json["operation"]
    cli("reject", second, "-r", "unsafe")
    assert cli("undo").out == "1 taken back.\n"
    assert cli("undo").code == Exit.NOT_FOUND
    assert cli("show", second, "--json").json["status"] == "pending"
    assert cli("undo", operation, "--json").json["undone"] == 1
    assert cli("show", first, "--json").json["status"] == "pending"
    other = cli("approve", first, "--json").json["operation"]
    assert cli("undo", other, "--as", "ben").code == Exit.NEGATIVE
    assert cli("undo", "op-none").code != Exit.OK


def test_undo_remembers_nothing_of_another_queue(cli: Run, submitted: Any, tmp_path: Path) -> None:
    cli("approve", submitted())
    done = cli("undo", "--queue", f"sqlite:///{tmp_path}/other.db")
    assert done.code == Exit.NOT_FOUND


def test_the_other_decisions(cli: Run, submitted: Any) -> None:
    id = submitted()
    assert cli("reassign", id, "ben", "--json").json["decision"] == "reassign"
    assert cli("show", id, "--json").json["assignee"] == "ben"
    assert cli("reassign", id, "queue:billing").code == Exit.OK
    assert cli("show", id, "--json").json["queue"] == "billing"
    assert cli("snooze", id, "2h").code == Exit.OK
    assert cli("list").out == "Nothing matches.\n"
    assert id in cli("list", "is:snoozed").out
    assert cli("snooze", id, "2001-01-01T00:00:00Z").code == Exit.NEGATIVE
    assert cli("snooze", id, "2099-01-01T00:00:00+02:00").code == Exit.OK
    assert cli("snooze", id, "2099-01-01").code == Exit.USAGE
    assert cli("escalate", id, "--to", "cara", "-r", "unsafe", "-m", "look").code == Exit.OK
    shown = cli("show", id, "--json").json
    assert (shown["assignee"], shown["escalated"]) == ("cara", True)
    assert shown["reasons"][-1]["detail"] == "look"
    assert cli("respond", id, "which order?", "--json").json["status"] == "answered"
    events = [event["event"] for event in cli("history", id, "--json").lines]
    assert events == [
        "submitted", "reassigned", "reassigned", "snoozed", "snoozed", "escalated", "decided",
    ]  # fmt: skip
    assert "which order?" in cli("history", id).out


def test_a_role_that_may_not_decide(cli: Run, submitted: Any, home: Path) -> None:
    id = submitted()
    (home / "config.toml").write_text('name = "ana"\nroles = ["auditor"]\n')
    done = cli("approve", id)
    assert done.code == Exit.NEGATIVE
    assert "no role" in done.sentence


# ------------------------------------------------------------------------------------------- edit


def editor(tmp_path: Path, code: str) -> str:
    script = tmp_path / "editor.py"
    script.write_text("import json, sys\npath = sys.argv[1]\n" + code)
    return f"{sys.executable} {script}"


SET_REFUND = """
writes = json.load(open(path))
writes[0]["after"]["refund"] = 100
json.dump(writes, open(path, "w"))
"""


def test_edit_in_an_editor(
    cli: Run, submitted: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    id = submitted()
    monkeypatch.setenv("VISUAL", editor(tmp_path, SET_REFUND))
    done = cli("edit", id, "--json")
    assert done.json["decision"] == "edit"
    assert list((home / "drafts").iterdir()) == []


def test_a_draft_outlives_what_is_wrong_with_it(
    cli: Run, submitted: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    id = submitted()
    monkeypatch.setenv("EDITOR", editor(tmp_path, "open(path, 'a').write('oops')"))
    broken = cli("edit", id)
    assert broken.code == Exit.USAGE
    assert "draft is kept" in broken.sentence
    [draft] = (home / "drafts").iterdir()
    assert draft.stat().st_mode & 0o077 == 0
    assert cli("show", id, "--json").json["status"] == "pending"
    repair = "text = open(path).read()\nopen(path, 'w').write(text.replace('oops', ''))\n"
    monkeypatch.setenv("EDITOR", editor(tmp_path, repair + SET_REFUND))
    done = cli("edit", id)
    assert done.code == Exit.OK
    assert "Going on with your draft" in done.out


def test_edits_that_are_none(
    cli: Run, submitted: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = submitted()
    monkeypatch.setenv("EDITOR", editor(tmp_path, ""))
    assert "Nothing was changed" in cli("edit", id).sentence
    monkeypatch.setenv("EDITOR", editor(tmp_path, "sys.exit(3)"))
    assert "ended with 3" in cli("edit", id).sentence
    monkeypatch.setenv("EDITOR", "/nowhere/editor")
    assert "cannot be started" in cli("edit", id).sentence
    monkeypatch.setenv("EDITOR", "vi 'x")
    assert "quote" in cli("edit", id).sentence
    assert cli("show", id, "--json").json["status"] == "pending"


def test_edit_with_writes_from_a_file(cli: Run, submitted: Any, tmp_path: Path) -> None:
    id = submitted()
    path = tmp_path / "writes.json"
    for text, code, part in (
        ("[]", Exit.NEGATIVE, "one entry for each"),
        ("{}", Exit.USAGE, "array"),
        ("[null]", Exit.NEGATIVE, "dropped"),
        ('[{"type": "record"}]', Exit.USAGE, "/0"),
    ):
        path.write_text(text)
        done = cli("edit", id, "--writes", path)
        assert (done.code, part in done.sentence) == (code, True), done
    [write] = cli("show", id, "--json").json["artifact"]["writes"]
    write["after"]["refund"] = 100
    path.write_text(json.dumps([write]))
    assert cli("edit", id, "--writes", path).code == Exit.OK
    assert cli("edit", id, "--writes", tmp_path / "none").code == Exit.NEGATIVE


def test_what_the_agent_does_not_allow_is_said_before_the_editor_opens(
    cli: Run, submitted: Any
) -> None:
    id = submitted(allowed=["approve", "reject"])
    done = cli("edit", id)
    assert done.code == Exit.NEGATIVE
    assert "allowed: approve, reject" in done.sentence


# ---------------------------------------------------------------------------------- agent, records


def verdicts(cli: Run, ids: dict[str, str]) -> dict[str, Done]:
    return {name: cli("wait", id, "--timeout", "20s") for name, id in ids.items()}


def test_wait_tells_every_verdict_by_its_exit_code(
    cli: Run, submitted: Any, tmp_path: Path
) -> None:
    names = ("approved", "edited", "rejected", "answered", "withdrawn", "superseded")
    ids = {name: submitted(key=name) for name in names}
    ids["expired"] = submitted(key="expired", expires_at="2001-01-01T00:00:00Z")
    assert cli("wait", ids["approved"], "--timeout", "0").code == Exit.TIMEOUT
    cli("approve", ids["approved"])
    [write] = cli("show", ids["edited"], "--json").json["artifact"]["writes"]
    write["after"]["refund"] = 100
    cli("edit", ids["edited"], "--writes", file(tmp_path, [write], name="w.json"))
    cli("reject", ids["rejected"], "-r", "wrong_value", "-r", "unsafe", "-m", "too much")
    cli("respond", ids["answered"], "ask first")
    cli("withdraw", ids["withdrawn"])
    submitted(key="next", supersedes="superseded")
    found = verdicts(cli, ids)
    assert {name: done.code for name, done in found.items()} == {
        "approved": Exit.OK,
        "edited": Exit.EDITED,
        "rejected": Exit.NEGATIVE,
        "answered": Exit.ANSWERED,
        "withdrawn": Exit.GONE,
        "superseded": Exit.GONE,
        "expired": Exit.EXPIRED,
    }
    assert found["approved"].json["writes"][0]["after"]["refund"] == 212
    assert found["edited"].json["writes"][0]["after"]["refund"] == 100
    assert found["rejected"].json["reasons"] == ["wrong_value", "unsafe"]
    assert found["rejected"].json["comment"] == "too much"
    assert found["rejected"].json["writes"] == []
    assert found["answered"].json["comment"] == "ask first"
    assert cli("report", ids["approved"], "applied", "--json").json["outcome"] == "applied"
    assert cli("report", ids["rejected"], "applied").code == Exit.NEGATIVE
    assert cli("withdraw", ids["approved"]).code == Exit.NEGATIVE
    exported(cli, tmp_path)


def exported(cli: Run, tmp_path: Path) -> None:
    """What the decisions above left as labels, in every format."""
    from reviewer.labels.exports import FORMATS

    counts = {}
    for format in FORMATS:
        path = tmp_path / f"{format}.jsonl"
        counts[format] = cli("export", "labels", "-f", format, "-o", path, "--json").json["records"]
        assert len(path.read_text().splitlines()) == counts[format]
        assert cli("export", "labels", "-f", format).out == path.read_text()
    assert counts["jsonl"] == 4
    assert counts["trl-preference"] >= 1
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_audit_is_verified_live_and_offline(cli: Run, submitted: Any, tmp_path: Path) -> None:
    id = submitted()
    cli("reassign", id, "ben")
    report = cli("audit", "verify", "--json").json
    assert report["sound"] is True
    assert report["records"] == 2
    path = tmp_path / "audit.jsonl"
    cli("audit", "export", "-o", path)
    assert cli("audit", "verify", "--file", path, "--head", report["head"]).code == Exit.OK
    cli("reassign", id, "cara")
    assert cli("audit", "verify", "--head", report["head"]).code == Exit.OK
    beyond = cli("audit", "verify", "--head", f"9:{'0' * 64}")
    assert beyond.code == Exit.NEGATIVE
    first, second = path.read_text().splitlines()
    path.write_text(first + "\n" + second.replace("ben", "eve") + "\n")
    broken = cli("audit", "verify", "--file", path)
    assert broken.code == Exit.NEGATIVE
    assert "Record 2 (line 2) is broken: its text was changed" in broken.sentence


def test_a_record_changed_in_the_file_is_named(cli: Run, submitted: Any, home: Path) -> None:
    import sqlite3

    id = submitted()
    cli("reassign", id, "ben")
    with sqlite3.connect(home / "queue.db") as raw:
        names = [row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        table = next(name for name in names if "audit" in name and "fts" not in name)
        for (trigger,) in raw.execute(
            "SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name=?", (table,)
        ).fetchall():
            raw.execute(f'DROP TRIGGER "{trigger}"')
        raw.execute(f"UPDATE {table} SET record = replace(record, 'ben', 'eve') WHERE seq = 2")
    raw.close()
    done = cli("audit", "verify")
    assert done.code == Exit.NEGATIVE
    assert "Record 2 is broken" in done.sentence


# ----------------------------------------------------------------------------------- this machine


def test_doctor_is_content_with_a_healthy_machine(cli: Run, submitted: Any) -> None:
    submitted()
    done = cli("doctor", "--json")
    assert done.code == Exit.OK, done.out
    by_name = {check["name"].strip(): check for check in done.json["checks"]}
    assert by_name["settings"]["state"] == "ok"
    assert by_name["queue"]["state"] == "ok"
    assert by_name["sqlite"]["state"] in ("ok", "note")
    assert "ana (lead, reviewer)" in by_name["you"]["sentence"]
    assert "versions" in cli("doctor").out


@pytest.mark.parametrize(
    ("version", "state"), [("3.40.1", "note"), ("3.51.2", "note"), ("3.51.3", "ok"), ("4.0", "ok")]
)
def test_doctor_knows_the_sqlite_that_loses_pages(version: str, state: str) -> None:
    from reviewer.cli.doctor import _sqlite

    assert _sqlite(version).state == state


def test_doctor_names_what_is_wrong(cli: Run, home: Path) -> None:
    (home / "queue.db").write_bytes(b"not a database at all, but long enough to be looked at" * 20)
    (home / "config.toml").write_text('[[views]]\nname = "x"\nfilter = "risk:huge"\n')
    home.chmod(0o755)
    done = cli("doctor", "--json")
    assert done.code == Exit.NEGATIVE
    states = {check["name"]: check["state"] for check in done.json["checks"]}
    assert states["queue"] == "broken"
    assert states["settings"] == "broken"
    assert states["home"] == "warning"
    listed = cli("list")
    assert listed.code == Exit.UNAVAILABLE
    assert "queue.db" in listed.sentence


def test_config_is_seen_set_and_checked(cli: Run, home: Path) -> None:
    assert cli("config", "path").out.strip() == str(home / "config.toml")
    assert cli("config", "set", "columns", "risk, title").out == 'columns = ["risk", "title"]\n'
    assert cli("config", "get", "columns", "--json").json == ["risk", "title"]
    assert cli("config", "set", "mouse", "no", "--json").json == {"mouse": False}
    assert cli("config", "set", "undo_seconds", "0").code == Exit.OK
    assert cli("config", "unset", "mouse", "--json").json == {"mouse": True}
    assert "undo_seconds = 0" in cli("config", "get").out
    assert cli("config").out == cli("config", "get").out
    assert cli("config", "--json").json["undo_seconds"] == 0
    assert cli("config", "check").code == Exit.OK
    with (home / "config.toml").open("a") as settings:
        settings.write('\n[keymap]\napprove = "enter"\nnothing = "x"\n')
    checked = cli("config", "check", "--json")
    assert checked.code == Exit.USAGE
    assert any("nothing" in sentence for sentence in checked.json["problems"])


def test_guide_keys_and_schema(cli: Run) -> None:
    pages = cli("guide", "--json").json
    assert "concepts" in pages
    assert cli("guide", "concepts").out.startswith("# ")
    assert cli("guide", "02-concepts").out == cli("guide", "concepts").out
    keys = {action["id"] for action in cli("keys", "--json").json}
    assert {"approve", "reject", "undo"} <= keys
    assert "approve" in cli("keys").out
    assert "| `approve` |" in cli("keys", "--markdown").out
    assert cli("schema", "artifact").json["$id"] == "reviewer:artifact:1"


def test_another_queue_by_option_and_environment(
    cli: Run, submitted: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted()
    url = f"sqlite:///{tmp_path}/other.db"
    assert cli("list", "--queue", url).out == "Nothing matches.\n"
    assert cli("--queue", url, "list").out == "Nothing matches.\n"
    monkeypatch.setenv("REVIEWER_QUEUE", url)
    assert cli("list").out == "Nothing matches.\n"
