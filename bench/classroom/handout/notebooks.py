#!/usr/bin/python3
"""Notebooks for students: notebooks.py FOLDER NOTEBOOK...

Without outputs, and without what gives a fix away: what stands between <!-- solution --> and
<!-- /solution -->, the answers, which are folded away in <details>, and the cell that shows the diff. Where
something of a cell is left, the rest stays; where the diff was, it is said how to go on.
"""
import json
import pathlib
import re
import sys

SOLUTION = re.compile(r"<!-- solution -->.*?<!-- /solution -->|<details>.*?</details>", re.DOTALL)
YOURS = """Yours to write: `make exercise DIR=~/hw` hands the files out, `make grade STUDENT=~/hw` says how much of each gap is
closed, and `make compare STUDENT=~/hw` measures yours beside both."""


def edited(cell):
    """The cell as students get it, or None."""
    source = "".join(cell["source"])
    if cell["cell_type"] == "code":
        if "show_diff(" in source:
            return {**cell, "cell_type": "markdown", "source": YOURS, "outputs": None, "execution_count": None}
        return {**cell, "outputs": [], "execution_count": None}
    if source.count("<!-- solution -->") != source.count("<!-- /solution -->"):
        raise ValueError("a <!-- solution --> has no end:\n" + source)
    source = re.sub(r"\n{3,}", "\n\n", SOLUTION.sub("", source)).rstrip()
    return {**cell, "source": source} if source else None


def main():
    folder = pathlib.Path(sys.argv[1])
    for path in map(pathlib.Path, sys.argv[2:]):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        cells = [cell for cell in map(edited, notebook["cells"]) if cell]
        for cell in cells:
            cell["source"] = cell["source"] if isinstance(cell["source"], list) else cell["source"].splitlines(True)
            if cell["cell_type"] == "markdown":
                cell.pop("outputs", None), cell.pop("execution_count", None)
        notebook["cells"] = cells
        text = json.dumps(notebook, indent=1, ensure_ascii=False)
        (folder / path.name).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
