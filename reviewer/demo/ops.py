"""ops-bot, queue engineering: HTTP requests and tool calls on running systems."""

from __future__ import annotations

from random import Random

from .made import Json, Why, artifact, asked, link, said, soon, sure

_SERVICES = ("checkout", "search", "catalog", "mail-out", "auth", "stock", "pricing", "reports")


def scale(rng: Random, now: int) -> Json:
    """A PATCH on a deployment, with its present representation."""
    service, number = rng.choice(_SERVICES), rng.randrange(1_000, 9_999)
    old, new = rng.choice(((4, 12), (2, 0), (6, 7), (30, 3)))
    before = {"replicas": old, "image": f"{service}:1.{number}", "cpu": "500m", "memory": "1Gi"}
    why: list[Why] = [("production", "the target is production", "policy")]
    if new == 0:
        why.append(("outage_risk", "no replica would be left", "policy"))
    if new > 2 * old:
        why.append(("cost_over_budget", "adds 410 USD a month", "budget", 410.0))
    return artifact(
        rng, now, "ops-bot", "scale", f"Scale {service} from {old} to {new} replicas",
        number=number,
        writes=[{"type": "request", "system": "cluster", "resource": f"{service}/{number}",
                 "method": "PATCH",
                 "url": f"https://cluster.northwind.example/apis/apps/{service}/{number}",
                 "headers": {"Content-Type": "application/merge-patch+json",
                             "If-Match": f'"{number}"'},
                 "body": {"replicas": new}, "before": before}],
        context=[
            *asked("metrics", {"service": service, "window": "1h"},
                   {"p95_ms": rng.randrange(80, 2_400), "errors": round(rng.random() / 20, 4)}),
            *asked("get_deployment", {"service": service}, before),
            said("thought", f"Load {'falls' if new < old else 'rises'}; {new} replicas suffice."),
            link("Dashboard", f"https://grafana.northwind.example/d/{service}"),
        ],
        why=why, risk="critical" if new < old / 2 else "medium", due=soon(rng),
        confidence=sure(rng), on_behalf_of="on-call", summary=f"{service} needs {new} replicas.",
    )  # fmt: skip


def webhook(rng: Random, now: int) -> Json:
    """A POST with a JSON body to a partner's API, and a secret that must not be there."""
    number = rng.randrange(1_000, 9_999)
    return artifact(
        rng, now, "ops-bot", "partner-call", f"Register webhook {number} at the carrier",
        number=number,
        writes=[{"type": "request", "system": "carrier", "resource": f"webhooks/{number}",
                 "method": "POST", "url": "https://api.carrier.example/v2/webhooks",
                 "headers": {"Content-Type": "application/json",
                             "Authorization": "Bearer demo-0000-not-a-real-token"},
                 "body": {"url": f"https://shop.northwind.example/hooks/{number}",
                          "events": ["parcel.delivered", "parcel.lost", "*"],
                          "retry": {"times": 5, "backoff": "exponential"}}}],
        context=[said("user", "carrier events should reach the shop"),
                 *asked("list_webhooks", {}, [])],
        why=[("secret_suspected", "a header looks like a bearer token", "policy"),
             ("permission_wide", "'*' subscribes to every event"),
             ("new_system", "ops-bot has never called the carrier", "policy")],
        risk="high", due=soon(rng), confidence=sure(rng, 0.6), on_behalf_of="team:logistics",
        summary="One webhook for parcel events.",
    )  # fmt: skip


_CALLS: tuple[tuple[str, str, Json, Json, list[tuple[str, str, str]], str], ...] = (
    ("Restart {s} one by one", "restart_service",
     {"service": "{s}", "strategy": "rolling", "grace_seconds": 30},
     {"strategy": {"enum": ["rolling", "all"]}, "grace_seconds": {"type": "integer"}},
     [("repeated_attempt", "third restart within the hour", "policy")], "medium"),
    ("Roll {s} back to yesterday's build", "rollback",
     {"service": "{s}", "to": "1.4117", "migrate_down": True},
     {"to": {"type": "string"}, "migrate_down": {"type": "boolean"}},
     [("irreversible", "migrate_down drops two columns", "policy"),
      ("loop_detected", "the same call was proposed and rejected today", "policy")], "critical"),
    ("Grant {s} read access to the vault", "grant",
     {"principal": "svc-{s}", "path": "secret/payments/*", "rights": ["read", "list"]},
     {"rights": {"type": "array", "items": {"enum": ["read", "list", "write"]}}},
     [("permission_wide", "a wildcard below secret/payments", "policy")], "critical"),
    ("Turn on flag new-{s} for 5 %", "set_flag",
     {"flag": "new-{s}", "share": 0.05, "segments": ["beta"]},
     {"share": {"type": "number", "maximum": 1}, "segments": {"type": "array"}},
     [("first_time_action", "no flag of this kind was set before", "policy")], "low"),
)  # fmt: skip


def operate(rng: Random, now: int) -> Json:
    """A tool call held until decided, its arguments under a JSON Schema."""
    title, name, arguments, fields, why, risk = rng.choice(_CALLS)
    service, number = rng.choice(_SERVICES), rng.randrange(10_000, 99_999)
    filled = {
        key: value.replace("{s}", service) if isinstance(value, str) else value
        for key, value in arguments.items()
    }
    schema = {"type": "object", "properties": fields, "required": list(fields)}
    return artifact(
        rng, now, "ops-bot", "operate", title.replace("{s}", service), number=number,
        writes=[{"type": "tool_call", "system": "runbook", "resource": f"call/{number}",
                 "name": name, "arguments": filled, "arguments_schema": schema}],
        context=[
            said("system", "You are ops-bot. You may propose; a person decides."),
            *asked("alerts", {"service": service},
                   [{"alert": "HighLatency", "since": "11m", "severity": "page"}]),
            *asked("logs", {"service": service, "lines": 3}, "\x1b[31mERROR\x1b[0m pool exhausted\n"
                   "\x1b[33mWARN\x1b[0m retrying in 3 s\nINFO still here"),
            said("thought", "The pool does not recover by itself."),
        ],
        why=why, risk=risk, due=soon(rng) // 2, confidence=sure(rng), on_behalf_of="on-call",
        summary=f"{name} on {service}.",
    )  # fmt: skip
