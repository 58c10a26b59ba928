"""The notebooks' figures. One colour for naive and one for fixed, as in the report: orange and blue
stay apart for every kind of colour vision; hatching and markers say it again."""
import matplotlib.pyplot as plt
import pandas

from workbench import number, per, ratio

NAIVE, FIXED, GREY = "#c4520a", "#0b6cb0", "#6b6b6b"
plt.rcParams.update({"figure.dpi": 100, "font.size": 10, "axes.spines.top": False,
                     "axes.spines.right": False, "axes.titlesize": 10, "axes.axisbelow": True})


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
        axis.barh(["fixed", "naive"], values, color=[FIXED, NAIVE], edgecolor="white",
                  hatch=None, height=0.7)
        for at, value in enumerate(values):
            axis.text(value, at, " " + number(value, m["unit"]), va="center")
        axis.set_xlim(0, max(max(values), 1e-9) * 1.18)
        axis.set_xticks([])
        axis.spines["bottom"].set_visible(False)
        axis.set_title(f"{m['label']} {per(m['unit'])} ({m['tool']}): {ratio(m)}", loc="left")
    _finish(figure)


def curve(comparison, fix, name, y_label=None):
    """A curve of a fix over its input's size, both axes logarithmic, with the fitted exponents."""
    curves = [c for c in comparison.fix(fix)["curves"] if c["name"] == name]
    if not curves:
        print(f"this run drew no curve {name}: run it without QUICK=1")
        return
    c = curves[0]
    figure, axis = plt.subplots(figsize=(8, 3.6))
    fit = c.get("fit") or {}
    for side, colour, marker in (("naive", NAIVE, "o"), ("fixed", FIXED, "s")):
        points = [p for p in c[side] if p[1] and p[1] > 0]
        exponent = fit.get(f"{side}_exponent")
        label = side if exponent is None else f"{side}: {c['x']}^{exponent:.2f}"
        if points:
            axis.loglog(*zip(*points), color=colour, marker=marker, label=label)
        else:
            axis.plot([], [], color=colour, marker=marker, label=f"{side}: 0 throughout")
    axis.set_xlabel(c["x"])
    axis.set_ylabel(y_label or f"{c['y']} ({c['y_unit']})")
    axis.grid(alpha=0.3)
    axis.legend(frameon=False)
    _finish(figure)


def forest(comparison, names=None):
    """What was timed, as ratios with their intervals, beside what the A/A control allows."""
    names = names or ["whole", *[f["id"] for f in comparison.document["fixes"]]]
    rows = []
    for name in names:
        for _, m in comparison.metrics(name).iterrows():
            if not m["exact"] and m["unit"].startswith("ns") and not pandas.isna(m["ci_low"]) \
                    and not pandas.isna(m["ratio"]) and m["tool"] == "wall time":
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
    ticks = [t for t in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)
             if axis.get_xlim()[0] <= t <= axis.get_xlim()[1]]
    axis.set_xticks(ticks, [f"{t:g}x" for t in ticks])
    axis.minorticks_off()
    axis.set_yticks(range(len(rows)), [r[0] for r in reversed(rows)])
    axis.set_xlabel("naive / fixed (above 1: the fix is better)")
    axis.legend(frameon=False, loc="lower right", fontsize=8)
    _finish(figure)


def matrix(comparison):
    """Tools against problems: what a tool showed of it, or that it is blind to it."""
    visibility = comparison.document["visibility"]
    fixes = [f["id"] for f in comparison.document["fixes"]]
    tools = [t for t in visibility["tools"] if any(c["tool"] == t["id"] for c in visibility["cells"])]
    figure, axis = plt.subplots(figsize=(8, 0.36 * len(tools) + 0.8))
    for row, tool in enumerate(tools):
        for column, fix in enumerate(fixes):
            cell = next((c for c in visibility["cells"]
                         if c["tool"] == tool["id"] and c["fix"] == fix), None)
            if cell is None:
                text, colour, ink = "not run", "white", GREY
            elif cell["sees"]:
                text = f"{number(cell['naive'], cell['unit'])} → {number(cell['fixed'], cell['unit'])}"
                colour, ink = "#c3dcf0", "black"
            else:
                text, colour, ink = "blind", "#eeeeee", GREY
            axis.add_patch(plt.Rectangle((column, row), 0.97, 0.92, color=colour))
            axis.text(column + 0.485, row + 0.46, text, ha="center", va="center", color=ink, fontsize=8.5)
    axis.set(xlim=(0, len(fixes)), ylim=(len(tools), 0), xlabel="", ylabel="")
    axis.set_xticks([i + 0.485 for i in range(len(fixes))],
                    [f"{i} {f}" for i, f in enumerate(fixes, 1)])
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
    axis.set_yticks(range(len(hot)), [f"{n}: {lines[n - 1].strip()[:48]}" for n, _ in hot],
                    family="monospace", fontsize=8)
    axis.set_xlim(0, max(c for _, c in hot) * 1.15)
    axis.set_xlabel("instructions a record, with all that is called from the line")
    axis.set_title(title, loc="left")
    _finish(figure)
