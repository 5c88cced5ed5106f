"""A queue in a file of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from backends.sql.open import open_sqlite
from backends.sql.queue import SqlQueue


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the queue is."""
    return tmp_path / "queue.db"


@pytest.fixture
async def queue(path: Path) -> AsyncIterator[SqlQueue]:
    """An open queue."""
    opened = await open_sqlite(f"sqlite://{path}?synchronous=normal")
    yield opened
    await opened.close()
