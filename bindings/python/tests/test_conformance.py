"""Every case of the conformance suite, through the package."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from target_rules import Diagnostic, DocumentError, Limits, Rule, check

SUITE = Path(__file__).resolve().parents[3] / "tests" / "conformance"
FILES = sorted(SUITE.glob("*.json"))


class Raw:
    """An object of a case as its own text, with every digit and key as they were."""

    def __init__(self, text: str) -> None:
        self.text = text


def cases_of(path: Path) -> list[dict[str, Any]]:
    """The cases of a file, whose texts that are objects stay as they are written."""
    found = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        # A case stands on a line of its own.
        line = line.strip().rstrip(",")
        if line.startswith('{"id"'):
            case = json.loads(line, parse_float=Decimal)
            for key in ("dsl", "tree", "transaction"):
                if isinstance(case.get(key), dict):
                    case[key] = Raw(raw_value(line, key))
            found.append(case)
    assert len(found) == len(json.loads(path.read_text(encoding="utf-8"))["cases"])
    return found


def raw_value(line: str, wanted: str) -> str:
    """The text of a value of an object on one line."""
    decoder = json.JSONDecoder()
    at = 1
    while True:
        at += len(line[at:]) - len(line[at:].lstrip(" ,"))
        key, at = decoder.raw_decode(line, at)
        at += len(line[at:]) - len(line[at:].lstrip(" :"))
        _, end = decoder.raw_decode(line, at)
        if key == wanted:
            return line[at:end]
        at = end


def text_of(value: Any) -> str | None:
    """A string, an object as its own text, or pieces, some of which are repeated."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Raw):
        return value.text
    return "".join(piece if isinstance(piece, str) else piece[0] * piece[1] for piece in value)


def part(text: str, span: tuple[int, int]) -> str:
    """What a span covers."""
    return text.encode()[span[0] : span[1]].decode(errors="replace")


def fits(expected: dict[str, Any], found: Diagnostic, source: str) -> bool:
    """Whether a diagnostic is what a case expects."""
    said = f"{found.message}\n{found.help or ''}"
    for label in found.labels:
        said += f"\n{label.message}{part(source, label.span)}"
    assert set(expected) <= {"code", "at", "span", "pointer", "names"}
    return (
        expected["code"] == found.code
        and ("at" not in expected or part(source, found.span) == expected["at"])
        and ("span" not in expected or tuple(expected["span"]) == found.span)
        and ("pointer" not in expected or expected["pointer"] == found.pointer)
        and all(name in said for name in expected.get("names", []))
    )


def compare(expected: list[dict[str, Any]], found: list[Diagnostic], source: str) -> list[str]:
    """Two lists of diagnostics, whatever their order."""
    left = list(found)
    wrong = []

    def constraints(one: dict[str, Any]) -> int:
        return len(one.get("names", [])) + sum(key in one for key in ("at", "span", "pointer"))

    for one in sorted(expected, key=constraints, reverse=True):
        match = next((it for it in left if fits(one, it, source)), None)
        if match is None:
            wrong.append(f"expected {one}")
        else:
            left.remove(match)
    return wrong + [f"met {one}" for one in left]


KEYS = {
    "id", "why", "dsl", "tree", "transaction", "zone", "limits", "errors", "warnings", "text",
    "compact", "pretty", "spaced", "result", "absent", "faults", "items", "refused",
}  # fmt: skip


#: What no setting exceeds. Here it is refused to name more; a case may, and means this.
HARDEST = {"depth": 60, "open": 100}


def differences(case: dict[str, Any]) -> list[str]:
    """What is not as a case expects it."""
    assert set(case) <= KEYS, case["id"]
    limits = Limits(**{name: min(value, HARDEST.get(name, value)) for name, value in case.get("limits", {}).items()})
    dsl, tree = text_of(case.get("dsl")), text_of(case.get("tree"))
    checked = check(dsl, tree=tree, limits=limits)
    source = dsl if dsl is not None else tree or ""
    errors = [one for one in checked.diagnostics if one.is_error]
    wrong = compare(case.get("errors", []), errors, source)
    if "warnings" in case:
        warnings = [one for one in checked.diagnostics if not one.is_error]
        wrong += compare(case["warnings"], warnings, source)
    if (checked.rule is None) != ("errors" in case):
        wrong.append("the rule is refused" if checked.rule is None else "the rule is accepted")
    if checked.rule is not None and "errors" not in case:
        wrong += decided(case, checked.rule, limits)
    return wrong


def decided(case: dict[str, Any], rule: Rule, limits: Limits) -> list[str]:
    """What is not as a case expects it of a rule."""
    wrong = []
    if "text" in case and rule.text != case["text"]:
        wrong.append(f"text: {rule.text}")
    for style in ("compact", "pretty", "spaced"):
        if style in case and rule.tree(style) != case[style]:
            wrong.append(f"{style}: {rule.tree(style)}")
    document = text_of(case.get("transaction"))
    if document is None:
        return wrong
    zone = case.get("zone", "UTC")
    try:
        decision = rule.decide(document, zone=zone, limits=limits)
    except DocumentError as error:
        expected = [case["refused"]] if "refused" in case else []
        return wrong + compare(expected, list(error.diagnostics), document)
    if "refused" in case:
        return [*wrong, "the transaction is read"]
    form = "dsl" if "dsl" in case else "tree"
    faults = [(one["code"], form, tuple(one["span"])) for one in case.get("faults", [])]
    expected_all = (case["result"], case.get("absent", []), faults, case.get("items", []))
    met = (
        decision.result.value,
        list(decision.absent),
        [(one.code, one.form, one.span) for one in decision.faults],
        list(decision.items),
    )
    if met != expected_all:
        wrong.append(f"expected {expected_all}, met {met}")
    # Lines are decided alike, on another way.
    if "\n" not in document and document.strip():
        [again] = rule.decide_many([document.encode()], zone=zone, limits=limits)
        if again != decision:
            wrong.append(f"of many: {again}")
    return wrong


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_case_is_decided_as_it_expects(path: Path) -> None:
    wrong = {case["id"]: found for case in cases_of(path) if (found := differences(case))}
    assert not wrong


def test_no_case_is_left_out() -> None:
    cases = [case["id"] for path in FILES for case in cases_of(path)]
    assert len(cases) == len(set(cases)) >= 2_500
