// What each tool saw of one lesson, and which are blind to it.

import { compare, list } from "./data.js";
import { el, figure } from "./dom.js";
import * as format from "./format.js";

function item(tool, cell) {
  const values = `${format.value(cell.naive, cell.unit)} \u2192 ${format.value(cell.fixed, cell.unit)}`;
  const per = format.per(cell.unit);
  return el(
    "li",
    { class: cell.sees ? "sees" : "blind" },
    el("span", { class: "eye", "aria-hidden": "true" }, cell.sees ? "\u25cf" : "\u25cb"),
    el("b", {}, tool.label),
    el("span", { class: "seen" }, cell.sees ? `${values}${per ? ` a ${per}` : ""}` : `blind (${values})`),
  );
}

export function toolsFigure(lesson) {
  const { visibility } = compare;
  const rows = list(visibility && visibility.tools)
    .map((tool) => [
      tool,
      list(visibility.cells).find((cell) => cell.tool === tool.id && cell.lesson === lesson.id),
    ])
    .filter(([, cell]) => cell);
  if (rows.length === 0)
    return figure(`tools-${lesson.id}`, "What each tool saw", "The tools were not compared in this run.");
  rows.sort((a, b) => b[1].sees - a[1].sees);
  const seeing = rows.filter(([, cell]) => cell.sees).length;
  return figure(
    `tools-${lesson.id}`,
    `${seeing} of ${rows.length} tools see it`,
    "Each tool's number of the naive program, and of the one with this fix alone. Blind: no difference that it could claim.",
    el(
      "ul",
      { class: "tools" },
      rows.map(([tool, cell]) => item(tool, cell)),
    ),
  );
}
