// What the page holds: the comparison (compare.json) and its evidence (bench/report/evidence.h).

function read(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

const isObject = (value) => typeof value === "object" && value !== null;
const given = read("compare");

export const compare = isObject(given) ? given : {};
export const evidence = read("evidence") || { code: [], flames: [], curves: [], timelines: [], missing: [] };

// Two commands instead of lessons: what their sides are called, and nothing is divided by records.
export const isPair = isObject(compare.subject);
export const sideNames = isPair && Array.isArray(compare.subject.sides) ? compare.subject.sides : ["naive", "fixed"];
export const each = isPair ? "" : " a record";
export const perRecord = (unit) => (isPair ? unit : `${unit}/record`);

export const list = (value) => (Array.isArray(value) ? value.filter(isObject) : []);
export const lessons = list(compare.lessons);
export const machine = isObject(compare.machine) ? compare.machine : {};

// All lessons there are, also those that were not measured: one for each letter of a build's code.
export const order = (Array.isArray(compare.order) ? compare.order : []).filter((id) => typeof id === "string");
export const isWhole = isPair || lessons.length === order.length;

export function metric(of, name) {
  return list(isObject(of) ? of.metrics : null).find((one) => one.name === name);
}

// The first lesson that has a picture of this kind.
export const lessonWith = (kind) =>
  lessons.find((lesson) => list(lesson.pictures).some((picture) => picture.kind === kind));

// The sections are numbered as they come: render_lessons.c.
export const sectionOf = (id) =>
  document.getElementById(`lesson${lessons.findIndex((one) => one.id === id) + 1}`);

export const title = (one) => (isPair ? one.title : `${one.number} ${one.id}: ${one.title}`);

// The codes of the builds with nothing fixed, with everything, and with one lesson's fix alone.
export const naiveCode = "n".repeat(order.length);
export const fixedCode = "f".repeat(order.length);
export const aloneIn = (id) => order.map((one) => (one === id ? "f" : "n")).join("");

// "nfnn" as words.
export function fixedIn(code) {
  return order.filter((_, index) => code[index] === "f");
}
export function inWords(code) {
  const fixed = fixedIn(code);
  if (fixed.length === 0) return "nothing fixed";
  return fixed.length === order.length ? "all fixed" : `${fixed.join(", ")} fixed`;
}
