(async function start() {
  const settings = JSON.parse(document.getElementById("data").textContent);
  const carried = await link.unpack(location.hash);
  const waiting = document.querySelector(".waiting");
  let ready = null;
  const engine = new Promise((resolve) => { ready = resolve; });
  const page = playground(settings, async (...request) => (await engine)(...request));
  page.use(carried ? carried.text : settings.text, carried ? carried.name : settings.name);
  try {
    ready(await startEngine((text) => { waiting.textContent = text; }));
  } catch (error) {
    waiting.textContent = `The engine does not start: ${error.message}`;
  }
})();
