"""What goes wrong, as exceptions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._values import Diagnostic


class TargetRulesError(Exception):
    """Whatever this package raises of its own."""


class InvalidValueError(TargetRulesError, ValueError):
    """An argument is not what it should be: no zone, no limit, no store of this name."""


class UnknownTruthError(TargetRulesError, ValueError):
    """A result that is unknown was asked whether it is true.

    >>> from target_rules import Rule
    >>> decision = Rule.parse("currentTxn.value > 500").decide({})
    >>> bool(decision)
    Traceback (most recent call last):
        ...
    target_rules.UnknownTruthError: the result is unknown, for currentTxn.value is absent; \
ask `.result`, or `.is_true`
    """


class DiagnosticsError(TargetRulesError, ValueError):
    """An input was refused, and ``diagnostics`` say where and why.

    >>> from target_rules import Rule, RuleError
    >>> try:
    ...     Rule.parse("currentTxn.valu > 500")
    ... except RuleError as error:
    ...     found = error.diagnostics[0]
    >>> found.code, found.span, found.suggestions[0].edits[0].text
    ('unknown-name', (11, 15), 'value')
    """

    diagnostics: tuple[Diagnostic, ...]

    def __init__(self, message: str, diagnostics: tuple[Diagnostic, ...] = ()) -> None:
        super().__init__(message, diagnostics)
        self.message = message
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        return self.message


class RuleError(DiagnosticsError):
    """A rule has an error."""


class SchemaError(DiagnosticsError):
    """A schema file has an error."""


class DocumentError(DiagnosticsError):
    """A transaction can't be read."""


class TargetsError(DiagnosticsError):
    """A payload of targets has an error."""


class EnrolmentsError(DiagnosticsError):
    """A file of enrolments has an error."""


class MappingError(DiagnosticsError):
    """A mapping has an error."""


class LedgerError(TargetRulesError):
    """The ledger can't do what it is asked. Nothing is written then."""


class EnrolmentError(LedgerError):
    """A customer can't be enrolled, or can't withdraw."""


class StoreError(LedgerError):
    """The store refuses, or is not there."""

    #: Whether the same may do later: the database was busy or out of reach.
    may_pass: bool = False


class BacktestError(TargetRulesError):
    """A backtest gives no report."""


class InputError(BacktestError, OSError):
    """A file can't be read to its end, or has changed while it was read."""


_DIAGNOSED: dict[str, type[DiagnosticsError]] = {
    "rule": RuleError,
    "schema": SchemaError,
    "document": DocumentError,
    "targets": TargetsError,
    "enrolments": EnrolmentsError,
    "mapping": MappingError,
}
_PLAIN: dict[str, type[TargetRulesError]] = {
    "value": InvalidValueError,
    "enrolment": EnrolmentError,
    "closed": LedgerError,
    "store": StoreError,
    "backtest": BacktestError,
    "input": InputError,
}


def _make(kind: str, message: str, diagnostics: str | None) -> TargetRulesError:
    """The exception of a kind; the native part raises what this gives."""
    if kind in _DIAGNOSED:
        from ._values import _diagnostics_of

        found: list[dict[str, Any]] = json.loads(diagnostics or "[]")
        return _DIAGNOSED[kind](message, _diagnostics_of(found))
    if kind == "store-may-pass":
        error = StoreError(message)
        error.may_pass = True
        return error
    return _PLAIN.get(kind, TargetRulesError)(message)
