"""contract-clerk, queue legal: clauses and reports as documents, with the draft before."""

from __future__ import annotations

from random import Random

from ..domain.instant import DAY, HOUR
from .made import Json, artifact, asked, link, note, read, said, soon, sure
from .people import FIRMS

_CLAUSES = (
    ("Liability", "7. Liability\n\n7.1 The Supplier is liable without limit for intent and gross "
     "negligence.\n\n7.2 In all other cases liability is limited to {old} EUR per year.\n\n7.3 "
     "Liability for loss of data is limited to the cost of restoring it from the backups which "
     "the Customer has to make daily.\n",
     ("{old} EUR per year", "the fees paid in the twelve months before the event, and to {new} EUR "
      "at most"), ("daily", "at reasonable intervals")),
    ("Term and termination", "12. Term\n\n12.1 This agreement runs for {old} months and is "
     "prolonged by twelve months each, unless ended with three months' notice.\n\n12.2 The right "
     "to end it for good cause remains.\n\n12.3 Notice is given in writing.\n",
     ("{old} months", "{new} months"), ("three months' notice", "thirty days' notice")),
    ("Processing of personal data", "4. Data protection\n\n4.1 The Processor acts on documented "
     "instructions only.\n\n4.2 Sub-processors need prior consent. The list in Annex {old} "
     "applies.\n\n4.3 Breaches are reported within 24 hours.\n",
     ("prior consent", "information 14 days ahead"), ("24 hours", "72 hours")),
)  # fmt: skip


def clause(rng: Random, now: int) -> Json:
    """One clause reworded in a negotiation."""
    heading, text, *changes = rng.choice(_CLAUSES)
    firm, number = rng.choice(FIRMS), rng.randrange(1_000, 9_999)
    old, new = rng.choice((("24", "36"), ("250,000", "500,000"), ("2", "3")))
    before = text.format(old=old)
    after = before
    for here, there in changes:
        after = after.replace(here.format(old=old), there.format(new=new))
    return artifact(
        rng, now, "contract-clerk", "clause", f"{firm}: {heading.lower()} (contract {number})",
        number=number,
        writes=[{"type": "document", "system": "contracts", "resource": f"{number}/{heading}",
                 "title": heading, "before": before, "after": after,
                 "precondition": {"version": rng.randrange(2, 9)}}],
        context=[
            said("user", f"{firm} sent back the {heading.lower()} clause, please find a middle"),
            read(f"Counterpart's redline, {firm}", after.replace("14 days", "7 days"),
                 f"https://docs.northwind.example/{number}/redline.pdf"),
            read("Playbook: " + heading, "Preferred: ours. Fallback: fees of twelve months, no "
                 "cap below 100,000. Walk away: unlimited indirect damage."),
            said("thought", "Fallback position of the playbook, one step towards them."),
            link("Contract", f"https://docs.northwind.example/{number}"),
        ],
        why=[("deviates_from_playbook", "beyond the preferred position", "policy"),
             ("legal_effect", "changes what the firm is liable for", "policy")],
        risk=rng.choice(("medium", "high", "critical")), due=soon(rng) + 2 * HOUR,
        confidence=sure(rng, 0.4, 0.85), on_behalf_of=f"account:{number}",
        summary="The playbook's fallback, worded as they did.",
    )  # fmt: skip


def report(rng: Random, now: int) -> Json:
    """A new document in Markdown, with sources that partly contradict it."""
    firm, number = rng.choice(FIRMS), rng.randrange(1_000, 9_999)
    score = rng.randrange(41, 97)
    lines = "".join(
        f"| {name} | {rng.randrange(1, 6)} | {remark} |\n"
        for name, remark in (("Payment", "two late payments in 2025"), ("Ownership", "unclear"),
                             ("Sanctions", "no hit, one similar name"), ("Data", "ISO 27001"))
    )  # fmt: skip
    text = (
        f"# Supplier review: {firm}\n\nOverall score **{score}/100**, to be renewed in a year.\n\n"
        f"| Field | Grade | Remark |\n|---|---|---|\n{lines}\n## Recommendation\n\nKeep as a "
        "supplier. Ask for the beneficial owner in writing.\n"
    )
    return artifact(
        rng, now, "contract-clerk", "supplier-review", f"Supplier review {firm}", number=number,
        writes=[{"type": "document", "system": "contracts", "resource": f"suppliers/{number}",
                 "title": f"Supplier review {firm}", "language": "markdown", "after": text}],
        context=[
            *asked("sanctions_search", {"name": firm},
                   [{"name": firm.split(" ", maxsplit=1)[0] + " Trading FZE", "score": 0.71}]),
            *asked("payments", {"supplier": number}, {"late": 4, "total": 31}),
            note("The tool says four late payments, the report says two."),
        ],
        why=[("sanctions_hit", "a similar name is on a list", "policy", 0.71),
             ("contradicts_source", "late payments: 2 in the text, 4 in the ledger", "policy")],
        risk="high", due=soon(rng) + DAY // 4, confidence=sure(rng, 0.4, 0.8),
        on_behalf_of="team:procurement", summary="Keep the supplier.",
    )  # fmt: skip
