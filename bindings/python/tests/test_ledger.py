"""What customers achieve, in each store."""

from __future__ import annotations

import datetime
import os
import subprocess
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from target_rules import (
    DocumentError,
    EnrolmentError,
    InvalidValueError,
    Ledger,
    LedgerError,
    StoreError,
    Targets,
    TargetsError,
    Truth,
)

PAYLOAD = {
    "data": {
        "id": 7,
        "periods": [
            {"id": 3, "startDate": "2026-01-01", "endDate": "2026-03-31"},
            {"id": 4, "startDate": "2026-04-01", "endDate": "2026-06-30"},
        ],
        "targets": [
            {
                "id": 50,
                "targetType": "SALES",
                "targetEntity": "TRANSACTION",
                "expression": "currentTxn.value > 500",
            }
        ],
    }
}


def bill(number: str, value: object, date: object = "2026-03-07T12:00:00Z") -> dict[str, object]:
    return {
        "currentCustomer": {"id": 19721},
        "currentTxn": {"number": number, "date": date, "value": value},
    }


SCRIPT = Path(__file__).resolve().parents[3] / ".ci" / "postgresql"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL of its own; a test fails where there is none, unless that was said."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        server = Path(folder, "server")
        started = subprocess.run([SCRIPT, "start", server], capture_output=True, text=True, check=False)
        if started.returncode != 0:
            if os.environ.get("TARGET_RULES_WITHOUT_POSTGRESQL") == "1":
                pytest.skip("nothing is tested on PostgreSQL: there is none")
            pytest.fail(f"no PostgreSQL can be started: {started.stderr}")
        yield started.stdout.strip()
        subprocess.run([SCRIPT, "stop", server], capture_output=True, check=False)


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "memory":
        return "memory:"
    if request.param == "sqlite":
        return f"sqlite:{tmp_path / 'targets.db'}"
    found: str = request.getfixturevalue("postgres")
    return found


def organisation() -> str:
    return f"python-{os.getpid()}-{os.urandom(4).hex()}"


def test_from_an_enrolment_to_progress(url: str) -> None:
    with Ledger(url, organisation=organisation(), zone=ZoneInfo("Asia/Kolkata")) as ledger:
        ledger.put(PAYLOAD)
        assert ledger.target_ids == [50]
        since = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
        enrolment = ledger.enrol(19721, 50, value=Decimal("5000.50"), enrolled_on=since)
        assert (enrolment.value, enrolment.enrolled_on, enrolment.period_id) == (Decimal("5000.50"), since, None)
        assert ledger.enrolments_of(19721) == [enrolment]
        with pytest.raises(EnrolmentError, match="already enrolled"):
            ledger.enrol(19721, 50, value=1)
        with pytest.raises(EnrolmentError, match="no target 51"):
            ledger.enrol(19721, 51, value=1)

        standings = ledger.standings(bill("n-1", Decimal("730.10")))
        assert [(one.target_id, one.result, one.period_id) for one in standings] == [(50, Truth.TRUE, 3)]
        assert ledger.book([bill("n-1", Decimal("730.10")), bill("n-2", Decimal("800.20"))]) == []
        [again] = ledger.book(bill("n-1", 730))
        assert (again.number, again.target_id) == ("n-1", 50) and again.reason
        [small] = ledger.standings(bill("n-3", 12))
        assert small.result is Truth.FALSE and small.reason and small.reason["why"] == "rule"

        progress = {one.period_id: one for one in ledger.progress_of(19721)}
        assert progress[3].achieved == Decimal("1530.30")
        assert progress[3].gap == Decimal("3470.20") and not progress[3].reached
        assert progress[4].achieved == 0
        assert list(ledger.customers()) == [19721]
        explanation = ledger.explain(19721, 50, bill("n-3", 12))
        assert explanation and "<" in explanation.html and str(explanation)
        assert ledger.explain(19721, 99, bill("n-3", 12)) is None

        ledger.withdraw(19721, 50, at=datetime.datetime(2026, 5, 1, tzinfo=datetime.timezone.utc))
        assert ledger.enrolments_of(19721)[0].withdrawn_on
        assert ledger.erase(19721) and not ledger.erase(19721)
        assert list(ledger.customers()) == []


def test_a_batch_is_all_or_nothing(url: str) -> None:
    with Ledger(url, organisation=organisation()) as ledger:
        ledger.put(Targets.from_json(PAYLOAD))
        ledger.enrol(19721, 50, value=5000)
        with pytest.raises(DocumentError):
            ledger.book([bill("n-1", 730), "{"])
        assert all(one.achieved == 0 for one in ledger.progress_of(19721))


def test_what_was_written_stays(tmp_path: Path) -> None:
    url = f"sqlite:{tmp_path / 'targets.db'}"
    with Ledger(url) as ledger:
        ledger.put(PAYLOAD)
        ledger.enrol(19721, 50, value=5000)
        ledger.book(bill("n-1", 730))
    with Ledger(url) as ledger:
        assert ledger.progress_of(19721)[0].achieved == 730
    with pytest.raises(StoreError, match="zone"):
        Ledger(url, zone="Asia/Kolkata")


def test_a_ledger_that_is_closed_says_so() -> None:
    ledger = Ledger()
    ledger.close()
    ledger.close()
    with pytest.raises(LedgerError, match="closed"):
        ledger.progress_of(1)


def test_what_is_wrong_is_said() -> None:
    with pytest.raises(InvalidValueError, match="no store"):
        Ledger("mysql://nowhere")
    with pytest.raises(StoreError):
        Ledger("sqlite:/nowhere/at/all.db")
    with Ledger() as ledger:
        with pytest.raises(TargetsError) as raised:
            ledger.put({"data": [{"id": 50, "expression": "currentTxn.valu>5"}]})
        assert raised.value.diagnostics
        ledger.put(PAYLOAD)
        with pytest.raises(InvalidValueError, match="zone"):
            ledger.withdraw(1, 50, at=datetime.datetime(2026, 1, 1))
        with pytest.raises(InvalidValueError, match="method"):
            ledger.enrol(1, 50, value=1, method="BY_HAND")
    hidden = Ledger("memory:")
    assert "memory:" in repr(hidden)


def test_unified_progress() -> None:
    group = {
        "data": {
            "id": 8,
            "trackingType": "UNIFIED",
            "targets": [{"id": 60, "targetType": "SALES", "targetEntity": "TRANSACTION", "expression": "true"}],
        }
    }
    with Ledger() as ledger:
        ledger.put(group)
        ledger.enrol(19721, 60, value=5000)
        ledger.book(bill("n-1", 730))
        assert isinstance(ledger.unified_progress_of(19721), list)
