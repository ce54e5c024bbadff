"""``archcalc import``, and other programs' files where a network is asked for."""

from __future__ import annotations

import json
import shutil
import sys

import model_files as made
import pytest
from reading_models import INTEROP, read
from running import run

import archcalc
from archcalc.errors import ModelError, RequestError
from archcalc.exchange.importing import import_graph

CFG = """[net]
height=32
width=32
channels=3

[convolutional]
batch_normalize=1
filters=16
size=3
stride=1
pad=1
activation=leaky

[maxpool]
size=2
stride=2

[convolutional]
filters=5
size=1
stride=1
activation=linear
"""

PROTOTXT = """name: "small"
input: "data"
input_shape { dim: 10 dim: 3 dim: 16 dim: 16 }
layer { name: "conv1" type: "Convolution" bottom: "data" top: "conv1"
  convolution_param { num_output: 4 kernel_size: 3 } }
layer { name: "relu1" type: "ReLU" bottom: "conv1" top: "conv1" }
layer { name: "fc" type: "InnerProduct" bottom: "conv1" top: "fc" inner_product_param { num_output: 2 } }
"""


def onnx(axes=(1, 3, 16, 16)) -> bytes:
    nodes = [
        made.node("Conv", "x w b", "c", "/layer1/layer1.0/conv1/Conv", kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        made.node("Relu", "c", "r", "/layer1/layer1.0/relu/Relu"),
        made.node("Conv", "r w2", "d", "/layer1/layer1.1/conv1/Conv", kernel_shape=[1, 1]),
        made.node("GlobalAveragePool", "d", "g", "/avgpool/GlobalAveragePool"),
    ]
    weights = [made.tensor("w", [8, 3, 3, 3]), made.tensor("b", [8]), made.tensor("w2", [4, 8, 1, 1])]
    return made.onnx(nodes, {"x": list(axes)}, {"g": None}, weights)


@pytest.fixture
def files(tmp_path):
    (tmp_path / "net.onnx").write_bytes(onnx())
    (tmp_path / "open.onnx").write_bytes(onnx(("batch", 3, "height", "width")))
    (tmp_path / "net.cfg").write_text(CFG)
    (tmp_path / "deploy.prototxt").write_text(PROTOTXT)
    return tmp_path


TOTALS = {  # by hand: params, MACs
    "net.onnx": (8 * 27 + 8 + 4 * 8, 16 * 16 * (8 * 27 + 4 * 8)),
    "net.cfg": (16 * 27 + 2 * 16 + 5 * 16 + 5, 32 * 32 * 16 * 27 + 16 * 16 * 5 * 16),
    "deploy.prototxt": (4 * 27 + 4 + 2 * 4 * 14 * 14 + 2, 14 * 14 * 4 * 27 + 2 * 4 * 14 * 14),
}


@pytest.mark.parametrize("name", TOTALS)
@pytest.mark.parametrize("renamed", [False, True])
def test_show_takes_a_file_by_what_is_in_it(files, name, renamed):
    path = files / name
    if renamed:
        path = files / "network.bin"
        shutil.copy(files / name, path)
    result = run("show", path, "--format", "json")
    assert result.exit_code == 0, result.stderr
    totals = json.loads(result.stdout)["totals"]
    assert (totals["params"], totals["macs"]) == TOTALS[name]


@pytest.mark.parametrize("name", TOTALS)
@pytest.mark.parametrize("flat", [[], ["--flat"]])
def test_what_is_imported_is_a_spec_of_the_same_totals(files, name, flat):
    result = run("import", files / name, "-o", files / "net.yaml", *flat)
    assert result.exit_code == 0, result.stderr
    report = archcalc.load(str(files / "net.yaml")).analyze()
    assert (report.params, report.macs) == TOTALS[name]
    assert run("import", files / name, *flat).stdout == (files / "net.yaml").read_text()
    assert run("import", files / name, "-o", "-", *flat).stdout == (files / "net.yaml").read_text()


@pytest.mark.parametrize(
    "command", [["show"], ["explain"], ["memory"], ["check", "--allow-nothing"], ["validate"], ["compare", "vgg16"]]
)
def test_every_command_takes_a_file(files, command):
    result = run(*command, files / "net.onnx")
    assert result.exit_code == 0, result.stderr


def test_rows_have_the_names_of_the_modules(files):
    names = [layer.name for layer in archcalc.load(str(files / "net.onnx")).analyze().layers]
    assert "layer1/0/conv1" in names and "layer1/1/conv1" in names
    folded = run("show", files / "net.onnx", "--columns", "layer,params", "--depth", "1").stdout
    assert "layer1" in folded and "conv1" not in folded


def test_open_sizes_are_asked_for_in_the_words_of_the_file(files):
    refused = run("show", files / "open.onnx")
    assert refused.exit_code == 2
    assert "height and width" in refused.stderr and "--input" in refused.stderr
    given = run("show", files / "open.onnx", "--input", "16", "--format", "json")
    assert json.loads(given.stdout)["totals"]["macs"] == TOTALS["net.onnx"][1]
    for command in ("import", "show"):
        assert run(command, files / "open.onnx", "--input", "x=3x16x16").exit_code == 0


def test_nothing_is_written_over_what_is_read(files):
    before = (files / "net.onnx").read_bytes()
    for more in (["-o", files / "net.onnx"], ["--names", files / "net.onnx"]):
        result = run("import", files / "net.onnx", *more)
        assert result.exit_code == 2 and "is an input of this command" in result.stderr
    assert run("show", files / "net.onnx", "-o", files / "net.onnx", "--format", "csv").exit_code == 2
    assert (files / "net.onnx").read_bytes() == before


def test_the_map_of_names(files):
    run("import", files / "net.onnx", "-o", files / "net.yaml", "--names", files / "map.csv")
    lines = (files / "map.csv").read_text().splitlines()
    assert lines[0] == "file,module,operation,layer"
    assert len(lines) == 1 + 4
    layers = {layer.name for layer in archcalc.load(str(files / "net.yaml")).analyze().layers}
    assert {line.split(",")[-1] for line in lines[1:]} <= layers


def test_remarks_are_said_and_strict_makes_them_errors(files):
    nodes = [made.node("Conv", "x w", "a", "a", kernel_shape=[1, 1]), made.node("Conv", "a w", "b", "b")]
    data = made.onnx(nodes, {"x": [1, 4, 8, 8]}, {"b": None}, [made.tensor("w", [4, 4, 1, 1])])
    (files / "shared.onnx").write_bytes(data)
    said = run("import", files / "shared.onnx")
    assert said.exit_code == 0 and "16 parameters are counted once" in said.stderr
    assert "weights: a" in said.stdout
    refused = run("import", files / "shared.onnx", "--strict")
    assert refused.exit_code == 3 and "counted once" in refused.stderr and not refused.stdout
    assert "counted once" in run("show", files / "shared.onnx").stdout
    assert run("import", files / "net.cfg", "--strict").exit_code == 0


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (b"\x80\x02}q\x00.", 2, "checkpoint"),
        (b"\x89HDF\r\n\x1a\n" + b"\x00" * 64, 2, "HDF5"),
        (onnx()[:60], 3, "net.onnx"),
        (b"name: spec\ninput: [3, 8, 8]\nlayers: [relu]\n", 2, "needs no import"),
    ],
)
def test_what_cannot_be_imported_is_said(files, content, status, said):
    (files / "net.onnx").write_bytes(content)
    path = files / "net.onnx"
    if b"spec" in content:
        path = files / "spec.yaml"
        path.write_bytes(content)
    result = run("import", path)
    assert result.exit_code == status and said in result.stderr and not result.stdout


def test_a_difference_is_an_error(monkeypatch):
    graph = read(onnx())
    (conv, *_) = [node for node in graph.nodes if node.word == "conv"]
    nodes = tuple(node.replace(macs=node.macs + 1) if node is conv else node for node in graph.nodes)
    with pytest.raises(ModelError, match="MACs"):
        import_graph(graph.replace(nodes=nodes))


@pytest.mark.parametrize("flat", [False, True])
def test_the_example_files_come_out_flat_and_folded(flat):
    from pathlib import Path

    folder = Path(INTEROP)
    if not (folder / "expected.json").exists():
        pytest.skip("the example files are not here")
    from archcalc.exchange.importing import import_file

    for name in json.loads((folder / "expected.json").read_text()):
        imported = import_file(str(folder / name), flat=flat)
        assert imported is not None
        assert not any("could not be folded" in remark for remark in imported.remarks)
        report = archcalc.loads(imported.text).analyze()
        assert (report.params, report.macs) == (imported.graph.params, imported.graph.macs), name


def test_a_model_of_keras_in_process():
    layers = [
        {"cls": "InputLayer", "batch_shape": [None, 8, 8, 3]},
        {"cls": "Conv2D", "filters": 4, "kernel_size": [3, 3], "strides": [2, 2], "padding": "same"},
    ]

    class Model:
        name = "made"

        def to_json(self):
            return made.keras(layers)

    model = archcalc.from_keras(Model())
    assert model.analyze().params == 4 * 27 + 4
    assert "pad: same" in model.spec()
    assert archcalc.loads(model.spec(flat=True)).analyze().macs == 4 * 4 * 4 * 27
    with pytest.raises(RequestError, match="model of Keras"):
        archcalc.from_keras(object())


def test_without_pytorch_the_request_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(RequestError, match="PyTorch"):
        archcalc.from_torch(object(), (3, 8, 8))


def test_a_module_of_pytorch_in_process(capsys):
    torch = pytest.importorskip("torch")
    model = torch.nn.Sequential(torch.nn.Conv2d(3, 8, 3), torch.nn.BatchNorm2d(8), torch.nn.ReLU(), torch.nn.Flatten())
    model.train()
    model[1].eval()
    report = archcalc.summary(model, (3, 8, 8))
    assert "total" in capsys.readouterr().out
    assert (report.params, report.macs) == (3 * 8 * 9 + 8 + 16, 36 * 3 * 8 * 9)
    assert [module.training for module in model] == [True, False, True, True]
    assert archcalc.from_torch(model, (1, 3, 8, 8)).spec() == archcalc.from_torch(model, (3, 8, 8)).spec()
    with pytest.raises(RequestError, match="cannot run"):
        archcalc.from_torch(model, (4, 8, 8))
