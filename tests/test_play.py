"""The page with an editor: what the engine answers, and that the server answers that page and nobody else."""

from __future__ import annotations

import http.client
import json
from threading import Thread

import pytest
from html_pages import Page, faults
from making import spec
from running import run

import archcalc
from archcalc.errors import RequestError, SpecError
from archcalc.limits import MAX_IN_EDITOR
from archcalc.web.engine import answer
from archcalc.web.server import MAX_BODY, PlayServer
from archcalc.web.worker import Worker

TWO = """
name: family
args: {width: 8}
input: [3, 8, 8]
layers: [{name: conv, conv: {filters: =width, kernel: 1}}]
variants: {narrow: {aliases: [slim]}, wide: {set: {width: 64}}}
pattern: family-{width}
"""

# A network of a text, by name.


@pytest.mark.parametrize(
    ("name", "params"), [("narrow", 3 * 8 + 8), ("slim", 32), ("wide", 4 * 64), ("family-5", 20)]
)  # fmt: skip
def test_loads_takes_a_name(name, params):
    model = archcalc.loads(TWO, name=name)
    assert (model.name, model.analyze().params) == (name, params)


def test_loads_refuses_names_that_are_not_there():
    with pytest.raises(RequestError, match=r"net\.yaml has no network 'x' \(there are narrow, wide\)"):
        archcalc.loads(TWO, "net.yaml", name="x")
    with pytest.raises(RequestError, match="several networks"):
        archcalc.loads(TWO)


# The engine.


def test_an_answer_is_the_report_of_the_text():
    found = answer(TWO, "wide", {})
    assert (found["names"], found["name"], found["title"]) == (["narrow", "wide"], "wide", "family: wide")
    assert ">256<" in found["html"]
    assert [layer[0] for layer in found["data"]["layers"]] == ["input", "conv"]
    json.dumps(found)


@pytest.mark.parametrize("name", ["", "gone"])
def test_a_name_that_is_not_there_is_the_first(name):
    assert answer(TWO, name, {})["name"] == "narrow"
    assert answer(spec("relu"), name, {})["name"] == "made"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\x85", "\u2028"])
def test_every_mistake_has_its_place(ending):
    lines = ["# 😀 two", "input: [3, 8, 8]", "layers:", "  - {cnv: 3}", "  - relu", "  - {conv: {filters: x}}", ""]
    text = ending.join(lines)
    found = answer(text, "", {})
    places = [(each["line"], each["column"]) for each in found["mistakes"]]
    assert places[0] == (4, 6)
    assert [text[each["offset"] :][:3] for each in found["mistakes"]] == ["cnv", "x}}"]
    assert "did you mean 'conv'" in found["mistakes"][0]["message"]
    assert "html" not in found


def test_mistakes_of_shapes_and_of_figures_have_places_too():
    found = answer(spec("{max_pool: 30}"), "", {})
    assert [each["line"] for each in found["mistakes"]] == [5]
    assert found["name"] == "made"
    found = answer(spec("relu") + "published:\n  - {params: abc, cite: x, where: y}\n", "", {})
    assert [(each["line"], each["column"]) for each in found["mistakes"]] == [(7, 14)]


def test_options_are_those_of_the_command_line():
    text = spec("{conv: {filters: 4, kernel: 3}}")
    assert answer(text, "", {"input": "16", "batch": 2})["html"].count("made · input 3×16×16 · float32 · batch 2") == 1
    for options, said in (({"input": "x"}, "input x"), ({"batch": 0}, "batch"), ({"batch": "2"}, "batch"),
                          ({"dtype": "int7"}, "int7")):  # fmt: skip
        assert said in answer(text, "", options)["error"]


def test_pictures_and_tables_are_those_of_the_commands(tmp_path):
    file = tmp_path / "spec.yaml"
    file.write_text(TWO, encoding="utf-8")
    assert answer(TWO, "wide", {"want": "svg"})["text"] == run("draw", f"{file}:wide").stdout
    expected = run("show", f"{file}:wide", "--all", "--format", "csv").stdout
    assert answer(TWO, "wide", {"want": "csv"})["text"] == expected


def test_the_zoo_is_opened_by_names_and_nothing_else_is(tmp_path):
    assert answer("", "vgg16", {"want": "spec"})["name"] == "vgg16"
    found = answer("", "resnet50", {"want": "spec"})
    assert found["name"] == "resnet50"
    assert answer(found["text"], found["name"], {})["title"] == "ResNet-50"
    file = tmp_path / "secret.yaml"
    file.write_text(spec("relu"), encoding="utf-8")
    for name in (str(file), "-", "resnet", "", "../specs/resnet.yaml", "x" * 10_000, "ResNet-50"):
        assert answer("", name, {"want": "spec"}).keys() == {"error"}


def test_what_is_too_large_is_refused():
    assert "the editor takes" in answer("#" * (MAX_IN_EDITOR + 1), "", {})["error"]
    assert "a page shows" in answer("input: [1, 1, 1]\nlayers: [{repeat: 20000, layers: [relu]}]", "", {})["error"]


def test_specs_of_the_zoo_are_answered_without_a_mistake():
    from archcalc.zoo import every_family

    for _, specs in list(every_family())[::6]:
        found = answer(specs[0].family.source.text, specs[0].name, {})
        assert found["name"] == specs[0].name
        assert not {"mistakes", "error"} & found.keys(), found


def test_spec_errors_have_their_text():
    with pytest.raises(SpecError) as error:
        archcalc.loads("layers: 3")
    assert error.value.text == "layers: 3"


# The worker.


def test_a_worker_answers_again_and_again():
    worker = Worker()
    try:
        for name in ("narrow", "wide"):
            assert worker.answer(TWO, name, {})["name"] == name
        assert "mistakes" in worker.answer("layers: é😀", "", {})
    finally:
        worker.close()


def test_a_spec_that_takes_too_long_is_ended_and_the_next_is_answered():
    worker = Worker(limit=0.0)
    assert "no answer within 0 seconds" in worker.answer(TWO, "", {})["error"]
    worker.limit = 60.0
    try:
        assert worker.answer(TWO, "", {})["name"] == "narrow"
    finally:
        worker.close()


# The server.


class Here:
    """Answers as a worker does, in this process."""

    def answer(self, text, name, options):
        return answer(text, name, options)

    def close(self):
        pass


@pytest.fixture(scope="module")
def server():
    with PlayServer(0, {"text": "# </script><!-- ours", "name": "x"}, Here()) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def asked(server, method, path, body=None, **headers):
    """Return status and body of a request with exactly these headers."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=60)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders(body)
    response = connection.getresponse()
    found = response.status, response.read(), response.headers
    connection.close()
    return found


def post(server, body=None, path=None, **changes):
    """Return the answer to what the page itself would ask, with other headers; None leaves one out."""
    body = json.dumps({"text": TWO, "name": "wide", "options": {}}).encode() if body is None else body
    headers = {"Host": server.hosts[0], "Origin": f"http://{server.hosts[0]}", "Content_Type": "application/json",
               "Content_Length": str(len(body)), **changes}  # fmt: skip
    headers = {name: value for name, value in headers.items() if value is not None}
    return asked(server, "POST", path or f"/{server.token}/answer", body, **headers)


def test_the_page_is_served_and_answered(server):
    status, body, headers = asked(server, "GET", f"/{server.token}/", Host=server.hosts[0])
    assert status == 200
    page = Page(body.decode())
    assert not list(faults(page))
    assert page.policy["connect-src"] == ["'self'"]
    assert page.data["text"] == "# </script><!-- ours"
    assert {"resnet50", "vgg16"} <= {name for family in page.data["zoo"] for each in family["names"] for name in each}
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    for host in server.hosts:
        status, body, headers = post(server, Host=host, Origin=f"http://{host}")
        assert (status, headers["Content-Type"]) == (200, "application/json")
        assert json.loads(body)["name"] == "wide"


def test_it_listens_on_this_machine_only(server):
    assert server.server_address[0] == "127.0.0.1"


def test_every_run_has_a_token_of_its_own(server):
    with PlayServer(0, {}, Here()) as other:
        assert other.token != server.token
        assert len(other.token) >= 32
        assert other.token in other.address


@pytest.mark.parametrize(
    "host", [None, "evil.example", "127.0.0.1", "localhost", "127.0.0.1:1", "evil.example:{port}", "[::1]:{port}",
             "127.0.0.1:{port}.evil.example", "LOCALHOST"],
)  # fmt: skip
def test_another_host_is_refused(server, host):
    """DNS rebinding: a name of somebody else's that leads to this machine."""
    host = None if host is None else host.format(port=server.server_port)
    assert post(server, Host=host)[0] == 421
    given = {} if host is None else {"Host": host}
    assert asked(server, "GET", f"/{server.token}/", **given)[0] == 421


@pytest.mark.parametrize(
    "origin", [None, "null", "", "https://evil.example", "http://127.0.0.1", "http://localhost:1", "https://{host}",
               "http://{host}/", "http://{host}.evil.example"],
)  # fmt: skip
def test_another_origin_is_refused(server, origin):
    """A page of somebody else's that sends requests here."""
    origin = None if origin is None else origin.format(host=server.hosts[0])
    assert post(server, Origin=origin)[0] == 403
    if origin is not None:
        assert asked(server, "GET", f"/{server.token}/", Host=server.hosts[0], Origin=origin)[0] == 403


@pytest.mark.parametrize(
    "path", ["/", "/answer", "//answer", "/x/answer", "/{token}x/answer", "/{short}/answer", "/{token}", "answer",
             "/{token}/answer/", "/{token}/other", "/{token}/../answer", "/{token}/answer?x", "/favicon.ico",
             "/%2e%2e/etc/passwd", "/{upper}/answer", "http://evil.example/{token}/answer"],
)  # fmt: skip
def test_another_path_is_not_found(server, path):
    token = server.token
    path = path.format(token=token, short=token[:-1], upper=token.swapcase())
    assert post(server, path=path)[0] == 404
    assert asked(server, "GET", path, Host=server.hosts[0])[0] == 404


def test_another_method_is_refused(server):
    host = {"Host": server.hosts[0], "Origin": f"http://{server.hosts[0]}"}
    status, _, headers = asked(server, "GET", f"/{server.token}/answer", **host)
    assert (status, headers["Allow"]) == (405, "POST")
    status, _, headers = post(server, path=f"/{server.token}/")
    assert (status, headers["Allow"]) == (405, "GET")
    for method in ("PUT", "DELETE", "OPTIONS", "HEAD", "TRACE", "PATCH", "CONNECT"):
        status, body, _ = asked(server, method, f"/{server.token}/", **host)
        assert status == 501
        assert server.token.encode() not in body


@pytest.mark.parametrize("length", [None, "-1", "1e3", "٣", "9" * 30, str(MAX_BODY + 1)])
def test_what_is_too_large_or_has_no_size_is_not_read(server, length):
    status = post(server, Content_Length=length and length.encode().decode("latin-1"))[0]
    assert status == (413 if length and length.isascii() and length.isdecimal() else 411)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"x"', b'{"text": 3, "name": "", "options": {}}', b"\xff\xfe",
             b'{"text": "", "name": ""}', b'{"text": "", "name": "", "options": []}', b"[" * 100_000,
             b'{"text": "", "name": "", "options": {}, "more": 1}'],
)  # fmt: skip
def test_what_the_page_does_not_ask_is_refused(server, body):
    assert post(server, body)[0] == 400


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_form_is_no_request(server, kind):
    """What a page of somebody else's could send without asking first."""
    assert post(server, Content_Type=kind)[0] == 415


def test_refusals_say_nothing_of_the_page(server):
    for status, body, headers in (post(server, Host="x"), post(server, Origin="x"), post(server, path="/x")):
        assert status >= 400
        assert server.token.encode() not in body
        assert "Access-Control-Allow-Origin" not in headers


# The command.


def test_a_port_that_is_taken_is_an_error(server):
    done = run("play", "--port", str(server.server_port), "--no-browser")
    assert done.exit_code == 2
    assert f"port {server.server_port}: " in done.stderr


@pytest.mark.parametrize("name", ["nosuchnet", "no/such.yaml"])
def test_an_unknown_network_is_an_error(name):
    assert run("play", name, "--no-browser").exit_code == 2


def test_what_is_opened(tmp_path):
    from archcalc.cli.play import _opened

    assert _opened("vgg16")["name"] == "vgg16"
    assert _opened("mobilenet-v1-0.5-160")["name"] == "mobilenet-v1-0.5-160"
    file = tmp_path / "wrong.yaml"
    file.write_text("layers: [{cnv: 3}]\n", encoding="utf-8")
    assert _opened(str(file)) == {"text": "layers: [{cnv: 3}]\n", "name": ""}
    file.write_text(TWO, encoding="utf-8")
    assert _opened(f"{file}:wide") == {"text": TWO, "name": "wide"}
    with pytest.raises(RequestError):
        _opened("keras:VGG16")


@pytest.mark.parametrize("browser", [True, False])
def test_it_says_where_it_is_and_opens_a_browser(monkeypatch, browser):
    opened, served = [], []
    monkeypatch.setattr("webbrowser.open", opened.append)

    def serve(self):
        served.append(self.address)
        raise KeyboardInterrupt

    monkeypatch.setattr(PlayServer, "serve_forever", serve)
    done = run("play", "lenet5", *([] if browser else ["--no-browser"]))
    assert done.exit_code == 0
    assert done.stdout == f"{served[0]}\n"
    assert opened == (served if browser else [])
