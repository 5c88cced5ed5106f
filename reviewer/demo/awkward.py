"""Awkward but honest artifacts: other scripts, and sizes that a screen has to survive."""

from __future__ import annotations

import base64
import json
import zlib
from random import Random

from ..domain.instant import MINUTE
from .made import Json, artifact, asked, note, read, said, soon


def arabic(rng: Random, now: int) -> Json:
    """A message written from right to left, with numbers and a Latin name inside."""
    body = (
        "مرحبًا ليلى،\n\nتم شحن طلبك رقم 48213 (Trail lamp L2) اليوم، وسيصل خلال ٣ أيام عمل.\n"
        "يمكنك تتبّع الشحنة هنا: https://track.northwind.example/48213\n\nمع أطيب التحيات\n"
        "فريق Northwind\n"
    )
    return artifact(
        rng, now, "mailer", "reply", "رد على التذكرة 5530: أين طلبي؟", number="5530-ar",
        writes=[{"type": "message", "system": "mail", "resource": "ticket/5530",
                 "channel": "email", "to": ["layla@mail.example"], "subject": "Re: أين طلبي؟",
                 "body": body, "before": {"to": ["layla@mail.example"], "subject": "Re: أين طلبي؟",
                                          "body": body.replace("٣", "٥")}}],
        context=[said("user", "أين طلبي؟ لقد مرّ أسبوع كامل."),
                 said("thought", "Arabic digits in the sentence, Western digits in the number.")],
        why=[("language_unsure", "written in Arabic; nobody on shift may read it", "agent", 0.44)],
        risk="medium", due=soon(rng), confidence=0.71, summary="يجيب عن سؤال الشحن.",
    )  # fmt: skip


def hebrew(rng: Random, now: int) -> Json:
    """A contract clause in Hebrew with Latin terms."""
    before = "7. אחריות\n\nאחריות הספק מוגבלת ל-250,000 EUR בשנה.\nסעיף זה כפוף ל-GDPR.\n"
    after = before.replace("250,000", "500,000").replace("בשנה", "בכל תקופת ההסכם")
    return artifact(
        rng, now, "contract-clerk", "clause", "Tidepool Analytics: אחריות (contract 3391)",
        number="3391-he",
        writes=[{"type": "document", "system": "contracts", "resource": "3391/liability",
                 "title": "אחריות", "before": before, "after": after}],
        context=[read("Playbook: אחריות", "תקרה: 500,000 EUR. לא לשנה אלא לתקופה.")],
        why=[("legal_effect", "raises the cap of liability", "policy"),
             ("language_unsure", "the clause is in Hebrew")],
        risk="high", due=soon(rng), confidence=0.6, summary="Doubles the cap.",
    )  # fmt: skip


def cjk(rng: Random, now: int) -> Json:
    """A record in Japanese, Chinese and Korean: wide characters, vertical forms, Hangul."""
    before: Json = {"id": 771, "name": "サクラ計測器株式会社",
                    "住所": {"都市": "大阪市", "番地": "1-2-3"},
                    "備考": "支払いは月末締め翌月末払い。", "담당자": "김지훈", "等级": "丙",
                    "ｶﾅ": "ｻｸﾗ"}  # fmt: skip
    after = before | {"住所": {"都市": "京都市", "番地": "１−２−３"}, "等级": "甲",
                      "備考": "支払いは月末締め翌々月十日払い。请勿电话联系。",
                      "ｶﾅ": "サクラ"}  # fmt: skip
    return artifact(
        rng, now, "crm-sync", "enrich", "取引先マスタ更新：サクラ計測器株式会社", number="771-ja",
        writes=[{"type": "record", "system": "crm", "resource": "accounts/771", "before": before,
                 "after": after}],
        context=[said("user", "住所が古いままです。京都に移転しました。"),
                 *asked("company_register", {"name": "サクラ計測器"}, {"都市": "京都市"}),
                 said("thought", "全角と半角が混ざっている。番地は全角のまま写した。")],
        why=[("payment_terms", "支払条件が変わる", "policy"),
             ("schema_mismatch", "住所.番地 is written in full-width digits")],
        risk="medium", due=soon(rng), confidence=0.77, summary="移転と支払条件。",
    )  # fmt: skip


def long_file(rng: Random, now: int) -> Json:
    """A generated file of 10,000 lines with some forty edits far apart."""
    lines = [f"route {i:05d} from {rng.randrange(900)} to {rng.randrange(900)} via {i % 17}\n"
             for i in range(10_000)]  # fmt: skip
    changed = list(lines)
    for at in sorted(rng.sample(range(10_000), 40), reverse=True):
        match at % 3:
            case 0:
                changed[at] = changed[at].replace(" via ", " over ")
            case 1:
                del changed[at]
            case _:
                changed.insert(at, f"route {at:05d} closed until further notice\n")
    return artifact(
        rng, now, "coder", "regenerate", "Regenerate routes.table (10,000 lines)",
        number="routes",
        writes=[_file("repo/routing", "data/routes.table", "".join(lines), "".join(changed))],
        context=[said("user", "routes are stale"), said("thought", "40 of 10,000 lines change.")],
        why=[("large_change", "the file has 10,000 lines", "policy"),
             ("generated_file", "this file is generated; the generator was not changed", "policy")],
        risk="medium", due=95 * MINUTE, confidence=0.8, summary="Forty routes.",
    )  # fmt: skip


def one_line(rng: Random, now: int) -> Json:
    """A megabyte of JSON on a single line in which three numbers change."""
    items = [{"id": i, "sku": f"SKU-{rng.randrange(10**6)}", "price": rng.randrange(99, 99_999)}
             for i in range(23_000)]  # fmt: skip
    before = json.dumps({"items": items}, separators=(",", ":"))
    for at in (11, 11_500, 22_980):
        items[at] = items[at] | {"price": 1}
    after = json.dumps({"items": items}, separators=(",", ":"))
    return artifact(
        rng, now, "coder", "regenerate", "Rebuild catalog.json (one line, 1 MB)",
        number="catalog",
        writes=[_file("repo/catalog", "dist/catalog.json", before, after)],
        context=[note("The build writes it without line ends.")],
        why=[("large_change", "one line of a million characters", "policy"),
             ("outlier_value", "three prices fall to 0.01", "policy", 8.8)],
        risk="high", due=50 * MINUTE, confidence=0.9, summary="Catalogue rebuilt from the ERP.",
    )  # fmt: skip


def binary(rng: Random, now: int) -> Json:
    """A picture replaced by another: bytes, no text."""
    return artifact(
        rng, now, "coder", "assets", "Replace the logo in the shop's header", number="logo",
        writes=[{"type": "file", "system": "repo/shop-web", "resource": "static/logo.png",
                 "action": "modify", "before": {"base64": _png(rng, 48)},
                 "after": {"base64": _png(rng, 64)}}],
        context=[said("user", "use the new logo"),
                 read("logo-2026.png", "", "https://files.northwind.example/logo-2026.png")],
        why=[("binary_change", "what changes cannot be shown as text", "policy")],
        risk="low", due=soon(rng), confidence=0.95, summary="New logo, 64×64.",
    )  # fmt: skip


def long_context(rng: Random, now: int) -> Json:
    """A run that went on for 5,000 context items before it proposed one small write."""
    context: list[Json] = [said("system", "You reconcile bank statements, one line at a time.")]
    number = 0
    while len(context) < 4_998:
        number += 1
        entry = {"entry": number, "amount": round(rng.uniform(-900, 900), 2)}
        context += asked("get_entry", {"entry": number}, entry | {"matched": rng.random() < 0.99})
        if number % 7 == 0:
            context.append(said("thought", f"{number} entries so far, all as in the ledger."))
    found = said("thought", "Entry 1,187 has two digits transposed: 540 for 450.")
    context = [*context[:4_998], found, said("agent", "I propose one correction.")]
    before: Json = {"entry": 1_187, "amount": 540.0, "status": "unmatched"}
    return artifact(
        rng, now, "sql-agent", "reconcile", "Correct one of 2,300 ledger entries", number="ledger",
        queue="billing",
        writes=[{"type": "record", "system": "ledger", "resource": "entries/1187",
                 "before": before, "after": before | {"amount": 450.0, "status": "matched"}}],
        context=context,
        why=[("cost_over_budget", "the run cost 9.40 USD, the limit is 2", "budget", 9.4),
             ("loop_detected", "5,000 steps without a proposal", "policy")],
        risk="medium", due=soon(rng), confidence=0.64, summary="Two digits were transposed.",
        cost={"usd": 9.4, "input_tokens": 4_100_000, "output_tokens": 61_000, "seconds": 2_810.0,
              "steps": 5_000},
    )  # fmt: skip


def _file(system: str, path: str, before: str, after: str) -> Json:
    return {"type": "file", "system": system, "resource": path, "action": "modify",
            "before": {"text": before}, "after": {"text": after}}  # fmt: skip


def _png(rng: Random, size: int) -> str:
    """A valid PNG (RFC 2083) of random colours, in base64."""

    def chunk(name: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(name + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + name + data + crc

    header = size.to_bytes(4, "big") * 2 + bytes((8, 2, 0, 0, 0))
    pixels = b"".join(b"\0" + rng.randbytes(size * 3) for _ in range(size))
    image = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + image).decode()
