// Of what naive does for a record, how much the fixed program does not need.

import { axis, chart, wrap } from "./charts.js";
import { metric } from "./data.js";
import { figure } from "./dom.js";
import * as format from "./format.js";

// `picture.of` are names of metrics; its title is about the part that the first of them wastes.
export function wasteFigure(lesson, picture) {
  const shown = Array.isArray(picture.of) ? picture.of : [];
  const rows = shown
    .map((name) => metric(lesson, name))
    .filter((one) => one && one.naive > 0);
  if (rows.length === 0) return null;
  const wasted = (one) => (one.naive - one.fixed) / one.naive;
  const words = rows
    .map(
      (one) =>
        `${one.label}: ${format.value(one.naive, one.unit)} naive, ${format.value(one.fixed, one.unit)} fixed`,
    )
    .join("; ");
  const part = (of, label, color) => ({
    label,
    data: rows.map((one) => 100 * of(one)),
    backgroundColor: color,
    borderWidth: 0,
    barThickness: 26,
  });
  return figure(
    `waste-${lesson.id}`,
    `${format.share(wasted(rows[0]))} ${picture.title}`,
    "What the naive program does for a record is 100%: the part that the fixed one needs too, and the rest, which is done for nothing.",
    chart(words, 4 + 3.8 * rows.length, (colors) => ({
      type: "bar",
      data: {
        labels: rows.map((one) => [
          ...wrap(one.label),
          `${format.value(one.naive, one.unit)} \u2192 ${format.value(one.fixed, one.unit)}`,
        ]),
        datasets: [
          part((one) => 1 - wasted(one), "needed (fixed)", colors.fixed),
          part(wasted, "wasted (naive alone)", colors.naive),
        ],
      },
      options: {
        indexAxis: "y",
        scales: {
          x: axis("of what naive does", (value) => format.percent(value), {
            stacked: true,
            min: 0,
            max: 100,
          }),
          y: axis("", null, { stacked: true, grid: { display: false }, ticks: { autoSkip: false } }),
        },
        plugins: {
          tooltip: { callbacks: { label: (item) => `${item.dataset.label}: ${format.percent(item.raw)}` } },
        },
      },
    })),
  );
}
