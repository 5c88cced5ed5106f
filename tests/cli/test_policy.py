"""`reviewer policy` on a real embedded queue."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from reviewer.cli.codes import Exit
from reviewer.policy.starter import STARTER, starter
from tests.support.airline import artifacts
from tests.support.shared import shared_data

from .conftest import Run, file

DIGEST = starter().digest
SHORT = DIGEST.removeprefix("sha256:")[:12]
ALONE = """\
version: 1
name: alone
agents:
  "*":
    mode: autonomous
    new_version: autonomous
    autonomy: {confidence: 0, risk: critical, known_shapes: 0, sample: 0, spread: null}
    grants:
      - {id: all, write: "*"}
rules:
  - id: big
    about: Large refunds are for people
    each: write
    when: write.after.refund > 1000
    then: {person: true, queue: billing, reason: {code: large}}
"""


@pytest.fixture
def policy(tmp_path: Path) -> Any:
    """Writes a policy file and answers with its path."""

    def write(text: str, name: str = "policy.yaml") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


# ---------------------------------------------------------------------------------------- files


def test_init_writes_what_check_likes(cli: Run, tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    done = cli("policy", "init", path)
    assert done.code == 0, done.err
    first, rest = path.read_text().split("\n", 1)
    assert first == "# yaml-language-server: $schema=./policy.schema.json"
    assert rest == STARTER
    good = cli("policy", "check", path)
    assert good.code == 0
    assert good.out == f"{path} is good: 1 agent, 1 queue, 0 rules ({SHORT}).\n"
    assert cli("policy", "check", path, "--json").json["digest"] == DIGEST
    assert not [name for name in tmp_path.iterdir() if name.name.startswith(".")]


def test_init_overwrites_nothing(cli: Run, tmp_path: Path) -> None:
    path, schema = tmp_path / "policy.yaml", tmp_path / "policy.schema.json"
    path.write_text("mine")
    done = cli("policy", "init", path)
    assert done.code == Exit.USAGE
    assert done.sentence == f"'{path}' is there already, and is left as it is. Name another file."
    assert (path.read_text(), schema.exists()) == ("mine", False)
    schema.write_text("mine too")
    other = cli("policy", "init", tmp_path / "other.yaml")
    assert other.code == 0
    assert "was left as it is" in other.out
    assert schema.read_text() == "mine too"
    schema.unlink()
    assert cli("policy", "init", tmp_path / "third.yaml", "--json").json["schema"] == str(schema)
    # our own schema is renewed
    schema.write_text('{"$id": "reviewer:policy:1"}')
    assert cli("policy", "init", tmp_path / "fourth.yaml").code == 0
    assert len(schema.read_text()) > 1000


def test_the_schema_takes_the_starter_and_no_nonsense(cli: Run) -> None:
    import ruamel.yaml

    schema = cli("policy", "schema").json
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    read = ruamel.yaml.YAML(typ="safe", pure=True).load
    for text in (STARTER, ALONE):
        assert list(validator.iter_errors(read(text))) == []
    assert list(validator.iter_errors(read(ALONE.replace("mode: auto", "mood: auto"))))


def test_check_names_line_and_column_of_everything(cli: Run, policy: Any) -> None:
    path = policy(ALONE.replace("autonomous", "autonomus", 1).replace("write.after", "write.aftr"))
    done = cli("policy", "check", path)
    assert done.code == Exit.USAGE
    assert done.err == ""
    [line] = done.out.splitlines()
    assert line.startswith(f"{path}:5:11: 'autonomus' is none of")
    only = policy(ALONE.replace("write.after", "write.aftr"))
    assert cli("policy", "check", only).out.startswith(f"{only}:14:11: 'write.aftr.refund' is not")
    told = cli("policy", "check", only, "--json")
    assert told.code == Exit.USAGE
    [problem] = told.json["problems"]
    assert (problem["line"], problem["column"], problem["place"]) == (14, 11, "/rules/0/when")
    assert told.json["good"] is False


def test_without_a_file_the_one_here_goes_before_the_one_that_the_desk_edits(
    cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, home = tmp_path / "here", tmp_path / "home"
    here.mkdir()
    home.mkdir(exist_ok=True)
    monkeypatch.setenv("REVIEWER_HOME", str(home))
    monkeypatch.chdir(here)
    neither = cli("policy", "check")
    assert neither.code == Exit.USAGE
    assert f"There is neither 'policy.yaml' here nor '{home / 'policy.yaml'}'" in neither.sentence
    assert neither.sentence.endswith("`reviewer policy init` writes one.")
    (home / "policy.yaml").write_text(ALONE)
    assert cli("policy", "check").out.startswith(f"{home / 'policy.yaml'} is good")
    assert cli("policy", "check", "--json").json["file"] == str(home / "policy.yaml")
    assert str(home / "policy.yaml") in cli("policy", "simulate").out
    cli("config", "set", "policy", str(tmp_path / "mine.yaml"))
    (tmp_path / "mine.yaml").write_text(ALONE.replace("autonomous", "autonomus", 1))
    assert cli("policy", "check").out.startswith(f"{tmp_path / 'mine.yaml'}:5:11: ")
    (here / "policy.yaml").write_text(ALONE)
    assert cli("policy", "check").out.startswith("policy.yaml is good")
    assert cli("policy", "simulate").out.split("\n")[0].count("policy.yaml") == 1
    assert cli("policy", "activate").code == Exit.USAGE, "what goes in force is named"


def test_init_names_the_command_that_looks_this_file_over(
    cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "`reviewer policy check` looks it over" in cli("policy", "init").out
    other = cli("policy", "init", "two words.yaml").out
    assert "`reviewer policy check 'two words.yaml'` looks it over" in other


def test_check_of_what_is_no_file_no_text_or_too_much(
    cli: Run, process: Run, tmp_path: Path
) -> None:
    missing = cli("policy", "check", tmp_path / "no.yaml")
    assert missing.code == Exit.USAGE
    assert missing.sentence.endswith("`reviewer policy init` writes one.")
    bad = tmp_path / "bad.yaml"
    bad.write_bytes(b"version: \xff")
    assert "no UTF-8" in cli("policy", "check", bad).sentence
    bad.write_bytes(b"#" * 1_000_001)
    assert "larger than a policy" in cli("policy", "check", bad).sentence
    assert process("policy", "check", "-", stdin=ALONE.encode()).out.startswith("- is good")
    hidden = process("policy", "check", "-", stdin=b"version: 1\nagents: {a\xe2\x80\xae: 5}\n")
    assert hidden.code == Exit.USAGE
    assert "\u202e" not in hidden.out


def test_the_variables_of_rules(cli: Run) -> None:
    told = {one["name"]: one for one in cli("policy", "variables", "--json").json}
    assert told["write.after"]["each_write"]
    assert told["artifact.confidence"]["type"] == "double"
    lines = cli("policy", "variables").out.splitlines()
    assert len(lines) == len(told) + 1
    assert lines[0].split() == ["name", "type", "meaning"]


# ----------------------------------------------------------------------------------- in the queue


def test_show_and_history(cli: Run, policy: Any) -> None:
    assert cli("policy", "show").out == STARTER
    done = cli("policy", "activate", policy(ALONE), "--note", "by myself \u202e")
    assert done.code == 0, done.err
    assert done.out.endswith(f"is in force; before it was {SHORT}.\n")
    assert cli("policy", "show").out == ALONE
    shown = cli("policy", "show", "--json").json
    assert (shown["state"], shown["policy"]["name"]) == ("active", "alone")
    assert shown["note"] == "by myself \u202e"
    rows = cli("policy", "history").out.splitlines()
    assert rows[0].split()[:3] == ["digest", "state", "name"]
    assert rows[1].split()[:4] == [shown["digest"][7:19], "active", "alone", "ana"]
    assert all(row.isprintable() for row in rows)
    assert cli("policy", "show", shown["digest"][7:15]).out == ALONE
    assert cli("policy", "history", "--json").json[0]["digest"] == shown["digest"]
    nothing = cli("policy", "show", "0123abcd")
    assert nothing.code == Exit.NOT_FOUND


def test_diff(cli: Run, policy: Any) -> None:
    path = policy(ALONE)
    done = cli("policy", "diff", path)
    assert done.code == 0, done.err
    assert "looser    Every agent: mode assisted → autonomous." in done.out.splitlines()
    last = done.out.splitlines()[-1]
    assert "differences: " in last
    assert " looser." in last
    back = cli("policy", "diff", path, "starter", "--json").json
    assert back["new"] == DIGEST
    effects = {one["path"]: one["effect"] for one in back["differences"]}
    assert effects["agents.*.mode"] == "stricter"
    assert cli("policy", "diff", path, path).out == "They mean the same.\n"
    assert cli("policy", "diff", path, path, path).code == Exit.USAGE
    broken = policy(ALONE.replace("version: 1", "version: 2"), "broken.yaml")
    assert cli("policy", "diff", broken).sentence.startswith(f"{broken}:1:10: ")


def test_four_eyes(cli: Run, policy: Any) -> None:
    eyes = "activation: {four_eyes: true, by: [ana, ben]}\n"
    assert cli("policy", "activate", policy(STARTER + eyes)).code == 0
    done = cli("policy", "activate", policy(ALONE))
    assert done.code == 0, done.err
    digest = cli("policy", "check", policy(ALONE), "--json").json["digest"]
    short = digest[7:19]
    assert done.out == (
        f"Proposed {short}. ben must activate it too: `reviewer policy activate {short}`.\n"
    )
    assert cli("policy", "show", "--json").json["digest"] != digest
    own = cli("policy", "activate", short)
    assert own.code == Exit.NEGATIVE
    stranger = cli("policy", "activate", short, "--as", "cy")
    assert stranger.code == Exit.NEGATIVE
    second = cli("policy", "activate", short, "--as", "ben", "--json")
    assert second.code == 0, second.err
    assert (second.json["state"], second.json["four_eyes"]) == ("active", None)
    assert cli("policy", "show", "--json").json["activated_by"] == "ben"


def test_activating_again_changes_nothing(cli: Run, policy: Any) -> None:
    path = policy(ALONE)
    assert cli("policy", "activate", path).code == 0
    again = cli("policy", "activate", path)
    assert again.code == 0, again.err
    assert again.out.endswith("is in force already.\n")
    assert len(cli("policy", "history", "--json").json) == 2
    assert cli("policy", "activate", SHORT).out.startswith(f"{SHORT} is in force")
    broken = policy(ALONE.replace("true", "tru"), "broken.yaml")
    assert cli("policy", "activate", broken).code == Exit.USAGE


# ------------------------------------------------------------------------------ simulate, explain


@pytest.fixture
def decided(cli: Run, submitted: Any) -> dict[str, str]:
    """Four refunds that people saw: one approved, one rejected, two that wait."""
    ids = {key: submitted(key=key, escalations=[]) for key in "abcd"}
    assert cli("approve", ids["a"]).code == 0
    assert cli("reject", ids["b"], "-r", "other", "-m", "no").code == 0
    return ids


def test_simulate(cli: Run, policy: Any, decided: dict[str, str]) -> None:
    done = cli("policy", "simulate", policy(ALONE))
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    assert lines[1] == "4 admissions, 4 of them ruled otherwise."
    assert "approved alone     0    4      +4" in lines
    assert "People rejected 1 of what would be approved alone." in lines
    worth = next(line for line in lines if "people rejected it" in line)
    assert worth.split()[0] == decided["b"]
    assert all(line.isprintable() for line in lines)
    found = cli("policy", "simulate", policy(ALONE), "--json", "--since", "all").json
    assert found["missed_rejections"] == 1
    assert found["courses"]["person"] == {"then": 4, "now": 0}
    assert found["agents"]["refund-bot"]["courses"]["approve"] == {"then": 0, "now": 4}
    assert found["queues"]["default"]["number"] == {"then": 4, "now": 0}


def test_what_an_agent_hides_goes_to_people_and_not_to_the_terminal(
    cli: Run, policy: Any, submitted: Any
) -> None:
    submitted(key="a", escalations=[], agent={"name": "=bot\u202e\x1b[2J"}, kind="refund")
    done = cli("policy", "simulate", policy(ALONE))
    assert done.code == 0, done.err
    assert all(line.isprintable() for line in done.out.splitlines())
    assert done.out.splitlines()[-1].split() == ["hidden_text", "0", "1", "+1"]
    found = cli("policy", "simulate", policy(ALONE), "--csv", "-").out
    assert "\u202e" not in found
    assert "\"'=bot" in found


def test_simulating_what_is_in_force_is_history(
    cli: Run, policy: Any, decided: dict[str, str]
) -> None:
    same = cli("policy", "simulate", "starter", "--json").json
    assert (same["admissions"], same["changed"]) == (4, 0)
    assert cli("policy", "activate", policy(ALONE)).code == 0
    later = cli("policy", "simulate", "starter", "--json").json
    assert (later["admissions"], later["changed"]) == (4, 0)


def test_what_was_ruled_by_rates_samples_and_history_is_ruled_again(
    cli: Run, policy: Any, submitted: Any
) -> None:
    """The facts of a real queue, under a policy that looks at everything that was before."""
    text = ALONE.replace("known_shapes: 0, sample: 0, spread: null", "known_shapes: 1, sample: 50%")
    text = text.replace(
        'write: "*"}', 'write: "*", rates: {hour: 6}, spend: {field: /refund, day: 5000}}'
    )
    text = text.replace("new_version: autonomous", "budget: {rate: 10%, window: 1d, least: 2}")
    assert cli("policy", "activate", policy(text)).code == 0
    for number in range(10):
        id = submitted(key=f"k{number}", escalations=[], confidence=0.9, cost={"usd": 1.0})
        if number % 3 == 0:
            cli("approve", id)  # where the policy has not decided yet
        elif number % 3 == 1:
            cli("reject", id, "-r", "other", "-m", "no")
    found = cli("policy", "simulate", policy(text), "--json").json
    assert (found["admissions"], found["changed"]) == (10, 0)
    assert found["reasons"]["rate_limit"] == {"then": 4, "now": 4}
    assert all(pair["then"] == pair["now"] for pair in found["reasons"].values())


def test_simulated_numbers_as_csv(
    cli: Run, policy: Any, decided: dict[str, str], tmp_path: Path
) -> None:
    target = tmp_path / "numbers.csv"
    done = cli("policy", "simulate", policy(ALONE), "--csv", target)
    rows = list(csv.DictReader(io.StringIO(target.read_text(), newline=""), strict=True))
    assert done.out == f"{len(rows):,} rows in {target}.\n"
    alone = next(row for row in rows if (row["what"], row["measure"]) == ("all", "approve"))
    assert (alone["then"], alone["now"]) == ("0", "4")
    streamed = cli("policy", "simulate", policy(ALONE), "--csv", "-").out
    assert streamed.splitlines()[0] == '"what","name","measure","then","now"'


def test_simulate_of_nothing_and_of_wrong_times(cli: Run, policy: Any) -> None:
    assert cli("policy", "simulate", "starter").out.splitlines()[1] == "Nothing came in."
    assert cli("policy", "simulate", "starter", "--since", "all", "--json").json["admissions"] == 0
    for since in ("soon", "0s"):
        assert cli("policy", "simulate", "starter", "--since", since).code == Exit.USAGE


def test_explain(cli: Run, policy: Any, submitted: Any) -> None:
    write = {
        "type": "record", "system": "crm", "resource": "order/1",
        "before": {"refund": 0}, "after": {"refund": 5000.5},
    }  # fmt: skip
    assert cli("policy", "activate", policy(ALONE)).code == 0
    id = submitted(key="k\u202e", escalations=[], writes=[write])
    done = cli("policy", "explain", id)
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    assert "What was ruled" in lines
    assert "  It went to people in the queue billing, at high risk." in lines
    [rule] = [line for line in lines if line.startswith("  big (Large refunds")]
    assert "`write.after.refund > 1000` holds of one of its writes, so a person sees it" in rule
    assert all(line.isprintable() for line in lines)
    told = cli("policy", "explain", id, "--json").json
    assert (told["id"], told["course"]) == (id, "person")
    assert any("large" in s for part in told["sections"] for s in part["sentences"])
    assert cli("policy", "explain", "nothing").code == Exit.NOT_FOUND


def test_a_real_history(cli: Run, policy: Any, tmp_path: Path) -> None:
    """298 proposals of an airline agent, simulated under a policy that decides much alone."""
    shared_data("tau-airline", "trajectories.json")
    path = file(tmp_path, *artifacts(), name="airline.jsonl")
    assert cli("submit", path).code == 0
    handoffs = sum(one["kind"] == "handoff" for one in artifacts())
    same = cli("policy", "simulate", "starter", "--json").json
    assert (same["admissions"], same["changed"]) == (298, 0)
    alone, _ = ALONE.split("  - id: big")
    rule = "  - {id: cancel, kind: cancel, then: {deny: Cancelling is done by people.}}\n"
    found = cli("policy", "simulate", policy(alone + rule), "--json").json
    kinds = [one["kind"] for one in artifacts()]
    assert (
        found["rules"]["cancel"]["now"] == found["courses"]["deny"]["now"] == kinds.count("cancel")
    )
    own = sum(bool(one["escalations"]) for one in artifacts() if one["kind"] != "cancel")
    assert found["courses"]["person"]["now"] == own
    assert own >= handoffs
    assert found["courses"]["approve"]["now"] == 298 - own - kinds.count("cancel")
    shown = cli("policy", "simulate", policy(alone + rule)).out
    assert "298 admissions" in shown
