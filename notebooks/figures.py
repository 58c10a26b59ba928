"""The notebooks' figures. One colour for naive and one for fixed, as in the report: orange and blue
stay apart for every kind of colour vision; hatching and markers say it again."""
import itertools

import matplotlib.pyplot as plt
import pandas

from workbench import number, ratio, titled

NAIVE, FIXED, GREY = "#c4520a", "#0b6cb0", "#6b6b6b"
# One for each lesson, in their order, with the ink that can be read on it.
LESSON_COLOURS = (("#0b6cb0", "white"), ("#e69f00", "black"), ("#009e73", "white"), ("#7b4f9d", "white"), ("#56b4e9", "black"))
plt.rcParams.update(
    {
        "figure.dpi": 100,
        "font.size": 10,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlesize": 10,
        "axes.axisbelow": True,
    }
)


def _finish(figure):
    figure.tight_layout()
    plt.show()


def bars(comparison, name, metric_names):
    """A panel a metric, each from zero: naive above fixed."""
    table = comparison.metrics(name)
    rows = [table.loc[n] for n in metric_names if n in table.index]
    figure, axes = plt.subplots(len(rows), 1, figsize=(8, 1.15 * len(rows) + 0.3), squeeze=False)
    for axis, m in zip(axes[:, 0], rows):
        values = [m["fixed"], m["naive"]]
        axis.barh(["fixed", "naive"], values, color=[FIXED, NAIVE], edgecolor="white", hatch=None, height=0.7)
        for at, value in enumerate(values):
            axis.text(value, at, " " + number(value, m["unit"]), va="center")
        axis.set_xlim(0, max(max(values), 1e-9) * 1.18)
        axis.set_xticks([])
        axis.spines["bottom"].set_visible(False)
        axis.set_title(f"{titled(m)} ({m['tool']}): {ratio(m)}", loc="left")
    _finish(figure)


def forest(comparison, names=None):
    """What was timed, as ratios with their intervals, beside what the A/A control allows."""
    names = names or ["whole", *[f["id"] for f in comparison.document["lessons"]]]
    rows = []
    for name in names:
        for _, m in comparison.metrics(name).iterrows():
            if (
                not m["exact"]
                and m["unit"].startswith("ns")
                and not pandas.isna(m["ci_low"])
                and not pandas.isna(m["ratio"])
                and m["tool"] == "wall time"
            ):
                rows.append((f"{name}: {m['label']}", m))
    figure, axis = plt.subplots(figsize=(8, 0.38 * len(rows) + 1.1))
    noise = comparison.document["noise"]
    effect = 1 + (noise["smallest_effect"] or 0)
    axis.axvspan(1 / effect, effect, color=GREY, alpha=0.2, label="nothing can be claimed in here")
    for at, (label, m) in enumerate(reversed(rows)):
        colour = {"better": FIXED, "worse": NAIVE}.get(m["verdict"], GREY)
        axis.plot([m["ci_low"], m["ci_high"]], [at, at], color=colour, linewidth=2)
        axis.plot(m["ratio"], at, marker="D" if m["verdict"] == "better" else "o", color=colour)
    axis.axvline(1, color="black", linewidth=0.8)
    axis.set_xscale("log")
    ticks = [
        t
        for t in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)
        if axis.get_xlim()[0] <= t <= axis.get_xlim()[1]
    ]
    axis.set_xticks(ticks, [f"{t:g}x" for t in ticks])
    axis.minorticks_off()
    axis.set_yticks(range(len(rows)), [r[0] for r in reversed(rows)])
    axis.set_xlabel("naive / fixed (above 1: the fix is better)")
    axis.legend(frameon=False, loc="lower right", fontsize=8)
    _finish(figure)


def matrix(comparison):
    """Tools against problems: what a tool showed of it, or that it is blind to it."""
    visibility = comparison.document["visibility"]
    lessons = [lesson["id"] for lesson in comparison.document["lessons"]]
    tools = [t for t in visibility["tools"] if any(c["tool"] == t["id"] for c in visibility["cells"])]
    figure, axis = plt.subplots(figsize=(8, 0.36 * len(tools) + 0.8))
    for row, tool in enumerate(tools):
        for column, lesson in enumerate(lessons):
            cell = next((c for c in visibility["cells"] if c["tool"] == tool["id"] and c["lesson"] == lesson), None)
            if cell is None:
                text, colour, ink = "not run", "white", GREY
            elif cell["sees"]:
                text = f"{number(cell['naive'], cell['unit'])} → {number(cell['fixed'], cell['unit'])}"
                colour, ink = "#c3dcf0", "black"
            else:
                text, colour, ink = "blind", "#eeeeee", GREY
            axis.add_patch(plt.Rectangle((column, row), 0.97, 0.92, color=colour))
            axis.text(column + 0.485, row + 0.46, text, ha="center", va="center", color=ink, fontsize=8.5)
    axis.set(xlim=(0, len(lessons)), ylim=(len(tools), 0), xlabel="", ylabel="")
    axis.set_xticks([i + 0.485 for i in range(len(lessons))], [f"{i} {f}" for i, f in enumerate(lessons, 1)])
    axis.xaxis.tick_top()
    axis.set_yticks([i + 0.46 for i in range(len(tools))], [t["label"] for t in tools])
    axis.tick_params(length=0)
    for spine in axis.spines.values():
        spine.set_visible(False)
    _finish(figure)


def hot_lines(costs, source, calls, title):
    """The lines of a source by what they cost with their callees, a call of the function."""
    lines = source.splitlines()
    hot = [(n, c / calls) for n, c in costs.lines.most_common(6) if c > 0][::-1]
    figure, axis = plt.subplots(figsize=(8, 0.42 * len(hot) + 0.9))
    axis.barh(range(len(hot)), [c for _, c in hot], color=NAIVE)
    for at, (_, cost) in enumerate(hot):
        axis.text(cost, at, f" {cost:,.0f}", va="center")
    axis.set_yticks(
        range(len(hot)), [f"{n}: {lines[n - 1].strip()[:48]}" for n, _ in hot], family="monospace", fontsize=8
    )
    axis.set_xlim(0, max(c for _, c in hot) * 1.15)
    axis.set_xlabel("instructions a record, with all that is called from the line")
    axis.set_title(title, loc="left")
    _finish(figure)


def series(x, lines, x_label, y_label, title=None, log=""):
    """Lines over x: lines is {label: (values, side)} with side naive or fixed (or grey). A value may
    be (low, middle, high)."""
    figure, axis = plt.subplots(figsize=(8, 3.4))
    looks = {"naive": (NAIVE, "o", "-"), "fixed": (FIXED, "s", "-"), "grey": (GREY, "^", "--")}
    for label, (values, side) in lines.items():
        colour, marker, style = looks[side]
        if isinstance(values[0], tuple):
            low, middle, high = zip(*values)
            axis.fill_between(x, low, high, color=colour, alpha=0.2, linewidth=0)
            values = middle
        axis.plot(x, values, color=colour, marker=marker, linestyle=style, label=label)
    if "x" in log:
        axis.set_xscale("log", base=2)
        axis.set_xticks(x, [f"{v:g}" for v in x])
    if "y" in log:
        axis.set_yscale("log")
    else:
        axis.set_ylim(bottom=0)
    axis.set(xlabel=x_label, ylabel=y_label)
    axis.set_title(title or "", loc="left")
    axis.grid(alpha=0.3)
    axis.legend(frameon=False)
    _finish(figure)


def timeline(threads_by_build, window_ms=4):
    """A panel a build, a row a thread: what it does with its time (raw/timeline.CODE.json)."""
    looks = {
        "runs": ("#bbbbbb", None, "runs"),
        "waits": ("white", "////", "waits for the lock"),
        "holds": ("#f0b27a", None, "holds the lock"),
        "database": ("#4a4a4a", None, "waits for the database"),
    }
    figure, axes = plt.subplots(
        len(threads_by_build), 1, figsize=(8, 2.3 * len(threads_by_build)), sharex=True, squeeze=False
    )
    for axis, (build, threads) in zip(axes[:, 0], threads_by_build.items()):
        threads = [t for t in threads if t]
        # from where the threads are in their stride
        start = sorted(t[len(t) // 3][1] for t in threads)[len(threads) // 2]
        for row, spans in enumerate(threads):
            for kind in looks:
                colour, hatch, _ = looks[kind]
                height = 0.3 if kind == "database" else 0.8
                parts = [
                    ((a - start) / 1e6, (b - a) / 1e6)
                    for k, a, b in spans
                    if k == kind and b > start and a < start + window_ms * 1e6
                ]
                axis.broken_barh(
                    parts,
                    (row - height / 2, height),
                    facecolors=colour,
                    hatch=hatch,
                    edgecolor=GREY if hatch else "none",
                    linewidth=0.3,
                )
        axis.set_xlim(0, window_ms)
        axis.set_yticks(range(len(threads)))
        axis.set_ylabel("thread")
        axis.set_title(build, loc="left")
    axes[-1, 0].set_xlabel("ms")
    handles = [
        plt.Rectangle((0, 0), 1, 1, facecolor=c, hatch=h, edgecolor=GREY, linewidth=0.5)
        for c, h, _ in looks.values()
    ]
    axes[0, 0].legend(
        handles,
        [label for _, _, label in looks.values()],
        frameon=False,
        ncol=4,
        fontsize=8,
        loc="lower right",
        bbox_to_anchor=(1, 1),
    )
    _finish(figure)


def claimed(comparison, metric_names):
    """Those of the metrics of which the whole, nnnn against ffff, can claim a difference: what noise
    may have made is not divided among the fixes."""
    whole = comparison.metrics("whole")
    kept = [n for n in metric_names if n not in whole.index or whole.loc[n, "verdict"] != "no difference"]
    for name in metric_names:
        if name not in kept:
            print(f"{whole.loc[name, 'label']}: no difference can be claimed in this run, so none is divided")
    return kept


def shares(comparison, metric_names):
    """Of each metric's whole saving, the share of each fix (Shapley), in percent."""
    by_metric = {a["metric"]: a for a in comparison.document["attribution"]}
    labels = {m["name"]: m["label"] for m in comparison.document["build_metrics"]}
    rows = [by_metric[n] for n in claimed(comparison, metric_names) if by_metric[n]["saving"]]
    widest = max(sum(abs(p) for p in row["percent"].values()) for row in rows)
    colours = dict(zip(comparison.document["order"], itertools.cycle(LESSON_COLOURS)))
    figure, axis = plt.subplots(figsize=(8, 0.5 * len(rows) + 1.2))
    for at, row in enumerate(reversed(rows)):
        left = {True: 0.0, False: 0.0}
        for lesson, percent in row["percent"].items():
            side = percent >= 0
            colour, ink = colours[lesson]
            axis.barh(
                at,
                percent,
                left=left[side],
                color=colour,
                edgecolor="white",
                height=0.7,
                label=lesson if at == 0 else None,
            )
            if abs(percent) >= 0.11 * widest:
                axis.text(
                    left[side] + percent / 2,
                    at,
                    f"{lesson} {percent:.0f}",
                    ha="center",
                    va="center",
                    color=ink,
                    fontsize=8.5,
                )
            left[side] += percent
    axis.axvline(0, color="black", linewidth=0.8)
    axis.set_yticks(range(len(rows)), [labels[r["metric"]] for r in reversed(rows)])
    axis.set_xlabel("share of the whole saving, % (below 0: the fix alone made it worse)")
    axis.legend(frameon=False, ncol=4, fontsize=8, loc="lower center", bbox_to_anchor=(0.5, 1))
    _finish(figure)


def lattice(comparison, metric, log=True):
    """All builds by how many fixes they hold; a line is one more fix."""
    values = comparison.builds()[metric]
    label = next(m for m in comparison.document["build_metrics"] if m["name"] == metric)
    unit, scale = ("us", 1e-3) if label["unit"].startswith("ns") else (label["unit"].split("/")[0], 1)
    figure, axis = plt.subplots(figsize=(8, 4.6))
    for code, value in values.items():
        for i in range(len(code)):
            if code[i] == "n":
                after = code[:i] + "f" + code[i + 1 :]
                axis.plot(
                    [code.count("f"), after.count("f")],
                    [value * scale, values[after] * scale],
                    color="#d0d0d0",
                    linewidth=0.8,
                    zorder=1,
                )
    for fixed in range(len(comparison.document["order"]) + 1):
        column = values[[c for c in values.index if c.count("f") == fixed]].sort_values() * scale
        axis.scatter(
            [fixed] * len(column),
            column,
            zorder=2,
            s=30,
            color=NAIVE if fixed == 0 else FIXED if fixed == len(comparison.document["order"]) else GREY,
        )
        last = None
        for code, value in column.items():  # names of points on one another share a line
            close = last is not None and (
                value / last[1] < 1.12 if log else value - last[1] < 0.04 * values.max() * scale
            )
            if close:
                last[0].set_text(last[0].get_text() + " " + code)
            else:
                last = [
                    axis.annotate(
                        code,
                        (fixed, value),
                        xytext=(6, 0),
                        va="center",
                        fontsize=8,
                        textcoords="offset points",
                        family="monospace",
                    ),
                    value,
                ]
    if log:
        axis.set_yscale("log")
        for which in (axis.yaxis.set_major_formatter, axis.yaxis.set_minor_formatter):
            which(lambda y, _: f"{y:g}")
    axis.set_xlim(-0.2, 4.9)
    axis.set_xticks(range(5))
    axis.set(xlabel="fixes in the build", ylabel=f"{titled(label)} ({unit})")
    _finish(figure)


def promises(comparison, database):
    """What each tool promised of each lesson (a dot), over the interval of what was measured."""
    told = comparison.document["promises"]
    cells = [c for c in told["cells"] if c["database"] == database]
    tools = [t for t in told["tools"] if t["database"] == database and "absent" not in t]
    lessons = list(dict.fromkeys(c["lesson"] for c in cells))
    figure, axis = plt.subplots(figsize=(8, 0.9 * len(lessons) + 1.6))
    for row, lesson in enumerate(reversed(lessons)):
        of = {c["tool"]: c for c in cells if c["lesson"] == lesson}
        measured = next(iter(of.values()))["measured"]
        ends = [measured[e] or measured["ratio"] for e in ("ci_low", "ci_high")]
        axis.plot(ends, [row, row], color=FIXED, linewidth=4, label="measured" if row == 0 else None)
        axis.plot(measured["ratio"], row, marker="|", markersize=16, color=FIXED)
        for at, (tool, marker) in enumerate(zip(tools, "o^sD*PXv")):
            cell = of.get(tool["id"])
            shown = cell and (cell["share"] or 0) >= 0.01 and cell["promised"]
            axis.plot([cell["promised"]] if shown else [], [row + 0.3 - 0.08 * at] if shown else [], marker,
                      color=NAIVE, fillstyle="none", label=tool["label"] if row == 0 else None)  # fmt: skip
    axis.axvline(1, color="black", linewidth=0.8)
    axis.set_xscale("log")
    for which in (axis.xaxis.set_major_formatter, axis.xaxis.set_minor_formatter):
        which(lambda x, _: f"{x:g}x" if f"{x:g}"[0] in "125" else "")
    axis.set_yticks(range(len(lessons)), reversed(lessons))
    axis.set_xlabel(f"the whole program, times as fast, {'with' if database else 'without'} a database")
    axis.legend(frameon=False, ncol=5, fontsize=8, loc="lower center", bbox_to_anchor=(0.5, 1))
    _finish(figure)
