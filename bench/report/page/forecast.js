// When memory ends, if each request keeps what it kept so far, and what ends before it.

import { axis, byteSteps16, chart, powers } from "./charts.js";
import { list, machine, metric } from "./data.js";
import { figure } from "./dom.js";
import * as format from "./format.js";

// Resident memory after n requests: what there was after the first, and what each further one keeps.
function carriedOn(curve, kept) {
  const first = (curve.naive || [])[0];
  return first ? (requests) => first[1] + kept.naive * (requests - first[0]) : null;
}

export function forecast(lesson) {
  const kept = metric(lesson, "retained");
  const curve = list(lesson.curves).find((one) => one.name === "rss");
  const at = curve && kept ? carriedOn(curve, kept) : null;
  if (!at || !(kept.naive > 0) || !(machine.memory_bytes > 0)) return null;
  const first = curve.naive[0];
  return { kept, curve, at, requests: first[0] + (machine.memory_bytes - first[1]) / kept.naive };
}

// Threads end at the first of these limits. A stack and its guard page are two mappings.
function threadsEnd(lesson) {
  const curve = list(lesson.curves).find((one) => one.name === "threads");
  const all = curve && Array.isArray(curve.naive) ? curve.naive : [];
  const limits = machine.limits || {};
  if (all.length < 2) return null;
  const [first, last] = [all[0], all[all.length - 1]];
  const each = (last[1] - first[1]) / (last[0] - first[0]);
  const ends = [
    [limits.threads_max, 1, "threads"],
    [limits.pids_max, 1, "tasks of a container"],
    [limits.pid_max, 1, "process ids"],
    [limits.max_map_count, 2, "mappings of a process, two for each stack"],
  ]
    .filter(([limit]) => limit > 0 && each > 0)
    .map(([limit, uses, name]) => ({ limit, name, requests: limit / uses / each }))
    .sort((a, b) => a.requests - b.requests);
  return ends[0] ? { ...ends[0], each } : null;
}

export function forecastFigure(lesson) {
  const found = forecast(lesson);
  if (!found) return null;
  const { kept, curve, at, requests } = found;
  const sooner = threadsEnd(lesson);
  const last =
    sooner && sooner.requests < requests
      ? `; threads end before that, after about ${format.count(Math.round(sooner.requests))}`
      : "";
  const end = 10 ** Math.ceil(Math.log10(requests));
  const steps = Array.from({ length: 33 }, (_, index) => end ** (index / 32));
  const words = `After about ${format.count(Math.round(requests))} requests the naive program would fill the memory of this machine${last}.`;
  return figure(
    "forecast",
    `At ${format.value(kept.naive, kept.unit)} kept for each request, memory ends after about ${format.count(Math.round(requests))} requests${last}`,
    `Points: resident memory, measured. Dashed: carried on at what naive keeps for each request, the median over ${kept.rounds} ${kept.rounds === 1 ? "round" : "rounds"}. A forecast and no measurement.${last ? ` Each request leaves ${format.count(sooner.each)} threads, and the kernel here allows ${format.count(sooner.limit)} ${sooner.name}.` : " A limit on threads or mappings may come first."} What fixed keeps (${format.value(kept.fixed, kept.unit)}) is mostly of its first requests; it is not carried on.`,
    chart(words, 22, (colors) => ({
      type: "scatter",
      data: {
        datasets: [
          ...["naive", "fixed"].map((side) => ({
            label: `${side}, measured`,
            data: (curve[side] || []).map(([x, y]) => ({ x, y })),
            backgroundColor: colors[side],
            borderColor: colors[side],
            pointStyle: side === "naive" ? "rectRot" : "circle",
            pointRadius: 5,
          })),
          {
            label: "",
            data: steps.map((x) => ({ x, y: at(x) })),
            borderColor: colors.naive,
            borderDash: [3, 5],
            borderWidth: 2,
            pointRadius: 0,
            showLine: true,
          },
          ...(last
            ? [
                {
                  label: `threads end, at ${format.count(Math.round(sooner.requests))} requests`,
                  data: [2 ** 20, machine.memory_bytes].map((y) => ({ x: sooner.requests, y })),
                  borderColor: colors.naive,
                  backgroundColor: colors.naive,
                  borderWidth: 2,
                  pointRadius: 0,
                  pointStyle: "line",
                  showLine: true,
                },
              ]
            : []),
          {
            label: `this machine's memory, ${format.value(machine.memory_bytes, "B")}`,
            data: [1, end].map((x) => ({ x, y: machine.memory_bytes })),
            borderColor: colors.ink,
            backgroundColor: colors.ink,
            borderWidth: 2,
            pointRadius: 0,
            pointStyle: "line",
            showLine: true,
          },
        ],
      },
      options: {
        scales: {
          x: axis(
            "requests",
            powers(10, (value) => format.count(value)),
            { type: "logarithmic", ticks: { maxRotation: 0 } },
          ),
          y: axis("resident memory", (value) => format.value(value, "B"), {
            type: "logarithmic",
            afterBuildTicks: byteSteps16,
          }),
        },
        plugins: {
          legend: { labels: { filter: (item) => item.text !== "" } },
          tooltip: {
            filter: (item) => item.dataset.label !== "",
            callbacks: {
              label: (item) =>
                `${item.dataset.label}: ${format.value(item.raw.y, "B")} after ${format.count(item.raw.x)} requests`,
            },
          },
        },
      },
    })),
  );
}
