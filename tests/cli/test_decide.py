"""Claims and decisions on a real embedded queue, as a person types them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reviewer.cli.codes import Exit

from .conftest import Run


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
    unknown = cli("undo", "op-none")
    assert (unknown.code, unknown.out) == (Exit.NOT_FOUND, "")
    assert "no operation op-none" in unknown.sentence


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
