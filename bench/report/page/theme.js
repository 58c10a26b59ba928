// Light, dark, or as the system is; always light on paper. Figures are told when the colours change.

import { el } from "./dom.js";

const root = document.documentElement;
const listeners = [];
const system = matchMedia("(prefers-color-scheme: dark)");
let wanted = "system";
let isPrinting = false;

function apply() {
  const isDark = !isPrinting && (wanted === "dark" || (wanted === "system" && system.matches));
  root.dataset.theme = isDark ? "dark" : "light";
  for (const listener of listeners) listener();
}

export function onColors(listener) {
  listeners.push(listener);
}

// The colour of a CSS variable, as it is now.
export function color(name) {
  return getComputedStyle(root).getPropertyValue(`--${name}`).trim();
}

export function fontSize() {
  return parseFloat(getComputedStyle(root).fontSize);
}

function print(is) {
  isPrinting = is;
  apply();
}

export function start() {
  const button = el("button", { type: "button", class: "theme" });
  const show = () => {
    const other = root.dataset.theme === "dark" ? "light" : "dark";
    button.textContent = root.dataset.theme === "dark" ? "\u263c" : "\u263e";
    button.setAttribute("aria-label", `Show the page ${other}`);
    button.title = `Show the page ${other}`;
  };
  button.addEventListener("click", () => {
    wanted = root.dataset.theme === "dark" ? "light" : "dark";
    apply();
    show();
  });
  document.getElementById("theme").append(button);
  system.addEventListener("change", () => {
    apply();
    show();
  });
  addEventListener("beforeprint", () => print(true));
  addEventListener("afterprint", () => print(false));
  apply();
  show();
}
