/** The editor: a text area over layers that colour it, mark mistakes, and number its lines. */
function specEditor(root, onChange) {
  const area = root.querySelector("textarea");
  const [colours, marks, numbers] = ["colours", "marks", "numbers"].map((kind) => root.querySelector(`.${kind}`));
  const TOKENS = /((?:^|(?<=\s))#.*$)|("(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*')|((?<![\w.+/-])[\w.+/-]+(?=\s*:(?:[\s,}]|$)))|((?<=[\s:,[{])=[^,}\]#\n]+)|((?<![\w.:/-])-?\d[\d_.]*(?![\w.-]))/gm;
  const KINDS = ["comment", "string", "word", "formula", "number"];
  let mistakes = [];
  let leaving = false;

  function colour() {
    const text = area.value;
    const parts = [];
    let end = 0;
    for (const match of text.matchAll(TOKENS)) {
      const kind = KINDS[match.slice(1).findIndex((group) => group !== undefined)];
      parts.push(text.slice(end, match.index), make("span", { class: kind }, match[0]));
      end = match.index + match[0].length;
    }
    colours.replaceChildren(...parts, text.slice(end), "\n");
  }

  /** Where a character stands in a text of JavaScript, in which some count twice. */
  function place(text, offset) {
    let at = 0;
    for (let count = 0; count < offset && at < text.length; count += 1) at += text.codePointAt(at) > 0xffff ? 2 : 1;
    return at;
  }

  function mark() {
    const text = area.value;
    const parts = [];
    let end = 0;
    const wrong = new Set();
    const at = mistakes.map((mistake) => ({ ...mistake, start: place(text, mistake.offset) }));
    for (const [number, mistake] of at.entries()) {
      const start = Math.max(end, mistake.start);
      const line = text.slice(0, mistake.start).split("\n").length;
      const rest = text.slice(start).match(/^(?:[\w.+/=-]+|[^\n])?/)[0];
      const eol = text.indexOf("\n", start) < 0 ? text.length : text.indexOf("\n", start);
      parts.push(text.slice(end, start), make("mark", {}, rest || " "));
      end = start + rest.length;
      const next = at[number + 1];
      if (!wrong.has(line) && (!next || next.start > eol)) {
        parts.push(text.slice(end, eol), make("em", {}, `   ${mistake.message}`));
        end = eol;
      }
      wrong.add(line);
    }
    marks.replaceChildren(...parts, text.slice(end), "\n");
    const lines = text.split("\n").length;
    const label = (line) => make("span", { class: wrong.has(line) ? "wrong" : null }, `${line}\n`);
    numbers.replaceChildren(...Array.from({ length: lines }, (_, line) => label(line + 1)));
    scroll();
  }

  function scroll() {
    const { scrollTop, scrollLeft } = area;
    colours.style.transform = marks.style.transform = `translate(${-scrollLeft}px, ${-scrollTop}px)`;
    numbers.style.transform = `translateY(${-scrollTop}px)`;
  }

  function insert(text) {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    changed();
  }

  /** Move the lines of the selection by two blanks. */
  function indent(back) {
    const { value, selectionStart, selectionEnd } = area;
    if (!back && selectionStart === selectionEnd) { insert("  "); return; }
    const first = value.lastIndexOf("\n", selectionStart - 1) + 1;
    const block = value.slice(first, selectionEnd);
    const moved = back ? block.replace(/^ {1,2}/gm, "") : block.replace(/^/gm, "  ");
    area.setRangeText(moved, first, selectionEnd, "select");
    changed();
  }

  function changed() {
    mistakes = [];
    colour();
    mark();
    onChange(area.value);
  }

  area.addEventListener("input", changed);
  area.addEventListener("scroll", scroll);
  area.addEventListener("blur", () => { leaving = false; });
  area.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { leaving = true; return; }
    if (event.key === "Tab" && !leaving && !event.ctrlKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      indent(event.shiftKey);
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !event.isComposing) {
      const line = area.value.slice(0, area.selectionStart).split("\n").pop();
      event.preventDefault();
      insert(`\n${line.match(/^ */)[0]}${/:\s*$/.test(line) ? "  " : ""}`);
      area.blur();
      area.focus();
    }
    if (event.key !== "Shift") leaving = false;
  });

  return {
    text: () => area.value,
    set: (text) => { area.value = text; mistakes = []; colour(); mark(); area.scrollTop = 0; area.setSelectionRange(0, 0); },
    show: (found) => { mistakes = found; mark(); },
    goTo: (offset) => {
      const at = place(area.value, offset);
      area.focus();
      area.setSelectionRange(at, at);
    },
  };
}
