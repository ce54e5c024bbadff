"""Programs of torch.export: the form of the file, open sizes, and aten operations worked out by hand."""

from __future__ import annotations

import pytest
from model_files import Symbol, archive, program
from reading_models import lines, only, read, words

from archcalc.engine.count import count
from archcalc.engine.count import setup as counted_for  # pytest 7 would run a module's setup
from archcalc.engine.expand import expand
from archcalc.errors import ModelError, RequestError
from archcalc.exchange.importing import import_graph

CONV = {
    "op": "conv2d.default",
    "args": {"input": "x", "weight": "w", "bias": None, "stride": [2, 2], "padding": [1, 1]},
    "outputs": ["c"],
    "path": "stem.conv",
}
WEIGHTS = {"w": ("stem.conv.weight", [16, 3, 3, 3])}


def pt2(calls, outputs, inputs=None, weights=None, sizes=None, place="made/models/model.json", ranges=None, **asked):
    text = program(calls, inputs or {"x": [1, 3, 8, 8]}, outputs, weights or {}, sizes or {}, ranges)
    return read(archive({place: text, "made/data/weights/weight_0": b"\0" * 999}), "made.pt2", **asked)


@pytest.mark.parametrize("place", ["made/models/model.json", "serialized_exported_program.json"])
def test_a_convolution_in_both_layouts(place):
    found = only(pt2([CONV], ["c"], weights=WEIGHTS, sizes={"c": [1, 16, 4, 4]}, place=place))
    assert (found.word, found.shape, found.params) == ("conv", (16, 4, 4), 432)
    assert (found.origin.path, found.weights) == ("stem.conv", ("stem.conv.weight",))


def test_sizes_are_held_against_the_file():
    with pytest.raises(ModelError, match="1 x 16 x 4 x 4 are computed here, but the file says 1 x 16 x 5 x 5"):
        pt2([CONV], ["c"], weights=WEIGHTS, sizes={"c": [1, 16, 5, 5]})


def test_open_sizes_are_asked_for():
    inputs = {"x": ["s0", 3, "s1", "s2"]}
    with pytest.raises(RequestError, match="3 x s1 x s2, and leaves s1 and s2 open"):
        pt2([CONV], ["c"], inputs, WEIGHTS, {"c": ["s0", 16, "s3", "s4"]})
    assert only(pt2([CONV], ["c"], inputs, WEIGHTS, {"c": ["s0", 16, "s3", "s4"]}, any=(16, 20))).shape == (16, 8, 10)


def test_sizes_given_are_within_the_bounds_of_their_symbols():
    inputs, ranges = {"x": ["s0", 3, "s1", "s1"]}, {"s0": (1, 64), "s1": (8, 32)}
    for given, message in (
        ((7,), "the input 'x' has s1 from 8 to 32, where --input says 7"),
        ((33,), "the input 'x' has s1 from 8 to 32, where --input says 33"),
        ((16, 20), "the input 'x' has s1 twice, where --input says 16 and 20"),
    ):
        with pytest.raises(RequestError, match=message):
            pt2([CONV], ["c"], inputs, WEIGHTS, ranges=ranges, any=given)
    assert only(pt2([CONV], ["c"], inputs, WEIGHTS, ranges=ranges, any=(16,))).shape == (16, 8, 8)
    with pytest.raises(RequestError, match="has s1 from 8 on, where --input says 7"):
        pt2([CONV], ["c"], inputs, WEIGHTS, ranges={"s1": (8, None)}, any=(7,))


def of_sizes(target, output, **args):
    return {"target": target, "args": args, "outputs": [Symbol(output)]}


def size_of(axis, output):
    return of_sizes("torch.ops.aten.sym_size.int", output, self="x", dim=axis)


def test_numbers_are_worked_out_from_open_sizes():
    """A padding to a multiple of 7, as windows need it: (7 - h % 7) % 7, with batch and heads multiplied."""
    batch, height, rest, short, pads, heads = (Symbol(each) for each in ("b", "h", "r", "q", "p", "n"))
    calls = [
        size_of(0, "b"),
        size_of(2, "h"),
        of_sizes("_operator.mod", "r", a=height, b=7),
        of_sizes("_operator.sub", "q", a=7, b=rest),
        of_sizes("_operator.mod", "p", a=short, b=7),
        of_sizes("_operator.mul", "n", a=batch, b=3),
        {"op": "pad.default", "args": {"self": "x", "pad": [0, 0, 0, pads]}, "outputs": ["y"]},
        {"op": "view.default", "args": {"self": "y", "size": [heads, 1, -1, 8]}, "outputs": ["v"]},
        {"op": "view.default", "args": {"self": "v", "size": [batch, 3, -1, 8]}, "outputs": ["z"]},
        {"op": "relu.default", "args": {"self": "z"}, "outputs": ["o"]},
    ]
    inputs = {"x": ["s0", 3, "s1", 8]}
    assert pt2(calls, ["o"], inputs, any=(10, 8)).nodes[-1].shape == (3, 14, 8)
    assert pt2(calls, ["o"], inputs, any=(14, 8)).nodes[-1].shape == (3, 14, 8)
    assert pt2(calls, ["o"], inputs, any=(15, 8)).nodes[-1].shape == (3, 21, 8)


@pytest.mark.parametrize(
    ("target", "args", "size"),
    [
        ("_operator.add", {"a": Symbol("h"), "b": Symbol("h")}, 18),
        ("_operator.floordiv", {"a": Symbol("h"), "b": 2}, 4),
        ("_operator.pow", {"a": Symbol("h"), "b": 2}, 81),
        ("torch.sym_max", {"a": Symbol("h"), "b": 12}, 12),
        ("torch.sym_min", {"a": Symbol("h"), "b": 12}, 9),
        ("torch.sym_ite", {"a": True, "b": 5, "c": Symbol("h")}, 5),
        ("torch.ops.aten.sym_numel.default", {"self": "x"}, 3 * 9 * 8),
        ("torch.ops.aten.sym_stride.int", {"self": "x", "dim": 1}, 72),
    ],
)
def test_what_python_does_with_sizes(target, args, size):
    call = {"op": "adaptive_avg_pool2d.default", "args": {"self": "x", "output_size": [Symbol("n"), 1]}}
    calls = [size_of(2, "h"), of_sizes(target, "n", **args), call | {"outputs": ["y"]}]
    assert pt2(calls, ["y"], {"x": ["s0", 3, "s1", 8]}, any=(9, 8)).nodes[-1].shape == (3, size, 1)


def test_fractions_of_sizes_are_cut_where_the_program_cuts_them():
    calls = [
        size_of(2, "h"),
        of_sizes("_operator.truediv", "f", a=Symbol("h"), b=2),
        of_sizes("math.ceil", "n", x=Symbol("f")),
        {"op": "adaptive_avg_pool2d.default", "args": {"self": "x", "output_size": [Symbol("n"), 1]}, "outputs": ["y"]},
    ]
    assert pt2(calls, ["y"], {"x": ["s0", 3, "s1", 8]}, any=(9, 8)).nodes[-1].shape == (3, 5, 1)


@pytest.mark.parametrize(
    ("target", "args", "message"),
    [
        ("_operator.mul", {"a": "x", "b": 2}, "it does not work on numbers alone"),
        ("_operator.pow", {"a": 2, "b": 10**9}, "its exponent is too large"),
        ("_operator.mul", {"a": 2**63, "b": 2}, "its numbers are too large"),
        ("_operator.floordiv", {"a": 2, "b": 0}, "ZeroDivisionError"),
        ("_operator.matmul", {"a": 2, "b": 0}, "archcalc does not know _operator.matmul"),
    ],
)
def test_arithmetic_that_cannot_be_stops(target, args, message):
    with pytest.raises(ModelError, match=message):
        pt2([of_sizes(target, "n", **args), CONV], ["c"], {"x": ["s0", 3, 8, 8]}, WEIGHTS)


def test_words_are_a_sequence_whose_length_is_given():
    call = {"op": "embedding.default", "args": {"weight": "w", "indices": "x"}, "outputs": ["e"]}
    found = pt2([call], ["e"], {"x": ["s0", "s1"]}, {"w": ("words.weight", [100, 16])}, any=(20,))
    assert "input: [1, 20]\n" in import_graph(found).text
    assert found.nodes[-1].shape == (16, 20, 1)


def test_an_attention_of_torchvision():
    """q, k and v as one linear layer, laid out as 3 x heads x d, and scaled_dot_product_attention."""
    calls = [
        {"op": "linear.default", "args": {"input": "x", "weight": "wi", "bias": "bi"}, "outputs": ["l"]},
        {"op": "view.default", "args": {"self": "l", "size": [1, 50, 3, 4, 8]}, "outputs": ["v"]},
        {"op": "permute.default", "args": {"self": "v", "dims": [2, 0, 3, 1, 4]}, "outputs": ["p"]},
        *({"op": "select.int", "args": {"self": "p", "dim": 0, "index": at}, "outputs": [f"s{at}"]} for at in range(3)),
        {
            "op": "scaled_dot_product_attention.default",
            "args": {"query": "s0", "key": "s1", "value": "s2"},
            "outputs": ["a"],
        },
        {"op": "transpose.int", "args": {"self": "a", "dim0": 1, "dim1": 2}, "outputs": ["t"]},
        {"op": "reshape.default", "args": {"self": "t", "shape": [1, 50, 32]}, "outputs": ["r"]},
        {"op": "linear.default", "args": {"input": "r", "weight": "wo"}, "outputs": ["o"]},
    ]
    weights = {"wi": ("qkv.weight", [96, 32]), "bi": ("qkv.bias", [96]), "wo": ("out.weight", [32, 32])}
    found = pt2(calls, ["o"], {"x": [1, 50, 32]}, weights)
    assert lines(found) == [
        ("conv", {"filters": 96, "kernel": 1}, (0,), (96, 50, 1)),
        ("attention", {"heads": 4}, (1,), (32, 50, 1)),
        ("conv", {"filters": 32, "kernel": 1, "bias": False}, (2,), (32, 50, 1)),
    ]


def test_windows_of_a_swin_transformer_leave_no_trace():
    """A map cut into windows of 4 x 4, a linear layer on each, and put together again."""
    calls = [
        {"op": "permute.default", "args": {"self": "x", "dims": [0, 2, 3, 1]}, "outputs": ["last"]},
        {"op": "view.default", "args": {"self": "last", "size": [1, 2, 4, 3, 4, 6]}, "outputs": ["v"]},
        {"op": "permute.default", "args": {"self": "v", "dims": [0, 1, 3, 2, 4, 5]}, "outputs": ["p"]},
        {"op": "reshape.default", "args": {"self": "p", "shape": [6, 16, 6]}, "outputs": ["r"]},
        {"op": "linear.default", "args": {"input": "r", "weight": "w"}, "outputs": ["l"]},
        {"op": "view.default", "args": {"self": "l", "size": [1, 2, 3, 4, 4, 6]}, "outputs": ["b"]},
        {"op": "permute.default", "args": {"self": "b", "dims": [0, 1, 3, 2, 4, 5]}, "outputs": ["q"]},
        {"op": "reshape.default", "args": {"self": "q", "shape": [1, 8, 12, 6]}, "outputs": ["u"]},
        {"op": "permute.default", "args": {"self": "u", "dims": [0, 3, 1, 2]}, "outputs": ["n"]},
        {"op": "conv2d.default", "args": {"input": "n", "weight": "k"}, "outputs": ["c"]},
    ]
    weights = {"w": ("a.weight", [6, 6]), "k": ("b.weight", [2, 6, 3, 3])}
    found = pt2(calls, ["c"], {"x": [1, 6, 8, 12]}, weights)
    assert words(found) == ["conv", "conv"]
    assert [node.shape for node in found.nodes] == [(6, 8, 12), (6, 8, 12), (2, 6, 10)]


def test_numbers_are_no_tensors():
    calls = [
        {"op": "add.Tensor", "args": {"self": "x", "other": 0}, "outputs": ["a"]},
        {"op": "masked_fill.Scalar", "args": {"self": "a", "mask": "a", "value": 0}, "outputs": ["m"]},
        {"op": "relu.default", "args": {"self": "m"}, "outputs": ["r"]},
    ]
    assert words(pt2(calls, ["r"]))[-1] == "relu"


def test_what_is_not_known_has_the_size_of_the_file_and_a_remark():
    call = {"op": "wavelet.default", "args": {"self": "x"}, "outputs": ["y"]}
    found = pt2([call], ["y"], sizes={"y": [1, 6, 4, 4]})
    assert only(found).settings == {"what": "wavelet", "shape": [6, 4, 4]}
    assert "wavelet is unknown" in found.remarks[0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            {"op": "wavelet.default", "args": {"self": "x"}, "outputs": ["y"]},
            r"y \(wavelet, node 0\): archcalc does not know",
        ),
        ({"op": "relu.default", "args": {"self": "nobody"}, "outputs": ["y"]}, "reads 'nobody'"),
        ({"op": "conv2d.default", "args": {"input": "x"}, "outputs": ["y"]}, "it has no weight with a kernel"),
    ],
)
def test_what_stops_an_import_says_where(call, message):
    with pytest.raises(ModelError, match=message):
        pt2([call], ["y"])


def test_a_layer_is_found_by_its_module_with_dots():
    report = import_graph(pt2([CONV], ["c"], weights=WEIGHTS), flat=True).spec
    found = count(expand(report), counted_for())
    assert [layer.name for layer in found.find("stem.conv")] == ["stem/conv"]
    assert [layer.name for layer in found.find("stem")] == ["stem/conv"]
    with pytest.raises(RequestError, match=r"has no layer 'stem\.conw'"):
        found.find("stem.conw")
