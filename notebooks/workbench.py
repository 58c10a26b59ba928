"""What the notebooks ask of the workbench: run a make target, load its compare.json into pandas.

Nothing is measured here. Each number comes from `make compare` and is read from its compare.json,
which bench/compare/schema.md describes. Where a notebook's results go: the folder that RESULTS
names, else build/notebooks/results.
"""
import collections
import html
import json
import os
import pathlib
import shlex
import subprocess
import time
from xml.etree import ElementTree

import pandas
from IPython.display import HTML, Markdown, display

ROOT = pathlib.Path(__file__).resolve().parent.parent
RESULTS = pathlib.Path(os.environ.get("RESULTS") or "build/notebooks/results")


class WorkbenchError(Exception):
    """Says what could not be done, and what to do next."""


def shown(path):
    """The path as it is typed at the top of the repository, so that no machine's own paths show."""
    path = pathlib.Path(path)
    path = path if path.is_absolute() else ROOT / path
    return os.path.relpath(path, ROOT) if path.is_relative_to(ROOT) else path.name


def make(target, **variables):
    """Runs `make TARGET NAME=value ...` and shows how far it is; returns what it printed."""
    words = ["make", "--no-print-directory", target]
    words += [f"{name}={value}" for name, value in variables.items() if value is not None]
    typed = shlex.join(w for w in words if w != "--no-print-directory" and "RESULTS=" not in w)
    started = time.monotonic()
    line = display(Markdown(f"`{typed}` ..."), display_id=True)
    lines = []
    # make's own variables of an outer `make notebooks` are not meant for this one
    environment = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    environment["NO_COLOR"] = "1"
    with subprocess.Popen(
        words,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=environment,
    ) as process:
        try:
            for text in process.stdout:
                lines.append(text)
                line.update(Markdown(f"`{typed}`  {time.monotonic() - started:.0f} s: {text.strip()}"))
        except BaseException:  # a kernel that is interrupted leaves no comparison behind
            process.terminate()
            process.wait()
            raise
    if process.returncode != 0:
        raise WorkbenchError(
            f"`{typed}` failed ({process.returncode}). Its last lines:\n" + "".join(lines[-12:])
        )
    line.update(Markdown(f"`{typed}` took {time.monotonic() - started:.0f} s"))
    return "".join(lines)


class Comparison:
    """One compare.json: `.document` is all of it; the methods give tables."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        with open(self.folder / "compare.json", encoding="utf-8") as file:
            self.document = json.load(file)

    def lesson(self, name):
        for lesson in self.document["lessons"]:
            if lesson["id"] == name:
                return lesson
        raise WorkbenchError(f"{shown(self.folder)} holds no lesson {name}; run make compare FIX={name}")

    def metrics(self, name="whole"):
        """The metrics of a lesson, or of `whole`, a row each, as compare.json has them."""
        holder = self.document["whole"] if name == "whole" else self.lesson(name)
        return pandas.DataFrame(holder["metrics"]).set_index("name", drop=False)

    def builds(self):
        """The builds' metrics, a row a build."""
        rows = {v["code"]: v["metrics"] for v in self.document["builds"]}
        return pandas.DataFrame.from_dict(rows, orient="index").astype(float)

    def raw(self, name):
        """A tool's own file, or None where this run has none."""
        path = self.folder / "raw" / name
        return path if path.exists() else None


def compare(fix=None, again=True, **variables):
    """Runs `make compare QUICK=1 FIX=fix` and loads it. With again=False the newest one is taken, where
    it is not older than the programs; with REUSE=1 in the environment, in any case."""
    folder = RESULTS / (fix or "whole")
    latest = ROOT / folder / "latest"
    built = [path.stat().st_mtime for path in (ROOT / "build/bin").glob("fastenough-*")]
    has_one = (latest / "compare.json").exists()
    if has_one and not os.environ.get("REUSE"):
        has_one = (
            not again
            and built
            and (latest / "compare.json").stat().st_mtime > max(built)
        )
    if has_one:
        display(Markdown("The newest results are taken; nothing is measured again."))
    else:
        make("compare", FIX=fix, QUICK=1, **variables, RESULTS=folder)
    comparison = Comparison(latest.resolve())
    display(Markdown(f"Results: `{shown(comparison.folder)}/compare.json`"))
    return comparison


def has_results(folder):
    """Whether there are some already, and REUSE=1 says that they will do."""
    return bool(os.environ.get("REUSE")) and (ROOT / folder / "latest" / "compare.json").exists()


def number(value, unit=""):
    """A value in the unit that reads best: 3949 B, 139 us, 3.12 GiB."""
    if value is None or pandas.isna(value):
        return "-"
    base = unit.split("/")[0]
    steps = {
        "ns": ((1e9, "s"), (1e6, "ms"), (1e3, "us"), (1, "ns")),
        "B": ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"), (1, "B")),
    }.get(base)
    suffix = ""
    if steps and not (base == "B" and abs(value) < 10 * 2**10):  # 3,949 B, as the report has it
        size, suffix = next((s for s in steps if abs(value) >= s[0]), steps[-1])
        value, suffix = value / size, " " + suffix
    elif steps:
        suffix = " B"
    digits = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return digits + suffix


def ratio(metric):
    """naive / fixed as a report writes it; metric is a row of metrics()."""
    if metric["naive"] and metric["fixed"] == 0:  # compare.json: unbounded
        return "∞"
    return "-" if pandas.isna(metric["ratio"]) else number(metric["ratio"]) + "x"


def interval(metric):
    if metric["exact"]:
        return "exact"
    if pandas.isna(metric["ci_low"]) or pandas.isna(metric["ci_high"]):
        return "-"
    return f"{number(metric['ci_low'])} to {number(metric['ci_high'])}"


def per(unit):
    return f"a {unit.split('/')[1]}" if "/" in unit else ""


def titled(metric):
    """A metric's label with what it is counted for, said once: allocations a record."""
    word = per(metric["unit"])
    return metric["label"] if not word or word[2:] in metric["label"] else f"{metric['label']} {word}"


def show(rows, columns):
    """Shows a table that reads well on a code host too: plain HTML, no style of its own."""
    table = pandas.DataFrame(rows, columns=columns).fillna("-")
    display(
        {
            "text/html": table.to_html(index=False, border=0, escape=True),
            "text/plain": table.to_string(index=False),
        },
        raw=True,
    )


def show_metrics(comparison, name, only=None):
    """The table of a lesson (or of `whole`): exact counts first, then what was timed."""
    table = comparison.metrics(name)
    if only:
        table = table.loc[[n for n in only if n in table.index]]
    table = table.sort_values("exact", ascending=False, kind="stable")
    show(
        [
            (
                m["label"],
                per(m["unit"]),
                m["tool"],
                number(m["naive"], m["unit"]),
                number(m["fixed"], m["unit"]),
                ratio(m),
                interval(m),
                m["verdict"] or "not judged",
            )
            for _, m in table.iterrows()
        ],
        ["metric", "per", "tool", "naive", "fixed", "ratio", "interval", "verdict"],
    )


def show_guesses(comparison, name, guesses):
    """Sets guesses (metric -> naive / fixed) beside what was measured."""
    show_guesses_in(comparison.metrics(name), name, guesses)


def show_guesses_in(table, name, guesses):
    """The same of a table of metrics."""
    rows = []
    for metric_name, guess in guesses.items():
        if metric_name not in table.index:
            raise WorkbenchError(f"{name} has no metric {metric_name}; it has {', '.join(table.index)}")
        metric = table.loc[metric_name]
        measured = metric["ratio"]
        if metric["verdict"] == "no difference":
            off, word = "-", "nothing to be claimed: more than 'no difference' cannot be told here"
        elif ratio(metric) == "∞":
            off, word = "∞", "all of it went away: nothing is left to divide by"
        else:
            times = max(guess / measured, measured / guess)
            off = number(times) + "x"
            word = (
                "close"
                if times < 1.5
                else "believed to matter more than it does"
                if guess > measured
                else "believed to matter less than it does"
            )
        rows.append((metric["label"], number(guess) + "x", ratio(metric), interval(metric), off, word))
    show(rows, ["metric", "guess", "measured", "interval", "off by", "what that says"])


def show_diff(fix):
    """`make diff FIX=fix`: the refactoring."""
    text = subprocess.run(
        ["make", "-s", "--no-print-directory", "diff", f"FIX={fix}"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    show_lines(l.split("\t")[0] if l.startswith(("---", "+++")) else l for l in text.splitlines())


def show_lines(lines):
    """Lines of a diff."""
    lines = list(lines)
    colours = {"-": "#fbe9dd", "+": "#dcebf7", "@": "#eeeeee"}  # as naive and fixed elsewhere
    rows = "".join(
        f'<div style="background:{colours.get(l[:1], "none")}">{html.escape(l) or " "}</div>' for l in lines
    )
    display(
        {
            "text/html": f'<pre style="white-space:pre;overflow-x:auto;font-size:12px">{rows}</pre>',
            "text/plain": "\n".join(lines),
        },
        raw=True,
    )


def show_source(path, begin):
    """A source, with line numbers, from the first line that starts with `begin`."""
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    first = next((n for n, line in enumerate(lines) if line.startswith(begin)), None)
    if first is None:
        raise WorkbenchError(f"{path} has no line that starts with '{begin}'")
    text = "\n".join([path, *(f"{n:4}  {line}".rstrip() for n, line in enumerate(lines[first:], first + 1))])
    display({"text/html": f"<pre>{html.escape(text)}</pre>", "text/plain": text}, raw=True)


def show_committed_guesses(comparison):
    """What `make predict` committed, beside this comparison."""
    guesses = next(
        (f for f in (ROOT / RESULTS / "guesses.json", ROOT / "bench/results/guesses.json") if f.exists()),
        None,
    )
    if guesses is None:
        display(Markdown("No guesses were committed: `make predict` asks for them."))
        return
    done = subprocess.run(
        [
            ROOT / "build/bin/predict",
            "--show",
            "--guesses",
            guesses,
            "--results",
            comparison.folder / "compare.json",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    print(done.stdout or done.stderr)


def long_holds(comparison, code):
    """Where DRD saw locks acquired that were held for too long: [(place, reports)], ours only."""
    path = comparison.raw(f"drd.out.{code}")
    if not path:
        return []
    document = ElementTree.parse(path).getroot()
    counts = {p.findtext("unique"): int(p.findtext("count")) for p in document.iter("pair")}
    places = collections.Counter()
    for error in document.iter("error"):
        if error.findtext("kind") != "HoldtimeErr":
            continue
        frames = [
            (
                f.findtext("fn"),
                f"{pathlib.Path(f.findtext('dir') or '').name}/{f.findtext('file')}",
                f.findtext("line"),
            )
            for f in error.find("acquired_at").iter("frame")
        ]
        if any(source == "common/lock.c" for _, source, _ in frames):  # the store's, and no other
            name, source, line = next(f for f in frames if f[1] != "common/lock.c" and (ROOT / f[1]).exists())
            places[f"{name}, {source}:{line}"] += counts.get(error.findtext("unique"), 1)
    return places.most_common(4)
