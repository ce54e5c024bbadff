/** The pictures of a network: one level of unfolding at a time, colours, and keys. */
function pictures(panel, known, select, close) {
  const canvas = panel.querySelector(".canvas");
  const legend = make("div", { class: "legend", "aria-hidden": "true" });
  panel.append(legend);
  const colours = ["op", "macs", "params", "memory"];
  const drawn = [...canvas.querySelectorAll("svg")].map((svg, number) => level(svg, known[number]));
  const paper = drawn.find((each, number) => known[number].paper);
  const levels = drawn.filter((each) => each !== paper);
  let shown = levels.length - 1;
  let colour = "op";
  let full = false;

  function level(svg, data) {
    svg.setAttribute("role", "group");
    svg.setAttribute("aria-label", svg.querySelector("desc").textContent);
    const boxes = [...svg.querySelectorAll("g[data-layer]")].map((group) => {
      const [first, count, ...looks] = data.boxes[group.dataset.layer];
      const title = group.querySelector("title");
      group.setAttribute("role", "button");
      group.setAttribute("aria-label", title.textContent.replace(/\n/g, ", "));
      const { x, y, width, height } = attributes(group.querySelector("rect"));
      return { group, first, count, looks, shapes: [...group.querySelectorAll("rect,text.mid")], x: x + width / 2, y: y + height / 2 };
    });
    boxes.forEach((box, place) => { box.group.setAttribute("tabindex", place ? "-1" : "0"); });
    return { svg, boxes, legends: data.legends, byGroup: new Map(boxes.map((box) => [box.group, box])) };
  }

  function attributes(rect) {
    const read = (name) => Number(rect.getAttribute(name));
    return { x: read("x"), y: read("y"), width: read("width"), height: read("height") };
  }

  function paint() {
    const at = colours.indexOf(colour);
    drawn.forEach(({ svg, boxes }, number) => {
      svg.classList.toggle("away", number !== shown);
      svg.classList.toggle("paper", drawn[number] === paper || (number === shown && (number < levels.length - 1 || !paper)));
      for (const box of boxes) {
        for (const shape of box.shapes) {
          shape.classList.remove(...box.looks);
          shape.classList.add(box.looks[at]);
        }
      }
    });
    canvas.classList.toggle("full", full);
    legend.replaceChildren(...(levels[shown] ? levels[shown].legends[at].map(([look, text]) => entry(look, text)) : []));
  }

  function entry(look, text) {
    if (!look) return make("span", {}, text);
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 13 13");
    svg.setAttribute("class", "archcalc");
    const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    for (const [key, value] of Object.entries({ x: 0.5, y: 0.5, width: 12, height: 12, rx: 3, class: `box ${look}` })) rect.setAttribute(key, value);
    svg.append(rect);
    return make("span", {}, svg, text);
  }

  function focus(box) {
    for (const other of levels[shown].boxes) other.group.setAttribute("tabindex", other === box ? "0" : "-1");
    box.group.focus();
    reveal(box.group);
  }

  /** The nearest box that way: what is sideways counts double. */
  function neighbour(box, [right, down]) {
    let best = null;
    let least = Infinity;
    for (const other of levels[shown].boxes) {
      const x = other.x - box.x;
      const y = other.y - box.y;
      const ahead = right * x + down * y;
      const aside = Math.abs(right * y) + Math.abs(down * x);
      if (other !== box && ahead > 1 && ahead + 2 * aside < least) {
        least = ahead + 2 * aside;
        best = other;
      }
    }
    return best;
  }

  const ways = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
  canvas.addEventListener("click", (event) => {
    const group = event.target.closest("g[data-layer]");
    if (!group || !levels[shown]) return;
    const box = levels[shown].byGroup.get(group);
    focus(box);
    select(box.first, box.count, box.group.dataset.layer);
  });
  canvas.addEventListener("keydown", (event) => {
    const box = levels[shown] && levels[shown].byGroup.get(event.target);
    if (!box || event.altKey || event.ctrlKey || event.metaKey) return;
    const boxes = levels[shown].boxes;
    if (event.key === "Enter" || event.key === " ") select(box.first, box.count, box.group.dataset.layer);
    else if (event.key === "Escape") close();
    else if (event.key === "Home") focus(boxes[0]);
    else if (event.key === "End") focus(boxes[boxes.length - 1]);
    else if (ways[event.key]) {
      const next = neighbour(box, ways[event.key]);
      if (next) focus(next);
    } else return;
    event.preventDefault();
  });

  const tools = [];
  if (levels.length > 1) {
    const options = levels.map((each, number) => [number, String(known[number].depth)]);
    tools.push(choice("Unfold", options, shown, (number) => { shown = number; paint(); }).group);
  }
  const names = [["op", "operation"], ["macs", "MACs"], ["params", "params"], ["memory", "memory"]];
  if (levels.length) tools.push(choice("Colour", names, colour, (word) => { colour = word; paint(); }).group);
  if (levels.length) tools.push(choice("Size", [[false, "fit"], [true, "full"]], full, (word) => { full = word; paint(); }).group);
  panel.querySelector("header").append(...tools);
  paint();
  return {
    state: () => ({ shown, colour, full }),
    restore: (state) => {
      ({ colour, full } = state);
      shown = Math.min(state.shown, levels.length - 1);
      paint();
    },
    choose: (first, count, still) => {
      for (const { boxes } of levels) {
        let best = null;
        for (const box of boxes) {
          box.group.classList.remove("chosen");
          if (box.first <= first && box.first + box.count >= first + count && (!best || box.count < best.count)) best = box;
        }
        if (best) {
          best.group.classList.add("chosen");
          if (!still && levels[shown].boxes === boxes) reveal(best.group);
        }
      }
    },
    clear: () => levels.forEach(({ boxes }) => boxes.forEach((box) => box.group.classList.remove("chosen"))),
  };
}
