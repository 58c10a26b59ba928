// The first screen: each lesson by its own number, the whole, and how far to trust it.

import { compare, isPair, lessons, machine, metric, title } from "./data.js";
import { el } from "./dom.js";
import * as format from "./format.js";

const signs = { better: "\u2713", worse: "\u2717", "no difference": "\u2248" };

export function verdict(word) {
  const known = word in signs;
  return el(
    "span",
    { class: `verdict ${known ? word.split(" ")[0] : "unjudged"}` },
    el("span", { "aria-hidden": "true" }, known ? signs[word] : "?"),
    ` ${known ? word : "not judged"}`,
  );
}

// A big number is coloured where something is claimed, and grey where nothing is.
function big(one) {
  const side = { better: "fixed", worse: "naive" }[one.verdict] || "quiet";
  return el("span", { class: `big ${side}` }, format.ratio(one));
}

export function fromTo(one) {
  const per = format.per(one.unit);
  return el(
    "span",
    { class: "fromto" },
    el("b", { class: "naive" }, format.value(one.naive, one.unit)),
    " \u2192 ",
    el("b", { class: "fixed" }, format.value(one.fixed, one.unit)),
    per ? ` a ${per}` : "",
  );
}

// Somebody's own files beside: naive / yours, and what may be said of it.
function yours(one) {
  if (!one.yours) return null;
  return el(
    "p",
    { class: "yours" },
    el("b", {}, "yours"),
    ` ${format.value(one.yours.value, one.unit)}, ${format.ratio(one.yours)} `,
    verdict(one.yours.verdict),
  );
}

function card(lesson, index) {
  const one = metric(lesson, lesson.headline);
  if (!one)
    return el("li", { class: "card" }, el("h3", {}, title(lesson)), el("p", {}, "not measured in this run"));
  const spread = one.exact ? "an exact count" : `interval ${format.certainty(one)}`;
  return el(
    "li",
    { class: "card" },
    el("h3", {}, el("a", { href: `#lesson${index + 1}` }, title(lesson))),
    el("p", {}, big(one)),
    el("p", { class: "what" }, one.label),
    el("p", {}, fromTo(one)),
    el("p", { class: "quiet" }, `${one.tool}, ${spread}`),
    el("p", {}, verdict(one.verdict)),
    yours(one) || "",
  );
}

function whole() {
  const parts = ["time", "database_time", "instructions"]
    .map((name) => metric(compare.whole, name))
    .filter(Boolean);
  if (parts.length === 0)
    return el(
      "p",
      { class: "note" },
      "The whole was not measured in this run: only one lesson was asked for.",
    );
  return el(
    "ul",
    { class: "wholes" },
    parts.map((one) =>
      el(
        "li",
        {},
        big(one),
        el(
          "span",
          {},
          el("b", {}, one.label),
          el("br"),
          fromTo(one),
          el("br"),
          el(
            "span",
            { class: "quiet" },
            one.exact ? "an exact count, " : `interval ${format.certainty(one)}, `,
          ),
          verdict(one.verdict),
          yours(one) || "",
        ),
      ),
    ),
  );
}

function trust() {
  const { noise } = compare;
  const place = [machine.cpu, machine.cores ? `${machine.cores} CPUs` : null, machine.os]
    .filter(Boolean)
    .join(", ");
  const words = [];
  if (place) words.push(place);
  if (noise && typeof noise.ratio === "number")
    words.push(
      `the same build against itself (A/A): ${format.times(noise.ratio)}, ${format.interval(noise.ci_low, noise.ci_high)}`,
    );
  if (noise && typeof noise.smallest_effect === "number")
    words.push(`a change of time of ${format.share(noise.smallest_effect)} would show`);
  if (compare.mode === "quick") words.push("a quick run: wide intervals");
  return el("p", { class: "trust" }, words.join(" \u00b7 "));
}

export function drawVerdict() {
  const place = document.getElementById("verdict");
  if (lessons.length === 0) return;
  place.append(
    el("ul", { class: `cards of${lessons.length}` }, lessons.map(card)),
    ...(isPair ? [] : [el("h3", { class: "wholetitle" }, "Nothing fixed against all fixed"), whole()]),
    trust(),
  );
  const summary = document.getElementById("summary");
  if (!summary) return;
  const table = el("details", { class: "summary", id: "summary" }, el("summary", {}, "The same as a table"));
  summary.querySelector("h2").remove();
  table.append(...summary.children);
  summary.remove();
  place.append(table);
  const link = document.querySelector('nav a[href="#summary"]');
  if (link) link.parentElement.remove();
}
