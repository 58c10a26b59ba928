// Numbers as people read them. The same rules as render_number.c, digit by digit: a number looks the
// same in a figure, in a table of the page, and on the terminal. tests/page/ holds the two together.

export const nothing = "\u2013";
const infinite = "\u221e";
const groupedMax = 999999999;
const unitLengthMax = 8;

// toFixed() rounds an exact half up; C's printf, to the even digit.
function fixed(value, digits) {
  const scaled = Math.abs(value) * 10 ** digits;
  const isHalf = scaled % 1 === 0.5 && Number.isInteger(value * 2 ** 20);
  if (!isHalf) return value.toFixed(digits);
  const down = Math.floor(scaled);
  return (((down % 2 === 0 ? down : down + 1) / 10 ** digits) * Math.sign(value)).toFixed(digits);
}

function grouped(value) {
  const whole = Math.round(Math.abs(value));
  return (value < 0 && whole !== 0 ? "-" : "") + String(whole).replace(/\B(?=(\d{3})+$)/g, ",");
}

function significant(value) {
  if (Number.isNaN(value)) return nothing;
  if (!Number.isFinite(value)) return value > 0 ? infinite : "-" + infinite;
  if (value === 0) return "0";
  const [digits, power] = value.toExponential(2).split("e");
  const exponent = Number(power);
  if (Math.abs(value) > groupedMax || exponent < -4) return `${digits}e${exponent}`;
  return exponent >= 3 ? grouped(value) : fixed(value, 2 - exponent);
}

export function count(value) {
  const isWhole = Math.abs(value) <= groupedMax && Number.isInteger(value);
  return isWhole ? grouped(value) : significant(value);
}

function scaled(value, step, units) {
  let unit = 0;
  for (; Math.abs(value) >= 999.5 && unit + 1 < units.length; unit++) value /= step;
  return `${significant(value)} ${units[unit]}`;
}

function time(ns) {
  if (Number.isInteger(ns) && Math.abs(ns) < 999.5) return `${grouped(ns)} ns`;
  return scaled(ns, 1000, ["ns", "us", "ms", "s"]);
}

function bytes(value) {
  if (Math.abs(value) < 9999.5) return `${count(value)} B`;
  return scaled(value / 1024, 1024, ["KiB", "MiB", "GiB", "TiB"]);
}

const number = (value) => (typeof value === "number" ? value : NaN);

// 7512.3 and "ns/record": "7.51 us". What stands behind the slash is per().
export function value(raw, unit = "1") {
  const amount = number(raw);
  const base = unit.split("/")[0].slice(0, 2 * unitLengthMax - 1);
  if (!Number.isFinite(amount)) return significant(amount);
  if (base === "ns") return time(amount);
  if (base === "B") return bytes(amount);
  const isPlain = ["", "1", "Ir", "threads"].includes(base);
  return isPlain ? count(amount) : `${count(amount)} ${base.slice(0, unitLengthMax)}`;
}

export function per(unit = "") {
  const slash = unit.indexOf("/");
  return slash < 0 ? "" : unit.slice(slash + 1);
}

// Near 1 both sides of it get as many digits: 0.99 and 1.01.
function factor(amount) {
  return amount >= 0.5 && amount < 9.995 ? fixed(amount, 2) : significant(amount);
}

export function ratio(metric) {
  if (metric.unbounded) return infinite;
  const amount = number(metric.ratio);
  return factor(amount) + (Number.isFinite(amount) ? "x" : "");
}

export function times(amount) {
  return `${factor(number(amount))}x`;
}

export function interval(low, high) {
  if (typeof low !== "number" || typeof high !== "number") return nothing;
  return `${factor(low)}\u2013${factor(high)}`;
}

// What stands in a table's column "interval".
export function certainty(metric) {
  return metric.exact ? "exact" : interval(metric.ci_low, metric.ci_high);
}

export function exponent(amount) {
  return Math.abs(amount) < 99.995 ? fixed(amount, 2) : significant(amount);
}

export function percent(amount) {
  const raw = number(amount);
  if (!Number.isFinite(raw)) return significant(raw);
  return `${Math.abs(raw) > 99999 ? significant(raw) : grouped(raw)}%`;
}

export function share(part) {
  const amount = 100 * number(part);
  if (!Number.isFinite(amount)) return significant(amount);
  if (Math.abs(amount) >= 9.95) return percent(amount);
  return `${fixed(amount, Math.abs(amount) < 0.095 ? 3 : 1)}%`;
}
