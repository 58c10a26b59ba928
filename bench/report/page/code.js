// The naive and the fixed file side by side, function by function, with what each line cost.

import { each, evidence, isPair, list, perRecord } from "./data.js";
import { choice, el, figure } from "./dom.js";
import * as format from "./format.js";

const sides = ["naive", "fixed"];

const measures = {
  all: {
    name: "instructions",
    unit: perRecord("Ir"),
    what: `instructions${each}, with all that the line calls`,
  },
  self: { name: "of the line itself", unit: perRecord("Ir"), what: `instructions${each} of the line itself` },
  samples: {
    name: "CPU samples",
    unit: "ns/record",
    what: "CPU time a record by samples, with all that the line calls",
  },
  bytes: { name: "bytes", unit: perRecord("B"), what: `bytes from the heap${each}, below the line` },
};

const keywords =
  /\b(?:static|const|struct|enum|union|void|char|int|unsigned|long|bool|double|float|size_t|u?int\d+_t|if|else|for|while|do|return|break|continue|goto|switch|case|sizeof|NULL|true|false)\b/;
const token = new RegExp(
  `(\\/\\*.*?(?:\\*\\/|$)|\\/\\/.*$)|("(?:[^"\\\\]|\\\\.)*"|'(?:[^'\\\\]|\\\\.)*')|(${keywords.source})|(^\\s*#.*$)`,
  "g",
);

// One line of C, its comments, strings and keywords marked. `inside` is whether a comment goes on.
function paint(text, state) {
  const parts = [];
  let rest = text;
  if (state.inside) {
    const end = rest.indexOf("*/");
    const cut = end < 0 ? rest.length : end + 2;
    parts.push(el("i", { class: "c" }, rest.slice(0, cut)));
    rest = rest.slice(cut);
    state.inside = end < 0;
  }
  let at = 0;
  for (const found of rest.matchAll(token)) {
    parts.push(rest.slice(at, found.index));
    parts.push(el("i", { class: found[1] ? "c" : found[2] ? "s" : found[3] ? "k" : "p" }, found[0]));
    at = found.index + found[0].length;
    if (found[1] && found[1].startsWith("/*") && !found[1].endsWith("*/")) state.inside = true;
  }
  parts.push(rest.slice(at));
  return parts;
}

const paintAll = (side) => {
  const state = { inside: false };
  return side.text.map((line) => paint(line, state));
};

function cost(side, line, measure, largest) {
  const costs = side[measure];
  const raw = costs && line > 0 ? costs[line - 1] : null;
  if (raw === null || raw === undefined) return el("td", { class: "cost" });
  const part = Math.max(1, Math.round((100 * raw) / largest));
  return el(
    "td",
    { class: "cost", title: `${format.value(raw, measures[measure].unit)}: ${measures[measure].what}` },
    el("span", { class: "bar", style: `width:${part}%` }),
    el("span", { class: "amount" }, format.value(raw, measures[measure].unit)),
  );
}

// Each function once; inside of it, calls of others in the same file are no further cost.
function largestOf(code, measure) {
  return Math.max(1, ...sides.flatMap((side) => (code[side][measure] || []).map((one) => one || 0)));
}

function heading(code, line, side) {
  const found = list(code.functions).find((one) => one[side] === line && line > 0);
  return found && (side === "naive" || found.naive === 0) ? found : null;
}

function functionRow(found) {
  const ir = (value) => (value > 0 ? `${format.value(value, perRecord("Ir"))} instructions${each}` : "");
  const half = (side) =>
    el(
      "th",
      { colspan: "3", scope: "colgroup", class: side },
      found[side] > 0 ? ir(found[`${side}_ir`]) : `no ${found.name} here`,
    );
  return el("tr", { class: "function" }, half("naive"), half("fixed"));
}

function row(code, painted, pair, measure, largest) {
  const [naive, fixed, isSame] = pair;
  const cells = (side, line, other) => [
    cost(code[side], line, measure, largest),
    el("td", { class: "number" }, line > 0 ? String(line) : ""),
    el(
      "td",
      { class: `text ${line === 0 ? "none" : isSame ? "" : other === 0 ? "only" : "changed"}` },
      el("code", {}, line > 0 ? painted[side][line - 1] : ""),
    ),
  ];
  const found = heading(code, naive, "naive") || heading(code, fixed, "fixed");
  const line = el(
    "tr",
    { class: isSame ? "same" : "differs" },
    cells("naive", naive, fixed),
    cells("fixed", fixed, naive),
  );
  line.querySelectorAll("td").forEach((cell, index) => cell.classList.add(index < 3 ? "naive" : "fixed"));
  return found && (found.naive_ir > 0 || found.fixed_ir > 0) ? [functionRow(found), line] : [line];
}

function table(code, measure) {
  const painted = { naive: paintAll(code.naive), fixed: paintAll(code.fixed) };
  const largest = largestOf(code, measure);
  const head = sides.map((side) =>
    el("th", { colspan: "3", scope: "colgroup", class: side }, code[side].path),
  );
  return el(
    "table",
    { class: "code" },
    el("caption", {}, `${code.naive.path} and ${code.fixed.path}, ${measures[measure].what}`),
    el("thead", {}, el("tr", {}, head)),
    el(
      "tbody",
      {},
      code.pairs.flatMap((pair) => row(code, painted, pair, measure, largest)),
    ),
  );
}

function reading(code) {
  if (!code.records)
    return "Callgrind's files of this lesson are not in this folder, so the lines are without their costs.";
  if (isPair)
    return `At each line its cost in one run of the command: instructions from callgrind (${code.naive.raw}, ${code.fixed.raw}; where it starts others, of its largest process). Functions stand beside their namesakes. Waiting costs no instructions.`;
  const heap = code.naive.bytes ? " bytes from DHAT," : "";
  const cpu = code.naive.samples
    ? ` CPU time is that of ${format.count(code.naive.sample_count)} samples of nothing fixed and ${format.count(code.fixed.sample_count || 0)} of all fixed, so a line with few of them is known roughly.`
    : "";
  return `At each line its cost: instructions from callgrind,${heap} of ${format.count(code.records)} records with one worker, divided by them (${code.naive.raw}, ${code.fixed.raw}). Functions stand beside their namesakes. Waiting costs no instructions.${cpu}`;
}

// Of a lesson its two files; of two commands those of their sources that cost most.
export function codeFigures(lesson) {
  const codes = list(evidence.code).filter(
    (one) => one.lesson === lesson.id && Array.isArray(one.pairs) && one.pairs.length > 0,
  );
  if (codes.length > 0) return codes.map((code, index) => codeFigure(code, `code-${lesson.id}${index || ""}`));
  const why = isPair
    ? "Neither command has debug information (-g) whose sources are here, so there are no lines to show."
    : "The sources were not found when this page was made.";
  return isPair && lesson.id !== "instructions" ? [] : [figure(`code-${lesson.id}`, "The code", why)];
}

function codeFigure(code, id) {
  const frame = el("div", {
    class: "scroll listing",
    tabindex: "0",
    role: "region",
    "aria-label": `${code.naive.path} beside ${code.fixed.path}`,
  });
  const options = [
    ["all", measures.all.name],
    ["self", measures.self.name],
    ...(code.naive.samples && code.fixed.samples ? [["samples", measures.samples.name]] : []),
    ...(code.naive.bytes ? [["bytes", measures.bytes.name]] : []),
  ];
  const show = (measure) => {
    const top = frame.scrollTop;
    frame.replaceChildren(table(code, measure));
    frame.scrollTop = top;
  };
  const switches = code.records ? choice("The cost of a line", options, "all", show) : (show("all"), null);
  const made = figure(id, "The code, and what each line costs", reading(code), switches, frame);
  made.showCode = () => {
    const first = frame.querySelector("tr.function");
    if (first) frame.scrollTop = first.offsetTop - frame.querySelector("thead").offsetHeight;
  };
  return made;
}
