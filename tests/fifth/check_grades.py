#!/usr/bin/python3
"""Five grades: all points for the fixed files, none for those that were handed out: check_grades.py grades.csv"""
import csv
import sys

LESSONS = ["key", "log", "sort", "store", "workers"]
with open(sys.argv[1], encoding="utf-8", newline="") as file:
    rows = {row["student"]: row for row in csv.DictReader(file)}
    columns = list(next(iter(rows.values())))

assert columns[1:7] == LESSONS + ["score"], columns
points = {name: [float(row[lesson]) for lesson in LESSONS] for name, row in rows.items()}
assert points["untouched"] == [0] * 5, rows["untouched"]
assert min(points["mended"]) == max(points["mended"]) > 0, rows["mended"]
