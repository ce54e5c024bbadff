/** Put life into the part of a page about one network. */
function networkPart(section, data, sheet) {
  let last = null;
  const show = (first, count, row, path) => {
    sheet.show(data, path, first, count, row);
    document.querySelector(".page").classList.add("reading");
  };
  const table = layerTable(section.querySelector("table.layers"), (first, count, row) => {
    last = table;
    show(first, count, row, pathOf(row));
    drawn.choose(first, count);
    reveal(table.rows[row].element);
  }, () => part.close());
  const pathOf = (row) => table.rows[row].element.cells[0].title;
  const drawn = pictures(section.querySelector(".graph"), data.pictures, (first, count, path) => {
    last = null;
    show(first, count, table.choose(first, count), path);
    drawn.choose(first, count);
  }, () => part.close());
  if (table.deepest > 1) {
    const levels = Array.from({ length: table.deepest }, (_, level) => [level + 1, level + 1 < table.deepest ? String(level + 1) : "all"]);
    section.querySelector(".table>header").append(choice("Unfold", levels, 1, table.unfold).group);
  }
  const canvas = section.querySelector(".canvas");
  const part = {
    table,
    drawn,
    step: (by) => table.next(by),
    view: () => ({ open: table.opened(), order: table.order(), drawn: drawn.state(), chosen: table.path(), scrolled: canvas.scrollTop }),
    restore: (view) => {
      table.restore(view);
      drawn.restore(view.drawn);
      canvas.scrollTop = view.scrolled;
      const row = table.rows.find((each) => each.element.cells[0].title === view.chosen);
      if (row && sheet.isOpen()) {
        table.choose(row.first, row.count, true);
        drawn.choose(row.first, row.count, true);
        show(row.first, row.count, row.number, view.chosen);
      } else {
        sheet.hide();
      }
    },
    close: () => {
      if (!sheet.isOpen()) return;
      sheet.hide();
      document.querySelector(".page").classList.remove("reading");
      drawn.clear();
      if (last) table.refocus();
      table.clear();
    },
  };
  return part;
}

/** Make tabs of the links to several networks; returns what shows one. */
function networkTabs(nav, sections, onChange) {
  const links = [...nav.children];
  nav.setAttribute("role", "tablist");
  const show = (number, focus) => {
    links.forEach((link, own) => {
      link.setAttribute("aria-selected", own === number);
      link.tabIndex = own === number ? 0 : -1;
      sections[own].hidden = own !== number;
    });
    if (focus) links[number].focus();
    onChange(number);
  };
  links.forEach((link, number) => {
    link.setAttribute("role", "tab");
    link.setAttribute("aria-controls", sections[number].id);
    sections[number].setAttribute("role", "tabpanel");
    link.addEventListener("click", (event) => { event.preventDefault(); show(number, true); });
    link.addEventListener("keydown", (event) => {
      const to = { ArrowRight: number + 1, ArrowLeft: number - 1, Home: 0, End: links.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      show((to + links.length) % links.length, true);
    });
  });
  return show;
}

/** The choice of light, dark, or what the reader's system says. */
function themeChoice() {
  const options = [["", "auto"], ["light", "light"], ["dark", "dark"]];
  return choice("Theme", options, "", (theme) => {
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
  }).group;
}
