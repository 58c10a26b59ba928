#!/usr/bin/python3
"""Tests check.py: it must see a number that is not compare.json's."""
import check

METRIC = {
    "label": "bytes allocated",
    "tool": "counters",
    "naive": 3949.3,
    "fixed": 1288.0,
    "ratio": 3.066,
    "exact": True,
    "verdict": "better",
}
GOOD = ["bytes allocated", "a record", "counters", "3,949 B", "1,288 B", "3.07x", "exact", "better"]


def changed(index, text):
    return [*GOOD[:index], text, *GOOD[index + 1 :]]


assert check.value("3.12 GiB") == 3.12 * 2**30 and check.value("139 us") == 139000
assert check.check_row(GOOD, [METRIC]) is None
for index, text in (
    (0, "bytes"),
    (3, "3,849 B"),
    (4, "1.3 us"),
    (5, "3.2x"),
    (5, "∞"),
    (6, "3 to 4"),
    (7, "worse"),
):
    assert check.check_row(changed(index, text), [METRIC]), (index, text)
tables = check.Tables("<table><tr><th>a</th></tr><tr><td>1 &lt; 2</td></tr></table>").tables
assert tables == [[["a"], ["1 < 2"]]], tables
assert check.check_truth(["mutex", "nnnn", "1.02 s", "1 s", "1.02x"]) is None
assert check.check_truth(["mutex", "ffff", "3 ms", "1 ms", "too little"]) is None
for wrong in (["1.2 s", "1 s", "1.2x"], ["1.2 s", "1 s", "1.02x"], ["3 s", "1 s", "too little"]):
    assert check.check_truth(["mutex", "nnnn", *wrong]), wrong
promises = {
    "tools": [{"id": "a", "database": False}, {"id": "b", "database": True}, {"id": "c", "database": False, "absent": "why"}],
    "cells": [
        {"tool": "a", "lesson": "key", "database": False, "share": 0.504},
        {"tool": "b", "lesson": "key", "database": True, "share": 0.9},
    ],
}
shares = [["share of its total", "key", "first in its list"], ["A", "50.4 %", "x"]]
assert check.check_shares(shares, promises) == (1, [])
shares[1][1] = "50.6 %"
assert check.check_shares(shares, promises)[1], "another share"
