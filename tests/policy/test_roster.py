"""The agents as they stand: the mode in force, why, and what is left."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.governance import Cap, LedgerRow, Stop, Tally
from reviewer.domain.instant import DAY
from reviewer.policy.agents import MODES
from reviewer.policy.budget import bucket
from reviewer.policy.document import Policy
from reviewer.policy.roster import roster

NOW = 1_800_000_000_000_000
BUDGET = {"rate": "2%", "window": "7d", "least": 20}


def policy(**agents: Any) -> Policy:
    return Policy.model_validate({"version": 1, "agents": agents})


BOT = policy(bot={"mode": "autonomous", "budget": BUDGET})


def row(ago: int, decided: int, rejected: int = 0, version: str = "1", kind: str = "refund") -> Any:
    tally = Tally(decided=decided, rejected=rejected)
    return LedgerRow("bot", version, kind, bucket(NOW - ago), tally)


def cap(mode: str = "assisted", **more: str) -> Cap:
    named = {"agent": "bot", "kind": "refund", "by": "policy", "state": "capped"} | more
    why = "The budget was spent"
    return Cap(named["agent"], named["kind"], mode, why, named["by"], NOW - DAY, named["state"])


def stop(agent: str = "bot") -> Stop:
    return Stop(agent, "it pays everybody", "ana", NOW)


def test_an_agent_that_goes_by_its_policy() -> None:
    [one] = roster(BOT, [row(DAY, 98, 2), row(0, 2, 0, "2")], [], [], NOW)
    assert (one.agent, one.kind, one.mode) == ("bot", "refund", "autonomous")
    assert one.why == ("The policy says autonomous.",)
    assert one.gauge is not None
    assert (one.gauge.mistakes, one.gauge.allowed, one.gauge.spent) == (2, 2, False)
    assert [(work.version, work.decided) for work in one.versions] == [("2", 2), ("1", 98)]


def test_what_holds_an_agent_back_is_said_in_the_order_in_which_it_weighs() -> None:
    spent = [row(DAY, 100, 9)]
    [one] = roster(BOT, spent, [], [], NOW)
    assert one.mode == "assisted"
    assert one.why[1] == (
        "Its error budget of 7 d is spent: 9 of 100 decisions by people were mistakes, where 2 % "
        "may be."
    )
    [one] = roster(BOT, spent, [cap("shadow")], [], NOW)
    assert one.mode == "shadow"
    assert one.why[1] == "At most shadow is left to it by policy: The budget was spent."
    [one] = roster(BOT, spent, [cap()], [stop()], NOW)
    assert one.mode == "stopped"
    assert one.why[-1] == "ana stopped it: it pays everybody."
    [one] = roster(BOT, [], [], [stop("*")], NOW)
    assert one.why[-1] == "ana stopped all agents: it pays everybody."


def test_who_is_listed() -> None:
    both = policy(bot={"kinds": {"mail": {"mode": "shadow"}}}, **{"*": {}})
    caps, stops = [cap(agent="capped")], [stop("stopped")]
    found = roster(both, [row(0, 1)], caps, stops, NOW)
    assert [(one.agent, one.kind, one.mode) for one in found] == [
        ("bot", "mail", "shadow"),
        ("bot", "refund", "assisted"),
        ("capped", "", "assisted"),
        ("stopped", "", "stopped"),
    ]
    anyone = policy(**{"*": {}})
    assert [one.agent for one in roster(anyone, [], [], [], NOW, also=["new"])] == ["new"]
    [stranger] = roster(policy(other={}), [row(0, 1)], [], [], NOW)[:1]
    assert stranger.why == ("The policy does not know this agent, so that it may write nothing.",)


def test_proposals_that_wait_and_that_may_be_made() -> None:
    enough = [row(0, 900)]
    [one] = roster(BOT, enough, [cap()], [], NOW)
    assert one.promotion is not None
    assert one.proposed is None
    asked = cap("autonomous", state="promotion")
    [one] = roster(BOT, enough, [cap(), asked], [], NOW)
    assert one.proposed is not None
    assert one.mode == "assisted"
    [one] = roster(BOT, enough, [asked], [], NOW)
    assert one.proposed is None, "the policy has it by now"


def test_what_was_declined_stands_until_it_may_be_proposed_again() -> None:
    then, no = row(0, 900), cap("autonomous", state="declined")
    [one] = roster(BOT, [then], [cap(), no], [], NOW)
    assert one.promotion is not None, "a cap set since lets evidence begin anew"
    assert one.declined is None
    late = Cap("bot", "refund", "autonomous", "not yet", "lea", NOW, "declined")
    [one] = roster(BOT, [then], [cap(), late], [], NOW)
    assert (one.promotion, one.proposed, one.declined) == (None, None, late)
    asked = cap("autonomous", state="promotion")
    [one] = roster(BOT, [then], [cap(), late, asked], [], NOW)
    assert one.declined is None
    assert one.proposed is not None
    [one] = roster(BOT, [then], [late], [], NOW)
    assert one.declined is None, "the policy has it by now"


@given(
    mode=st.sampled_from(MODES),
    held=st.sampled_from(MODES),
    decided=st.integers(0, 200),
    rejected=st.integers(0, 200),
    stopped=st.booleans(),
)
def test_nothing_ever_makes_an_agent_more_daring_than_its_policy(
    mode: str, held: str, decided: int, rejected: int, stopped: bool
) -> None:
    said = policy(bot={"mode": mode, "budget": BUDGET})
    rows = [row(0, decided + rejected, rejected)]
    [one] = roster(said, rows, [cap(held)], [stop()] if stopped else [], NOW)
    if stopped:
        assert one.mode == "stopped"
    else:
        assert MODES.index(one.mode) <= min(MODES.index(mode), MODES.index(held))  # type: ignore[arg-type]
