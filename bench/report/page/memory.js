// Massif's curves, those of both sides over each other.

import { axis, byteSteps, chart } from "./charts.js";
import { evidence, fixedCode, inWords, isPair, list, naiveCode, sideNames } from "./data.js";
import { figure } from "./dom.js";
import * as format from "./format.js";

const timeUnits = {
  i: ["million instructions", 1e6],
  ms: ["milliseconds", 1],
  B: ["MiB allocated and freed", 2 ** 20],
};

function label(build) {
  if (isPair) return build;
  return `${build}: ${inWords(build)}`;
}

// Drawn boldly: nothing fixed, this lesson alone, and all; the others beside.
function sideOf(build, alone) {
  if (isPair) return ["naive", "fixed"][sideNames.indexOf(build)];
  if (build === naiveCode) return "naive";
  return build === alone || build === fixedCode ? "fixed" : null;
}

export function memoryFigures(alone) {
  return list(evidence.curves).map((curve) => {
    const series = list(curve.series);
    const [unit, scale] = timeUnits[curve.time_unit] || [curve.time_unit, 1];
    const peaks = series
      .filter((one) => sideOf(one.build, alone))
      .map(
        (one) =>
          `${label(one.build)}: at most ${format.value(Math.max(...one.points.map(([, y]) => y)), "B")}`,
      );
    return figure(
      `massif-${curve.tool}`,
      `${curve.tool === "massif" ? "Heap" : "Address space, thread stacks included"}, over the life of the program`,
      `Massif's snapshots, ${curve.tool === "massif" ? "malloc alone" : "--pages-as-heap=yes: what is reserved, not what is used"}. ${peaks.join("; ")}.`,
      chart(`${curve.title} over time. ${peaks.join("; ")}.`, 20, (colors) => ({
        type: "scatter",
        data: {
          datasets: series.map((one) => {
            const side = sideOf(one.build, alone);
            return {
              label: label(one.build),
              data: one.points.map(([x, y]) => ({ x: x / scale, y })),
              borderColor: side ? colors[side] : colors.quiet,
              backgroundColor: side ? colors[side] : colors.quiet,
              borderWidth: side ? 3 : 1,
              borderDash: side ? [] : [2 + series.indexOf(one), 3],
              pointRadius: 0,
              pointHitRadius: 6,
              pointStyle: "line",
              showLine: true,
              order: side ? 0 : 1,
            };
          }),
        },
        options: {
          scales: {
            x: axis(unit, (value) => format.count(value)),
            y: axis(curve.tool === "massif" ? "heap" : "address space", (value) => format.value(value, "B"), {
              beginAtZero: true,
              afterBuildTicks: byteSteps,
            }),
          },
          plugins: {
            tooltip: {
              callbacks: { label: (item) => `${item.dataset.label}: ${format.value(item.raw.y, "B")}` },
            },
          },
        },
      })),
    );
  });
}
