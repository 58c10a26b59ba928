// The two as services under load: what their clients get, and how long they wait for it.

import { axis, chart, powers } from "./charts.js";
import { compare, fixedCode, list, naiveCode } from "./data.js";
import { el, figure } from "./dom.js";
import * as format from "./format.js";

const builds = { naive: naiveCode, fixed: fixedCode };

const median = (of) => (of && typeof of.median === "number" ? of.median : null);

// The loads that both were under, as words, each with its two cells.
function loads(cells) {
  const found = new Map();
  for (const cell of cells) {
    const words = `${cell.connections} clients, database ${cell.db_latency}`;
    if (!found.has(words)) found.set(words, {});
    found.get(words)[cell.build] = cell;
  }
  return [...found].filter(([, cell]) => cell[naiveCode] && cell[fixedCode]);
}

function bars(rows, pick, write, title) {
  const values = (build) => rows.map(([, cells]) => pick(cells[build]));
  const all = [...values(naiveCode), ...values(fixedCode)].filter((value) => value > 0);
  const least = 10 ** Math.floor(Math.log10(Math.min(...all)));
  const show = (value) => (value === null ? format.nothing : write(value));
  const words = rows
    .map(([name, cells]) => `${name}: ${show(pick(cells[naiveCode]))} naive, ${show(pick(cells[fixedCode]))} fixed`)
    .join("; ");
  return chart(words, 4.5 + 4.2 * rows.length, (colors) => ({
    type: "bar",
    data: {
      labels: rows.map(([name, cells]) => [
        ...name.split(", "),
        `${show(pick(cells[naiveCode]))} \u2192 ${show(pick(cells[fixedCode]))}`,
      ]),
      datasets: Object.entries(builds).map(([side, build]) => ({
        label: side,
        data: values(build).map((value) => (value > 0 ? [least, value] : null)),
        backgroundColor: colors[side],
        barPercentage: 0.8,
      })),
    },
    options: {
      indexAxis: "y",
      scales: {
        x: axis(title, powers(10, write), { type: "logarithmic", min: least, ticks: { maxRotation: 0 } }),
        y: axis("", null, { grid: { display: false }, ticks: { autoSkip: false } }),
      },
      plugins: {
        tooltip: { callbacks: { label: (item) => `${item.dataset.label}: ${write(item.raw[1])}` } },
      },
    },
  }));
}

export function drawLoad() {
  const section = document.getElementById("load");
  const rows = loads(list(compare.load && compare.load.cells));
  if (!section || rows.length === 0) return;
  const rate = (cell) => median(cell.records_per_s);
  const wait = (cell) => median(cell.latency_ms && cell.latency_ms.p99);
  const place = el(
    "div",
    { class: "pictures" },
    figure(
      "load-rate",
      "Records a second",
      "Medians; more is better. The scale is logarithmic.",
      bars(rows, rate, (value) => format.count(Math.round(value)), "records a second"),
    ),
    figure(
      "load-wait",
      "How long the slowest hundredth waits (p99)",
      "Of whole bodies; less is better. The scale is logarithmic.",
      bars(rows, wait, (value) => format.value(value * 1e6, "ns"), "p99 of an answer"),
    ),
  );
  const table = section.querySelector(".scroll");
  if (table) table.before(place);
  else section.append(place);
}
