#!/usr/bin/env python3
"""Writes the conformance suite: `python3 tests/conformance/generate.py [--check]`.

Needs Python 3.11 and the system's zone data, nothing else. What a rule gives
follows from the small reference beside this file, which was written from the
law of the language and never from the crate.
"""

import importlib
import sys
from pathlib import Path

# Compiled files of Python have no place in the repository.
sys.dont_write_bytecode = True

GROUPS = (
    "logic comparisons arithmetic dates baskets calls unrolling names slips trees documents limits"
).split()
# Of what activities come to, from the description of targets.
BOOKING = "booking booking_items booking_windows booking_random".split()

if __name__ == "__main__":
    for group in GROUPS + BOOKING:
        importlib.import_module(f"groups.{group}").cases()
    suite = importlib.import_module("reference.suite")
    stale = suite.write(Path(__file__).parent, check="--check" in sys.argv)
    if stale:
        sys.exit("not as they would be written: " + ", ".join(stale))
