// A section a lesson, all alike: its pictures, the code, every metric, what each tool saw.

import { codeFigures } from "./code.js";
import { aloneIn, evidence, isPair, lessons, list, sectionOf } from "./data.js";
import { el, note } from "./dom.js";
import { forecastFigure } from "./forecast.js";
import { growthFigures } from "./growth.js";
import { lockFigure } from "./lock.js";
import { memoryFigures } from "./memory.js";
import { timelineFigure } from "./timeline.js";
import { toolsFigure } from "./tools.js";
import { wasteFigure } from "./waste.js";

// The kinds of pictures there are. Which of them a lesson has, of what, and what they are to say,
// stands in its `pictures`.
const kinds = {
  growth: growthFigures,
  waste: (lesson, picture) => [wasteFigure(lesson, picture)],
  timeline: () => [timelineFigure()],
  lock: (lesson) => [lockFigure(lesson)],
  forecast: (lesson) => [forecastFigure(lesson)],
  memory: (lesson) => memoryFigures(aloneIn(lesson.id)),
};

function draw(lesson, picture) {
  const figures = (kinds[picture.kind] || (() => []))(lesson, picture).filter(Boolean);
  return figures.length > 0 || !picture.absent ? figures : [note(picture.absent)];
}

// A picture that stands in for another is drawn where that one cannot be.
function picturesOf(lesson) {
  if (isPair) return lesson.id === "heap" ? memoryFigures(null) : [];
  const drawn = {};
  for (const picture of list(lesson.pictures))
    if (!picture.instead_of || (drawn[picture.instead_of] || []).length === 0)
      drawn[picture.kind] = [...(drawn[picture.kind] || []), ...draw(lesson, picture)];
  return Object.values(drawn).flat();
}

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

// The way to this lesson's flame graph, which stands with the others.
function flameLink(lesson) {
  const id = isPair ? { instructions: "instructions", heap: "bytes" }[lesson.id] : `${lesson.id}-instructions`;
  if (!list(evidence.flames).some((flame) => flame.id === id)) return null;
  const show = () => document.querySelector("#flames > .choice").select(id);
  return el("p", {}, el("a", { href: "#flames", onclick: show }, `The same as a flame graph: ${lesson.id}`));
}

function addTo(lesson) {
  const section = sectionOf(lesson.id);
  if (!section) return;
  section.classList.add("lesson");
  const fold = foldCurves(section);
  const drawn = picturesOf(lesson);
  const place = el(
    "div",
    { class: drawn.length > 2 || fold ? "pictures" : "picture" },
    drawn.length > 0
      ? drawn
      : isPair
        ? ""
        : note("What this lesson's picture is drawn from was not measured in this run."),
  );
  const first = section.querySelector(":scope > .scroll");
  const codes = codeFigures(lesson);
  if (isPair) section.append(place, ...codes);
  else if (first) first.before(place, ...codes);
  else section.append(place, ...codes);
  if (fold) place.append(fold);
  (codes[0] || section).append(flameLink(lesson) || "");
  if (!isPair) section.append(toolsFigure(lesson));
  for (const code of codes) if (code.showCode) code.showCode();
}

export function drawLessons() {
  for (const lesson of lessons) addTo(lesson);
  for (const missing of list(evidence.missing))
    document.querySelector("main").append(note(`Not shown: ${missing.what} (${missing.why})`));
}
