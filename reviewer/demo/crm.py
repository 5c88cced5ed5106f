"""crm-sync, queue data: merges, enrichments and patches of CRM records."""

from __future__ import annotations

from random import Random

from ..domain.instant import DAY, HOUR, iso
from .made import Json, artifact, asked, read, said, soon, sure
from .people import FIRMS, anyone


def merge(rng: Random, now: int) -> Json:
    """Two contacts that look like one: the first takes over, the second goes."""
    person = anyone(rng)
    keep, drop = rng.sample(range(10_000, 99_999), 2)
    kept: Json = {"id": keep, "name": person.name, "email": person.mail, "phone": None,
                  "city": person.city, "country": person.country, "tags": ["newsletter"],
                  "owner": "aiko",
                  "last_order": iso(now - rng.randrange(3, 300) * DAY)}  # fmt: skip
    dropped: Json = {"id": drop, "name": person.name.upper(), "email": person.mail.upper(),
                     "phone": f"+{rng.randrange(10**10, 10**11)}", "city": person.city,
                     "tags": ["webinar", "lead"], "owner": "jonas"}  # fmt: skip
    after = kept | {"phone": dropped["phone"], "tags": ["newsletter", "webinar", "lead"],
                    "merged_from": [drop]}  # fmt: skip
    score = sure(rng, 0.6, 0.93)
    return artifact(
        rng, now, "crm-sync", "merge", f"Merge duplicate contact {person.name}",
        writes=[
            {"type": "record", "system": "crm", "resource": f"contacts/{keep}", "before": kept,
             "after": after, "precondition": {"etag": f'W/"{rng.getrandbits(32):x}"'}},
            {"type": "record", "system": "crm", "resource": f"contacts/{drop}", "before": dropped,
             "note": "deleted after its phone and tags have been taken over"},
        ],
        context=[
            *asked("find_duplicates", {"email": person.mail},
                   [{"id": keep, "score": 1.0}, {"id": drop, "score": score}]),
            said("thought", "Same address but for case; names match but for case. Owners differ, "
                 "so commission may be touched."),
        ],
        why=[("irreversible", "a deleted contact cannot be brought back in this CRM", "policy"),
             ("ambiguous_match", f"match score {score}", "agent", score)],
        risk="high", due=soon(rng), confidence=score, summary="One person, two contacts.",
        on_behalf_of="team:sales-ops",
    )  # fmt: skip


def enrich(rng: Random, now: int) -> Json:
    """An account filled from public sources, as an RFC 6902 patch."""
    firm = rng.choice(FIRMS)
    number = rng.randrange(200, 999)
    staff = rng.choice((12, 48, 160, 900, 4_300))
    before: Json = {"id": number, "name": firm, "industry": None, "employees": staff // 3,
                    "address": {"street": "Main St 1", "city": "", "country": "DE"},
                    "website": "", "tier": "C", "notes": "imported 2019"}  # fmt: skip
    patch = [
        {"op": "test", "path": "/id", "value": number},
        {"op": "replace", "path": "/employees", "value": staff},
        {"op": "replace", "path": "/industry", "value": rng.choice(("retail", "glass", "robots"))},
        {"op": "replace", "path": "/address/city", "value": anyone(rng).city},
        {"op": "add", "path": "/website", "value": "https://www.firm.example"},
        {"op": "remove", "path": "/notes"},
    ]
    return artifact(
        rng, now, "crm-sync", "enrich", f"Complete account {firm}",
        writes=[{"type": "record", "system": "crm", "resource": f"accounts/{number}",
                 "before": before, "patch": patch}],
        context=[
            *asked("company_register", {"name": firm}, {"employees": staff, "source": "register"}),
            *asked("web_search", {"query": f"{firm} employees"}, "HTTP 429", error=True),
            read("Register entry (machine translation)", f"{firm}: {staff} employees, founded "
                 f"{rng.randrange(1890, 2019)}.", "https://register.example/entry"),
        ],
        why=[("conflicting_sources", f"the CRM says {staff // 3} employees, the register {staff}"),
             ("tool_error", "web_search failed: rate limited"),
             ("sampled", "one in ten of this kind", "sample")],
        risk="low", due=soon(rng), confidence=sure(rng), on_behalf_of="team:sales-ops",
        summary="Size, industry and city from the company register.",
    )  # fmt: skip


def schema_move(rng: Random, now: int) -> Json:
    """A record checked against its JSON Schema, with deep and wide changes."""
    number = rng.randrange(1_000, 9_999)
    fields = {f"custom_{i:02d}": rng.choice((None, "", "yes", i)) for i in range(40)}
    before: Json = {"id": number, "version": 3, "consent": {"mail": True, "phone": True},
                    "custom": fields, "segments": [{"name": "b2b", "since": "2021"}]}  # fmt: skip
    after = before | {
        "version": 4,
        "consent": {"mail": False, "phone": False, "source": "import"},
        "custom": {k: v for k, v in fields.items() if v not in (None, "")},
        "segments": [{"name": "b2b", "since": 2021}, {"name": "dormant", "since": 2025}],
    }
    schema = {"type": "object", "required": ["id", "version"],
              "properties": {"id": {"type": "integer"}, "version": {"const": 4},
                             "consent": {"type": "object",
                                         "required": ["mail", "phone"]}}}  # fmt: skip
    return artifact(
        rng, now, "crm-sync", "migrate", f"Move contact {number} to schema 4",
        writes=[{"type": "record", "system": "crm", "resource": f"contacts/{number}",
                 "before": before, "after": after, "json_schema": schema}],
        context=asked("get_contact", {"id": number}, before),
        why=[("pii_change", "consent to mail and phone is withdrawn by this write", "policy"),
             ("large_change", "37 fields change at once"),
             ("budget_exhausted", "crm-sync has used up its error budget of 2 %", "budget")],
        risk="medium", due=soon(rng) + HOUR, confidence=sure(rng), on_behalf_of="team:platform",
        summary="Drops empty custom fields and sets consent to what the import knew.",
    )  # fmt: skip
