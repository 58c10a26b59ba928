// What each build costs, and who is to be credited with the difference.

import { axis, chart, wrap } from "./charts.js";
import { compare, fixedCode, inWords, list, naiveCode, order } from "./data.js";
import { choice, el, figure } from "./dom.js";
import * as format from "./format.js";

const pips = (code) => [...code].map((letter) => (letter === "f" ? "\u25cf" : "\u25cb")).join(" ");

function buildsChart(known, rows) {
  const value = (row) => row.metrics[known.name];
  const sorted = [...rows].sort((a, b) => value(b) - value(a));
  const words = sorted
    .map((row) => `${inWords(row.code)}: ${format.value(value(row), known.unit)}`)
    .join("; ");
  return chart(words, 3 + 1.55 * sorted.length, (colors) => ({
    type: "bar",
    data: {
      labels: sorted.map((row) => `${format.value(value(row), known.unit)}  ${pips(row.code)}`),
      datasets: [
        {
          label: known.label,
          data: sorted.map(value),
          backgroundColor: sorted.map((row) =>
            row.code === naiveCode ? colors.naive : row.code === fixedCode ? colors.fixed : colors.line,
          ),
          barPercentage: 0.86,
          categoryPercentage: 0.9,
        },
      ],
    },
    options: {
      indexAxis: "y",
      scales: {
        x: axis(
          `${known.label}${format.per(known.unit) ? `, a ${format.per(known.unit)}` : ""}`,
          (tick) => format.value(tick, known.unit),
          { beginAtZero: true, ticks: { maxRotation: 0, maxTicksLimit: 6 } },
        ),
        y: axis("", null, { grid: { display: false }, ticks: { autoSkip: false } }),
      },
      plugins: {
        legend: { display: false },
        tooltip: {
          callbacks: {
            title: ([item]) => inWords(sorted[item.dataIndex].code),
            label: (item) => format.value(item.raw, known.unit),
          },
        },
      },
    },
  }));
}

function waterfallChart(attribution) {
  const { naive, fixed, unit, shares } = attribution;
  const steps = [["nothing fixed", 0, naive, "naive"]];
  let level = naive;
  for (const [id, share] of Object.entries(shares)) {
    steps.push([id, level, level - share, share >= 0 ? "saved" : "added"]);
    level -= share;
  }
  steps.push(["all fixed", 0, fixed, "fixed"]);
  const words = steps
    .map(([name, from, to, kind]) =>
      kind === "naive" || kind === "fixed"
        ? `${name}: ${format.value(to, unit)}`
        : `${name} ${kind} ${format.value(Math.abs(from - to), unit)}`,
    )
    .join("; ");
  return chart(words, 22, (colors) => ({
    type: "bar",
    data: {
      labels: steps.map(([name, from, to, kind]) => [
        ...wrap(name, 8),
        kind === "naive" || kind === "fixed"
          ? format.value(to, unit)
          : `${kind === "saved" ? "\u2212" : "+"}${format.value(Math.abs(from - to), unit)}`,
      ]),
      datasets: [
        {
          label: "share",
          data: steps.map(([, from, to]) => [from, to]),
          backgroundColor: steps.map(
            ([, , , kind]) =>
              ({
                naive: colors.naive,
                fixed: colors.fixed,
                saved: colors.fixedSoft,
                added: colors.naiveSoft,
              })[kind],
          ),
          borderColor: steps.map(
            ([, , , kind]) =>
              ({ naive: colors.naive, fixed: colors.fixed, saved: colors.fixed, added: colors.naive })[kind],
          ),
          borderWidth: 2,
          borderSkipped: false,
          minBarLength: 3,
        },
      ],
    },
    options: {
      scales: {
        x: axis("", null, { grid: { display: false }, ticks: { maxRotation: 0 } }),
        y: axis(format.per(unit) ? `a ${format.per(unit)}` : "", (tick) => format.value(tick, unit), {
          beginAtZero: true,
        }),
      },
      plugins: {
        legend: { display: false },
        tooltip: {
          callbacks: {
            label: (item) => {
              const [name, from, to, kind] = steps[item.dataIndex];
              if (kind === "naive" || kind === "fixed") return format.value(to, unit);
              return `${name} ${kind} ${format.value(Math.abs(from - to), unit)} (${format.percent(attribution.percent && attribution.percent[name])})`;
            },
          },
        },
      },
    },
  }));
}

function summary(attribution, known) {
  const percent = attribution.percent || {};
  const best = Object.entries(percent)
    .filter(([, part]) => typeof part === "number")
    .sort((a, b) => b[1] - a[1])[0];
  if (!best || attribution.saving === 0) return `${known.label}: nothing was saved`;
  return `${known.label}: ${format.percent(best[1])} of the saving is ${best[0]}'s`;
}

export function drawBuilds() {
  const section = document.getElementById("builds");
  const known = list(compare.build_metrics);
  const builds = list(compare.builds).filter((row) => typeof row.code === "string" && row.metrics);
  if (!section || known.length === 0 || builds.length < 4) return;
  const place = el("div", { class: "pair" });
  const show = (name) => {
    const one = known.find((each) => each.name === name);
    const rows = builds.filter((row) => typeof row.metrics[name] === "number");
    const attribution = list(compare.attribution).find((each) => each.metric === name);
    const costs = buildsChart(one, rows);
    const figures = [
      figure(
        "costs",
        `${one.label}, of each of the ${rows.length} builds`,
        `Each dot is a lesson, in the order ${order.join(", ")}: empty is naive, full is fixed. ${one.exact ? "An exact count." : "Medians."} ${one.tool}.`,
        costs,
      ),
    ];
    const drawn = [costs];
    if (attribution && attribution.shares) {
      const waterfall = waterfallChart(attribution);
      drawn.push(waterfall);
      figures.push(
        figure(
          "waterfall",
          summary(attribution, one),
          "From nothing fixed to all fixed: each step is a fix's Shapley value, its mean over all orders in which they can be added. The steps sum to the whole exactly.",
          waterfall,
        ),
      );
    }
    place.replaceChildren(...figures);
    for (const each of drawn) each.redraw();
  };
  const first = known.find((one) => one.name === "time") || known[0];
  const heading = section.querySelector("h2");
  heading.after(
    choice(
      "The metric",
      known.map((one) => [one.name, one.label]),
      undefined,
      show,
    ),
    place,
  );
  section.querySelector(".choice").select(first.name);
}
