"""The stubs say what the native part is, and the package has the types it says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]


def run(*command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=HERE, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_stub_is_as_the_native_part() -> None:
    run("mypy.stubtest", "--concise", "target_rules._native")


def test_the_package_is_typed() -> None:
    run("mypy", "--no-error-summary")
