#!/usr/bin/python3
"""What a comparison with a fifth lesson has to hold: check.py QUICK|FULL compare.json TERMINAL"""
import json
import math
import sys

LESSONS = ["key", "log", "sort", "store", "workers"]
size, path, terminal = sys.argv[1:]
document = json.load(open(path, encoding="utf-8"))
text = open(terminal, encoding="utf-8").read()

assert [lesson["id"] for lesson in document["lessons"]] == LESSONS
assert [lesson["number"] for lesson in document["lessons"]] == [1, 2, 3, 4, 5]
for number, lesson in enumerate(document["lessons"], 1):
    assert f"{number} {lesson['id']}" in text, f"the text lacks {lesson['id']}"
    headline = next(m for m in lesson["metrics"] if m["name"] == lesson["headline"])
    assert headline["verdict"] == "better", f"{lesson['id']}: {headline['verdict']}"
log = {metric["name"]: metric for metric in document["lessons"][1]["metrics"]}
assert log["function_instructions"]["naive"] > 100 * log["function_instructions"]["fixed"]
assert log["allocations"]["compared"] == ["nnnnn", "nfnnn"]
assert log["allocations"]["naive"] - log["allocations"]["fixed"] == 1, "one line a record"

codes = {build["code"] for build in document["builds"]}
shares = document["attribution"]
if size == "FULL":
    assert len(codes) == 32, codes
    assert shares, "no shares of thirty-two builds"
    for share in shares:
        assert sorted(share["shares"]) == LESSONS
        total = math.fsum(share["shares"].values())
        assert abs(total - share["saving"]) <= 1e-9 * max(1, abs(share["naive"])), share["metric"]
    allocations = next(share for share in shares if share["metric"] == "allocations")
    assert abs(allocations["shares"]["log"] - 1) < 1e-9, "the line's allocation is log's alone"
else:
    alone = {"n" * i + "f" + "n" * (4 - i) for i in range(5)}
    left_out = {"f" * i + "n" + "f" * (4 - i) for i in range(5)}
    assert codes == {"nnnnn", "fffff"} | alone | left_out, codes
    assert not shares
    assert any("FULL=1" in warning for warning in document["warnings"]), "nobody says what is missing"

promised = {(cell["tool"], cell["lesson"]): cell for cell in document["promises"]["cells"] if not cell["database"]}
assert {lesson for _, lesson in promised} == set(LESSONS)
assert promised["callgrind", "log"]["share"] > 0.001, "the line that is written is in callgrind's list"
