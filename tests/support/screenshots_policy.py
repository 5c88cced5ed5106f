"""The pictures of the policy's screens: the guide's refunds under way, on a queue of their own."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from .shared import ROOT

ME = "ada"
GUIDE = ROOT / "reviewer" / "guide" / "12-policy-examples.md"
LOOSER = {
    "most: 500": "most: 800",
    "double(write.after.refund.amount) > 50.0": "double(write.after.refund.amount) > 100.0",
    "is above 50": "is above 100",
    "{rate: 10%,": "{rate: 15%,",
}
"""What the file that is tried changes of the policy in force."""


def example() -> str:
    """The guide's first policy, with the person of the pictures and a budget that soon counts."""
    first = re.findall(r"^```yaml\n(.*?)^```$", GUIDE.read_text(), re.DOTALL | re.MULTILINE)[0]
    mine = str(first).replace("[ana, ben, cy]", f"[{ME}, ben, cy]")
    return mine.replace("{rate: 2%, window: 7d, least: 50}", "{rate: 10%, window: 7d, least: 12}")


def refunds(number: int, first: int = 8841, **more: Any) -> list[dict[str, Any]]:
    """Refunds of one shape, of amounts that go up and down."""
    text = re.findall(r"^```json\n(.*?)^```$", GUIDE.read_text(), re.DOTALL | re.MULTILINE)[0]
    made = []
    for order in range(first, first + number):
        one = json.loads(text) | {"title": f"Refund order {order}"} | more
        one["writes"][0] |= {"resource": f"order/{order}"}
        one["writes"][0]["after"]["refund"] = {"amount": order * 37 % 140 + 0.5}
        made.append(one)
    return made


async def fill(url: str) -> None:
    """A day under the policy: known by people, approved alone, too large, denied, stopped."""
    from reviewer.demo.agent import agent_actor, submit_all
    from reviewer.demo.reviewers import person
    from reviewer.domain.artifact import parse
    from reviewer.domain.decision import Decision, Kind
    from reviewer.queue import open_queue

    queue = await open_queue(url)
    lead, text = person("ben"), example()
    await queue.propose_policy(text.replace("1w", "2w"), "refunds, first try", lead)
    await queue.propose_policy(text, "weekly rotation, after the audit", lead)
    for number, id in enumerate(await submit_all(queue, refunds(16))):
        item = await queue.get(id)
        assert item is not None
        state = item.entry.state
        wrong = number == 11
        await queue.decide(
            Decision(
                Kind.REJECT if wrong else Kind.APPROVE, artifact_id=id, revision=state.revision,
                digest=state.digest, operation_id=f"op-{number}",
                reasons=("wrong_value",) if wrong else (),
            ),
            lead,
        )  # fmt: skip
    await submit_all(queue, refunds(40, 9001))
    bot = {"name": "mail-bot", "version": "1.0"}
    await submit_all(queue, refunds(3, 9101, agent=bot, kind="reply"))
    large = refunds(1, 9201, title="Refund order 9201 (whole order)")[0]
    large["writes"][0]["after"]["refund"] = {"amount": 212}
    large["identity"]["on_behalf_of"] = "customer:1882"
    await queue.submit(parse(large), agent_actor("refund-bot"))
    await queue.stop("mail-bot", "it answers customers twice", lead)
    await queue.close()


def try_file(home: Path) -> str:
    """Writes the file that the policy's screen tries; the setting that names it."""
    text = example()
    for old, new in LOOSER.items():
        assert old in text
        text = text.replace(old, new)
    (home / "policy.yaml").write_text(text)
    os.chdir(home)  # so that the pictures show the file's name and no directory of the moment
    return "policy.yaml"
