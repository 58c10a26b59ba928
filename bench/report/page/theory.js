// What queueing theory predicts from this run's own hold times and waits, beside what was measured.

import { axis, chart } from "./charts.js";
import { compare, fixedCode, lessonWith, list, machine, metric } from "./data.js";
import { el, figure, note } from "./dom.js";
import * as format from "./format.js";

function row(name, formula, predicted, measured) {
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, name),
    el("td", {}, el("code", {}, formula)),
    el("td", { class: "number" }, predicted),
    el("td", { class: "number" }, measured),
  );
}

function table(caption, rows) {
  const head = ["what", "formula", "predicted", "measured"].map((text, index) =>
    el("th", { scope: "col", class: index > 1 ? "number" : "" }, text),
  );
  return el(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    el(
      "table",
      { class: "theory" },
      el("caption", {}, caption),
      el("thead", {}, el("tr", {}, head)),
      el("tbody", {}, rows),
    ),
  );
}

// The lock as a server with one clerk: records arrive, are served for the hold time, and leave.
function lockFigure(lesson) {
  const hold = metric(lesson, "lock_hold");
  const wait = metric(lesson, "lock_wait");
  const time = metric(lesson, "database_time_alone");
  if (!hold || !wait || !time) return note("The lock's times were not measured in this run.");
  const busy = hold.naive / time.naive;
  const rows = [
    row(
      "how busy the lock is",
      "\u03c1 = hold / time of a record",
      format.share(Math.min(1, busy)),
      "\u2013",
    ),
    row(
      "fewest ns a record, any number of threads (Amdahl, all of it serial)",
      "T \u2265 hold",
      format.value(hold.naive, "ns"),
      format.value(time.naive, "ns"),
    ),
    row(
      "threads waiting at any time (Little)",
      "L = wait / time of a record",
      "\u2013",
      format.count(wait.naive / time.naive),
    ),
  ];
  const threads = 10 * machine.cores; // as naive/workers.c has it
  if (threads > 1)
    rows.push(
      row(
        `wait, if all of ${threads} threads came straight back (closed queue)`,
        "W \u2264 (N \u2212 1) \u00d7 hold",
        format.value((threads - 1) * hold.naive, "ns"),
        format.value(wait.naive, "ns"),
      ),
    );
  if (busy < 1)
    rows.push(
      row(
        "wait for the lock (M/M/1)",
        "W = hold \u00d7 \u03c1 / (1 \u2212 \u03c1)",
        format.value((hold.naive * busy) / (1 - busy), "ns"),
        format.value(wait.naive, "ns"),
      ),
    );
  const fixedBusy = hold.fixed / time.fixed;
  rows.push(
    row(
      "fixed: how busy its locks are together",
      "\u03c1 = hold / time of a record",
      format.share(fixedBusy),
      "\u2013",
    ),
  );
  rows.push(
    row(
      "fixed: wait, if they were one lock (M/M/1)",
      "W = hold \u00d7 \u03c1 / (1 \u2212 \u03c1)",
      fixedBusy < 1 ? format.value((hold.fixed * fixedBusy) / (1 - fixedBusy), "ns") : "\u2013",
      format.value(wait.fixed, "ns"),
    ),
  );
  return figure(
    "theory-lock",
    `The naive lock is busy ${format.share(Math.min(1, busy))} of the time: it sets the pace, whatever the number of threads`,
    "Predicted from the measured hold time alone. M/M/1 takes arrivals at random and an endless crowd; here the crowd is the threads, so a wait near it says that the lock is close to full, not that the formula is exact.",
    table("the lock in the naive program, with the database", rows),
    el(
      "p",
      { class: "quiet" },
      "Amdahl 1967 (AFIPS Spring Joint Computer Conference); Little 1961 (Operations Research 9:3), L = \u03bbW; M/M/1: Kleinrock 1975, Queueing Systems, vol. 1, 3.2.",
    ),
  );
}

// A worker is busy with a record for wait + compute; the CPUs set the ceiling.
function little(workers, wait, compute, cores) {
  return Math.min(workers / (wait + compute), cores / compute) * 1e9;
}

function poolFigure() {
  const { sweep } = compare;
  const points = list(sweep && sweep.points).filter((point) => typeof point.records_per_s === "number");
  if (points.length === 0) return note("The number of workers was not swept in this run.");
  const pool = points.filter((point) => point.build === fixedCode).sort((a, b) => a.workers - b.workers);
  const crowd = points.filter((point) => point.build !== fixedCode);
  const wait = compare.round_trip_ns;
  const one = compare.floor && compare.floor.fixed_ns;
  const hasTheory = wait > 0 && one > 0 && machine.cores > 0;
  const predict = (workers) => little(workers, wait, one, machine.cores);
  const best = Math.max(...points.map((point) => point.workers));
  const sizes = Array.from({ length: 41 }, (_, index) => best ** (index / 40));
  const rows = pool.map((point) =>
    row(
      `${point.workers} workers`,
      "X = min(N / (wait + compute), CPUs / compute)",
      hasTheory ? `${format.count(Math.round(predict(point.workers)))} /s` : "\u2013",
      `${format.count(Math.round(point.records_per_s))} /s`,
    ),
  );
  const words = pool
    .map(
      (point) =>
        `${point.workers} workers: ${format.count(Math.round(point.records_per_s))} records a second`,
    )
    .join("; ");
  return figure(
    "theory-pool",
    sweep.chosen ? `The build chooses ${format.count(sweep.chosen)} workers` : "Each number of workers",
    `${hasTheory ? `Line: Little's law from the round trip that really took ${format.value(wait, "ns")} and the ${format.value(one, "ns")} that one worker computes for a record, up to what ${machine.cores} CPUs can do. Where points stand below the end of the line, threads get in each other's way.` : "There was no wait to predict from."}`,
    chart(words, 22, (colors) => ({
      type: "scatter",
      data: {
        datasets: [
          {
            label: "fixed, measured",
            data: pool.map((point) => ({ x: point.workers, y: point.records_per_s })),
            backgroundColor: pool.map((point) =>
              point.workers === sweep.chosen ? colors.ink : colors.fixed,
            ),
            borderColor: colors.fixed,
            pointRadius: pool.map((point) => (point.workers === sweep.chosen ? 8 : 5)),
          },
          {
            label: "threads for each request",
            data: crowd.map((point) => ({ x: point.workers, y: point.records_per_s })),
            backgroundColor: colors.naive,
            borderColor: colors.naive,
            pointStyle: "rectRot",
            pointRadius: 7,
          },
          ...(hasTheory
            ? [
                {
                  label: "Little's law",
                  data: sizes.map((x) => ({ x, y: predict(x) })),
                  borderColor: colors.quiet,
                  backgroundColor: colors.quiet,
                  borderDash: [3, 5],
                  borderWidth: 2,
                  pointRadius: 0,
                  pointStyle: "line",
                  showLine: true,
                },
              ]
            : []),
        ],
      },
      options: {
        scales: {
          x: axis("threads", (value) => format.count(value), {
            type: "logarithmic",
            afterBuildTicks: (scale) =>
              (scale.ticks = points
                .map((point) => ({ value: point.workers }))
                .filter(({ value }) => value !== sweep.chosen)),
          }),
          y: axis("records a second", (value) => format.count(value), { beginAtZero: true }),
        },
        plugins: {
          tooltip: {
            callbacks: {
              label: (item) =>
                `${item.dataset.label}: ${format.count(Math.round(item.raw.y))} records a second with ${format.count(Math.round(item.raw.x))} threads`,
            },
          },
        },
      },
    })),
    el(
      "details",
      {},
      el("summary", {}, "What was predicted, in numbers"),
      table("Little's law beside what was measured", rows),
    ),
  );
}

export function drawTheory(section) {
  const lesson = lessonWith("lock");
  section.append(lesson ? lockFigure(lesson) : note("The lock was not measured in this run."));
  const sweep = document.getElementById("sweep");
  if (sweep) sweep.querySelector(".scroll").before(poolFigure());
  else section.append(poolFigure());
}
