"""A function's arguments as JSON, there and back: what a person sees is what the function gets.

Built once for a function, from its signature and annotations (pydantic).  What has no JSON form is
refused when the function is decorated; a value that would come back as another value is refused
when the function is called.
"""

from __future__ import annotations

import inspect
import json
import warnings
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, get_type_hints

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, create_model
from pydantic.errors import PydanticUserError
from pydantic_core import PydanticSerializationError

from ..domain.errors import InputError
from ..domain.strict_json import check
from .verdicts import InvalidEdit

_CONFIG = ConfigDict(
    ser_json_bytes="base64", val_json_bytes="base64", arbitrary_types_allowed=False,
    ser_json_inf_nan="constants",
)  # fmt: skip
_VAR = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
_MISSING = inspect.Parameter.empty


@dataclass(frozen=True)
class _Carried:
    """One parameter that goes through JSON."""

    parameter: inspect.Parameter
    adapter: TypeAdapter[Any]

    @property
    def required(self) -> bool:
        """Whether a call cannot do without it."""
        return self.parameter.default is _MISSING and self.parameter.kind not in _VAR


class Arguments:
    """The way of one function's arguments to JSON and back.

    `local` names parameters that are handed through unseen (a connection, a session); `self` and
    `cls` always are.  Raises `TypeError` for what cannot be carried.
    """

    def __init__(self, function: Callable[..., Any], local: Collection[str] = ()) -> None:
        self.name = getattr(function, "__qualname__", repr(function))
        self.signature = inspect.signature(function)
        names = list(self.signature.parameters)
        for name in local:
            if name not in names:
                raise TypeError(f"{self.name} has no parameter '{name}' that could be local.")
        receiver = names[:1] if names[:1] in (["self"], ["cls"]) else []
        self._local = frozenset(local) | frozenset(receiver)
        names_known = getattr(inspect.unwrap(function), "__globals__", {})
        self._carried = {
            name: self._carry(parameter, self._hint(parameter, names_known))
            for name, parameter in self.signature.parameters.items()
            if name not in self._local
        }
        self.schema = self._schema()

    @property
    def names(self) -> frozenset[str]:
        """The parameters that a person sees."""
        return frozenset(self._carried)

    def bind(
        self, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[dict[str, Any], inspect.BoundArguments]:
        """A call's arguments as a JSON object, and as they were bound.

        Raises `TypeError` as the call itself would, and `InputError` for a value that JSON cannot
        carry faithfully.
        """
        bound = self.signature.bind(*args, **kwargs)
        values: dict[str, Any] = {}
        for name, carried in self._carried.items():
            if name in bound.arguments:
                values[name] = self._dumped(carried, bound.arguments[name])
            elif carried.parameter.kind not in _VAR:
                # a default that has no JSON form stays the function's own business
                found, value = self._default(carried)
                if found:
                    values[name] = value
        return values, bound

    def restore(
        self, values: dict[str, Any], bound: inspect.BoundArguments
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The positional and keyword arguments for the decided JSON object.

        Local parameters come from `bound`.  Raises `InvalidEdit` where the object does not fit.
        """
        unknown = [name for name in values if name not in self._carried]
        if unknown:
            raise InvalidEdit(f"{self.name} has no parameter '{unknown[0]}' that could be edited.")
        arguments: dict[str, Any] = {}
        for name in self.signature.parameters:
            if name in self._local:
                if name in bound.arguments:
                    arguments[name] = bound.arguments[name]
            elif name in values:
                arguments[name] = self._loaded(self._carried[name], values[name])
            elif self._carried[name].required:
                raise InvalidEdit(f"The argument '{name}' of {self.name} is missing.")
        whole = inspect.BoundArguments(self.signature, arguments)
        whole.apply_defaults()
        try:
            self.signature.bind(*whole.args, **whole.kwargs)
        except TypeError as error:
            raise InvalidEdit(f"{self.name} cannot be called so: {error}.") from None
        return whole.args, whole.kwargs

    def _hint(self, parameter: inspect.Parameter, names: dict[str, Any]) -> Any:
        """The annotation of one parameter, resolved; local ones may stay unresolvable."""
        if parameter.annotation is _MISSING:
            return Any
        holder = type("Holder", (), {"__annotations__": {parameter.name: parameter.annotation}})
        try:
            return get_type_hints(holder, names, include_extras=True)[parameter.name]
        except Exception as error:
            raise TypeError(
                f"{self.name} cannot be held: the annotation of its parameter "
                f"'{parameter.name}' cannot be resolved ({error}). Import the type where the "
                f"program runs, or hand the parameter through unseen: local=['{parameter.name}']."
            ) from error

    def _carry(self, parameter: inspect.Parameter, hint: Any) -> _Carried:
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            hint = tuple[hint, ...]
        elif parameter.kind is inspect.Parameter.VAR_KEYWORD:
            if getattr(hint, "__unpacked__", None) or "Unpack" in str(hint):
                raise TypeError(
                    f"{self.name} cannot be held: **{parameter.name} with Unpack is not carried; "
                    "name the parameters."
                )
            hint = dict[str, hint]
        try:
            adapter: TypeAdapter[Any] = _adapter(hint)
            adapter.json_schema()
        except PydanticUserError as error:
            why = str(error).split("\n", maxsplit=1)[0]
            raise TypeError(
                f"{self.name} cannot be held: its parameter '{parameter.name}' has no JSON form "
                f"({why}). Annotate it with a type that has one, or hand it through unseen: "
                f"local=['{parameter.name}']."
            ) from None
        return _Carried(parameter, adapter)

    def _schema(self) -> dict[str, Any]:
        """The JSON Schema of the arguments; fields have names of our own, since any is allowed."""
        fields: dict[str, Any] = {}
        for index, (name, carried) in enumerate(self._carried.items()):
            about: dict[str, Any] = {"alias": name, "title": name}
            if not carried.required:
                about["default_factory"] = list
            fields[f"p{index}"] = (_annotation(carried), Field(**about))
        model = create_model(
            "Arguments", __config__=ConfigDict(extra="forbid", **_CONFIG), **fields
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            schema = model.model_json_schema(by_alias=True)
        schema.pop("title", None)
        for name, carried in self._carried.items():
            found, value = self._default(carried)
            if found:
                schema["properties"][name]["default"] = value
        return schema

    def _default(self, carried: _Carried) -> tuple[bool, Any]:
        if carried.parameter.default is _MISSING:
            return False, None
        try:
            return True, self._dumped(carried, carried.parameter.default)
        except InputError:
            return False, None

    def _dumped(self, carried: _Carried, value: Any) -> Any:
        name = carried.parameter.name
        try:
            dumped = carried.adapter.dump_python(value, mode="json", warnings="error")
            check(dumped)
            back = _load(carried.adapter, dumped)
        except PydanticSerializationError as error:
            why = str(error).strip().split("\n")[-1].strip()
            raise InputError(
                f"the argument '{name}' of {self.name} does not fit its annotation: {why}"
            ) from None
        except ValidationError as error:
            why = error.errors(include_url=False)[0]["msg"]
            raise InputError(
                f"the argument '{name}' of {self.name} does not come back from JSON: {why}"
            ) from None
        except InputError as error:
            raise InputError(
                f"the argument '{name}' of {self.name} is no JSON value: {error}"
            ) from None
        if not _same(back, value):
            raise InputError(
                f"the argument '{name}' of {self.name} would come back from JSON as another value",
                hint="Annotate it with its exact type.",
            )
        return dumped

    def _loaded(self, carried: _Carried, value: Any) -> Any:
        try:
            return _load(carried.adapter, value)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = "".join(f"/{part}" for part in first["loc"])
            raise InvalidEdit(
                f"The argument '{carried.parameter.name}{where}' of {self.name} does not fit: "
                f"{first['msg']}."
            ) from None


def _adapter(hint: Any) -> TypeAdapter[Any]:
    try:
        return TypeAdapter(hint, config=_CONFIG)
    except PydanticUserError as error:
        if error.code != "type-adapter-config-unused":
            raise
        return TypeAdapter(hint)  # models, dataclasses and typed dictionaries bring their own


def _annotation(carried: _Carried) -> Any:
    return carried.adapter._type


def _load(adapter: TypeAdapter[Any], value: Any) -> Any:
    """From JSON text: types read it otherwise than Python values (tuples, bytes, dates)."""
    return adapter.validate_json(json.dumps(value))


def _same(back: Any, value: Any) -> bool:
    """Equal, and not by Python's kindness alone: `1 == True`, yet they are different JSON."""
    if isinstance(value, bool) != isinstance(back, bool):
        return False
    if isinstance(value, list | tuple) and isinstance(back, list | tuple):
        return (
            type(value) is type(back)
            and len(value) == len(back)
            and all(_same(b, v) for b, v in zip(back, value, strict=True))
        )
    if isinstance(value, dict) and isinstance(back, dict):
        return value.keys() == back.keys() and all(_same(back[k], value[k]) for k in value)
    try:
        return bool(back == value)
    except Exception:
        return False
