"use strict";

/** Make an element; texts are texts, never markup. */
function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

/** Make a row of buttons of which one is chosen; returns it with a function that chooses. */
function choice(title, options, chosen, use) {
  const buttons = new Map();
  const mark = (value) => buttons.forEach((button, own) => button.setAttribute("aria-pressed", own === value));
  for (const [value, text] of options) {
    buttons.set(value, make("button", { type: "button", onclick: () => { mark(value); use(value); } }, text));
  }
  mark(chosen);
  const group = make("span", { class: "set", role: "group", "aria-label": title },
    make("span", {}, title), make("span", {}, ...buttons.values()));
  return { group, mark };
}

/** Bring an element into sight within what scrolls, and not move when it is there already. */
function reveal(element) {
  element.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "auto" });
}
