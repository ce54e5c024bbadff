"""Pages in a real browser: opened from a disk, clicked, typed in, and turned by keys."""

from __future__ import annotations

import re
from threading import Thread
from urllib.parse import quote

import pytest
from browsers import asked_for, messages, start, until
from making import spec
from running import run
from test_web import HOSTILE, NAMES, TITLE

import archcalc

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def driver():
    driver = start()
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("pages")


def opened(driver, folder, *arguments):
    """Write a report and open it from the disk."""
    file = folder / f"{'-'.join(arguments).replace('/', '_')[-60:]}.html"
    if not file.exists():
        assert run("report", *arguments, "-o", file).exit_code == 0
    messages(driver), asked_for(driver)
    driver.get("about:blank")
    asked_for(driver)
    driver.get(f"file://{quote(str(file))}")
    return driver


def all_of(driver, selector):
    from selenium.webdriver.common.by import By

    return driver.find_elements(By.CSS_SELECTOR, selector)


def one(driver, selector):
    (found,) = all_of(driver, selector)
    return found


def seen(driver, selector):
    return [element for element in all_of(driver, selector) if element.is_displayed()]


def press(driver, *keys):
    from selenium.webdriver.common.keys import Keys

    for key in keys:
        driver.switch_to.active_element.send_keys(getattr(Keys, key, key))


def rows(driver):
    """Return the names in the rows that show."""
    return driver.execute_script(
        "const seen = tr => !tr.hidden && tr.offsetParent;"
        "return [...document.querySelectorAll('.layers tbody tr')].filter(seen)"
        ".map(tr => tr.querySelector('.name').textContent)"
    )


def focused(driver):
    return driver.execute_script(
        "return document.activeElement.dataset.layer ?? document.activeElement.querySelector('.name')?.textContent"
    )


def box(driver, name):
    (found,) = (each for each in seen(driver, "g[data-layer]") if each.get_attribute("data-layer") == name)
    return found


def row(driver, name):
    (found,) = (
        each for each in seen(driver, ".layers tbody tr") if name == each.find_element("css selector", ".name").text
    )
    return found


def click(driver, element):
    """Scroll to an element, as readers do, and click it."""
    driver.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
    element.click()


def sheet(driver):
    return one(driver, "#sheet").text


# The report.


def test_it_opens_from_a_disk_and_asks_for_nothing(driver, folder):
    opened(driver, folder, "resnet50")
    assert asked_for(driver) == [driver.current_url]
    assert messages(driver) == []
    assert driver.title == "ResNet-50 · archcalc"
    tile = one(driver, ".tiles div:first-child")
    assert tile.text.split("\n") == ["parameters", "25.56M", "25,557,032"]


def test_figures_are_those_of_show(driver, folder):
    opened(driver, folder, "resnet50")
    shown = run("show", "resnet50", "--format", "tsv").stdout
    assert rows(driver) == [line.split("\t")[1] for line in shown.splitlines()[1:]]
    total = one(driver, ".layers tfoot tr").text.split()
    assert total == ["total", "105,656", "25,557", "3,858"]


def test_a_click_on_a_box_shows_its_derivation(driver, folder):
    opened(driver, folder, "alexnet")
    click(driver, box(driver, "conv1"))
    text = sheet(driver)
    assert "96·55·55·3·11·11" in text
    assert "105,415,200" in text
    assert "⌊(227 + 2·0 − 11) / 4⌋ + 1" in text
    assert one(driver, "tr[aria-selected=true] .name").text == "conv1"
    click(driver, box(driver, "fc6"))
    assert "37,752,832" in sheet(driver)
    assert "105,415,200" not in sheet(driver)
    press(driver, "ESCAPE")
    assert not one(driver, "#sheet").is_displayed()
    assert messages(driver) == []


def test_a_click_on_a_row_shows_its_box(driver, folder):
    opened(driver, folder, "resnet50")
    click(driver, row(driver, "conv4_x"))
    report = archcalc.load("resnet50").analyze()
    assert f"{sum(layer.params for layer in report.find('conv4_x')):,} params" in sheet(driver)
    assert len(seen(driver, "#sheet details")) == len(report.find("conv4_x"))


def test_the_table_by_keys(driver, folder):
    opened(driver, folder, "resnet50")
    driver.execute_script("document.querySelector('.layers tbody tr').focus()")
    press(driver, "ARROW_DOWN", "ARROW_DOWN", "ARROW_DOWN")
    assert focused(driver) == "conv2_x"
    before = rows(driver)
    press(driver, "ARROW_RIGHT")
    assert len(rows(driver)) == len(before) + 3
    press(driver, "ARROW_RIGHT")
    assert focused(driver) == "bottleneck_1"
    press(driver, "ENTER")
    assert "12 layers together" in sheet(driver)
    press(driver, "ARROW_DOWN")
    assert one(driver, "#sheet h3").text == "conv2_x/bottleneck_2"
    press(driver, "ESCAPE")
    assert not one(driver, "#sheet").is_displayed()
    assert focused(driver) == "bottleneck_2"
    press(driver, "ARROW_LEFT")
    assert focused(driver) == "conv2_x"
    press(driver, "ARROW_LEFT")
    assert rows(driver) == before
    press(driver, "END")
    assert focused(driver) == "softmax_1"
    press(driver, "HOME")
    assert focused(driver) == "input"


def test_the_graph_by_keys(driver, folder):
    opened(driver, folder, "googlenet")
    driver.execute_script("document.querySelector('svg:not(.away) g[data-layer]').focus()")
    press(driver, "ARROW_DOWN", "ARROW_DOWN")
    assert focused(driver) == "pool1"
    driver.execute_script("""document.querySelector('svg:not(.away) g[data-layer="3a/1x1"]').focus()""")
    press(driver, "ARROW_RIGHT")
    assert focused(driver) in ("3a/3x3", "3a/3x3_reduce")
    press(driver, "ENTER")
    assert "3a/3x3" in one(driver, "#sheet h3").text
    press(driver, "ESCAPE")
    assert not one(driver, "#sheet").is_displayed()


def test_one_stop_of_tab_for_each_part(driver, folder):
    opened(driver, folder, "resnet50")
    assert len([each for each in seen(driver, "g[data-layer]") if each.get_attribute("tabindex") == "0"]) == 1
    assert len([each for each in seen(driver, ".layers tbody tr") if each.get_attribute("tabindex") == "0"]) == 1
    stops = []
    for _ in range(40):
        press(driver, "TAB")
        stops.append(driver.execute_script("return document.activeElement.closest('.graph,.table')?.className"))
    assert {"panel graph", "panel table"} <= {*stops}
    nameless = driver.execute_script(
        "const named = e => e.getAttribute('aria-label') || e.textContent.trim() || e.closest('label');"
        "return [...document.querySelectorAll('button,[role=button],textarea,select,input')].filter(e => !named(e))"
    )
    assert not nameless


def test_sorting_goes_and_comes_back(driver, folder):
    opened(driver, folder, "alexnet")
    before = rows(driver)
    heads = all_of(driver, ".layers thead th")
    params = next(head for head in heads if head.get_attribute("data-word") == "params")

    def sort():
        click(driver, params.find_element("css selector", "button"))

    sort()
    report = archcalc.load("alexnet").analyze()
    amounts = {row.name: row.params for row in report.rows()}
    assert rows(driver) == sorted(before, key=lambda name: -amounts[name])
    assert params.get_attribute("aria-sort") == "descending"
    sort()
    assert rows(driver) == sorted(before, key=lambda name: amounts[name])
    sort()
    assert rows(driver) == before
    assert params.get_attribute("aria-sort") is None


def test_boxes_are_coloured_by_cost(driver, folder):
    opened(driver, folder, "alexnet")
    shape = box(driver, "fc6").find_element("css selector", "rect")
    assert "dense" in shape.get_attribute("class").split()
    plain = shape.value_of_css_property("fill")
    next(button for button in seen(driver, ".graph button") if button.text == "params").click()
    assert {"s6"} == {*shape.get_attribute("class").split()} - {"box"}
    assert shape.value_of_css_property("fill") != plain
    assert "share of all parameters" in one(driver, ".legend").text
    next(button for button in seen(driver, ".graph button") if button.text == "operation").click()
    assert shape.value_of_css_property("fill") == plain


def test_the_graph_unfolds(driver, folder):
    opened(driver, folder, "resnet50")
    levels = [button for button in seen(driver, ".graph .set button") if button.text.isdigit()]
    counts = []
    for button in levels:
        button.click()
        counts.append(len(seen(driver, "g[data-layer]")))
    assert counts == sorted(counts)
    assert counts[0] == 10


def test_networks_have_tabs(driver, folder):
    opened(driver, folder, "alexnet", "vgg16", "resnet50")
    assert messages(driver) == []
    assert [title.text for title in seen(driver, "h2")] == ["Side by side", "AlexNet (2012, two towers)"]
    driver.execute_script("document.querySelector('.tabs a').focus()")
    press(driver, "ARROW_LEFT")
    assert seen(driver, "h2")[1].text == "ResNet-50"
    all_of(driver, ".tabs a")[1].click()
    assert seen(driver, "h2")[1].text.startswith("VGG-16")
    click(driver, box(driver, "conv1_1"))
    assert "vgg" not in sheet(driver).splitlines()[0]
    assert "1,792" in sheet(driver)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_light_and_dark(driver, folder, theme):
    opened(driver, folder, "alexnet")
    other = {"light": "dark", "dark": "light"}[theme]
    ground = {"light": "rgb(255, 255, 255)", "dark": "rgb(13, 17, 23)"}

    def colour():
        return driver.execute_script("return getComputedStyle(document.querySelector('.panel')).backgroundColor")

    scheme = {"name": "prefers-color-scheme", "value": theme}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
    assert colour() == ground[theme]
    next(button for button in seen(driver, ".masthead button") if button.text == other).click()
    assert colour() == ground[other]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert colour() == ground["light"], "paper is white"
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})


def test_words_of_strangers_stay_words(driver, folder):
    file = folder / "hostile.yaml"
    file.write_text(HOSTILE, encoding="utf-8")
    opened(driver, folder, str(file))
    assert messages(driver) == []
    assert one(driver, "h2").text == TITLE
    assert not all_of(driver, "img")
    for name in (NAMES[0], NAMES[1], NAMES[4]):
        driver.execute_script("arguments[0].dispatchEvent(new MouseEvent('click', {bubbles: true}))", box(driver, name))
        assert one(driver, "#sheet h3").text.strip() == name.strip()
    assert "alert(2)" in sheet(driver), "the line of the spec"
    assert not all_of(driver, "img")
    assert messages(driver) == []


# The page with an editor.


@pytest.fixture(scope="module")
def server():
    from archcalc.web.server import PlayServer

    with PlayServer(0, {}) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def page(driver, server):
    driver.get("about:blank")
    messages(driver), asked_for(driver)
    driver.get(server.address)
    until(lambda: all_of(driver, "article h2"))
    return driver


def type_spec(driver, text):
    """Put a text into the editor, as pasting does."""
    driver.execute_script(
        "const area = document.getElementById('spec'); area.focus(); area.select();"
        "document.execCommand('insertText', false, arguments[0])", text
    )  # fmt: skip


def test_the_page_asks_this_server_only(page, server):
    assert messages(page) == []
    assert {*asked_for(page)} == {server.address, f"{server.address}answer"}
    assert one(page, "article h2").text == "my_net"


def test_a_mistake_is_marked_at_its_place_while_typing(page):
    area = one(page, "#spec")
    page.execute_script(
        "const [area] = arguments, at = area.value.indexOf('kernel: 3'); area.focus(); area.setSelectionRange(at, at)",
        area,
    )
    page.switch_to.active_element.send_keys("x")
    until(lambda: all_of(page, ".mistakes li"))
    assert one(page, ".mistakes li").text.startswith("4:39 conv has no setting 'xkernel'")
    assert one(page, ".marks mark").get_attribute("textContent") == "xkernel"
    assert [each.get_attribute("textContent").strip() for each in all_of(page, ".numbers .wrong")] == ["4"]
    press(page, "BACKSPACE")
    until(lambda: not all_of(page, ".mistakes li"))
    assert not all_of(page, ".marks mark")
    assert messages(page) == []


def test_every_mistake_is_listed_and_leads_to_its_place(page):
    type_spec(page, "name: é😀\ninput: [3, 8, 8]\nlayers:\n  - {cnv: 3}\n  - {conv: {filters: x}}\n")
    found = until(lambda: len(all_of(page, ".mistakes li")) == 2 and all_of(page, ".mistakes li button"))
    found[1].click()
    area = one(page, "#spec")
    at = page.execute_script("return arguments[0].selectionStart", area)
    assert area.get_attribute("value").encode("utf-16-le")[2 * at :].decode("utf-16-le").startswith("x}}")
    assert [each.get_attribute("textContent") for each in all_of(page, ".marks mark")] == ["cnv", "x"]


def test_results_follow_and_keep_what_was_open(page):
    text = spec(
        "{name: one, layers: [{name: a, conv: {filters: 4, kernel: 1}}, {name: b, conv: {filters: 4, kernel: 1}}]}"
    )
    type_spec(page, text)
    until(lambda: one(page, "article h2").text == "made")
    next(button for button in seen(page, ".table .set button") if button.text == "all").click()
    assert rows(page) == ["input", "one", "a", "b"]
    click(page, row(page, "a"))
    type_spec(page, text.replace("filters: 4", "filters: 16"))
    until(lambda: "336" in one(page, ".tiles").text)
    assert rows(page) == ["input", "one", "a", "b"]
    assert one(page, "#sheet").is_displayed()
    assert "64" in sheet(page)


def test_the_zoo_opens(page):
    from selenium.webdriver.support.ui import Select

    Select(all_of(page, "#choices select")[0]).select_by_value("resnet34")
    until(lambda: one(page, "article h2").text == "ResNet-34")
    networks = Select(all_of(page, "#choices select")[1])
    assert "resnet50" in [option.text for option in networks.options]
    networks.select_by_visible_text("resnet50")
    until(lambda: one(page, "article h2").text == "ResNet-50")
    assert "25,557,032" in one(page, ".tiles").text
    assert messages(page) == []


def test_a_link_carries_the_spec(page, server):
    type_spec(page, spec("{conv: {filters: 5, kernel: 1}}  # é😀"))
    until(lambda: one(page, "article h2").text == "made" and "#" in page.current_url)
    until(lambda: page.execute_script("return link.unpack(location.hash)")["text"].endswith("# é😀\n"))
    address = page.current_url
    assert address.startswith(f"{server.address}#z=")
    page.get("about:blank")
    asked_for(page)
    page.get(address)
    until(lambda: all_of(page, "article h2") and one(page, "article h2").text == "made")
    assert one(page, "#spec").get_attribute("value") == spec("{conv: {filters: 5, kernel: 1}}  # é😀")
    assert not [each for each in asked_for(page) if "z=" in each.partition("#")[0]], "it is sent to nobody"


def test_a_link_that_is_broken_is_no_harm(page, server):
    for code in ("z=AAAA", "b=IiI", "z=", "b=W10", "x=1", "b=WyI8c2NyaXB0PiIsM10"):
        page.get("about:blank")
        page.get(f"{server.address}#{code}")
        until(lambda: all_of(page, "article h2"))
        assert one(page, "article h2").text == "my_net"


def test_downloads(page, tmp_path):
    page.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    for word in ("spec", "SVG", "CSV"):
        next(button for button in seen(page, "#tools button") if button.text == word).click()
    names = {f"my_net.{ending}" for ending in ("yaml", "svg", "csv")}
    until(lambda: {file.name for file in tmp_path.iterdir()} == names)
    text = (tmp_path / "my_net.yaml").read_text(encoding="utf-8")
    assert text == one(page, "#spec").get_attribute("value")
    assert run("draw", tmp_path / "my_net.yaml").stdout == (tmp_path / "my_net.svg").read_text(encoding="utf-8")
    shown = run("show", tmp_path / "my_net.yaml", "--all", "--format", "csv").stdout
    assert (tmp_path / "my_net.csv").read_bytes().decode() == shown


def test_tab_indents_and_escape_lets_go(page):
    page.execute_script("const area = document.getElementById('spec'); area.focus(); area.setSelectionRange(0, 0)")
    press(page, "TAB")
    assert one(page, "#spec").get_attribute("value").startswith("  name: my_net")
    press(page, "ESCAPE")
    press(page, "TAB")
    assert page.execute_script("return document.activeElement.id") != "spec"


def test_enter_keeps_the_indentation(page):
    type_spec(page, "layers:")
    press(page, "ENTER")
    assert one(page, "#spec").get_attribute("value") == "layers:\n  "


def test_strangers_specs_stay_words(page):
    type_spec(page, HOSTILE)
    until(lambda: one(page, "article h2").text == TITLE)
    assert not all_of(page, "img, main script")
    assert messages(page) == []
    type_spec(page, "<img src=x onerror=alert(1)></textarea><script>alert(2)</script>: {")
    until(lambda: all_of(page, ".mistakes li"))
    assert not all_of(page, "img, .editor script, .mistakes script")
    assert messages(page) == []


def test_what_the_server_does_not_answer_is_said(page, server, monkeypatch):
    monkeypatch.setattr(server, "token", "another")
    type_spec(page, spec("relu"))
    until(lambda: "The engine gives no answer" in one(page, "#mistakes").text)
    assert re.search("404", one(page, "#mistakes").text)
    messages(page)
