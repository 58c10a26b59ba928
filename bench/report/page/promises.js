// What each tool promised of each lesson, as dots, over the bar of what was measured.

import { axis, chart } from "./charts.js";
import { compare, lessons, list } from "./data.js";
import { el, figure } from "./dom.js";
import * as format from "./format.js";

const seen = 0.01; // what is given less is in no list that anybody reads
const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const styles = ["circle", "triangle", "rect", "rectRot", "star", "cross", "crossRot", "rectRounded"];

// A dot a tool, one below the other in its lesson's row; what was measured lies behind all of them.
function promisesChart(rows, tools, cells, colors) {
  const place = (row, tool) => row + 0.5 * ((tool + 1) / (tools.length + 1) - 0.5);
  const find = (id, lesson) => cells.find((cell) => cell.tool === id && cell.lesson === lesson.id);
  const measured = rows.flatMap((lesson, row) => {
    const { ratio, ci_low: low, ci_high: high } = cells.find((cell) => cell.lesson === lesson.id).measured;
    const ends = typeof low === "number" ? [low, high] : [ratio, ratio];
    return [...ends.map((x) => ({ x, y: row, words: `measured ${format.times(ratio)}` })), { x: NaN, y: NaN }];
  });
  const dots = tools.map((tool, index) => ({
    label: tool.label,
    data: rows.map((lesson, row) => {
      const cell = find(tool.id, lesson);
      const x = cell && cell.share >= seen ? cell.promised : null;
      return { x, y: place(row, index), words: `${lesson.id}: ${tool.label} promised ${format.times(x)}` };
    }),
    pointStyle: styles[index % styles.length],
    pointRadius: 5,
    borderColor: colors.naive,
    backgroundColor: colors.naiveSoft,
  }));
  return {
    type: "scatter",
    data: {
      datasets: [
        ...dots,
        {
          label: "measured, its interval",
          data: measured,
          showLine: true,
          pointStyle: "line",
          pointRadius: 6,
          pointRotation: 90,
          borderColor: colors.fixed,
          backgroundColor: colors.fixed,
          borderWidth: 5,
        },
      ],
    },
    options: {
      scales: {
        x: axis("the whole program, times as fast", (value) => format.times(value), {
          type: "logarithmic",
          ticks: { maxRotation: 0, autoSkip: false },
          // from the step below the least: a power of ten would leave half of it empty
          afterBuildTicks: (scale) => {
            scale.min = steps.filter((one) => one <= scale.getMinMax(true).min).pop() ?? scale.min;
            scale.ticks = steps.filter((one) => one >= scale.min && one <= scale.max).map((value) => ({ value }));
          },
        }),
        y: axis("", (value) => (rows[value] ? rows[value].id : ""), {
          min: -0.5,
          max: rows.length - 0.5,
          reverse: true,
          ticks: { stepSize: 0.5, autoSkip: false },
        }),
      },
      plugins: { tooltip: { callbacks: { label: (item) => item.raw.words } } },
    },
  };
}

function promisesFigure(hasDatabase) {
  const { promises } = compare;
  const here = (one) => one.database === hasDatabase;
  const tools = list(promises && promises.tools).filter((tool) => here(tool) && !tool.absent);
  const cells = list(promises && promises.cells).filter(here);
  const rows = lessons.filter((lesson) => cells.some((cell) => cell.lesson === lesson.id));
  if (tools.length === 0 || rows.length === 0) return null;
  const judged = (outcome) => cells.filter((cell) => cell.outcome === outcome).length;
  const words = cells
    .map((cell) => `${cell.tool} of ${cell.lesson}: ${format.times(cell.promised)} ${cell.outcome}`)
    .join("; ");
  return figure(
    `promises-${hasDatabase ? "database" : "alone"}`,
    hasDatabase
      ? "With a database: those that count work promise the same as before"
      : `Of ${cells.length} promises ${judged("over")} were too much, ${judged("under")} too little, and ${judged("blind")} were not made`,
    "A dot is what one tool promises of the lesson's place, if it gives it 1% or more; the bar is the gain that was measured, with its interval. The scale is logarithmic.",
    chart(words, 9 + 5 * rows.length, (colors) => promisesChart(rows, tools, cells, colors)),
  );
}

export function drawPromises() {
  const section = document.getElementById("promises");
  if (!section) return;
  const figures = [false, true].map(promisesFigure).filter(Boolean);
  section.querySelector(".scroll").before(el("div", { class: "pictures" }, figures));
}
