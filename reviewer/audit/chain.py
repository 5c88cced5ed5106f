"""The hash chain over audit records: changing, dropping or swapping one shows in all after it.

Tamper-evident: it holds against someone who can rewrite the database only where a checkpoint is
kept elsewhere.  Source: RFC 9162 (domain-separated hashing), FIPS 180-4.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Broken:
    """The first record that does not fit, and why."""

    seq: int
    why: str


def link(previous: str, record: str) -> str:
    """The hash (64 hex digits) of a record's canonical text after the hash of the one before."""
    return hashlib.sha256(f"reviewer/audit/1\n{previous}\n{record}".encode()).hexdigest()


def verify(rows: Iterable[tuple[int, str, str, str]], first: str = GENESIS) -> Iterator[Broken]:
    """Walks (seq, record, previous, hash) in order and yields the first break, if there is one."""
    expected_seq, previous = None, first
    for seq, record, claimed_previous, claimed in rows:
        why = ""
        if expected_seq is not None and seq != expected_seq:
            why = f"record {expected_seq} is missing"
        elif claimed_previous != previous:
            why = "it does not follow the record before it"
        elif link(previous, record) != claimed:
            why = "its text was changed"
        elif json.loads(record).get("seq") != seq:
            why = "its number was changed"
        if why:
            yield Broken(seq, why)
            return
        expected_seq, previous = seq + 1, claimed
