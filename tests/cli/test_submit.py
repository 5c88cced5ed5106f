"""`reviewer submit` on a real embedded queue."""

from __future__ import annotations

import json
from pathlib import Path

from reviewer.cli.codes import Exit

from .conftest import Run, artifact, file


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
