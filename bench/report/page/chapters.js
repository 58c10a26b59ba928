// A chapter a problem, all alike: the picture, the code, every metric, what each tool saw.

import { codeFigure } from "./code.js";
import { chapter, evidence, fixes, list } from "./data.js";
import { el, note } from "./dom.js";
import { forecastFigure } from "./forecast.js";
import { growthFigures, power } from "./growth.js";
import { lockFigure } from "./lock.js";
import { memoryFigures } from "./memory.js";
import { timelineFigure } from "./timeline.js";
import { toolsFigure } from "./tools.js";
import { wasteFigure } from "./waste.js";

function keyClaims(fix) {
  const claims = {};
  for (const curve of list(fix.curves)) {
    const naive = power(curve, "naive");
    claims[curve.name] = naive ? `The ${curve.y} grows as ${naive} in the naive program` : undefined;
  }
  return claims;
}

const pictures = {
  key: (fix) => {
    const growth = growthFigures(fix, keyClaims(fix));
    if (growth.length > 0) return growth;
    const waste = wasteFigure(
      fix,
      ["allocated_bytes", "allocations", "function_instructions", "dhat_blocks"],
      (part) => `${part} of the bytes were allocated for nothing`,
    );
    return [
      waste,
      note("How it grows with the number of tags was not measured in this run: QUICK=1 leaves it out."),
    ];
  },
  sort: (fix) => [
    wasteFigure(
      fix,
      ["comparisons", "sorts", "function_instructions", "dhat_blocks"],
      (part) => `${part} of the comparisons told nothing new`,
    ),
  ],
  store: (fix) => [
    timelineFigure() || note("The lock's timeline was not traced in this run."),
    lockFigure(fix),
  ],
  workers: (fix) => [
    ...growthFigures(fix, {
      threads: "Threads: each request leaves its own behind",
      stacks: "Stacks: mapped, and never given back",
      rss: "Resident memory: little at a time, and always more",
    }),
    forecastFigure(fix),
    ...memoryFigures(),
  ],
};

// The tables that the curves were drawn from, out of the way.
function foldCurves(section) {
  const tables = [...section.querySelectorAll(":scope > .scroll")].filter(
    (one) => !one.querySelector("table.metrics"),
  );
  if (tables.length === 0) return null;
  const fold = el("details", {}, el("summary", {}, "The numbers behind the pictures"));
  tables[0].before(fold);
  fold.append(...tables);
  return fold;
}

// The way to this chapter's flame graph, which stands with the others.
function flameLink(fix) {
  const id = `${fix.id}-instructions`;
  if (!list(evidence.flames).some((flame) => flame.id === id)) return null;
  const show = () => document.querySelector("#flames > .choice").select(id);
  return el("p", {}, el("a", { href: "#flames", onclick: show }, `The same as a flame graph: ${fix.id}`));
}

function addTo(fix) {
  const section = chapter(fix.id);
  if (!section) return;
  section.classList.add("chapter");
  const fold = foldCurves(section);
  const drawn = (pictures[fix.id] || (() => []))(fix).filter(Boolean);
  const place = el(
    "div",
    { class: drawn.length > 2 || fold ? "pictures" : "picture" },
    drawn.length > 0
      ? drawn
      : note("What this problem's picture is drawn from was not measured in this run."),
  );
  const first = section.querySelector(":scope > .scroll");
  const code = codeFigure(fix);
  if (first) first.before(place, code);
  else section.append(place, code);
  if (fold) place.append(fold);
  code.append(flameLink(fix) || "");
  section.append(toolsFigure(fix));
  if (code.showCode) code.showCode();
}

export function drawChapters() {
  for (const fix of fixes) addTo(fix);
  for (const missing of list(evidence.missing))
    document.querySelector("main").append(note(`Not shown: ${missing.what} (${missing.why})`));
}
