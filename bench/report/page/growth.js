// Curves over something that grows: both sides, and the power that was fitted to each.

import { axis, byteSteps, byteSteps16, chart, powers } from "./charts.js";
import { list } from "./data.js";
import { figure } from "./dom.js";
import * as format from "./format.js";

// "yours" where somebody's own files stand beside.
const all = ["naive", "yours", "fixed"];
const marks = { naive: "rectRot", yours: "triangle", fixed: "circle" };
const sidesOf = (curve) => all.filter((side) => Array.isArray(curve[side]));

const points = (curve, side) => (Array.isArray(curve[side]) ? curve[side] : []).map(([x, y]) => ({ x, y }));

// y = c x^k, with c such that the line runs through the middle of the points that it was fitted to.
function fitted(curve, side) {
  const power = curve.fit && curve.fit[`${side}_exponent`];
  const used = points(curve, side).filter((point) => point.y > 0 && point.x >= curve.fit?.from);
  if (typeof power !== "number" || used.length < 2) return null;
  const mean =
    used.reduce((sum, point) => sum + Math.log(point.y) - power * Math.log(point.x), 0) / used.length;
  return used.map(({ x }) => ({ x, y: Math.exp(mean) * x ** power }));
}

function power(curve, side) {
  const fit = curve.fit || {};
  const of = fit[`${side}_exponent`];
  if (typeof of !== "number") return null;
  const spread = `${format.exponent(fit[`${side}_exponent_low`])}\u2013${format.exponent(fit[`${side}_exponent_high`])}`;
  return `${curve.x}^${format.exponent(of)} (${spread})`;
}

function label(curve, side) {
  const values = points(curve, side);
  if (values.length > 0 && values.every((point) => point.y === 0))
    return `${side}: ${format.value(0, curve.y_unit)} throughout`;
  const grows = power(curve, side);
  return grows ? `${side}: grows as ${grows}` : side;
}

function datasets(curve, isLog, colors) {
  const sets = [];
  for (const side of sidesOf(curve)) {
    sets.push({
      label: label(curve, side),
      data: points(curve, side).filter((point) => !isLog || point.y > 0),
      borderColor: colors[side],
      backgroundColor: colors[side],
      pointStyle: marks[side],
      pointRadius: 5,
      showLine: true,
      borderWidth: 2.5,
    });
    const line = fitted(curve, side);
    if (line)
      sets.push({
        label: "",
        data: line,
        showLine: true,
        borderColor: colors.ink,
        borderDash: [2, 5],
        pointRadius: 0,
        borderWidth: 2,
        isFit: true,
        order: -1,
      });
  }
  return sets;
}

function tooltip(curve) {
  return {
    filter: (item) => !item.dataset.isFit,
    callbacks: {
      label: (item) =>
        `${all.find((side) => item.dataset.label.startsWith(side))}: ${format.value(item.raw.y, curve.y_unit)} at ${format.value(item.raw.x, curve.x_unit)} ${curve.x}`,
    },
  };
}

function words(curve) {
  const ends = sidesOf(curve).map((side) => {
    const drawn = points(curve, side);
    const [first, last] = [drawn[0], drawn[drawn.length - 1]];
    if (!last) return `${side}: not measured`;
    return `${side}: from ${format.value(first.y, curve.y_unit)} at ${first.x} to ${format.value(last.y, curve.y_unit)} at ${last.x}`;
  });
  return `${curve.y} over ${curve.x}. ${ends.join("; ")}.`;
}

function yAxis(curve, isLog) {
  const isBytes = curve.y_unit === "B";
  const write = (value) => format.value(value, curve.y_unit);
  if (!isLog)
    return axis(curve.y, write, { beginAtZero: true, ...(isBytes ? { afterBuildTicks: byteSteps } : {}) });
  return axis(curve.y, isBytes ? write : powers(10, write), {
    type: "logarithmic",
    ...(isBytes ? { afterBuildTicks: byteSteps16 } : {}),
  });
}

function growthChart(curve) {
  const drawn = sidesOf(curve).flatMap((side) => points(curve, side));
  const isLog = Boolean(curve.fit);
  const ticks = [...new Set(drawn.map((point) => point.x))];
  return chart(words(curve), 22, (colors) => ({
    type: "scatter",
    data: { datasets: datasets(curve, isLog, colors) },
    options: {
      scales: {
        x: axis(curve.x, (value) => format.value(value, curve.x_unit), {
          type: isLog ? "logarithmic" : "linear",
          afterBuildTicks: (scale) => (scale.ticks = ticks.map((value) => ({ value }))),
        }),
        y: yAxis(curve, isLog),
      },
      plugins: { legend: { labels: { filter: (item) => item.text !== "" } }, tooltip: tooltip(curve) },
    },
  }));
}

// Of the curves that the picture names, or of all; its title, or what the fitted power says.
export function growthFigures(lesson, picture) {
  const wanted = Array.isArray(picture.of) && picture.of.length > 0 ? picture.of : null;
  return list(lesson.curves)
    .filter((curve) => !wanted || wanted.includes(curve.name))
    .map((curve) => {
      const grows = power(curve, "naive");
      return figure(
        `curve-${curve.name}`,
        picture.title ||
          (grows ? `The ${curve.y} grows as ${grows} in the naive program` : `${curve.y} over ${curve.x}`),
        curve.fit
          ? `Both axes are logarithmic, so a power is a straight line, and its steepness the exponent. Dashed: the power fitted from ${format.count(curve.fit.from)} ${curve.x} on. ${curve.tool}.`
          : `Measured by ${curve.tool}.`,
        growthChart(curve),
      );
    });
}
