// Problem 4: when memory ends, if each request keeps what it kept so far.

import { axis, byteSteps16, chart, powers } from "./charts.js";
import { list, machine, metric } from "./data.js";
import { figure } from "./dom.js";
import * as format from "./format.js";

// Resident memory after n requests: what there was after the first, and what each further one keeps.
function carriedOn(curve, kept) {
  const first = (curve.naive || [])[0];
  return first ? (requests) => first[1] + kept.naive * (requests - first[0]) : null;
}

export function forecast(fix) {
  const kept = metric(fix, "retained");
  const curve = list(fix.curves).find((one) => one.name === "rss");
  const at = curve && kept ? carriedOn(curve, kept) : null;
  if (!at || !(kept.naive > 0) || !(machine.memory_bytes > 0)) return null;
  const first = curve.naive[0];
  return { kept, curve, at, requests: first[0] + (machine.memory_bytes - first[1]) / kept.naive };
}

export function forecastFigure(fix) {
  const found = forecast(fix);
  if (!found) return null;
  const { kept, curve, at, requests } = found;
  const end = 10 ** Math.ceil(Math.log10(requests));
  const steps = Array.from({ length: 33 }, (_, index) => end ** (index / 32));
  const words = `After about ${format.count(Math.round(requests))} requests the naive program would fill the memory of this machine.`;
  return figure(
    "forecast",
    `At ${format.value(kept.naive, kept.unit)} kept for each request, memory ends after about ${format.count(Math.round(requests))} requests`,
    `Points: resident memory, measured. Dashed: carried on at what naive keeps for each request, the median over ${kept.rounds} rounds. A forecast and no measurement: a limit on threads or mappings may well come first. What fixed keeps (${format.value(kept.fixed, kept.unit)}) is mostly of its first requests; it is not carried on.`,
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
          x: axis("requests", powers(10, (value) => format.count(value)), { type: "logarithmic", ticks: { maxRotation: 0 } }),
          y: axis("resident memory", (value) => format.value(value, "B"), { type: "logarithmic", afterBuildTicks: byteSteps16 }),
        },
        plugins: {
          legend: { labels: { filter: (item) => item.text !== "" } },
          tooltip: { filter: (item) => item.dataset.label !== "", callbacks: { label: (item) => `${item.dataset.label}: ${format.value(item.raw.y, "B")} after ${format.count(item.raw.x)} requests` } },
        },
      },
    })),
  );
}
