"""Every test here runs on every backend: it asks for a `queue`, and for its `store` to do more."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from reviewer.queue import Queue

from .crowd import a_world
from .stores import BACKENDS, Backend, Store
from .truth import World


@pytest.fixture(params=BACKENDS, ids=lambda backend: backend.name)
def backend(request: pytest.FixtureRequest) -> Backend:
    """The backend under test."""
    found: Backend = request.param
    return found


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the stores of one run may share."""
    return tmp_path_factory.mktemp("stores")


@pytest_asyncio.fixture
async def store(backend: Backend, tmp_path: Path, shared: Path) -> AsyncIterator[Store]:
    """A fresh store."""
    made = await backend.fresh(tmp_path, shared)
    yield made
    await made.close()


@pytest_asyncio.fixture
async def queue(store: Store) -> Queue:
    """A handle on it."""
    return await store.open()


@pytest_asyncio.fixture
async def world(store: Store, queue: Queue) -> World:
    """A crowd, and all that befell it."""
    return await a_world(store, queue)
