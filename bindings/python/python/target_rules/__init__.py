"""Decides, exactly and fast, which loyalty targets a transaction counts for.

>>> from target_rules import Rule
>>> rule = Rule.parse('currentTxn.value > 500 && currentCustomer.slabName == "Gold"')
>>> bool(rule.decide({"currentTxn": {"value": 730.50}, "currentCustomer": {"slabName": "Gold"}}))
True

What stands here is all there is; modules whose names begin with ``_`` are not for use.
"""

from ._analysis import Change, Difference, Finding, Nearest, Nudge, Witness, diff, lint, nearest
from ._answers import Decisions, Matches, MatchesOfMany
from ._backtest import Backtest, Comparison, Report, Split, backtest, compare
from ._errors import (
    BacktestError,
    DiagnosticsError,
    DocumentError,
    EnrolmentError,
    EnrolmentsError,
    InputError,
    InvalidValueError,
    LedgerError,
    MappingError,
    RuleError,
    SchemaError,
    StoreError,
    TargetRulesError,
    TargetsError,
    UnknownTruthError,
)
from ._ledger import Enrolment, Ledger, NotCounted, Progress, Standing, UnifiedProgress
from ._mapping import DocumentMapping
from ._rule import Checked, Explanation, Rule, RuleSet, check
from ._settings import Document, Limits, Schema, ZoneLike
from ._targets import Target, TargetReport, Targets
from ._values import Decision, Diagnostic, Edit, Fault, Label, Suggestion, Truth

__version__ = "0.1.0"

__all__ = [
    "Backtest",
    "BacktestError",
    "Change",
    "Checked",
    "Comparison",
    "Decision",
    "Decisions",
    "Diagnostic",
    "DiagnosticsError",
    "Difference",
    "Document",
    "DocumentError",
    "DocumentMapping",
    "Edit",
    "Enrolment",
    "EnrolmentError",
    "EnrolmentsError",
    "Explanation",
    "Fault",
    "Finding",
    "InputError",
    "InvalidValueError",
    "Label",
    "Ledger",
    "LedgerError",
    "Limits",
    "MappingError",
    "Matches",
    "MatchesOfMany",
    "Nearest",
    "NotCounted",
    "Nudge",
    "Progress",
    "Report",
    "Rule",
    "RuleError",
    "RuleSet",
    "Schema",
    "SchemaError",
    "Split",
    "Standing",
    "StoreError",
    "Suggestion",
    "Target",
    "TargetReport",
    "TargetRulesError",
    "Targets",
    "TargetsError",
    "Truth",
    "UnifiedProgress",
    "UnknownTruthError",
    "Witness",
    "ZoneLike",
    "backtest",
    "check",
    "compare",
    "diff",
    "lint",
    "nearest",
]

for _name in __all__:
    # Errors and representations name what users import.
    _one = globals()[_name]
    if isinstance(_one, type) or callable(_one) and hasattr(_one, "__code__"):
        _one.__module__ = "target_rules"
del _name, _one
