"""`reviewer groups` on a real embedded queue."""

from __future__ import annotations

from pathlib import Path

from tests.support.refunds import refunds

from .conftest import Run, artifact, file


def test_groups_are_listed_the_largest_first(cli: Run, tmp_path: Path) -> None:
    alone = artifact(key="alone", kind="other", title="\x1b]52;c;AAAA\x07")
    few = [artifact(key=f"f{at}", agent={"name": "crm-sync"}) for at in range(2)]
    assert cli("submit", file(tmp_path, *refunds(12), alone, *few)).code == 0
    done = cli("groups")
    head, first, second = done.out.splitlines()
    assert head.split()[:4] == ["shape", "members", "risk", "due"]
    assert first.split()[1] == "12"
    assert "refund-bot" in first
    assert "orders/{id}: refunded, status changed; reason added" in first
    assert second.split()[1] == "2"
    assert "crm-sync" in second
    assert cli("groups", "--least", "1").out.count("\n") == 4
    assert "\x1b" not in cli("groups", "--least", "1").out
    assert cli("groups", "agent:crm-sync").out.count("\n") == 2
    assert cli("groups", "agent:nobody").out == "Nothing that waits is alike.\n"


def test_groups_as_json_name_the_shape_that_list_takes(cli: Run, tmp_path: Path) -> None:
    cli("submit", file(tmp_path, *refunds(5)))
    (group,) = cli("groups", "--json").lines
    assert group["number"] == 5
    assert group["exact"] is True
    assert (group["agent"], group["kind"], group["risk"]) == ("refund-bot", "refund", "low")
    members = cli("list", f"shape:{group['shape']}", "--json").lines
    assert len(members) == 5
    assert group["first"] in {member["id"] for member in members}
