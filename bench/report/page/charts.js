// Chart.js, set up once: what all charts have in common, made anew when the colours change.

import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  ScatterController,
  Tooltip,
} from "chart.js";
import { el } from "./dom.js";
import { color, fontSize, onColors } from "./theme.js";

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
);
Chart.register(LogarithmicScale, PointElement, ScatterController, Tooltip);

const charts = [];

function palette() {
  const names = ["naive", "fixed", "yours", "ink", "quiet", "line", "paper", "band", "naive-soft", "fixed-soft"];
  const colors = Object.fromEntries(names.map((name) => [name.replace("-soft", "Soft"), color(name)]));
  return colors;
}

function setDefaults(colors) {
  Chart.defaults.animation = false;
  Chart.defaults.maintainAspectRatio = false;
  Chart.defaults.devicePixelRatio = Math.max(2, devicePixelRatio);
  Chart.defaults.color = colors.ink;
  Chart.defaults.borderColor = colors.line;
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.font.size = Math.round(0.86 * fontSize());
  Chart.defaults.plugins.legend.labels.usePointStyle = true;
  Chart.defaults.plugins.legend.labels.boxHeight = 6;
  Chart.defaults.plugins.legend.labels.padding = 14;
  Chart.defaults.plugins.legend.align = "start";
  Chart.defaults.plugins.tooltip.displayColors = false;
  Chart.defaults.plugins.tooltip.padding = 10;
}

// From mark to mark with the arrow keys, as with a pointer.
function walk(chart, step) {
  const marks = chart
    .getSortedVisibleDatasetMetas()
    .flatMap((meta) => meta.data.map((_, index) => ({ datasetIndex: meta.index, index })));
  if (marks.length === 0) return;
  const now = chart.getActiveElements()[0];
  const at = now
    ? marks.findIndex((mark) => mark.datasetIndex === now.datasetIndex && mark.index === now.index)
    : -1;
  const next = marks[(at + step + marks.length) % marks.length];
  chart.setActiveElements([next]);
  chart.tooltip.setActiveElements([next], { x: 0, y: 0 });
  chart.update();
}

// A frame for a chart. make(colors) gives Chart.js's configuration, and `words` tell who cannot see it.
export function chart(words, height, make) {
  const canvas = el("canvas", { role: "img", "aria-label": words, tabindex: "0" });
  const frame = el("div", { class: "canvas", style: `height:${height}rem` }, canvas);
  const entry = { canvas, make, drawn: null };
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step || !entry.drawn) return;
    event.preventDefault();
    walk(entry.drawn, step);
  });
  charts.push(entry);
  frame.redraw = () => draw(entry);
  return frame;
}

function draw(entry) {
  if (!entry.canvas.isConnected) return;
  const colors = palette();
  setDefaults(colors);
  if (entry.drawn) entry.drawn.destroy();
  entry.drawn = new Chart(entry.canvas, entry.make(colors));
  const marks = entry.drawn.getSortedVisibleDatasetMetas().flatMap((meta) => meta.data);
  entry.canvas.dataset.marks = String(marks.length); // for whoever wants to know whether it was drawn
}

export function drawAll() {
  for (const entry of charts) draw(entry);
}

onColors(drawAll);

// An axis with its title; of numbers, format(value) writes them.
export function axis(text, format, more = {}) {
  const { grid, ticks, ...rest } = more;
  return {
    title: { display: Boolean(text), text },
    grid: { drawTicks: false, ...grid },
    ticks: { padding: 6, ...(format ? { callback: (value) => format(value) } : {}), ...ticks },
    ...rest,
  };
}

// Of a logarithmic axis only the powers of the base are written.
export function powers(base, format) {
  return (value) => {
    const power = Math.log(value) / Math.log(base);
    return Math.abs(power - Math.round(power)) < 1e-6 ? format(value) : "";
  };
}

// Steps of bytes as people count them: powers of two, not of ten.
export function byteSteps(scale) {
  const wanted = (scale.max - scale.min) / 5;
  if (!(wanted > 0)) return;
  const power = 1024 ** Math.floor(Math.log(wanted) / Math.log(1024));
  const step = Array.from({ length: 11 }, (_, bit) => 2 ** bit * power).find((one) => one >= wanted);
  scale.ticks = [];
  for (let value = 0; value <= scale.max + step / 4; value += step)
    if (value >= scale.min) scale.ticks.push({ value });
  scale.max = Math.max(scale.max, scale.ticks[scale.ticks.length - 1].value);
}

// Of a logarithmic axis of bytes: each sixteenfold.
export function byteSteps16(scale) {
  const all = Array.from({ length: 16 }, (_, power) => ({ value: 16 ** power }));
  scale.ticks = all.filter(({ value }) => value >= scale.min && value <= scale.max);
}

// A label in lines, where there is no room for a long one.
export function wrap(text, room = innerWidth < 640 ? 14 : 40) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last && last.length + 1 + word.length > room) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines;
}
