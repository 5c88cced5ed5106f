"""The static statements as SQLAlchemy Core, each named and with one sentence.

They are compiled ahead of time to the texts in `prepared/`, one module per dialect
(`python -m backends.sql.prepare`), and run on the bare driver: Core costs two thirds of the speed
per call and 150 ms to import.  A test keeps the texts equal to these.
"""

from __future__ import annotations

from sqlalchemy.sql.expression import Executable

from . import alerts, artifacts, bulk, decisions, policy, records

ALL: dict[str, tuple[Executable, str]] = {
    **artifacts.STATEMENTS,
    **decisions.STATEMENTS,
    **records.STATEMENTS,
    **bulk.STATEMENTS,
    **alerts.STATEMENTS,
    **policy.STATEMENTS,
}
"""Name → (statement, sentence)."""
