// What the page holds: the comparison (compare.json) and its evidence (bench/report/evidence.h).

function read(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

const isObject = (value) => typeof value === "object" && value !== null;
const given = read("compare");

export const compare = isObject(given) ? given : {};
export const evidence = read("evidence") || { code: [], flames: [], curves: [], timelines: [], missing: [] };

export const list = (value) => (Array.isArray(value) ? value.filter(isObject) : []);
export const fixes = list(compare.fixes);
export const machine = isObject(compare.machine) ? compare.machine : {};
export const isWhole = fixes.length === 4;

export function metric(of, name) {
  return list(isObject(of) ? of.metrics : null).find((one) => one.name === name);
}

export const fix = (id) => fixes.find((one) => one.id === id);

// The chapters are numbered as they come: render_chapters.c.
export const chapter = (id) =>
  document.getElementById(`problem${fixes.findIndex((one) => one.id === id) + 1}`);

export const title = (one) => `${one.problem} ${one.id}: ${one.title}`;

// "nfnn" as words.
const names = ["key", "sort", "store", "workers"];
export function fixedIn(code) {
  return names.filter((_, index) => code[index] === "f");
}
export function inWords(code) {
  const fixed = fixedIn(code);
  if (fixed.length === 0) return "nothing fixed";
  return fixed.length === 4 ? "all fixed" : `${fixed.join(", ")} fixed`;
}
