#!/usr/bin/env python3
"""Writes the conformance suite: `python3 tests/conformance/generate.py [--check]`.

Needs Python 3.11 and the system's zone data, nothing else. What a rule gives
follows from the small reference beside this file, which was written from the
law of the language and never from the crate.
"""

import sys

sys.dont_write_bytecode = True

from pathlib import Path

from groups import arithmetic, baskets, calls, comparisons, dates, documents, limits, logic, names, slips, trees, unrolling
from reference import suite

if __name__ == "__main__":
    for group in (logic, comparisons, arithmetic, dates, baskets, calls, unrolling, names, slips, trees, documents, limits):
        group.cases()
    stale = suite.write(Path(__file__).parent, check="--check" in sys.argv)
    if stale:
        sys.exit("not as they would be written: " + ", ".join(stale))
