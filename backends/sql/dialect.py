"""The seam between the queue and an SQL engine: all that differs from one engine to the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from .in_force import Policies

Row = tuple[Any, ...]


class Cursor(Protocol):
    """The part of a DBAPI cursor (PEP 249) that is used here."""

    @property
    def rowcount(self) -> int:
        """How many rows a statement changed."""

    def fetchone(self) -> Any:
        """The next row, or None."""

    def fetchall(self) -> list[Any]:
        """All rows that are left."""


class Connection(Protocol):
    """The part of a driver's connection that is used here; parameters go by name."""

    def execute(self, sql: str, parameters: Mapping[str, Any] = ..., /) -> Cursor:
        """Runs one statement."""

    def executemany(self, sql: str, parameters: Sequence[Mapping[str, Any]], /) -> Cursor:
        """Runs one statement for each set of parameters."""


class Syntax(Protocol):
    """How an engine writes what is not common to all; without state, so that texts are shared."""

    def __hash__(self) -> int:
        """Texts are cached by their syntax."""

    def using(self, index: str) -> str:
        """The hint that makes a query walk this index, or nothing."""

    def holds(self, text: str, part: str) -> str:
        """The condition that a text holds another, to the letter."""

    def matching(self) -> str:
        """The subquery of the numbers of artifacts that match `:words`."""

    def matches(self) -> str:
        """The condition that an artifact `a` matches `:words`, for few of them."""

    def matched(self) -> str:
        """A FROM clause of the artifacts `a` that match `:words`, newest first as they come."""

    def match(self, words: Sequence[str], prefixes: bool) -> str:
        """The value of `:words` for free text; empty where nothing in it can be searched.

        With `prefixes` the end of each word may be missing.
        """

    def index_text(self, text: str) -> str:
        """Text as it is stored to be searched."""


class Dialect(Protocol):
    """One SQL engine: its texts, how it is opened, its clock, its write lock, its errors."""

    name: str
    sql: Mapping[str, str]
    place: str
    readers: int
    patience: float
    clock_offset: int
    undo_window: int
    read_only: bool
    policies: Policies

    @property
    def syntax(self) -> Syntax:
        """Its ways of writing."""

    def prepare(self) -> None:
        """Checks that the place is usable and brings the schema up to date; runs in a thread."""

    def connect_writer(self) -> Connection:
        """A connection for the lane that writes."""

    def connect_reader(self) -> Connection:
        """A connection for a lane that reads."""

    def disconnect(self, connection: Any) -> None:
        """Closes one of them."""

    def interrupt(self, connection: Any) -> None:
        """Stops what a connection does, from another thread; its work fails."""

    def now(self) -> int:
        """The clock that leases and deadlines go by, an instant in microseconds."""

    def writing(self, connection: Any, begin: Callable[[], bool]) -> AbstractContextManager[bool]:
        """A write transaction: committed at the end, rolled back on an error.

        `begin` is asked when the transaction could start; False yields False and changes nothing.
        """

    def reading(self, connection: Any) -> AbstractContextManager[None]:
        """A read transaction: several statements see one state; never held open for long."""

    def after_commit(self, connection: Any) -> None:
        """Upkeep between transactions, when the caller has its answer already."""

    def translated(self, error: Exception) -> Exception:
        """The error for people; others pass unchanged."""

    def is_duplicate(self, error: Exception) -> bool:
        """Whether a unique constraint refused a row."""

    def busy(self) -> Exception:
        """The error of a transaction that could not start in time."""

    def store_search(self, connection: Any, number: int, text: str) -> None:
        """Makes an artifact's text searchable."""

    def facts(self, connection: Any) -> dict[str, Any]:
        """Facts for `reviewer doctor`."""

    def close(self) -> None:
        """Gives back what the dialect itself holds."""
