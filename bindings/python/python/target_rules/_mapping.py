"""Documents as others write them."""

from __future__ import annotations

import json
from os import PathLike
from typing import Any

from . import _native
from ._errors import InvalidValueError
from ._native import Mapping as NativeMapping
from ._settings import DEFAULTS, STANDARD, Document, Limits, Schema
from ._values import _loads


class DocumentMapping:
    """Where each value of a standard document stands in documents of another shape.

    >>> mapping = DocumentMapping.from_json({"document": {"currentTxn": {
    ...     "value": {"at": "/total", "thousands": ".", "decimal": ","}}},
    ...     "skip": [{"at": "/status", "equals": "failed"}]})
    >>> mapping.rewrite({"total": "1.730,50"})
    {'currentTxn': {'value': Decimal('1730.50')}}
    >>> mapping.rewrite({"total": "12,00", "status": "failed"}) is None
    True
    """

    __slots__ = ("_given", "_native")
    _given: tuple[str | bytes, Schema, Limits]
    _native: NativeMapping

    def __init__(self) -> None:
        raise TypeError("a mapping is made by `DocumentMapping.from_json`, `from_file` or `ready_made`")

    @classmethod
    def _of(cls, native: NativeMapping, given: tuple[str | bytes, Schema, Limits]) -> DocumentMapping:
        made = object.__new__(cls)
        made._native, made._given = native, given
        return made

    @classmethod
    def from_json(
        cls, file: Document, *, schema: Schema | None = None, limits: Limits | None = None
    ) -> DocumentMapping:
        """A mapping, given as text, bytes or a dict.

        Raises :class:`MappingError`, with the place of each fault.
        """
        schema, limits = schema or STANDARD, limits or DEFAULTS
        if not isinstance(file, (str, bytes)):
            file = _native.to_json(file)
        return cls._of(NativeMapping.read(file, schema._native, limits._native), (file, schema, limits))

    @classmethod
    def from_file(
        cls, path: str | PathLike[str], *, schema: Schema | None = None, limits: Limits | None = None
    ) -> DocumentMapping:
        """The mapping of a file."""
        with open(path, "rb") as file:
            return cls.from_json(file.read(), schema=schema, limits=limits)

    @classmethod
    def ready_made(cls, name: str) -> DocumentMapping:
        """A mapping of a shape that many systems write, such as ``shopify-order``."""
        native = NativeMapping.ready_made(name)
        if native is None:
            raise InvalidValueError(f"no ready-made mapping is named {name!r}")
        return cls._of(native, (native.json(), STANDARD, DEFAULTS))

    def rewrite(self, document: Document, *, limits: Limits | None = None) -> dict[str, Any] | None:
        """The standard document of a document; ``None`` where it is no transaction."""
        written = self._native.rewrite(document, (limits or DEFAULTS)._native)
        if written is None:
            return None
        standard: dict[str, Any] = _loads(written)
        return standard

    def as_dict(self) -> dict[str, Any]:
        """All of it."""
        read: dict[str, Any] = json.loads(self._native.json())
        return read

    def __repr__(self) -> str:
        return f"<DocumentMapping: {', '.join(self.as_dict()['document'])}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return _mapping_of, self._given


def _mapping_of(file: str | bytes, schema: Schema, limits: Limits) -> DocumentMapping:
    return DocumentMapping.from_json(file, schema=schema, limits=limits)
