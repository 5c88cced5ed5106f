"""Writes: one proposed change to one resource in one system, a discriminated union on `type`.

Every write can be edited: `same_target` says whether an edited write still aims where the proposed
one did.  Patches follow RFC 6902, HTTP preconditions RFC 9110.
"""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, field_validator, model_validator

from .patch import apply_patch

Text = Annotated[str, Field(max_length=64 * 1024 * 1024)]
Name = Annotated[str, Field(min_length=1, max_length=512)]


HTTP = "an address begins with http:// or https://"
PATTERNS = {
    r"^https?://": HTTP,
    r"^[A-Z]{3,20}$": "a method is written in capitals, as GET",
    r"^(100644|100755|120000)$": "a mode is 100644, 100755 or 120000",
}
"""What the patterns of fields mean, for people."""


class Model(BaseModel):
    """Frozen, and refuses fields that it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, ser_json_inf_nan="strings")


class Precondition(Model):
    """What the agent saw of the resource before it proposed: version, etag or digest."""

    version: str | int | None = None
    etag: str | None = None
    digest: str | None = None


class BaseWrite(Model):
    """What all writes share: where to, and on which state of the world it rests."""

    system: Annotated[str, Field(max_length=512)] = ""
    resource: Annotated[str, Field(max_length=4096)] = ""
    precondition: Precondition | None = None
    note: Text = ""

    def same_target(self, other: BaseWrite) -> bool:
        """Whether `other` changes the same resource of the same system with the same type."""
        mine = (type(self), self.system, self.resource, self.precondition)
        return mine == (type(other), other.system, other.resource, other.precondition)


class FileState(Model):
    """A file's content, as text or as base64 of its bytes, and its POSIX mode such as `100644`."""

    text: Text | None = None
    base64: Text | None = None
    mode: Annotated[str, Field(pattern=r"^(100644|100755|120000)$")] = "100644"

    @model_validator(mode="after")
    def _one_content(self) -> FileState:
        if (self.text is None) == (self.base64 is None):
            raise ValueError("a file's content is either text or base64")
        return self

    @field_validator("base64")
    @classmethod
    def _decodes(cls, value: str | None) -> str | None:
        try:
            base64.b64decode(value or "", validate=True)
        except binascii.Error as error:
            raise ValueError("this is not base64") from error
        return value

    def content(self) -> bytes:
        """The bytes of the file."""
        if self.text is not None:
            return self.text.encode("utf-8")
        return base64.b64decode(self.base64 or "")


class FileWrite(BaseWrite):
    """A file below a named root: `system` names the root, `resource` is the path beneath it."""

    type: Literal["file"]
    action: Literal["create", "modify", "delete", "rename"] = "modify"
    before: FileState | None = None
    after: FileState | None = None
    renamed_from: Annotated[str, Field(max_length=4096)] | None = None

    @field_validator("resource", "renamed_from")
    @classmethod
    def _beneath(cls, path: str | None) -> str | None:
        if path is None:
            return path
        parts = path.split("/")
        if (
            not path
            or path.startswith("/")
            or "\0" in path
            or any(p in ("", ".", "..") for p in parts)
        ):
            raise ValueError("a path stays beneath its root: relative, without '..', '//' or NUL")
        return path

    @model_validator(mode="after")
    def _complete(self) -> FileWrite:
        wanted = {"create": {"after"}, "modify": {"before", "after"}, "delete": {"before"}}
        has = {side for side in ("before", "after") if getattr(self, side) is not None}
        if self.action in wanted and has != wanted[self.action]:
            needs = " and ".join(sorted(wanted[self.action], reverse=self.action == "modify"))
            raise ValueError(f"'{self.action}' needs {needs}, and nothing else")
        if (self.action == "rename") != (self.renamed_from is not None):
            raise ValueError("'renamed_from' goes with the action 'rename'")
        return self


class RecordWrite(BaseWrite):
    """A JSON document in a system: the whole `after`, or an RFC 6902 `patch` on `before`.

    Without `before` it is created, without `after` and `patch` it is deleted.
    """

    type: Literal["record"]
    before: dict[str, JsonValue] | None = None
    after: dict[str, JsonValue] | None = None
    patch: list[dict[str, JsonValue]] | None = None
    json_schema: dict[str, JsonValue] | None = None

    @model_validator(mode="after")
    def _complete(self) -> RecordWrite:
        if self.patch is not None and self.after is not None:
            raise ValueError("give 'after' or 'patch', not both")
        if self.before is None and self.after is None:
            raise ValueError("a record write needs 'before', 'after' or both")
        if self.patch is not None:
            self.result()
        return self

    def result(self) -> dict[str, Any] | None:
        """The document afterwards; None where it is deleted.  Raises ValueError on a bad patch."""
        if self.patch is None:
            return self.after
        done = apply_patch(self.before, self.patch)
        if not isinstance(done, dict):
            raise ValueError("the patch does not leave an object")
        return done


class RowUpdate(Model):
    """One row changed: `key` holds the key columns, `before` and `after` what changes."""

    key: dict[str, JsonValue]
    before: dict[str, JsonValue] = {}
    after: dict[str, JsonValue]


class RowsWrite(BaseWrite):
    """Rows of a table (`resource`): inserted and deleted as whole rows, updated by key."""

    type: Literal["rows"]
    key_columns: list[Name]
    inserted: list[dict[str, JsonValue]] = []
    updated: list[RowUpdate] = []
    deleted: list[dict[str, JsonValue]] = []

    @model_validator(mode="after")
    def _not_empty(self) -> RowsWrite:
        if not (self.inserted or self.updated or self.deleted):
            raise ValueError("a rows write changes at least one row")
        return self


class SqlWrite(BaseWrite):
    """One SQL statement with its parameters; `tables` and `rows` are the agent's claim."""

    type: Literal["sql"]
    statement: Annotated[str, Field(min_length=1, max_length=1024 * 1024)]
    parameters: list[JsonValue] | dict[str, JsonValue] = []
    tables: list[Name] = []
    rows: Annotated[int, Field(ge=0)] | None = None
    before: JsonValue = None
    after: JsonValue = None


class RequestWrite(BaseWrite):
    """An HTTP request; `before` is the current representation where it can be read."""

    type: Literal["request"]
    method: Annotated[str, Field(pattern=r"^[A-Z]{3,20}$")]
    url: Annotated[str, Field(pattern=r"^https?://", max_length=8192)]
    headers: dict[str, str] = {}
    body: JsonValue = None
    before: JsonValue = None


class Draft(Model):
    """A message as it stood before."""

    to: list[str] = []
    subject: Text = ""
    body: Text = ""


class MessageWrite(BaseWrite):
    """A message to people; `before` is the draft that it replaces."""

    type: Literal["message"]
    channel: Name
    to: list[Annotated[str, Field(max_length=1024)]]
    cc: list[Annotated[str, Field(max_length=1024)]] = []
    bcc: list[Annotated[str, Field(max_length=1024)]] = []
    subject: Text = ""
    body: Text
    thread: Annotated[str, Field(max_length=4096)] | None = None
    before: Draft | None = None


class ToolCallWrite(BaseWrite):
    """A call of one of the agent's tools, held until decided."""

    type: Literal["tool_call"]
    name: Name
    arguments: dict[str, JsonValue]
    arguments_schema: dict[str, JsonValue] | None = None
    before: JsonValue = None


class DocumentWrite(BaseWrite):
    """A text of any kind (a clause, a report); `language` is a pygments lexer name."""

    type: Literal["document"]
    title: Text = ""
    language: Annotated[str, Field(max_length=64)] = ""
    before: Text | None = None
    after: Text


Write = Annotated[
    FileWrite
    | RecordWrite
    | RowsWrite
    | SqlWrite
    | RequestWrite
    | MessageWrite
    | ToolCallWrite
    | DocumentWrite,
    Field(discriminator="type"),
]
