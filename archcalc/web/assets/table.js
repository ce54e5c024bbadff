/** The layer table: folding, sorting, and keys. `select(first, count, row)` is told what is chosen. */
function layerTable(table, select, close) {
  const body = table.tBodies[0];
  const rows = [...body.rows].map((element, number) => {
    const [first, count] = element.dataset.span.split(" ").map(Number);
    return { element, number, first, count, level: Number(element.getAttribute("aria-level")), inside: [], open: false };
  });
  const roots = [];
  const above = [];
  for (const row of rows) {
    above.length = row.level - 1;
    row.parent = above[row.level - 2] || null;
    (row.parent ? row.parent.inside : roots).push(row);
    above.push(row);
  }
  const deepest = Math.max(...rows.map((row) => row.level));
  let order = null;

  function decorate() {
    const totals = [...table.tFoot.rows[0].cells].map((cell, column) =>
      roots.reduce((sum, row) => sum + Number(row.element.cells[column].dataset.v || 0), 0));
    for (const row of rows) {
      row.element.tabIndex = row === rows[0] ? 0 : -1;
      const twist = row.inside.length
        ? make("button", { class: "twist", type: "button", tabindex: "-1", "aria-label": "unfold" }, "▶")
        : make("span", { class: "twist" });
      row.element.cells[0].prepend(twist);
      [...row.element.cells].forEach((cell, column) => {
        if (cell.dataset.v && totals[column]) cell.style.setProperty("--share", Number(cell.dataset.v) / totals[column]);
      });
    }
    table.setAttribute("role", "treegrid");
    for (const head of table.tHead.rows[0].cells) {
      const button = make("button", { type: "button" }, ...head.childNodes);
      button.addEventListener("click", () => sortBy(head));
      head.append(button);
    }
  }

  function valueOf(row, column) {
    const cell = row.element.cells[column];
    if (cell.dataset.v !== undefined) return Number(cell.dataset.v);
    const text = cell.textContent.trim();
    return /^\(?[\d.,]+/.test(text) ? Number.parseFloat(text.replace(/[(,]/g, "")) : text;
  }

  function sorted(list) {
    if (!order) return list;
    const sign = order.down ? -1 : 1;
    const keyed = list.map((row) => [valueOf(row, order.column), row]);
    keyed.sort(([a, one], [b, other]) => {
      if (a === "" || b === "") return (a === "") - (b === "") || one.number - other.number;
      const less = typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true });
      return sign * less || one.number - other.number;
    });
    return keyed.map(([, row]) => row);
  }

  function sortBy(head) {
    const column = head.cellIndex;
    const numeric = !head.classList.contains("left");
    if (!order || order.column !== column) order = { column, down: numeric };
    else order = order.down === numeric ? { column, down: !numeric } : null;
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    if (order) head.setAttribute("aria-sort", order.down ? "descending" : "ascending");
    arrange();
  }

  function arrange() {
    const inOrder = [];
    const walk = (list) => sorted(list).forEach((row) => { inOrder.push(row.element); walk(row.inside); });
    walk(roots);
    body.append(...inOrder);
  }

  function show() {
    const walk = (list, seen) => list.forEach((row) => {
      row.element.hidden = !seen;
      if (row.inside.length) {
        row.element.setAttribute("aria-expanded", row.open);
        row.element.querySelector(".twist").setAttribute("aria-label", row.open ? "fold" : "unfold");
      }
      walk(row.inside, seen && row.open);
    });
    walk(roots, true);
  }

  function unfold(level) {
    for (const row of rows) row.open = row.level < level;
    show();
  }

  function openTo(row) {
    for (let up = row.parent; up; up = up.parent) up.open = true;
    show();
  }

  const seen = () => [...body.rows].filter((element) => !element.hidden).map((element) => byElement.get(element));
  const byElement = new Map(rows.map((row) => [row.element, row]));
  let chosen = null;

  function focus(row) {
    for (const other of rows) other.element.tabIndex = other === row ? 0 : -1;
    row.element.focus();
  }

  function choose(row) {
    if (chosen) chosen.element.removeAttribute("aria-selected");
    chosen = row;
    if (row) row.element.setAttribute("aria-selected", "true");
  }

  function pick(row) {
    choose(row);
    select(row.first, row.count, row.number);
  }

  function toggle(row, open) {
    row.open = open;
    show();
  }

  body.addEventListener("click", (event) => {
    const row = byElement.get(event.target.closest("tr"));
    if (!row) return;
    focus(row);
    if (event.target.closest("button.twist")) toggle(row, !row.open);
    else if (!String(getSelection())) pick(row);
  });

  const keys = {
    ArrowDown: (row, list, at) => list[at + 1],
    ArrowUp: (row, list, at) => list[at - 1],
    Home: (row, list) => list[0],
    End: (row, list) => list[list.length - 1],
    ArrowRight: (row) => {
      if (!row.inside.length) return null;
      if (row.open) return sorted(row.inside)[0];
      return toggle(row, true);
    },
    ArrowLeft: (row) => (row.open && row.inside.length ? toggle(row, false) : row.parent),
  };
  body.addEventListener("keydown", (event) => {
    const row = byElement.get(event.target);
    if (!row || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") pick(row);
    else if (event.key === "Escape") close();
    else if (keys[event.key]) {
      const list = seen();
      const next = keys[event.key](row, list, list.indexOf(row));
      if (next) {
        focus(next);
        reveal(next.element);
        if (chosen) pick(next);
      }
    } else return;
    event.preventDefault();
  });

  const pathOf = (row) => row.element.cells[0].title;

  /** The row of some layers: the very one, or the smallest that has them. */
  function rowOf(first, count) {
    let found = null;
    for (const row of rows) {
      if (row.first <= first && row.first + row.count >= first + count && (!found || row.count < found.count)) found = row;
    }
    return found;
  }

  decorate();
  show();
  return {
    rows,
    deepest,
    unfold,
    chosen: () => chosen,
    clear: () => choose(null),
    next: (step) => {
      const list = seen();
      const row = list[list.indexOf(chosen) + step];
      if (row) { pick(row); reveal(row.element); }
    },
    refocus: () => { if (chosen && !chosen.element.hidden) focus(chosen); },
    choose: (first, count, still) => {
      const row = rowOf(first, count);
      if (!row) return null;
      openTo(row);
      choose(row);
      for (const other of rows) other.element.tabIndex = other === row ? 0 : -1;
      if (!still) reveal(row.element);
      return row.number;
    },
    opened: () => rows.filter((row) => row.open).map(pathOf),
    order: () => order,
    path: () => chosen && pathOf(chosen),
    restore: (view) => {
      const open = new Set(view.open);
      for (const row of rows) row.open = open.has(pathOf(row));
      show();
      if (view.order) {
        order = view.order;
        table.tHead.rows[0].cells[order.column].setAttribute("aria-sort", order.down ? "descending" : "ascending");
        arrange();
      }
    },
  };
}
