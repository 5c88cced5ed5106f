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

Row = tuple[int, str, str, str]
"""A stored record: its number, its canonical text, the hash before it, its own hash."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The first record that does not fit, and why."""

    seq: int
    why: str


def link(previous: str, record: str) -> str:
    """The hash (64 hex digits) of a record's canonical text after the hash of the one before."""
    return hashlib.sha256(f"reviewer/audit/1\n{previous}\n{record}".encode()).hexdigest()


def misfit(row: Row, expected_seq: int | None, previous: str) -> str:
    """Why a record does not come next in a chain, empty where it does.

    `expected_seq` is None at a start whose number is not known.
    """
    seq, record, claimed_previous, claimed = row
    if expected_seq is not None and seq > expected_seq:
        return f"record {expected_seq} is missing"
    if expected_seq is not None and seq < expected_seq:
        return f"record {expected_seq} should stand here"
    if claimed_previous != previous:
        return "it does not follow the record before it"
    if link(previous, record) != claimed:
        return "its text was changed"
    return "" if _number(record) == seq else "its number was changed"


def verify(rows: Iterable[Row], first: str = GENESIS) -> Iterator[Broken]:
    """Walks (seq, record, previous, hash) in order and yields the first break, if there is one."""
    expected_seq, previous = None, first
    for row in rows:
        why = misfit(row, expected_seq, previous)
        if why:
            yield Broken(row[0], why)
            return
        expected_seq, previous = row[0] + 1, row[3]


def _number(record: str) -> int | None:
    """The record's own number; None where the text is no record."""
    try:
        seq = json.loads(record)["seq"]
    except (ValueError, TypeError, KeyError, IndexError, RecursionError):
        return None
    return seq if type(seq) is int else None
