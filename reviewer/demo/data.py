"""sql-agent, queue data: rows of tables and single statements."""

from __future__ import annotations

from random import Random

from ..domain.instant import MINUTE
from .made import Json, Why, artifact, asked, link, note, read, said, soon, sure
from .people import PRODUCTS, anyone

_COUNTRIES = (("Deutschland", "DE"), ("Germany", "DE"), ("UK", "GB"), ("Ísland", "IS"),
              ("日本", "JP"), ("Türkiye", "TR"), ("U.S.", "US"), ("Česko", "CZ"))  # fmt: skip


def rows(rng: Random, now: int) -> Json:
    """Updates, inserts and deletes of one table."""
    updated = []
    for number in rng.sample(range(1_000, 9_999), rng.randrange(6, 40)):
        name, code = rng.choice(_COUNTRIES)
        updated.append({"key": {"id": number}, "before": {"country": name, "country_code": None},
                        "after": {"country": name, "country_code": code}})  # fmt: skip
    free = rng.randrange(10_000, 9_000_000)
    inserted = [{"id": free + i, "name": anyone(rng).name, "country": "Norge",
                 "country_code": "NO"} for i in range(rng.randrange(0, 4))]  # fmt: skip
    deleted = [{"id": 77, "name": "TEST DO NOT USE", "country": "?", "country_code": "XX"}]
    schema = rng.choice(("shop", "wholesale", "loyalty", "archive_2024"))
    why: list[Why] = [
        ("bulk_change", f"{len(updated) + len(inserted) + 1} rows change", "policy"),
    ]
    if rng.random() < 0.5:
        why.append(("first_time_action", "sql-agent has never written this table", "policy"))
    return artifact(
        rng, now, "sql-agent", "backfill", f"Backfill country codes in {schema}.customers",
        writes=[{"type": "rows", "system": "warehouse", "resource": f"{schema}.customers",
                 "key_columns": ["id"], "updated": updated, "inserted": inserted,
                 "deleted": deleted if rng.random() < 0.4 else []}],
        context=[
            said("user", "half the dashboards group by country text. please fix country_code"),
            *asked("query", {"sql": f"select country, count(*) from {schema}.customers group by 1"},
                   [{"country": name, "count": rng.randrange(3, 900)} for name, _ in _COUNTRIES]),
            said("thought", "'UK' maps to GB in ISO 3166-1. 'U.S.' to US. I leave '?' alone."),
            note("Rows were sampled from the newest 10,000."),
        ],
        why=why, risk=rng.choice(("medium", "high")), due=soon(rng), confidence=sure(rng, 0.7),
        summary="ISO 3166-1 codes for the country names in use.", on_behalf_of="team:analytics",
    )  # fmt: skip


def prices(rng: Random, now: int) -> Json:
    """Price rows with decimals, nulls and a composite key."""
    updated = [
        {"key": {"sku": sku, "region": region}, "before": {"price": price, "valid_to": None},
         "after": {"price": round(price * factor, 2), "valid_to": "2026-12-31"}}
        for _, sku, price in PRODUCTS
        for region, factor in (("EU", 1.03), ("UK", 1.05), ("US", 10.3 if sku[4] == "3" else 1.03))
    ]  # fmt: skip
    number = rng.randrange(100, 999)
    return artifact(
        rng, now, "sql-agent", "prices", f"Winter price list {number}: +3 % EU and US, +5 % UK",
        number=number,
        writes=[{"type": "rows", "system": "warehouse", "resource": f"pricing.list_{number}",
                 "key_columns": ["sku", "region"], "updated": updated}],
        context=[said("user", "raise winter prices by 3 percent, uk 5"),
                 said("thought", "30 rows. Round to cents, half up.")],
        why=[("outlier_value", "one price changes tenfold", "policy", 9.3),
             ("off_hours", "proposed outside of business hours", "policy")],
        risk="critical", due=18 * MINUTE, confidence=0.88, on_behalf_of="team:pricing",
        summary="All 30 prices raised as asked, valid until the end of the year.",
    )  # fmt: skip


_STATEMENTS: tuple[tuple[str, str, list[object], list[str], int | None, list[Why], str], ...] = (
    ("Anonymise accounts closed before 2020",
     "UPDATE accounts\n   SET email = 'deleted-' || id || '@invalid',\n       full_name = NULL,\n"
     "       phone = NULL\n WHERE closed_at < $1\n   AND legal_hold IS FALSE", ["2020-01-01"],
     ["accounts"], 4_312,
     [("irreversible", "personal data cannot be restored afterwards", "policy"),
      ("rows_over_limit", "{rows:,} rows are above the limit of 1,000", "policy")], "critical"),
    ("Delete orphaned cart items",
     "DELETE FROM cart_items AS c\n WHERE NOT EXISTS (SELECT 1 FROM carts WHERE carts.id = "
     "c.cart_id)\n   AND c.created_at < now() - interval '90 days'", [], ["cart_items", "carts"],
     18_204, [("rows_over_limit", "{rows:,} rows are above the limit of 1,000", "policy")], "high"),
    ("Reopen invoices that the import closed",
     "UPDATE invoices SET status = 'open', closed_at = NULL\n WHERE import_run = :run AND paid = 0",
     ["2026-11-18T02"], ["invoices"], 61,
     [("tax_relevant", "closed accounting periods may be touched", "policy")], "high"),
    ("Recount stock after the inventory",
     "WITH counted AS (\n  SELECT sku, sum(quantity) AS n FROM scans WHERE session = $1 GROUP BY "
     "sku\n)\nUPDATE stock SET on_hand = counted.n\n  FROM counted\n WHERE stock.sku = counted.sku",
     [417], ["stock", "scans"], 2_208,
     [("no_dry_run", "the dry run timed out after 30 s", "agent")], "medium"),
    ("Create the missing index on events",
     "CREATE INDEX CONCURRENTLY IF NOT EXISTS events_by_day\n    ON events ((created_at::date))",
     [], ["events"], None, [("schema_change", "a DDL statement on a table of 81 GB", "policy")],
     "medium"),
    ("Clear the feature flag cache", "TRUNCATE TABLE flag_cache", [], ["flag_cache"], None,
     [("missing_where", "a statement that changes every row", "policy")], "high"),
)  # fmt: skip


def statement(rng: Random, now: int) -> Json:
    """One SQL statement with parameters and the agent's claim of what it touches."""
    title, sql, parameters, tables, count, why, risk = rng.choice(_STATEMENTS)
    database = rng.choice(("shop", "erp", "events", "warehouse", "crm-replica"))
    write: Json = {"type": "sql", "system": database, "resource": tables[0], "statement": sql,
                   "parameters": list(parameters), "tables": tables}  # fmt: skip
    plan = f"{sql.split()[0].title()} on {tables[0]}  (cost=0.43..{rng.randrange(900, 99_999)}.02)"
    if count is not None:
        count += rng.randrange(0, 60)
        write["rows"] = count
    return artifact(
        rng, now, "sql-agent", "statement", f"{title} ({database})", writes=[write],
        context=[
            said("user", f"{title.lower()} please"),
            *asked("explain", {"sql": sql}, plan),
            *asked("count", {"tables": tables}, {"rows": count}),
            read("Runbook: data changes", "1. Dry run. 2. Count. 3. One statement per change.\n"
                 "4. Keep the inverse statement at hand.", "https://wiki.northwind.example/data"),
            link("Query plan", "https://explain.northwind.example/p/" + f"{rng.getrandbits(32):x}"),
        ],
        why=[(code, text.format(rows=count or 0), *rest) for code, text, *rest in why], risk=risk,
        due=soon(rng), confidence=sure(rng, 0.6),
        summary="Counted and explained beforehand; the inverse is in the notes.",
        on_behalf_of="user:samuel",
    )  # fmt: skip
