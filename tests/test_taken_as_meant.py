"""What people type is taken as meant, or refused in a sentence that says what to type."""

from __future__ import annotations

import json
import sys

import model_files as models
import pytest
from making import only_layer, spec
from running import command, environment, run, runner

import archcalc
from archcalc.cli import cli
from archcalc.cli.streams import announce_standard_input
from archcalc.errors import RequestError
from archcalc.spelling import nearest_network

NAMES = (
    "lenet5", "lenet-5", "alexnet", "alexnet-owt", "nin-cifar10", "zfnet", "vgg11", "vgg13", "vgg16", "vgg-16", "vgg19",
    "googlenet", "inception-v3", "resnet18", "resnet50", "resnet101", "resnet20-cifar", "resnet-20", "preresnet-110",
    "resnext50", "densenet121", "squeezenet1.0", "xception", "mobilenet-v1", "mobilenet-v2", "mnasnet", "nasnet-mobile",
    "shufflenet-v2", "senet154", "efficientnet-b0", "efficientnet-b7", "unet", "u-net", "vit-b-16", "swin-t", "ssd300",
)  # fmt: skip


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("vgg61", "vgg16"), ("vg16", "vgg16"), ("resnet5", "resnet50"), ("alexnt", "alexnet"),
        ("googlnet", "googlenet"),
        ("efficentnet-b0", "efficientnet-b0"), ("densent121", "densenet121"), ("inceptoin-v3", "inception-v3"),
        ("xceptoin", "xception"), ("resnxt50", "resnext50"), ("mnanet", "mnasnet"), ("unett", "unet"),
        ("shuflenet", "shufflenetv2"),
        # another architecture, or another number: no slip
        ("segnettt", None), ("segnet", None), ("resnet51", None), ("mobilenet-v4", None), ("efficientnet-b8", None),
        ("vgg15", None), ("bert", None), ("yolov3", None), ("resnet-1000", None), ("alexnet2", None), ("gan", None),
        ("lenet-6", None), ("qqqq", None), ("fcn", None), ("vip", None), ("", None), ("x", None),
    ],
)  # fmt: skip
def test_a_misspelt_network(word, meant):
    near = nearest_network(word, NAMES)
    assert (near and near.replace("-", "")) == (meant and meant.replace("-", ""))


def test_a_name_without_what_follows_it():
    assert nearest_network("alexnet", ["lenet", "alexnet-owt", "alexnet-torchvision"]) == "alexnet-owt"


@pytest.mark.parametrize("letters", ["name", "resnet", "vgg"])
@pytest.mark.parametrize("digits", ["1", "16", "152"])
def test_every_name_is_its_own_nearest(letters, digits):
    assert nearest_network(letters + digits, ["other", letters + digits]) == letters + digits


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("vgg16", "it is a network: archcalc show vgg16"),
        ("ResNet50", "it is a network: archcalc show ResNet50"),
        ("resnet", "it is a family of networks: archcalc show resnet"),
        ("torchvision:vgg16", "it is a network: archcalc show torchvision:vgg16"),
        ("version", "archcalc --version"),
        ("shwo", "did you mean 'show'?"),
        ("conv: 64", "it is layers: archcalc explain --input CxHxW"),
        ("qqqqq", "there are list, show, "),
    ],
)
def test_what_is_no_command(word, says):
    result = run(word)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"no command '{word}'" in result.stderr
    assert says in result.stderr


def test_a_file_and_a_folder_are_no_commands(tmp_path):
    file = tmp_path / "net.yaml"
    file.write_text(spec("relu"), encoding="utf-8")
    assert f"it is a file: archcalc show {file}" in run(file).stderr
    assert f"it is a folder: archcalc show {tmp_path}" in run(tmp_path).stderr


def shown(*arguments):
    result = run("show", *arguments, "-f", "json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("fp16", "float16"), ("half", "float16"), ("FP16", "float16"), ("torch.float16", "float16"), ("f16", "float16"),
        ("bf16", "bfloat16"), ("BFloat16", "bfloat16"), ("fp32", "float32"), ("float", "float32"),
        ("Float32", "float32"),
        ("double", "float64"), ("fp64", "float64"), ("uint8", "int8"), ("INT8", "int8"), ("q4", "int4"), ("i4", "int4"),
    ],
)  # fmt: skip
def test_types_as_people_write_them(written, meant):
    assert shown("lenet5", "--dtype", written)["dtype"] == meant
    assert archcalc.load("lenet5").analyze(dtype=written).setup.dtype == meant


def test_a_type_that_there_is_not():
    result = run("show", "lenet5", "--dtype", "fp24")
    assert result.exit_code == 2
    assert "no type 'fp24'" in result.stderr
    assert run("memory", "lenet5", "--dtype", "half").exit_code == 0
    assert "int8 is for inference only" in run("memory", "lenet5", "--dtype", "INT8", "--optimizer", "adam").stderr


@pytest.mark.parametrize(
    ("written", "meant"),
    [("md", "markdown"), ("MD", "markdown"), ("tex", "latex"), ("htm", "html"), ("txt", "plain"), ("JSON", "json")],
)
def test_formats_as_people_write_them(written, meant):
    assert run("show", "lenet5", "-f", written).stdout == run("show", "lenet5", "-f", meant).stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["show", "lenet5", "-f", "jsn"], "'jsn' is none of table, plain, markdown,"),
        (["show", "lenet5", "-f", "jsn"], "did you mean 'json'?"),
        (["show", "lenet5", "--json"], "write -f json"),
        (["show", "lenet5", "--md"], "write -f markdown"),
        (["check", "lenet5", "--github"], "write -f github"),
        (["show", "lenet5", "--colums", "x"], "--columns"),
        (["show", "lenet5", "--batch", "big"], "expected a whole number of at least 1, got 'big'"),
        (["show", "lenet5", "--batch", "0"], "expected a whole number of at least 1, got '0'"),
        (["show", "lenet5", "--depth", "1.5"], "expected a whole number of at least 1, got '1.5'"),
        (["memory", "lenet5", "--bits", "65"], "expected a whole number from 1 to 64, got '65'"),
        (["memory", "lenet5", "--optimizer", "Adma"], "did you mean 'adam'?"),
    ],
)
def test_options_that_cannot_be_read(arguments, says):
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr
    assert "IntRange" not in result.stderr
    assert "integer range" not in result.stderr


def test_only_the_nearest_option_is_suggested():
    assert "--color" not in run("show", "lenet5", "--colums", "x").stderr.replace("--columns", "")


def test_words_of_options_in_any_case():
    for arguments in (["memory", "lenet5", "--optimizer", "Adam"], ["show", "lenet5", "--count", "FLOPs"]):
        assert run(*arguments).stdout == run(*arguments[:-1], arguments[-1].lower()).stdout != ""


@pytest.mark.parametrize(
    ("written", "meant"), [("SAME", "same"), ("Same", "same"), ("SAME_UPPER", "same"), ("SAME_LOWER", "same_lower")]
)
def test_padding_in_capitals(written, meant):
    layer = only_layer(f"{{conv: {{filters: 2, kernel: 4, pad: {written}}}}}")
    assert layer.operation == only_layer(f"{{conv: {{filters: 2, kernel: 4, pad: {meant}}}}}").operation or (
        vars(layer.operation)["pad"] == meant
    )
    assert layer.output == (2, 8, 8)


@pytest.mark.parametrize("written", ["VALID", "valid"])
def test_valid_is_no_padding(written):
    assert only_layer(f"{{conv: {{filters: 2, kernel: 3, pad: {written}}}}}").output == (2, 6, 6)


def test_other_words_for_padding_name_those_that_there_are():
    with pytest.raises(archcalc.errors.SpecError, match=r"same or same_lower, got 'half'"):
        only_layer("{conv: {filters: 2, kernel: 3, pad: half}}")


@pytest.mark.parametrize(("written", "params"), [("True", 28), ("False", 27), ("true", 28)])
def test_flags_as_python_writes_them(written, params):
    assert only_layer(f"{{conv: {{filters: 1, kernel: 3, bias: {written}}}}}").params == params


def test_an_operation_is_no_network():
    result = run("show", "BatchNorm2d")
    assert result.stderr == "no network 'BatchNorm2d'; as a layer, with --input CxHxW (did you mean 'bn'?)\n"


def test_standard_input_on_a_terminal_is_announced(monkeypatch, capsys):
    class Terminal:
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stdin", Terminal())
    announce_standard_input()
    said = capsys.readouterr().err
    assert said.startswith("reading a spec from standard input; end it with Ctrl-")
    assert run("show", "-", input=spec("{fc: 3}")).stderr == ""


ONNX = models.onnx([models.node("Conv", "x w", "y")], weights=[models.tensor("w", [8, 3, 3, 3])])
DARKNET = (
    "[net]\nheight=32\nwidth=32\nchannels=3\n\n[convolutional]\nfilters=4\nsize=3\nstride=1\npad=1\nactivation=linear\n"
)


@pytest.mark.parametrize(
    ("data", "params"),
    [(ONNX, 8 * 27), (DARKNET.encode(), 4 * 28), (spec("{fc: 3}").encode(), 3 * 193),
     (b"{input: [3, 8, 8], layers: [{fc: 3}]}", 3 * 193)],
)  # fmt: skip
def test_a_model_file_in_a_pipe_is_told_by_its_content(data, params):
    result = runner().invoke(cli, ["show", "-", "-f", "json"], input=data)
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["totals"]["params"] == params
    if params != 3 * 193:
        imported = runner().invoke(cli, ["import", "-"], input=data)
        assert archcalc.loads(imported.stdout).analyze().params == params


def test_a_spec_in_a_pipe_that_looks_like_caffe():
    text = "input: [3, 8, 8]\nargs:\n  input_dim: 4\nlayers:\n  - {fc: =input_dim}\n"
    result = run("show", "-", "-f", "json", input=text)
    assert json.loads(result.stdout)["totals"]["params"] == 4 * 193


def test_weights_in_a_pipe_are_refused_as_in_a_file():
    result = runner().invoke(cli, ["show", "-"], input=b"\x89HDF\r\n\x1a\n" + bytes(100))
    assert result.exit_code == 2
    assert result.stderr.startswith("<stdin>: an HDF5 file, with the weights of a Keras model")


def test_a_pipe_of_a_process_of_its_own():
    import subprocess

    done = subprocess.run(command("show", "-"), input=ONNX, capture_output=True, env=environment(), check=False)
    assert done.returncode == 0, done.stderr


def test_errors_are_requests():
    with pytest.raises(RequestError, match="did you mean 'vgg16'"):
        archcalc.load("vgg61")
