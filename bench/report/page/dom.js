// Elements in few words, and the frame that all figures share.

export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

// A figure: what it shows as a sentence, how to read it, and the drawing.
export function figure(id, claim, reading, ...content) {
  return el(
    "figure",
    { id, class: "figure" },
    el("figcaption", {}, el("strong", {}, claim), reading ? el("span", {}, reading) : null),
    ...content,
  );
}

export function note(text) {
  return el("p", { class: "note" }, text);
}

// A section of the page's own, before the first of these that is there, with its place in the contents.
export function section(id, title, ...followers) {
  const before = followers.find((one) => document.getElementById(one));
  const made = el(
    "section",
    { id, "aria-labelledby": `${id}-title` },
    el("h2", { id: `${id}-title` }, title),
  );
  const next = document.getElementById(before);
  const link = document.querySelector(`nav a[href="#${before}"]`);
  if (next) next.before(made);
  else document.querySelector("main .licences").before(made);
  const item = el("li", {}, el("a", { href: `#${id}` }, title));
  if (link) link.parentElement.before(item);
  else document.querySelector("nav ul").append(item);
  return made;
}

// A choice among few, as buttons that are pressed: the keyboard and the reader of screens know them.
export function choice(label, options, chosen, choose) {
  const group = el("div", { class: "choice", role: "group", "aria-label": label });
  const select = (id) => {
    for (const button of group.children)
      button.setAttribute("aria-pressed", String(button.dataset.id === id));
    choose(id);
  };
  for (const [id, text] of options)
    group.append(
      el(
        "button",
        { type: "button", "data-id": id, "aria-pressed": "false", onclick: () => select(id) },
        text,
      ),
    );
  group.select = select;
  if (chosen !== undefined) select(chosen);
  return group;
}
