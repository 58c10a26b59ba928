// Draws on the page what tables cannot show. Everything that is told in numbers stands there already.

import { drawAll } from "./charts.js";
import { isPair } from "./data.js";
import { drawLessons } from "./lessons.js";
import { note, section } from "./dom.js";
import { drawFlames } from "./flames.js";
import { drawLoad } from "./load.js";
import { drawBuilds } from "./builds.js";
import { drawPromises } from "./promises.js";
import { start } from "./theme.js";
import { drawTheory } from "./theory.js";
import { drawVerdict } from "./verdict.js";

// One part that fails leaves the others alone, and says so.
function attempt(name, draw) {
  try {
    draw();
  } catch (error) {
    console.error(`${name}: ${error.stack}`);
    document.querySelector("main").append(note(`The page could not draw this: ${name}.`));
  }
}

// The contents have to fit a line: a section's id says enough there, and of a lesson what stands before its title's colon.
function shorten() {
  for (const link of document.querySelectorAll("nav a")) {
    const id = link.hash.slice(1);
    link.title = link.textContent;
    link.textContent = id.startsWith("lesson") ? link.title.split(":")[0] : id[0].toUpperCase() + id.slice(1);
  }
}

start();
attempt("verdict", drawVerdict);
attempt("lessons", drawLessons);
attempt("builds", drawBuilds);
attempt("flame graphs", () =>
  drawFlames(section("flames", "Flame graphs", "visibility", "theory", "warnings", "reading")),
);
if (!isPair)
  attempt("theory", () =>
    drawTheory(section("theory", "Theory beside data", "sweep", "load", "warnings", "reading")),
  );
attempt("load", drawLoad);
attempt("promises", drawPromises);
attempt("charts", drawAll);
shorten();
document.documentElement.dataset.drawn = "true";
