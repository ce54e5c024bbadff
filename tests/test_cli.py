"""The command line: exit statuses, what goes where, formats, and sums that add up."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from making import spec
from running import command, environment, run, run_apart
from systems import devices, links

from archcalc.cli import COMMANDS
from archcalc.render.formats import FORMATS

NETWORKS = ["lenet5", "alexnet", "vgg16", "googlenet", "resnet50", "densenet121", "mobilenet-v2"]


@pytest.fixture
def net(tmp_path):
    """A small spec in a file, with a figure that agrees."""
    file = tmp_path / "net.yaml"
    text = spec("{name: conv1, conv: {filters: 8, kernel: 3}}", "relu", head="cite: {key: a2020, title: A paper}")
    file.write_text(f"{text}published:\n  - {{params: 224, cite: a2020}}\n", encoding="utf-8")
    return file


# Exit statuses


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["list"],
        ["list", "resnet"],
        ["show", "vgg16"],
        ["show", "vgg16", "lenet5"],
        ["show", "alexnet", "--input", "224"],
        ["show", "alexnet", "--input", "3x224x320"],
        ["show", "resnet50", "--set", "n4=23"],
        ["show", "googlenet", "--depth", "2", "--training"],
        ["show", "googlenet", "--all", "--batch", "32", "--dtype", "float16"],
        ["show", "vgg16", "--count", "flops", "--si"],
        ["show", "vgg16", "--convention", "conv-in-out"],
        ["compare", "alexnet", "googlenet", "resnet50"],
        ["explain", "alexnet"],
        ["explain", "alexnet", "conv1"],
        ["explain", "googlenet", "3a"],
        ["check", "lenet5"],
        *([name, "--help"] for name in COMMANDS),
    ],
    ids=" ".join,
)
def test_status_0(arguments):
    result = run(*arguments)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.strip()
    assert result.stderr == ""


def test_status_0_for_files(net):
    for name in ("show", "compare", "explain", "check", "validate"):
        result = run(name, net)
        assert (result.exit_code, result.stderr) == (0, "")
        assert result.stdout


@pytest.mark.parametrize(
    ("figure", "status"),
    [
        ("params: 224", 0),
        ("params: 0.2K", 0),
        ("params: 225", 1),
        ("params: 0.3K", 1),
        ("params: 225, misprint: a typing error", 0),
        ("params: 224, misprint: it agrees after all", 1),
    ],
)
def test_status_1_is_a_check_that_fails(net, figure, status):
    net.write_text(net.read_text(encoding="utf-8").replace("params: 224", figure), encoding="utf-8")
    for options in ([], ["--format", "json"], ["--format", "junit"], ["--quiet"], ["--only", "agrees"]):
        result = run("check", net, *options)
        assert result.exit_code == status
        assert bool(result.stderr) == bool(status)
        assert result.stderr.startswith(f"{net}:" if status else "")
    assert run("validate", net).exit_code == 0, "a figure that differs does not make a spec wrong"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["shwo", "vgg16"], "did you mean 'show'?"),
        (["plot"], f"there are {', '.join(COMMANDS)}"),
        (["show"], "Missing argument"),
        (["show", "vg16"], "no network 'vg16' (did you mean 'vgg16'?)"),
        (["show", "qqqqqqq"], "no network 'qqqqqqq'; see archcalc list"),
        (["compare", "vgg16", "resnet5"], "did you mean 'resnet50'?"),
        (["show", "no_such_file.yaml"], "No such file"),
        (["show", "no_such_folder/net.yaml"], "No such file"),
        (["explain", "."], "is a folder; name one of the files in it"),
        (["explain", "./"], "is a folder"),
        pytest.param(["show", "/dev/zero"], "not a regular file", marks=devices),
        (["validate", "no_such_file.yaml"], "No such file"),
        (["explain", "vgg16", "conv1_11"], "did you mean 'conv1_1'?"),
        (["explain", "vgg16", "qqqq"], "qqqq"),
        (["show", "vgg16", "--columns", "layer,mac"], "no column 'mac' (did you mean 'macs'?)"),
        (["show", "vgg16", "--columns", "+memori"], "did you mean 'memory'?"),
        (["show", "vgg16", "--columns", "zzzz"], "there are layer, "),
        (["show", "vgg16", "--columns", ","], "no columns in ','; there are layer, "),
        (["show", "vgg16", "--columns", ""], "no columns in ''; there are layer, "),
        (["show", "vgg16", "--columns", ",", "--format", "json"], "no columns in ','"),
        (["show", "vgg16", "--columns", "+"], "no column ''"),
        (["show", "vgg16", "--convention", ""], "no convention ''"),
        (["show", ""], "no network ''"),
        (["explain", "vgg16", ""], "no layer ''"),
        (["check", "vgg16", "--only", ""], "no verdict ''"),
        (["show", "vgg16", "--convention", "conv-in-ot"], "did you mean 'conv-in-out'?"),
        (["show", "vgg16", "--convention", "zzzz"], "there are pooling"),
        (["show", "vgg16", "--format", "tabel"], "table"),
        (["show", "vgg16", "--formt", "table"], "--format"),
        (["show", "vgg16", "--dtype", "flaot32"], "did you mean 'float32'?"),
        (["show", "vgg16", "--batch", "0"], "0"),
        (["show", "vgg16", "--depth", "0"], "0"),
        (["show", "vgg16", "--depth", "x"], "x"),
        (["show", "vgg16", "--input", "big"], "write 224, 224x320"),
        (["show", "vgg16", "--input", "0"], "at least 1"),
        (["show", "vgg16", "--input", "-224"], "write 224"),
        (["show", "vgg16", "--input", "3x224x224x1"], "write 224"),
        (["show", "vgg16", "--input", "22.4"], "write 224"),
        (["show", "vgg16", "--input", "9" * 30], "write 224"),
        (["show", "resnet50", "--set", "n5"], "ARG=VALUE"),
        (["show", "resnet50", "--set", "n9=3"], "no argument 'n9' (there are classes, block, "),
        (["show", "resnet50", "--set", "n4=010"], "'010' is 8 in YAML 1.1"),
        (["check", "--only", "difers"], "did you mean 'differs'?"),
        (["list", "qqqqqqq"], "qqqqqqq"),
        (["show", "vgg16", "-o", "no_such_folder/file"], "No such file"),
        (["show", "a\x1b[31mb"], "no network 'a\\x1b[31mb'"),
    ],
    ids=lambda value: " ".join(value)[:50] if isinstance(value, list) else "",
)
def test_status_2_is_what_was_asked_for(arguments, message):
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert "\x1b" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["show", "vgg16", "--input", "16"], "--input 16: vgg16 needs an input of at least 32x32"),
        (["show", "resnet50", "--set", "n4=x"], "--set n4=x: "),
        (["show", "resnet50", "--set", "block=residual"], "--set block=residual: no block 'residual'"),
        (["compare", "lenet5", "vgg16", "--input", "16"], "--input 16: lenet5 needs an input of at least 32x32"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_status_2_is_a_request_that_a_network_cannot_meet(arguments, message):
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(message)


def test_status_3_is_a_spec_that_does_not_work_out(net):
    net.write_text("name: net\ninput: [3, 8, 8]\nlayers: [{max_pool: 9}]\n", encoding="utf-8")
    for arguments in (["show", net], ["compare", "lenet5", net], ["show", net, "--input", "7"]):
        result = run(*arguments)
        assert (result.exit_code, result.stdout) == (3, "")
        assert f"{net}:3:10: max_pool_1: its 9 x 9 window is larger than its padded input" in result.stderr


def test_status_3_outweighs_2(net):
    bad = net.with_name("bad.yaml")
    bad.write_text("name: bad\n", encoding="utf-8")
    assert run("validate", net, bad, "no_such_file.yaml").exit_code == 3
    assert run("validate", net, "no_such_file.yaml").exit_code == 2


def test_no_read_permission_is_said(net):
    net.chmod(0)
    if os.access(net, os.R_OK):
        pytest.skip("this user may read everything")
    result = run("show", net)
    assert result.exit_code == 2
    assert "Permission denied" in result.stderr


# Where networks come from, and where output goes


def test_a_dash_reads_standard_input(net):
    text = net.read_text(encoding="utf-8")
    for name in ("show", "compare", "explain", "check"):
        piped, from_file = run(name, "-", input=text), run(name, net)
        assert (piped.exit_code, piped.stdout) == (0, from_file.stdout)
    assert run("validate", "-", input=text).stdout == "-: ok, 1 network (made)\n"
    assert run("show", "-", input="name: net\n").stderr.startswith("<stdin>:1:1: ")


def test_validate_points_out_what_may_not_be_meant(tmp_path):
    file = tmp_path / "net.yaml"
    head = "args: {width: 4, depth: 2}\nvariants: {large: {}, small: {input: [3, 8, 8]}}"
    file.write_text(spec("{conv: =width}", "{max_pool: 2}", input=(3, 9, 9), head=head), encoding="utf-8")
    result = run("validate", file)
    assert (result.exit_code, result.stderr) == (0, "")
    ok, *remarks = result.stdout.splitlines()
    assert ok == f"{file}: ok, 2 networks (large, small)"
    assert remarks == [
        f"{file}: remark: large: max_pool_1: (9 − 2)/2 + 1 = 4.5 is rounded down to 4; the last row and column are"
        " never used; 8 or 10 would fit",
        f"{file}: remark: no formula uses the argument 'depth'",
    ]


def test_validate_lists_so_many_remarks(tmp_path):
    file = tmp_path / "net.yaml"
    names = ", ".join(f"a{number}: 1" for number in range(60))
    file.write_text(spec("relu", head=f"args: {{{names}}}"), encoding="utf-8")
    lines = run("validate", file).stdout.splitlines()
    assert len(lines) == 52
    assert lines[-1] == f"{file}: and 10 more remarks"


def test_validate_remarks_on_a_changed_meaning(tmp_path):
    file = tmp_path / "net.yaml"
    file.write_text(spec("{max_pool: {kernel: 1, stride: 4, pad: 0, round: ceil}}", input=(3, 6, 6)), encoding="utf-8")
    said = "remark: max_pool_1: round: ceil is the ceil_mode of PyTorch and ONNX since 0.2.0"
    assert said in run("validate", file).stdout


def test_a_family_in_a_file(tmp_path):
    file = tmp_path / "family.yaml"
    head = "args: {width: 4}\nvariants: {small: {}, large: {set: {width: 8}, aliases: [big]}}"
    file.write_text(spec("{conv: =width}", head=head), encoding="utf-8")
    result = run("explain", file)
    assert result.exit_code == 2
    assert [each["network"] for each in shown_as_json(file)] == ["small", "large"]
    assert "(small, large): add :NAME to choose one" in result.stderr
    large, big = shown_as_json(f"{file}:large"), shown_as_json(f"{file}:big")
    assert large["layers"] == big["layers"]
    assert (large["network"], big["network"]) == ("large", "big"), "a network is called what it was asked for"
    assert json.loads(run("show", f"{file}:small", "-f", "json").stdout)["layers"][1]["output"] == [4, 8, 8]
    assert "(there are small, large)" in run("show", f"{file}:huge").stderr
    assert run("validate", file).stdout.endswith("ok, 2 networks (small, large)\n")


@pytest.mark.parametrize("format", FORMATS)
def test_output_to_a_file_is_what_would_be_printed(net, format):
    out = net.with_name("out")
    printed = run("show", net, "--format", format)
    written = run("show", net, "--format", format, "-o", out)
    assert (written.exit_code, written.stdout, written.stderr) == (0, "", "")
    assert out.read_text(encoding="utf-8") == printed.stdout
    again = run("show", net, "--format", format, "-o", out)
    assert again.exit_code == 0, "a file that was written can be written again"
    assert sorted(file.name for file in net.parent.iterdir()) == ["net.yaml", "out"], "nothing else is left behind"


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "{}"],
        ["show", "{}:made"],
        ["show", "lenet5", "{}"],
        ["compare", "{}"],
        ["explain", "{}"],
        ["explain", "{}", "conv1"],
        ["check", "{}"],
        ["check", "{}", "--format", "junit"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("way", ["itself", pytest.param("symbolic link", marks=links), "another path", "hard link"])
def test_output_never_goes_over_the_spec_that_is_read(net, arguments, way):
    before = net.read_bytes()
    out = net.with_name("link")
    if way == "itself":
        out = net
    elif way == "symbolic link":
        out.symlink_to(net)
    elif way == "hard link":
        out.hardlink_to(net)
    else:
        out = net.parent / ".." / net.parent.name / "net.yaml"
    result = run(*[argument.replace("{}", str(net)) for argument in arguments], "-o", out)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "is an input of this command" in result.stderr
    assert net.read_bytes() == before


def test_output_to_a_device(net):
    device = Path("/dev/null")
    if not device.exists():
        pytest.skip("no /dev/null here")
    assert run("show", net, "-o", device).exit_code == 0
    assert device.exists() and not device.is_file()


def test_a_file_named_like_a_network_needs_a_path(net, monkeypatch):
    monkeypatch.chdir(net.parent)
    net.rename("vgg16")
    assert "VGG" in run("show", "vgg16").stdout
    assert "made" in run("show", "./vgg16").stdout


# JSON

TOP = {"schema", "network", "title", "input", "batch", "dtype", "totals", "layers"}
TOTALS = {"params", "macs", "memory_bytes", "model_bytes", "depth", "buffers", "ops", "params_by_kind"}
LAYER = {
    "name",
    "op",
    "inputs",
    "output",
    "params",
    "macs",
    "output_bytes",
    "memory_bytes",
    "ops",
    "params_by_kind",
    "receptive_field",
}
WORK = {
    "mac", "attention", "matmul", "bias", "norm", "lrn", "activation", "pool", "elementwise", "resize", "softmax",
    "custom",
}  # fmt: skip
PARAMS = {"weight", "bias", "norm", "custom"}


def shown_as_json(*arguments):
    result = run("show", *arguments, "--format", "json")
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout)


@pytest.mark.parametrize("network", NETWORKS)
def test_json_has_the_keys_of_its_schema(network):
    data = shown_as_json(network)
    assert data["schema"] == 1
    assert set(data) >= TOP
    assert set(data["totals"]) >= TOTALS
    assert set(data["totals"]["ops"]) == WORK
    assert set(data["totals"]["params_by_kind"]) == PARAMS
    assert (data["batch"], data["dtype"]) == (1, "float32")
    for layer in data["layers"]:
        assert set(layer) >= LAYER
        assert set(layer["ops"]) <= WORK
        assert set(layer["params_by_kind"]) <= PARAMS
        assert all(len(shape) == 3 for shape in [*layer["inputs"], layer["output"]])
        assert layer["receptive_field"] is None or len(layer["receptive_field"]) == 2
    exact = [*data["totals"]["ops"].values(), *(layer[word] for layer in data["layers"] for word in ("params", "macs"))]
    assert all(type(value) is int for value in exact), "JSON has exact integers"


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("options", ["", "--batch 3 --dtype float16", "--training", "--dtype int4"])
def test_json_layers_add_up(network, options):
    data = shown_as_json(network, *options.split())
    layers, totals = data["layers"], data["totals"]
    for word in ("params", "macs", "memory_bytes", "buffers"):
        assert sum(layer[word] for layer in layers) == totals[word], word
    for kind in WORK:
        assert sum(layer["ops"].get(kind, 0) for layer in layers) == totals["ops"][kind], kind
    for kind in PARAMS:
        assert sum(layer["params_by_kind"].get(kind, 0) for layer in layers) == totals["params_by_kind"][kind], kind
    assert sum(totals["params_by_kind"].values()) == totals["params"]
    assert totals["ops"]["mac"] == totals["macs"]
    assert totals["depth"] == max(layer["depth"] for layer in layers)


@pytest.mark.parametrize("network", NETWORKS)
def test_json_layers_have_names_of_their_own_and_come_in_order(network):
    data = shown_as_json(network)
    first, *others = data["layers"]
    assert (first["name"], first["op"], first["inputs"]) == ("input", "input", [])
    assert first["output"] == data["input"]
    names = [layer["name"] for layer in data["layers"]]
    assert len(set(names)) == len(names)
    by_position = data["layers"]
    for position, layer in enumerate(others, 1):
        assert layer["inputs"] == [by_position[source]["output"] for source in layer["sources"]]
        assert all(source < position for source in layer["sources"])


def test_json_is_one_object_for_one_network_and_a_list_for_several():
    one = shown_as_json("lenet5")
    assert isinstance(one, dict)
    several = shown_as_json("lenet5", "vgg16")
    assert [data["network"] for data in several] == ["lenet5", "vgg16"]
    assert several[0] == one


@pytest.mark.parametrize(
    "arguments",
    [["list"], ["compare", "lenet5", "vgg16"], ["explain", "lenet5"], ["explain", "lenet5", "C1"], ["check", "lenet5"]],
    ids=" ".join,
)
def test_every_command_speaks_json(arguments):
    result = run(*arguments, "--format", "json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)


# Rows add up


def rows_of(*arguments):
    result = run("show", *arguments, "--format", "csv")
    assert (result.exit_code, result.stderr) == (0, "")
    return list(csv.DictReader(io.StringIO(result.stdout)))


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("options", ["--depth 1", "--depth 2", "--depth 3", "--depth 9", "--all"])
@pytest.mark.parametrize("training", [[], ["--training"]], ids=["inference", "training"])
def test_rows_add_up_to_the_totals(network, options, training):
    totals = shown_as_json(network, *training)["totals"]
    rows = rows_of(network, *options.split(), *training)
    for word in ("params", "macs", "memory_bytes"):
        assert sum(int(row[word]) for row in rows) == totals[word], word
    assert {row["network"] for row in rows} == {shown_as_json(network)["network"]}
    names = [row["layer"] for row in rows]
    assert names[0] == "input"
    assert len(set(names)) == len(names)


def test_rows_of_all_columns_add_up():
    totals = shown_as_json("googlenet")["totals"]
    rows = rows_of("googlenet", "--columns", "all")
    for kind, value in totals["ops"].items():
        assert sum(int(row[f"ops.{kind}"]) for row in rows) == value
    for kind, value in totals["params_by_kind"].items():
        assert sum(int(row[f"params.{kind}"]) for row in rows) == value


def test_more_depth_shows_more_rows():
    numbers = [len(rows_of("googlenet", *options)) for options in (["-d", "1"], ["-d", "2"], ["--all"])]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("network", ["vgg16", "googlenet", "resnet50"])
@pytest.mark.parametrize("convention", ["pooling", "conv-in-out"])
def test_rows_add_up_under_a_convention(network, convention):
    totals = shown_as_json(network, "--convention", convention)["totals"]
    rows = rows_of(network, "--convention", convention)
    assert sum(int(row["ops" if convention == "pooling" else "macs"]) for row in rows) == totals["cost"]
    assert sum(int(row["memory_bytes"]) for row in rows) == totals["convention_memory_bytes"]


def test_flops_are_two_for_each_mac():
    single, double = rows_of("vgg16"), rows_of("vgg16", "--count", "flops")
    assert [2 * int(row["macs"]) for row in single] == [int(row["flops"]) for row in double]


def test_tsv_is_csv_with_tabs():
    comma, tab = run("show", "vgg16", "-f", "csv").stdout, run("show", "vgg16", "-f", "tsv").stdout
    assert comma.replace(",", "\t") == tab


# Paper


@pytest.mark.parametrize("width", [1, 40, 60, 80, 100, 140])
@pytest.mark.parametrize(
    "arguments",
    [
        ["list", "densenet"],
        ["show", "vgg16"],
        ["show", "googlenet", "--depth", "2"],
        ["show", "resnet50", "--all"],
        ["show", "alexnet", "--input", "224"],
        ["compare", "alexnet", "googlenet", "resnet50"],
        ["explain", "alexnet", "conv1"],
        ["explain", "vgg16"],
        ["check", "lenet5", "vgg16"],
    ],
    ids=" ".join,
)
def test_narrow_terminals(arguments, width):
    result = run(*arguments, env={"COLUMNS": str(width)})
    assert (result.exit_code, result.stderr) == (0, "")
    if width >= 80:
        too_long = [line for line in result.stdout.splitlines() if len(line) > width]
        assert not too_long
    assert "Traceback" not in result.stdout


@pytest.mark.parametrize("width", [40, 60])
def test_narrow_terminals_keep_layers_and_say_what_is_left_out(width):
    text = run("show", "vgg16", env={"COLUMNS": str(width)}).stdout
    for name in ("conv1_1", "pool5", "fc8", "total"):
        assert name in text
    assert "Left out" in text


def test_a_pipe_is_as_wide_as_it_likes():
    assert "Left out" not in run("show", "vgg16", env={"COLUMNS": ""}).stdout


def on_a_terminal(arguments, **more):
    """Run archcalc on a terminal of its own; return what arrives there."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    env = environment(ARCHCALC_PAGER="", **more)  # no pager, which would wait for a key
    process = subprocess.Popen(command(*arguments), stdin=theirs, stdout=theirs, stderr=theirs, env=env, close_fds=True)
    os.close(theirs)
    found = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the terminal has been hung up
            break
        if not part:
            break
        found += part
    os.close(ours)
    assert process.wait() == 0, found.decode()
    return found.decode()


def test_colour_is_for_terminals_that_want_it():
    arguments = ["show", "alexnet"]
    assert "\x1b[" in on_a_terminal(arguments, TERM="xterm-256color")
    assert "\x1b" not in on_a_terminal(arguments, TERM="xterm-256color", NO_COLOR="1")
    assert "\x1b" not in on_a_terminal(arguments, TERM="dumb")
    assert "\x1b" not in run_apart(*arguments, TERM="xterm-256color").stdout


@pytest.mark.parametrize("read", [0, 1, 100])
@pytest.mark.parametrize("arguments", [["show", "resnet152", "--all"], ["list", "vgg", "-f", "csv"]], ids=" ".join)
def test_a_pipe_that_closes_is_no_error(arguments, read):
    process = subprocess.Popen(command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
    process.stdout.read(read)
    process.stdout.close()
    errors = process.stderr.read().decode()
    process.stderr.close()
    process.wait()
    assert errors == ""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_output_fits_the_encoding(encoding):
    result = subprocess.run(
        command("explain", "alexnet", "conv1"),
        capture_output=True,
        env=environment(PYTHONIOENCODING=encoding),
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, b"")
    text = result.stdout.decode(encoding)
    assert "105,415,200" in text
    assert "?" not in text


def test_bad_specs_fit_the_encoding(tmp_path):
    file = tmp_path / "net.yaml"
    file.write_text("name: net\ninput: [3, 8, 8]\nlayers: [convé]\n", encoding="utf-8")
    result = run_apart("validate", file, PYTHONIOENCODING="ascii")
    assert result.returncode == 3
    assert "3:10: unknown operation or block" in result.stderr


# A process of its own


def test_the_module_runs(tmp_path):
    result = run_apart("show", "vgg16", folder=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert "138,357,544" in result.stdout
    assert list(tmp_path.iterdir()) == [], "nothing is written that was not asked for"


def test_statuses_reach_the_shell(tmp_path):
    assert run_apart("show", "vg16").returncode == 2
    assert run_apart("validate", "-", input="name: net\n").returncode == 3
    failing = spec("{conv: 8}", head="cite: {key: a, title: A}") + "published: [{params: 1, cite: a}]\n"
    assert run_apart("check", "-", input=failing).returncode == 1


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell):
    result = run_apart(_ARCHCALC_COMPLETE=f"{shell}_source")
    assert result.returncode == 0
    assert "archcalc" in result.stdout


def test_output_is_the_same_every_time():
    first = run_apart("show", "googlenet", "--format", "json", PYTHONHASHSEED="1")
    second = run_apart("show", "googlenet", "--format", "json", PYTHONHASHSEED="2")
    assert first.stdout == second.stdout
    assert sys.getsizeof(first.stdout) > 10_000


def test_one_of_several_on_standard_input_is_chosen_in_a_file():
    text = spec("conv: =k", head="args: {k: 1}") + "variants:\n  a: {set: {k: 2}}\n  b: {set: {k: 3}}\n"
    result = run("formula", "-", "--in", "k", input=text)
    assert result.exit_code == 2
    assert "(a, b): save it as a file to choose one, as FILE:NAME" in result.stderr
