#!/usr/bin/python3
"""Holds executed notebooks against what they were measured from: check.py EXECUTED_FOLDER NOTEBOOK...

Each must have all its cells run, without an error; at least two figures; no path of this machine in
what it shows; and, where it shows metrics, each number as compare.json has it. The notebooks' own
helpers are not used for that: the numbers are read back from the tables that a reader sees.
"""
import html.parser
import json
import pathlib
import re
import sys

import nbformat

ROOT = pathlib.Path(__file__).resolve().parent.parent
UNITS = {
    "ns": 1,
    "us": 1e3,
    "ms": 1e6,
    "s": 1e9,
    "B": 1,
    "KiB": 2**10,
    "MiB": 2**20,
    "GiB": 2**30,
    "": 1,
}
FIGURES_LEAST = 2
ROUNDED = 0.006  # three digits are shown


class Tables(html.parser.HTMLParser):
    """The tables of a piece of HTML, as lists of rows of texts."""

    def __init__(self, text):
        super().__init__()
        self.tables = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")

    def handle_data(self, data):
        if self.tables and self.tables[-1] and self.tables[-1][-1]:
            self.tables[-1][-1][-1] += data.strip()


def value(text):
    """3,949 B, 139 us, 41.4x -> a number in bytes or nanoseconds."""
    match = re.fullmatch(r"(-?[\d,.]+(?:e[-+]?\d+)?) ?([A-Za-z]*)", text.removesuffix("x"))
    if not match or match[2] not in UNITS:
        raise ValueError(f"'{text}' is no number")
    return float(match[1].replace(",", "")) * UNITS[match[2]]


def is_near(shown, exact):
    return abs(shown - exact) <= ROUNDED * abs(exact) + 1e-9


def check_row(row, metrics):
    """A row of show_metrics(): label, per, tool, naive, fixed, ratio, interval, verdict."""
    label, _, tool, naive, fixed, ratio, interval, verdict = row
    for metric in metrics:
        if metric["label"] == label and metric["tool"] == tool:
            break
    else:
        return f"'{label}' ({tool}) is not in compare.json"
    for shown, exact, what in ((naive, metric["naive"], "naive"), (fixed, metric["fixed"], "fixed")):
        if not is_near(value(shown), exact):
            return f"{label}: {what} is shown as {shown}, and compare.json has {exact}"
    if ratio not in ("∞", "-") and not is_near(value(ratio), metric["ratio"]):
        return f"{label}: the ratio is shown as {ratio}, and compare.json has {metric['ratio']}"
    if ratio in ("∞", "-") and metric["ratio"] is not None:
        return f"{label}: the ratio is shown as {ratio}, and compare.json has {metric['ratio']}"
    if (interval == "exact") != metric["exact"] or verdict != (metric["verdict"] or "not judged"):
        return f"{label}: it is shown as {interval}, {verdict}; compare.json has it otherwise"
    return None


def check_shares(table, promises):
    """A table of shares: a row a tool, a column a lesson. How many were compared, and what is wrong."""
    tools = [t for t in promises["tools"] if not t["database"] and "absent" not in t]
    cells = {(c["tool"], c["lesson"]): c["share"] for c in promises["cells"] if not c["database"]}
    shown = {
        (tool["id"], lesson): float(text.removesuffix("%")) / 100
        for tool, row in zip(tools, table[1:], strict=True)
        for lesson, text in zip(table[0][1:-1], row[1:-1])
    }
    wrong = [f"{key} is shown as {shown[key]}" for key in cells if abs(shown.get(key, -1) - cells[key]) > 0.0006]
    return len(cells), wrong


TRUTH = ["profile", "build", "it says", "known", "profile / known"]


def check_truth(row):
    """A row of a profile held against what is known: the ratio is theirs, and a tenth off at most."""
    profile, build, says, known, shown = row
    if shown == "too little":
        return None if value(known) < 1e8 else f"{profile} of {build}: {known} is enough to say so"
    ratio = value(says) / value(known)
    if abs(value(shown) - ratio) > 0.02 or abs(value(shown) - 1) > 0.1:
        return f"{profile} of {build}: {shown} is shown, of {says} and {known}"
    return None


def check(path):
    """What is wrong with a notebook, as sentences; and how many numbers were compared."""
    notebook = nbformat.read(path, as_version=4)
    wrong, compared, figures, document = [], 0, 0, None
    expects_numbers = any("show_metrics" in cell.source or "share of its total" in cell.source for cell in notebook.cells)
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.execution_count is None:
            wrong.append(f"cell {cell.id} was not run")
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                wrong.append(f"cell {cell.id} failed: {output.ename}")
            text = json.dumps({k: v for k, v in output.get("data", {}).items() if not k.startswith("image/")})
            text += output.get("text", "")
            if str(ROOT) in text or str(pathlib.Path.home()) + "/" in text:
                wrong.append(f"cell {cell.id} shows a path of this machine")
            figures += "image/png" in output.get("data", {})
            if found := re.search(r"Results: `(\S+/compare\.json)`", text):
                document = json.loads((ROOT / found[1]).read_text(encoding="utf-8"))
            for table in Tables(output.get("data", {}).get("text/html", "")).tables:
                if document is not None and table[0][0] == "share of its total":
                    count, sentences = check_shares(table, document["promises"])
                    compared += count
                    wrong += [f"cell {cell.id}: {sentence}" for sentence in sentences]
                if table[0] == TRUTH:
                    compared += len(table) - 1
                    wrong += [f"cell {cell.id}: {s}" for row in table[1:] if (s := check_truth(row))]
                if document is None or table[0][:3] != ["metric", "per", "tool"]:
                    continue
                metrics = (
                    document["whole"]["metrics"]
                    if "whole" in cell.source
                    else [m for one in document["lessons"] if f'"{one["id"]}"' in cell.source for m in one["metrics"]]
                )
                for row in table[1:]:
                    compared += 1
                    if sentence := check_row(row, metrics):
                        wrong.append(f"cell {cell.id}: {sentence}")
                if len(table) - 1 != len(metrics):
                    wrong.append(f"cell {cell.id} shows {len(table) - 1} of {len(metrics)} metrics")
    if figures < FIGURES_LEAST:
        wrong.append(f"it has {figures} figures, and should have {FIGURES_LEAST} or more")
    if expects_numbers and compared == 0:
        wrong.append("none of its numbers could be held against compare.json")
    return wrong, compared, figures


def main():
    folder, *names = sys.argv[1:]
    failed = 0
    for name in names:
        path = pathlib.Path(folder) / pathlib.Path(name).name
        wrong, compared, figures = check(path)
        print(
            f"{path.stem}: {figures} figures, {compared} numbers as they were measured"
            + "".join(f"\n    {w}" for w in wrong)
        )
        failed += bool(wrong)
    if failed or not names:
        print(f"{failed} of {len(names)} notebooks are not what they were measured from", file=sys.stderr)
    return 1 if failed or not names else 0


if __name__ == "__main__":
    sys.exit(main())
