/** The sheet at the foot of the window: where the numbers of what is chosen come from. */
function derivationSheet(sheet, onClose, onStep) {
  const title = make("h3", {});
  const about = make("p", {});
  const body = make("div", { class: "body", tabindex: "0", role: "group", "aria-label": "Formulas and numbers" });
  const key = (text, label, use) => make("button", { type: "button", class: "key", "aria-label": label, onclick: use }, text);
  sheet.replaceChildren(
    make("header", {}, title, about, key("↑", "row before", () => onStep(-1)), key("↓", "row after", () => onStep(1)), key("close", "close", onClose)),
    body,
  );
  sheet.addEventListener("keydown", (event) => { if (event.key === "Escape") onClose(); });

  /** A formula with its quantities as books set them: C_out is C with a subscript, in italics. */
  function formula(text) {
    const parts = [];
    let end = 0;
    for (const match of text.matchAll(/\b([A-Z])(?:_([a-z]+))?('?)(?=[^A-Za-z_]|$)/g)) {
      if (match[1] === "B" && !match[2]) continue;
      parts.push(text.slice(end, match.index), make("i", {}, match[1]));
      if (match[2]) parts.push(make("sub", {}, match[2]));
      if (match[3]) parts.push("\u2032");
      end = match.index + match[0].length;
    }
    return [...parts, text.slice(end)];
  }

  function derivation(data, [name, , lines]) {
    const rows = lines.map((step) => {
      const [label, names, numbers, result] = data.steps[step].map((text) => data.texts[text]);
      const part = label.startsWith(" ");
      return make("tr", {},
        make("td", { class: "left" }, part ? `\u2003${label.trim()}` : label),
        make("td", { class: "left formula" }, ...formula(names)),
        make("td", { class: "left numbers" }, numbers),
        make("td", { class: "result" }, result));
    });
    return make("div", { class: "wide" }, make("table", {}, make("caption", {}, `Derivation of ${name}`), make("tbody", {}, ...rows)));
  }

  function said(data, [, , , notes]) {
    const line = (text) => {
      const [, before, code, after] = text.match(/^(in the spec: )(.*)(  \(line \d+\))$/s) || [];
      return code === undefined ? make("p", { class: text.startsWith("! ") ? "remark" : null }, text.replace(/^! /, ""))
        : make("p", {}, before, make("code", {}, code), after);
    };
    return make("div", { class: "said" }, ...notes.map((note) => line(data.texts[note])));
  }

  const step = (data, layer) => make("div", { class: "step" }, derivation(data, layer), said(data, layer));

  function show(data, path, first, count, row) {
    const layers = data.layers.slice(first, first + count);
    title.textContent = path;
    about.textContent = count === 1 ? data.texts[layers[0][1]].replace(/^.*?: /s, "") : `${count} layers`;
    const sums = (count > 1 && data.sums[row] ? data.sums[row] : []).map((text) => make("p", {}, data.texts[text]));
    const open = count <= 4;
    const parts = layers.map((layer) => {
      if (count === 1) return [step(data, layer)];
      const text = data.texts[layer[1]];
      const at = text.indexOf(": ");
      const details = make("details", { open }, make("summary", {}, make("b", {}, text.slice(0, at)), " ", make("span", {}, text.slice(at + 2))));
      const fill = () => { if (details.open && details.childElementCount === 1) details.append(step(data, layer)); };
      details.addEventListener("toggle", fill);
      fill();
      return [details];
    });
    body.replaceChildren(...sums, ...parts.flat());
    body.scrollTop = 0;
    sheet.hidden = false;
  }

  return { show, hide: () => { sheet.hidden = true; }, isOpen: () => !sheet.hidden };
}
