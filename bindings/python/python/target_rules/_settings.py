"""What every question is asked under: limits, a schema, a zone."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from functools import lru_cache
from os import PathLike
from typing import Any, TypeAlias

from . import _native
from ._errors import InvalidValueError

#: A document: text or bytes of JSON, or a mapping. ``Decimal`` and ``int`` keep all their
#: digits; a ``datetime`` is written in ISO 8601.
Document: TypeAlias = "str | bytes | bytearray | memoryview | Mapping[str, Any]"
#: A zone: an IANA name, an offset such as ``+05:30``, a ``zoneinfo.ZoneInfo`` or a
#: ``datetime.timezone``.
ZoneLike: TypeAlias = "str | datetime.tzinfo"


@lru_cache(maxsize=64)
def _zone_named(name: str) -> _native.Zone:
    return _native.Zone(name)


def _zone_name(zone: ZoneLike) -> str:
    if isinstance(zone, str):
        return zone
    key = getattr(zone, "key", None)
    if isinstance(key, str):
        return key
    if isinstance(zone, datetime.timezone):
        offset = zone.utcoffset(None)
        minutes, rest = divmod(offset, datetime.timedelta(minutes=1))
        if not rest:
            sign = "-" if minutes < 0 else "+"
            return f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    raise InvalidValueError(f"{zone!r} is no zone with a name; give an IANA name, an offset or a ZoneInfo")


def _zone(zone: ZoneLike) -> _native.Zone:
    return _zone_named(_zone_name(zone))


class Limits:
    """How much is read: bounds of texts, documents, nesting and patterns.

    The defaults hold for whatever is not named.

    >>> limits = Limits(rule_text=4096)
    >>> limits["rule_text"], limits["depth"]
    (4096, 32)
    """

    __slots__ = ("_native", "_values")

    def __init__(self, **values: int) -> None:
        self._values = dict(values)
        named = [(name.replace("_", "-"), value) for name, value in values.items()]
        self._native = _native.Limits(named)

    def __getitem__(self, name: str) -> int:
        return self.as_dict()[name]

    def as_dict(self) -> dict[str, int]:
        """All limits by their names."""
        return {name.replace("-", "_"): value for name, value in self._native.items()}

    def __repr__(self) -> str:
        return f"Limits({', '.join(f'{name}={value}' for name, value in self._values.items())})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _limits_of, (self._values,)


def _limits_of(values: dict[str, int]) -> Limits:
    return Limits(**values)


class Schema:
    """The names that rules may use: those of the platform, and an organisation's own.

    >>> own = Schema.standard().with_file('''{"profiles": {"currentCustomer": {"attributes":
    ...     {"extField_colour": {"type": "string"}}}}}''')
    >>> from target_rules import Rule
    >>> Rule.parse('currentCustomer.extField_colour == "red"', schema=own).text
    'currentCustomer.extField_colour=="red"'
    """

    __slots__ = ("_files", "_native")

    def __init__(self) -> None:
        self._native = _native.Schema.standard()
        self._files: tuple[bytes, ...] = ()

    @classmethod
    def standard(cls) -> Schema:
        """The names of the platform."""
        return cls()

    @classmethod
    def from_file(cls, path: str | PathLike[str], *, limits: Limits | None = None) -> Schema:
        """The names of the platform, with those of a schema file."""
        with open(path, "rb") as file:
            return cls().with_file(file.read(), limits=limits)

    def with_file(self, file: Document, *, limits: Limits | None = None) -> Schema:
        """With what a schema file adds, given as text, bytes or a dict.

        Raises :class:`SchemaError`, with the place of each fault.
        """
        made = Schema()
        made._native = self._native.with_file(file, (limits or DEFAULTS)._native)
        text = file if isinstance(file, (str, bytes)) else _native.to_json(file)
        made._files = (*self._files, text.encode() if isinstance(text, str) else text)
        return made

    def as_dict(self) -> dict[str, Any]:
        """All of it."""
        read: dict[str, Any] = json.loads(self._native.json())
        return read

    def __repr__(self) -> str:
        return f"<Schema: standard with {len(self._files)} files>" if self._files else "<Schema: standard>"

    def __reduce__(self) -> tuple[Any, ...]:
        return _schema_of, (self._files,)


def _schema_of(files: tuple[bytes, ...]) -> Schema:
    schema = Schema()
    for file in files:
        schema = schema.with_file(file)
    return schema


DEFAULTS = Limits()
STANDARD = Schema.standard()
