// Flame graphs of both programs in one tree, and their difference from either side. D3's partition
// lays the frames out; here they become elements that can be clicked, walked with the keys, and searched.

import { hierarchy, partition } from "d3-hierarchy";
import { select } from "d3-selection";
import { compare, each, evidence, isPair, isWhole, list, sideNames } from "./data.js";
import { choice, el, figure } from "./dom.js";
import * as format from "./format.js";

const [first, second] = sideNames;
const views = {
  naive: { name: first, color: "naive", side: 0, isDifference: false },
  fixed: { name: second, color: "fixed", side: 1, isDifference: false },
  lost: { name: `difference, on ${first}`, side: 0, isDifference: true },
  gained: { name: `difference, on ${second}`, side: 1, isDifference: true },
};

const readings = {
  naive: "Wide is costly. A frame stands on the one that called it.",
  fixed: "Wide is costly. A frame stands on the one that called it.",
  lost: `As wide as in the ${first} program. Blue became less, fully blue is gone; orange became more.`,
  gained: `As wide as in the ${second} program. Orange became more, fully orange is new; blue became less.`,
};

const smallest = 0.15; // percent of the width

// [name, naive, fixed, children] as D3 wants it, for one side.
function layout(root, side) {
  const tree = hierarchy(root, (node) => node[3].filter((child) => child[1 + side] > 0));
  tree.each((node) => (node.value = node.data[1 + side]));
  tree.sort((a, b) => (a.data[0] < b.data[0] ? -1 : 1));
  partition()(tree);
  return tree;
}

// -1: only naive has it, 1: only fixed has it.
function change(node) {
  const [, naive, fixed] = node.data;
  return (fixed - naive) / Math.max(naive, fixed, 1e-9);
}

function hash(text) {
  let sum = 0;
  for (const letter of text) sum = (31 * sum + letter.charCodeAt(0)) % 997;
  return sum / 997;
}

function colorOf(node, view) {
  if (!view.isDifference)
    return `color-mix(in srgb, var(--${view.color}) ${18 + Math.round(26 * hash(node.data[0]))}%, var(--paper))`;
  const much = change(node);
  if (Math.abs(much) < 0.01) return "var(--band)";
  return `color-mix(in srgb, var(--${much < 0 ? "fixed" : "naive"}) ${Math.round(15 + 75 * Math.abs(much))}%, var(--paper))`;
}

// What is written on the frame, so that it can be read there.
function inkOf(node, view) {
  return view.isDifference && Math.abs(change(node)) > 0.6 ? "var(--paper)" : null;
}

function describe(node, flame, view) {
  const [name, naive, fixed] = node.data;
  const whole = node.ancestors()[node.depth];
  const part = node.data[1 + view.side] / whole.data[1 + view.side];
  return `${name}: ${format.value(naive, flame.unit)} ${first}, ${format.value(fixed, flame.unit)} ${second}${each && `,${each}`}; ${format.share(part)} of ${sideNames[view.side]}`;
}

// D3 hands a listener the datum or the event, as its version has it; the element knows its datum in all.
function listener(act) {
  return function () {
    act(select(this).datum());
  };
}

class Flame {
  constructor(flame) {
    this.flame = flame;
    this.frames = el("div", { class: "flame", role: "tree", "aria-label": flame.title });
    this.details = el("p", { class: "details", "aria-live": "polite" });
    this.term = "";
    this.show("naive");
  }

  show(id) {
    this.view = views[id];
    this.tree = layout(this.flame.root, this.view.side);
    this.zoom(this.tree);
  }

  zoom(node) {
    this.top = node;
    this.draw();
    this.tell(node);
  }

  tell(node) {
    this.details.textContent = describe(node, this.flame, this.view);
  }

  search(term) {
    this.term = term.toLowerCase();
    this.draw();
    const found = this.term ? this.tree.descendants().filter((node) => this.matches(node)) : [];
    const outer = found.filter(
      (node) =>
        !node
          .ancestors()
          .slice(1)
          .some((above) => this.matches(above)),
    );
    const sum = outer.reduce((all, node) => all + node.value, 0);
    if (this.term)
      this.details.textContent = `"${term}": ${found.length} frames, ${format.value(sum, this.flame.unit)} a record, ${format.share(sum / (this.tree.value || 1))} of all`;
  }

  matches(node) {
    return this.term !== "" && node.data[0].toLowerCase().includes(this.term);
  }

  visible() {
    const { top } = this;
    const above = new Set(top.ancestors());
    return this.tree.descendants().filter((node) => {
      if (above.has(node)) return true;
      const isBelow = node.x0 >= top.x0 && node.x1 <= top.x1 && node.depth > top.depth;
      return isBelow && (100 * (node.x1 - node.x0)) / (top.x1 - top.x0) >= smallest;
    });
  }

  place(node) {
    const scale = 100 / (this.top.x1 - this.top.x0);
    const isAbove = node.depth < this.top.depth;
    return {
      left: isAbove ? 0 : (node.x0 - this.top.x0) * scale,
      width: isAbove ? 100 : (node.x1 - node.x0) * scale,
    };
  }

  draw() {
    const nodes = this.visible();
    const deepest = Math.max(...nodes.map((node) => node.depth));
    this.frames.style.setProperty("--rows", deepest + 1);
    const frames = select(this.frames)
      .selectAll("button")
      .data(nodes, (node) =>
        node
          .ancestors()
          .map((each) => each.data[0])
          .join("/"),
      );
    frames.exit().remove();
    frames
      .enter()
      .append("button")
      .attr("type", "button")
      .attr("role", "treeitem")
      .on(
        "click",
        listener((node) => this.zoom(node)),
      )
      .on(
        "mouseenter",
        listener((node) => this.tell(node)),
      )
      .on(
        "focus",
        listener((node) => this.tell(node)),
      )
      .merge(frames)
      .attr(
        "class",
        (node) => `frame${node.depth < this.top.depth ? " above" : ""}${this.matches(node) ? " found" : ""}`,
      )
      .attr("aria-level", (node) => node.depth + 1)
      .attr("aria-label", (node) => describe(node, this.flame, this.view))
      .attr("title", (node) => describe(node, this.flame, this.view))
      .attr("tabindex", (node) => (node === this.top ? 0 : -1))
      .style("left", (node) => `${this.place(node).left}%`)
      .style("width", (node) => `${this.place(node).width}%`)
      .style("bottom", (node) => `calc(${node.depth} * var(--row))`)
      .style("background", (node) => (this.matches(node) ? null : colorOf(node, this.view)))
      .style("color", (node) => (this.matches(node) ? null : inkOf(node, this.view)))
      .text((node) => (this.place(node).width > 3.5 ? node.data[0] : ""));
  }

  // Up, down, left and right, as the frames lie; Escape for all.
  walk(event) {
    const button = event.target.closest("button");
    const node = button && select(button).datum();
    if (!node) return;
    const siblings = node.parent ? node.parent.children : [node];
    const at = siblings.indexOf(node);
    const next = {
      ArrowUp: node.children && [...node.children].sort((a, b) => b.value - a.value)[0],
      ArrowDown: node.parent,
      ArrowLeft: siblings[at - 1],
      ArrowRight: siblings[at + 1],
      Escape: this.tree,
    }[event.key];
    if (!(event.key in { ArrowUp: 1, ArrowDown: 1, ArrowLeft: 1, ArrowRight: 1, Escape: 1 })) return;
    event.preventDefault();
    if (event.key === "Escape") this.zoom(this.tree);
    const buttons = [...this.frames.children];
    const target = next && buttons.find((each) => select(each).datum() === next);
    if (target) target.focus();
  }
}

function source(flame) {
  if (isPair) return `From ${flame.naive} and ${flame.fixed}: where a command starts others, of its largest process.`;
  return `From ${flame.naive} and ${flame.fixed}, divided by ${format.count(flame.records)} records.`;
}

function graph(flame, side) {
  const drawn = new Flame(flame);
  const reading = el("span", { class: "reading" }, "");
  const search = el("input", {
    type: "search",
    placeholder: "Search a function",
    "aria-label": "Search a function",
    oninput: (event) => drawn.search(event.target.value),
  });
  const reset = el(
    "button",
    { type: "button", class: "reset", onclick: () => drawn.zoom(drawn.tree) },
    "Whole",
  );
  const show = (id) => {
    drawn.show(id);
    drawn.search(search.value);
    reading.textContent = readings[id];
  };
  const switches = choice(
    "Which side",
    Object.entries(views).map(([id, view]) => [id, view.name]),
    side,
    show,
  );
  drawn.frames.addEventListener("keydown", (event) => drawn.walk(event));
  const honest =
    flame.tool === "DHAT"
      ? "Whole stacks, as DHAT saw them."
      : "Callgrind counts by pairs of caller and callee: what a function called costs is divided among its callers in proportion.";
  return [
    el("div", { class: "controls" }, switches, search, reset),
    reading,
    drawn.frames,
    drawn.details,
    el("span", { class: "reading" }, `${honest} ${source(flame)}`),
  ];
}

export function drawFlames(section) {
  const flames = list(evidence.flames);
  if (flames.length === 0) {
    section.append(
      el("p", { class: "note" }, "No profiles were found beside compare.json when this page was made."),
    );
    return;
  }
  const place = el("div");
  const show = (id) => {
    const flame = flames.find((one) => one.id === id);
    const [, naive, fixed] = flame.root;
    const saved = naive > 0 ? (naive - fixed) / naive : 0;
    const change =
      Math.abs(saved) < 0.0005
        ? "no difference"
        : saved < 0
          ? `${format.share(-saved)} more`
          : `${format.share(saved)} less`;
    place.replaceChildren(
      figure(
        "flame",
        `${flame.title}: ${format.value(naive, flame.unit)} \u2192 ${format.value(fixed, flame.unit)}${each}, ${change}`,
        "Click a frame, or press Enter on it, to see it as wide as the page; the arrow keys go from frame to frame, Escape goes back to all.",
        ...graph(flame, "naive"),
      ),
    );
  };
  section.append(
    choice(
      "What of",
      flames.map((one) => [one.id, one.title]),
      flames[0].id,
      show,
    ),
    place,
  );
  if (!isWhole && compare.only_lesson)
    section.append(el("p", { class: "note" }, `Only ${compare.only_lesson} was measured in this run.`));
}
