// Who holds the lock, who waits for it and who works, thread by thread.

import { axis, chart } from "./charts.js";
import { evidence, list } from "./data.js";
import { figure } from "./dom.js";
import * as format from "./format.js";

const states = {
  holds: "holds the lock",
  waits: "waits for the lock",
  database: "waits for the database, no lock held",
  runs: "works",
};

function colorsOf(side, colors) {
  return { holds: colors[side], waits: colors.line, database: colors[`${side}Soft`], runs: colors.quiet };
}

const threadsOf = (timeline) =>
  (Array.isArray(timeline.threads) ? timeline.threads : []).filter((pieces) => pieces.length > 0);
const endOf = (timeline) =>
  Math.max(
    0,
    ...threadsOf(timeline)
      .flat()
      .map(([, end]) => end),
  );

// Nanoseconds that all threads together spent in each state.
function totals(timeline) {
  const sums = { holds: 0, waits: 0, database: 0, runs: 0 };
  for (const [start, end, state] of threadsOf(timeline).flat()) sums[state] += end - start;
  return sums;
}

function waiting(timeline) {
  const sums = totals(timeline);
  return sums.waits / (sums.holds + sums.waits + sums.database + sums.runs);
}

function words(timeline) {
  const sums = totals(timeline);
  const parts = Object.entries(states).map(([state, text]) => `${text} ${format.value(sums[state], "ns")}`);
  return `${timeline.build}, ${threadsOf(timeline).length} threads, ${format.value(endOf(timeline), "ns")} in all; all threads together: ${parts.join(", ")}.`;
}

function timelineChart(timeline, end) {
  const threads = threadsOf(timeline);
  const labels = threads.map((_, index) => `thread ${index + 1}`);
  return chart(words(timeline), 4.5 + 1.35 * threads.length, (colors) => ({
    type: "bar",
    data: {
      labels,
      datasets: Object.keys(states).map((state) => ({
        label: states[state],
        data: threads.flatMap((pieces, index) =>
          pieces
            .filter((piece) => piece[2] === state)
            .map(([from, to]) => ({ x: [from / 1e6, to / 1e6], y: labels[index] })),
        ),
        backgroundColor: colorsOf(timeline.side, colors)[state],
        grouped: false,
        barPercentage: 0.85,
        categoryPercentage: 1,
        minBarLength: state === "holds" ? 2 : 0,
        order: Object.keys(states).indexOf(state),
      })),
    },
    options: {
      indexAxis: "y",
      scales: {
        x: axis(`milliseconds, ${timeline.build}`, (value) => format.count(value), {
          min: 0,
          max: end / 1e6,
        }),
        y: axis("", null, { grid: { display: false }, ticks: { autoSkip: false } }),
      },
      plugins: {
        legend: { labels: { pointStyle: "rect", boxHeight: 8 } },
        tooltip: {
          callbacks: {
            label: (item) =>
              `${item.dataset.label}: ${format.value(1e6 * (item.raw.x[1] - item.raw.x[0]), "ns")}`,
          },
        },
      },
    },
  }));
}

export function timelineFigure() {
  const timelines = list(evidence.timelines).filter((timeline) => threadsOf(timeline).length > 0);
  const naive = timelines.find((timeline) => timeline.side === "naive");
  const fixed = timelines.find((timeline) => timeline.side === "fixed");
  if (!naive || !fixed) return null;
  const end = Math.max(endOf(naive), endOf(fixed));
  return figure(
    "timeline",
    `Of the naive threads' time ${format.share(waiting(naive))} is waiting for the lock, of the fixed ones' ${format.share(waiting(fixed))}`,
    `What each of ${threadsOf(naive).length} threads did with the same few records, on one scale, naive above fixed. One traced run a side, a picture and no measurement (${naive.raw}, ${fixed.raw}). What is held for less than a pixel is drawn as two.`,
    timelineChart(naive, end),
    timelineChart(fixed, end),
  );
}
