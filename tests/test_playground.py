"""The playground: a folder that any web server can serve, whose figures are those of archcalc on this machine."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from zipfile import ZipFile

import pytest
from browsers import asked_for, messages, start, until
from html_pages import Page, faults
from running import ROOT, environment

from archcalc.web.engine import answer
from archcalc.zoo import every_family

SCRIPT = ROOT / "docs" / "playground.py"
PARTS = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json", "package.json")

pytestmark = pytest.mark.skipif(not SCRIPT.is_file(), reason="the documentation is not here")


def built(folder, *arguments):
    return subprocess.run(
        [sys.executable, str(SCRIPT), str(folder), *arguments],
        capture_output=True, encoding="utf-8", env=environment(), check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def mocked(tmp_path_factory):
    """Return a site whose Pyodide is empty: what archcalc writes itself."""
    pyodide, folder = (tmp_path_factory.mktemp(name) for name in ("pyodide", "site"))
    for part in PARTS:
        (pyodide / part).write_text(part)
    done = built(folder, "--pyodide", str(pyodide))
    assert done.returncode == 0, done.stderr
    return folder


def test_the_page_loads_nothing_from_elsewhere(mocked):
    page = Page((mocked / "index.html").read_text(encoding="utf-8"))
    assert not list(faults(page))
    assert page.policy["worker-src"] == ["'self'"]
    assert "connect-src" not in page.policy
    assert "https://" not in (mocked / "worker.js").read_text(encoding="utf-8")


def test_it_holds_archcalc_its_specs_and_the_parser_and_nothing_compiled(mocked):
    names = set(ZipFile(mocked / "archcalc.zip").namelist())
    assert {"archcalc/__init__.py", "archcalc/web/engine.py", "archcalc/specs/resnet.yaml", "yaml/__init__.py",
            "archcalc/web/assets/page.css", "archcalc/operations/synonyms.yaml"} <= names  # fmt: skip
    assert not [name for name in names if name.endswith((".pyc", ".so", ".pyd"))]
    texts = (mocked / "LICENSES.txt").read_text(encoding="utf-8")
    assert all(name in texts for name in ("archcalc", "PyYAML", "Pyodide", "MIT", "Mozilla Public License 2.0"))
    assert {file.name for file in (mocked / "pyodide").iterdir()} == {*PARTS}


def test_the_same_sources_give_the_same_bytes(mocked, tmp_path):
    assert built(tmp_path / "again", "--pyodide", str(mocked / "pyodide")).returncode == 0
    for name in ("index.html", "archcalc.zip", "worker.js"):
        assert (tmp_path / "again" / name).read_bytes() == (mocked / name).read_bytes()


def test_what_is_no_pyodide_is_refused(tmp_path):
    done = built(tmp_path / "site", "--pyodide", str(tmp_path))
    assert done.returncode == 1
    assert "not the npm package of Pyodide" in done.stderr


# In a browser, by Pyodide itself.


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    if shutil.which("npm") is None:
        pytest.skip("needs npm")
    folder = tmp_path_factory.mktemp("playground")
    done = built(folder)
    if done.returncode:
        pytest.skip(f"Pyodide cannot be fetched: {done.stderr.strip()[-200:]}")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format, *values):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def driver():
    driver = start()
    driver.set_script_timeout(300)
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def page(driver, site):
    driver.get(site)
    until(lambda: driver.execute_script("return document.querySelector('article h2')?.textContent") == "my_net", 120)
    return driver


@pytest.mark.browser
def test_it_starts_and_asks_its_own_folder_only(page, site):
    assert messages(page) == []
    assert all(address.startswith(site) for address in asked_for(page))
    assert "10,538" in page.execute_script("return document.querySelector('.tiles').textContent")


@pytest.mark.browser
def test_a_mistake_is_marked_at_its_place(page):
    page.execute_script(
        "const area = document.getElementById('spec'); area.focus(); const at = area.value.indexOf('kernel: 3');"
        "area.setSelectionRange(at, at); document.execCommand('insertText', false, 'x')"
    )
    said = until(lambda: page.execute_script("return document.querySelector('.mistakes li')?.textContent"))
    assert said.startswith("4:39 conv has no setting 'xkernel'")


ASK = """
const [requests, done] = arguments;
const worker = new Worker("worker.js", { type: "module" });
const answers = [];
const next = () => answers.length < requests.length
  ? worker.postMessage({ number: 0, request: JSON.stringify(requests[answers.length]) }) : done(answers);
worker.onmessage = ({ data }) => {
  if (data.answer) answers.push(data.answer);
  if (data.failure) done([data.failure]);
  if (data.answer || data.ready) next();
};
"""


def here_and_there(page, requests):
    """Yield what is answered here and in the browser, for each request."""
    answers = page.execute_async_script(ASK, requests)
    assert len(answers) == len(requests), answers
    for request, found in zip(requests, answers, strict=True):
        yield request[1], json.loads(json.dumps(answer(*request))), json.loads(found)


@pytest.mark.browser
def test_its_figures_are_the_native_ones_for_every_spec_of_the_zoo(page):
    specs = [spec for _, specs in every_family() for spec in (specs[0], specs[-1])]
    texts = {spec.name: spec.family.source.text for spec in specs}
    requests = [[text, name, {"want": "csv"}] for name, text in texts.items()]
    for name, here, there in here_and_there(page, requests):
        assert here["text"].count("\n") > 2
        assert here == there, name


@pytest.mark.browser
def test_its_pages_are_the_native_ones(page):
    requests = [["", name, {"want": "spec"}] for name in ("alexnet", "googlenet", "resnet50", "vit-b-16")]
    requests += [[answer(*request)["text"], request[1], {}] for request in requests]
    texts = ("layers: [{cnv: 3}]", "# é😀\nlayers: 3", "input: [1, 1, 1]\nlayers: [relu]")
    requests += [[text, "", {}] for text in texts]
    for name, here, there in here_and_there(page, requests):
        assert here == there, name
