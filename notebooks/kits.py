#!/usr/bin/python3
"""A kit's chapter, generated from its kit.json: kits.py KIT NOTEBOOK writes one, and what it is made of
asks this module. The way is the lessons': symptom, predict, capture, read the evidence, refactor, verify.

Nothing is measured here: each number is from the compare.json of `make compare KIT=`.
"""
import difflib
import html
import json
import pathlib
import sys

import pandas
from IPython.display import Markdown, display

import workbench


class Kit:
    """A folder that is a lesson. `.says` is its kit.json."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder).expanduser().resolve()
        self.name = self.folder.name
        with open(self.folder / "kit.json", encoding="utf-8") as file:
            self.says = json.load(file)
        self.files = sorted(path.name for path in (self.folder / "naive").iterdir() if path.name[0] != ".")

    def source(self, side, name):
        path = self.folder / side / name
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else None


def code(text):
    """A source without the comment that it opens with, which says what is wrong with it."""
    if text.startswith("/*"):
        text = text[text.index("*/") + 2 :].lstrip("\n")
    return text


def show_sources(kit):
    """The files as they are handed out."""
    for name in kit.files:
        text = f"naive/{name}\n\n" + code(kit.source("naive", name))
        display({"text/html": f"<pre>{html.escape(text)}</pre>", "text/plain": text}, raw=True)


def show_diff(kit):
    """What was changed; in an edition without the solutions nobody knows."""
    for name in kit.files:
        fixed = kit.source("fixed", name)
        if fixed is None:
            display(Markdown(f"What is changed in `{name}` is yours to find: this edition has no solutions."))
            continue
        workbench.show_lines(
            difflib.unified_diff(
                code(kit.source("naive", name)).splitlines(),
                code(fixed).splitlines(),
                f"naive/{name}",
                f"fixed/{name}",
                lineterm="",
            )
        )


def compare(kit):
    """Runs `make compare KIT=` and loads it."""
    folder = workbench.RESULTS / "kits" / kit.name
    if not workbench.has_results(folder):
        workbench.make("compare", KIT=kit.folder, RESULTS=folder)
    return workbench.Comparison((workbench.ROOT / folder / "latest").resolve())


def sections(comparison):
    return [section["id"] for section in comparison.document["lessons"]]


def show_evidence(comparison):
    """A table for each witness, the kit's own first."""
    for section in comparison.document["lessons"]:
        display(Markdown(f"**{section['title']}**: {section['words']}"))
        workbench.show_metrics(comparison, section["id"])


def metrics(comparison):
    """Of all witnesses, a row each."""
    return pandas.concat([comparison.metrics(name) for name in sections(comparison)])


def show_sight(comparison):
    """Which metrics moved, and which tool was blind to it."""
    moved = {"better": "moved", "worse": "got worse"}
    workbench.show(
        [
            (m["tool"], m["label"], workbench.ratio(m), moved.get(m["verdict"], "blind: nothing moved"))
            for _, m in metrics(comparison).iterrows()
            if m["verdict"]
        ],
        ["tool", "metric", "naive / fixed", "what it showed"],
    )


def cells(kit, folder):
    """(kind, text), one a cell."""
    says = kit.says
    guesses = says.get("predict") or {"headline": says["headline"]}
    lines = "\n".join(f'    "{metric}": 2,  # {name}' for name, metric in guesses.items())
    graded = says.get("not_graded") or "By counts, never by time: " + ", ".join(
        f"`{name}`" for name in says.get("graded", [])
    )
    return [
        ("markdown", f"# {kit.name}: {says['title']}\n\n**Symptom.** {says['symptom']}"),
        ("code", f"import kits\nimport workbench\n\nkit = kits.Kit({folder!r})"),
        ("code", "kits.show_sources(kit)"),
        ("markdown", "## Predict\n\nHow much of each is there before, for what is left? 2 is half as much as before, "
         "1 the same. Put in your own numbers before you go on."),
        ("code", f"guesses = {{\n{lines}\n}}"),
        ("markdown", "## Capture\n\nTwo programs that differ in these files, and in nothing else, held against each "
         "other by all tools that are there."),
        ("code", "comparison = kits.compare(kit)"),
        ("markdown", f"## Read the evidence\n\nWhat it is about is seen by {says['tool']}: `{says['headline']}`."),
        ("code", "kits.show_evidence(comparison)"),
        ("markdown", f"## Refactor\n\n{says['words']}"),
        ("code", "kits.show_diff(kit)"),
        ("markdown", "## Verify\n\nBoth sides printed the same, or the comparison had stopped. The guesses beside "
         "what was measured:"),
        ("code", "workbench.show_guesses_in(kits.metrics(comparison), kit.name, guesses)"),
        ("markdown", "## What the tools could not see"),
        ("code", "kits.show_sight(comparison)"),
        ("markdown", f"## Homework\n\n`make exercise KIT={folder} DIR=~/hw`. {graded}"),
    ]


def main():
    kit = Kit(sys.argv[1])
    notebook = {
        "cells": [
            {"cell_type": kind, "id": f"cell-{i}", "metadata": {}, "source": text}
            | ({"outputs": [], "execution_count": None} if kind == "code" else {})
            for i, (kind, text) in enumerate(cells(kit, str(kit.folder)))
        ],
        "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path = pathlib.Path(sys.argv[2])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
