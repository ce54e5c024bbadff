/** The page with an editor, whichever engine answers: `ask(text, name, options)` promises a dict. */
function playground(settings, ask) {
  const result = document.getElementById("result");
  const list = document.getElementById("mistakes");
  const state = { name: "", part: null, view: null };
  const sheet = derivationSheet(document.getElementById("sheet"), () => state.part && state.part.close(), (by) => state.part && state.part.step(by));
  let waiting = null;
  let busy = false;
  let again = false;

  const editor = specEditor(document.querySelector(".editor"), () => soon(80));
  const field = (label, control) => make("label", {}, make("span", {}, label), control);
  const networks = make("select", { onchange: () => { state.name = networks.value; soon(0); } });
  const size = make("input", { type: "text", size: "9", placeholder: "as written", spellcheck: "false", oninput: () => soon(250) });
  const batch = make("input", { type: "number", min: "1", value: "1", oninput: () => soon(250) });
  const types = make("select", { onchange: () => soon(0) }, ...settings.dtypes.map((word) => make("option", {}, word)));
  const zoo = make("select", { "aria-label": "Open a network of the zoo", onchange: () => { open(zoo.value); zoo.selectedIndex = 0; } },
    make("option", { value: "" }, "Open from the zoo …"),
    ...settings.zoo.map(({ title, names }) => make("optgroup", { label: title }, ...names.map(([name, ...others]) => make("option", { value: name }, [name, ...others].join(", "))))));
  document.getElementById("choices").append(zoo, field("network", networks), field("input", size), field("batch", batch), field("type", types));

  const options = () => ({ input: size.value.trim(), batch: Number(batch.value) || 0, dtype: types.value });

  function soon(delay) {
    clearTimeout(waiting);
    waiting = setTimeout(update, delay);
  }

  async function update() {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const text = editor.text();
      const answer = await ask(text, state.name, { ...options(), want: "page" });
      if (text === editor.text()) show(answer);
      else again = true;
    } catch (error) {
      complain([], `The engine gives no answer (${error.message}).`);
    }
    busy = false;
    if (again) { again = false; update(); }
  }

  function show(answer) {
    if (answer.names) {
      networks.replaceChildren(...answer.names.map((name) => make("option", {}, name)));
      if (!answer.names.includes(answer.name)) networks.append(make("option", {}, answer.name));
      networks.value = answer.name;
      state.name = answer.name;
    }
    complain(answer.mistakes || [], answer.error || "");
    if (answer.html !== undefined) draw(answer);
    remember();
  }

  function complain(mistakes, error) {
    editor.show(mistakes);
    const entry = ({ line, column, message, offset }) => make("li", {},
      make("button", { type: "button", onclick: () => editor.goTo(offset) }, make("b", {}, `${line}:${column}`), ` ${message}`));
    const parts = [];
    if (mistakes.length) parts.push(make("ol", {}, ...mistakes.map(entry)));
    if (error) parts.push(make("p", {}, error));
    list.replaceChildren(...(parts.length ? parts : [make("p", { class: "well" }, "no mistakes")]));
    result.classList.toggle("old", parts.length > 0);
  }

  /** Put the answer in place, with what was unfolded, coloured and chosen as it was. */
  function draw(answer) {
    const before = state.part && state.part.view();
    const parsed = new DOMParser().parseFromString(answer.html, "text/html");
    const article = document.importNode(parsed.body.firstElementChild, true);
    result.replaceChildren(article);
    document.title = `${answer.title} · archcalc`;
    state.part = networkPart(article, answer.data, sheet);
    if (before) state.part.restore(before);
  }

  async function open(name) {
    if (!name) return;
    const answer = await ask("", name, { want: "spec" });
    if (answer.error) { complain([], answer.error); return; }
    use(answer.text, answer.name);
  }

  function use(text, name) {
    state.name = name;
    size.value = "";
    editor.set(text);
    soon(0);
  }

  async function remember() {
    const packed = await link.pack(editor.text(), state.name);
    if (packed.length < 500000) history.replaceState(null, "", `#${packed}`);
  }

  function download(text, ending, type) {
    const address = URL.createObjectURL(new Blob([text], { type }));
    make("a", { href: address, download: `${state.name || "network"}.${ending}` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }

  async function downloaded(want, type) {
    const answer = await ask(editor.text(), state.name, { ...options(), want });
    if (answer.text !== undefined) download(answer.text, want, type);
    else show(answer);
  }

  async function copyLink(button) {
    await remember();
    const said = await navigator.clipboard.writeText(location.href).then(() => "copied", () => "it is in the address bar");
    button.textContent = said;
    setTimeout(() => { button.textContent = "link"; }, 1500);
  }

  const tool = (text, label, use) => make("button", { type: "button", "aria-label": label, onclick: (event) => use(event.currentTarget) }, text);
  document.getElementById("tools").append(
    make("span", { class: "set", role: "group", "aria-label": "Share" }, make("span", {}, "Share"), make("span", {}, tool("link", "copy a link that carries the spec", copyLink))),
    make("span", { class: "set", role: "group", "aria-label": "Download" }, make("span", {}, "Download"), make("span", {},
      tool("spec", "download the spec", () => download(editor.text(), "yaml", "application/yaml")),
      tool("SVG", "download the picture", () => downloaded("svg", "image/svg+xml")),
      tool("CSV", "download the table", () => downloaded("csv", "text/csv")))),
    themeChoice());
  addEventListener("hashchange", async () => {
    const carried = await link.unpack(location.hash);
    if (carried && carried.text !== editor.text()) use(carried.text, carried.name);
  });
  return { use };
}
