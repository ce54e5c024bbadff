(function start() {
  const data = JSON.parse(document.getElementById("data").textContent);
  const sections = [...document.querySelectorAll("article.network")];
  let current = 0;
  const sheet = derivationSheet(document.getElementById("sheet"), () => parts[current].close(), (by) => parts[current].step(by));
  const parts = sections.map((section, number) => networkPart(section, data.networks[number], sheet));
  document.querySelector(".masthead").append(themeChoice());
  const nav = document.querySelector("nav.tabs");
  if (nav) {
    const show = networkTabs(nav, sections, (number) => {
      parts[current].close();
      current = number;
    });
    show(0, false);
  }
})();
