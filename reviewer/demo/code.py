"""coder, queue engineering: files created, changed, renamed, deleted; modes, line ends."""

from __future__ import annotations

from random import Random

from .made import Json, Why, artifact, asked, link, said, soon, sure

_RETRY = '''\
"""Calls that may fail, and when to try them again."""

import time


def retry(call, attempts={attempts}):
    """Calls until it succeeds."""
    for i in range(attempts):
        try:
            return call()
        except OSError:
{wait}
{end}


def once(call):
    return retry(call, attempts=1)
'''

_CLIENT = """\
from {package}.retry import retry


class Client:
    timeout = {timeout}

    def __init__(self, session, base):
        self.session = session
        self.base = base.rstrip("/")

    def get(self, path):
        return retry(lambda: self.session.get(self.base + path, timeout=self.timeout))

    def post(self, path, body):
{post}
"""

_TEST = """\
import pytest

from {package}.retry import RetryError, retry


def test_gives_up_with_an_error():
    def fails():
        raise OSError("down")

    with pytest.raises(RetryError):
        retry(fails, attempts=2)


@pytest.mark.parametrize("failures", [0, 1, 4])
def test_succeeds_after_some_failures(failures):
    left = [OSError()] * failures

    def call():
        if left:
            raise left.pop()
        return "ok"

    assert retry(call, attempts=5) == "ok"
"""


def retry_fix(rng: Random, now: int) -> Json:
    """A change over several files: modify twice, create once."""
    package = rng.choice(("sync", "billing", "shipping", "search", "auth", "reports", "catalog"))
    more = rng.choice((5, 6, 8))
    old = _RETRY.format(attempts=3, wait="            time.sleep(i)", end="    return None")
    new = _RETRY.format(
        attempts=more,
        wait="            if i + 1 < attempts:\n                time.sleep(min(2**i, 30))",
        end="    raise RetryError(call)\n\n\nclass RetryError(Exception):\n"
        '    """Every attempt failed."""',
    )
    post = "        return self.session.post(self.base + path, json=body)"
    safe = ("        key = uuid4().hex\n        headers = {'Idempotency-Key': key}\n"
            "        return retry(lambda: self.session.post(self.base + path, json=body,\n"
            "                                               headers=headers))")  # fmt: skip
    client = _CLIENT.format(package=package, timeout=10, post=post)
    fixed = "from uuid import uuid4\n\n" + _CLIENT.format(package=package, timeout=5, post=safe)
    branch = f"fix/retry-{rng.randrange(100, 999)}"
    writes = [
        _modify(package, f"src/{package}/retry.py", old, new),
        _modify(package, f"src/{package}/client.py", client, fixed),
        {"type": "file", "system": f"repo/{package}", "resource": f"tests/{branch[4:]}_test.py",
         "action": "create", "after": {"text": _TEST.format(package=package)}},
    ]  # fmt: skip
    return artifact(
        rng, now, "coder", "fix", f"Fix retry loop in {package}",
        writes=writes,
        context=[
            said("user", f"{package} fails at night, the retry gives up silently"),
            *asked("read_file", {"path": f"src/{package}/retry.py"}, old),
            said("thought", "It returns None after the last attempt, and callers treat None as "
                 "success. A linear sleep of i seconds hammers the server."),
            *asked("run_tests", {"path": "tests"}, "tool not available in this sandbox",
                   error=True),
            said("agent", f"I made the loop back off and raise. Branch {branch}."),
            link(f"Branch {branch}", f"https://git.northwind.example/{package}/tree/{branch}"),
        ],
        why=[("untested_change", "tests were not run"),
             ("touches_old_file", "touches a file nobody has changed in two years", "policy")],
        risk="high", due=soon(rng), confidence=sure(rng, 0.6), on_behalf_of=f"repo/{package}",
        summary="Exponential wait, an error instead of None, an idempotency key on POST, tests.",
    )  # fmt: skip


def _modify(package: str, path: str, old: str, new: str) -> Json:
    return {"type": "file", "system": f"repo/{package}", "resource": path, "action": "modify",
            "before": {"text": old}, "after": {"text": new}}  # fmt: skip


def housekeeping(rng: Random, now: int) -> Json:
    """A rename with a change, a mode change, CRLF to LF, a missing newline, and a delete."""
    root = rng.choice(("repo/tools", "repo/deploy", "repo/scripts")) + f"-{rng.randrange(10, 99)}"
    script = "#!/bin/sh\nset -eu\n" + "".join(f'step_{i} "$@"\n' for i in range(14))
    readme = "# Tools\r\n\r\nRun `deploy.sh`.\r\nAsk ops before Friday.\r\n"
    config = "[server]\nport = 8080\nworkers = 4\n"
    writes: list[Json] = [
        {"type": "file", "action": "rename", "renamed_from": "bin/run.sh",
         "resource": "bin/deploy.sh", "before": {"text": script},
         "after": {"text": script.replace("step_3", "step_three")}},
        {"type": "file", "action": "modify", "resource": "bin/check.sh",
         "before": {"text": script, "mode": "100644"}, "after": {"text": script, "mode": "100755"}},
        {"type": "file", "action": "modify", "resource": "README.md", "before": {"text": readme},
         "after": {"text": readme.replace("\r\n", "\n")}},
        {"type": "file", "action": "modify", "resource": "server.toml", "before": {"text": config},
         "after": {"text": config.replace("workers = 4", "workers = 16").rstrip("\n")}},
        {"type": "file", "action": "delete", "resource": "bin/old.sh", "before": {"text": script}},
    ]  # fmt: skip
    return artifact(
        rng, now, "coder", "housekeeping", f"Tidy up {root[5:]}: names, modes, line ends",
        writes=[{"system": root} | write for write in writes],
        context=[said("user", "clean up the scripts dir"),
                 *asked("list_files", {"path": "bin"}, ["run.sh", "check.sh", "old.sh"]),
                 said("thought", "check.sh is not executable, README has CRLF.")],
        why=[("mode_change", "bin/check.sh becomes executable", "policy"),
             ("deletes_file", "one file is deleted"),
             ("invisible_change", "README.md changes in its line ends only", "policy")],
        risk="medium", due=soon(rng), confidence=sure(rng), on_behalf_of=root,
        summary="No change of behaviour, except 16 workers.",
    )  # fmt: skip


_BUMPS = (("requests", "2.31.0", "2.32.4"), ("pydantic", "2.7.1", "2.12.0"),
          ("left-pad", "1.3.0", "1.3.1"), ("urllib3", "1.26.18", "2.5.0"),
          ("lodahs", "4.17.21", "4.17.22"))  # fmt: skip


def bump(rng: Random, now: int) -> Json:
    """A dependency's version in two files; one package's name is a look-alike."""
    name, old, new = rng.choice(_BUMPS)
    service = f"{rng.choice(('shop', 'mail', 'stock'))}-{rng.randrange(10, 99)}"
    needs = "".join(f"package-{i}=={i}.0.{i}\n" for i in range(60))
    lock = "".join(f'"package-{i}": {{"version": "{i}.0.{i}"}},\n' for i in range(180))
    here, there = f"{name}=={old}\n", f'"{name}": {{"version": "{old}"}},\n'
    files = {"requirements.txt": (needs[:400] + "\n" + here + needs[400:], here),
             "lock.json": (lock[:900] + "\n" + there + lock[900:], there)}  # fmt: skip
    why: list[Why] = [("dependency_change", f"{name} {old} → {new}", "policy")]
    if name == "lodahs":
        why.append(("lookalike_name", "'lodahs' is one step away from 'lodash'", "policy"))
    if old[0] != new[0]:
        why.append(("major_version", "a new major version may break callers"))
    return artifact(
        rng, now, "coder", "bump", f"Update {name} to {new} in {service}",
        writes=[_modify(service, path, text, text.replace(line, line.replace(old, new)))
                for path, (text, line) in files.items()],
        context=[*asked("advisories", {"package": name}, [{"id": "GHSA-demo", "severity": "high"}]),
                 said("thought", "An advisory names the old version.")],
        why=why, risk="low" if len(why) == 1 else "high", due=soon(rng), confidence=sure(rng, 0.8),
        on_behalf_of=f"repo/{service}", summary="Closes an advisory.",
    )  # fmt: skip
