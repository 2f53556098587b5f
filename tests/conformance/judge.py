#!/usr/bin/env python3
"""Says what bookings come to: one JSON document a line in, one a line out.

    python3 tests/conformance/judge.py                 judges what comes on standard input
    python3 tests/conformance/judge.py --random 7 100  makes a hundred random worlds from seed 7

A line has the keys of a case that are no expectation: `targets`, `enrolments`,
`batches`, and where they are needed `zone` and `withdrawn`. What is printed is
a case, with `expected` and `anyOrder`, or `{"open": "..."}` where the
description of targets leaves the outcome open.
"""

import sys

from reference import booking, document, worlds
from reference.activities import Open, to_text
from reference.booking_suite import any_order
from reference.suite import to_json

# Compiled files of Python have no place in the repository.
sys.dont_write_bytecode = True


def judged(text, name):
    case = document.read(text)
    try:
        expected = booking.judge(case)
    except Open as open_:
        return to_json({"open": str(open_)})
    order = to_json(any_order(case, expected))
    whole = to_text(case)[:-1]
    return f'{{"id":"{name}","why":"random",{whole[1:]},"anyOrder":{order},"expected":{to_json(expected)}}}'


if __name__ == "__main__":
    if sys.argv[1:2] == ["--random"]:
        seed, count = int(sys.argv[2]), int(sys.argv[3])
        for at in range(seed, seed + count):
            print(judged(worlds.world(at), f"random-{at}"))
    else:
        for at, line in enumerate(sys.stdin):
            print(judged(line, f"line-{at + 1}"), flush=True)
