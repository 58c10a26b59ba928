// How long a record holds the lock, and how long all threads wait for it.

import { axis, chart, powers, wrap } from "./charts.js";
import { metric } from "./data.js";
import { figure } from "./dom.js";
import * as format from "./format.js";

export function lockFigure(lesson) {
  const rows = ["lock_hold", "lock_wait", "database_time_alone"]
    .map((name) => metric(lesson, name))
    .filter(Boolean);
  const hold = metric(lesson, "lock_hold");
  const wait = metric(lesson, "lock_wait");
  if (!hold || !wait) return null;
  const least =
    10 **
    Math.floor(
      Math.log10(Math.min(...rows.flatMap((one) => [one.naive, one.fixed]).filter((value) => value > 0))),
    );
  const words = rows
    .map(
      (one) =>
        `${one.label}: ${format.value(one.naive, one.unit)} naive, ${format.value(one.fixed, one.unit)} fixed`,
    )
    .join("; ");
  return figure(
    "lock",
    `For each record the lock is held ${format.value(hold.naive, hold.unit)}, and ${format.value(wait.naive, wait.unit)} are spent waiting for it`,
    `Medians a record over ${hold.rounds} rounds, ${hold.condition}. The scale is logarithmic: a step is ten times. Waiting is the sum over all threads.`,
    chart(words, 5 + 4 * rows.length, (colors) => ({
      type: "bar",
      data: {
        labels: rows.map((one) => [
          ...wrap(one.label),
          `${format.value(one.naive, one.unit)} \u2192 ${format.value(one.fixed, one.unit)}`,
        ]),
        datasets: ["naive", "fixed"].map((side) => ({
          label: side,
          data: rows.map((one) => (one[side] > 0 ? [least, one[side]] : null)),
          backgroundColor: colors[side],
          barPercentage: 0.8,
        })),
      },
      options: {
        indexAxis: "y",
        scales: {
          x: axis(
            "a record",
            powers(10, (value) => format.value(value, "ns")),
            { type: "logarithmic", min: least, ticks: { maxRotation: 0 } },
          ),
          y: axis("", null, { grid: { display: false }, ticks: { autoSkip: false } }),
        },
        plugins: {
          tooltip: {
            callbacks: {
              label: (item) =>
                `${item.dataset.label}: ${format.value(rows[item.dataIndex][item.dataset.label], "ns")}`,
            },
          },
        },
      },
    })),
  );
}
