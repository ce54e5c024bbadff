"""Networks of other programs come out as specs that a person would have written: short, exact, and made to scale."""

from __future__ import annotations

from itertools import pairwise

import model_files as made
import pytest
from reading_models import read

import archcalc
from archcalc.engine.count import count
from archcalc.engine.count import setup as counted_for  # pytest 7 would run a module's setup
from archcalc.engine.expand import expand
from archcalc.exchange.folding.structure import dominators, prefixed, structured
from archcalc.exchange.importing import import_graph


class Writer:
    """Writes the nodes of an ONNX network, each with weights of its own."""

    def __init__(self, channels: int = 3, size: int = 32) -> None:
        self.nodes: list[bytes] = []
        self.weights: list[bytes] = []
        self.channels = {"x": channels}
        self.size = size

    def op(self, op: str, *inputs: str, channels: int | None = None, **attributes) -> str:
        out = f"t{len(self.nodes)}"
        self.nodes.append(made.node(op, " ".join(inputs), out, f"n{len(self.nodes)}", **attributes))
        self.channels[out] = self.channels[inputs[0]] if channels is None else channels
        return out

    def conv(self, source: str, filters: int, kernel: int = 1, stride: int = 1, groups: int = 1) -> str:
        weight = f"w{len(self.weights)}"
        self.weights.append(made.tensor(weight, [filters, self.channels[source] // groups, kernel, kernel]))
        pads = [kernel // 2] * 4
        return self.op("Conv", source, weight, channels=filters, kernel_shape=[kernel, kernel],
                       strides=[stride, stride], pads=pads, group=groups)  # fmt: skip

    def conv_relu(self, source: str, filters: int, kernel: int = 1, stride: int = 1, groups: int = 1) -> str:
        return self.op("Relu", self.conv(source, filters, kernel, stride, groups))

    def file(self, out: str) -> bytes:
        shape = [1, self.channels["x"], self.size, self.size]
        return made.onnx(self.nodes, {"x": shape}, {out: None}, self.weights)

    def text(self, out: str, flat: bool = False) -> str:
        """Import the network, which holds every layer against the file, and return the spec."""
        imported = import_graph(read(self.file(out)), flat=flat)
        assert not any("could not be folded" in remark for remark in imported.remarks)
        return imported.text


def totals(text: str, size: int | None = None):
    report = archcalc.loads(text).analyze(size)
    return report.params, report.macs


def bottlenecks(net: Writer, source: str = "x", widths=((8, 2, 1), (16, 3, 2), (32, 2, 2))) -> str:
    source = net.conv_relu(source, 16, 7, 2)
    for width, blocks, stride in widths:
        for number in range(blocks):
            step = stride if number == 0 else 1
            main = net.conv_relu(source, width)
            main = net.conv_relu(main, width, 3, step)
            main = net.conv(main, 4 * width)
            skip = net.conv(source, 4 * width, 1, step) if number == 0 else source
            source = net.op("Relu", net.op("Add", main, skip))
    return source


def test_bottlenecks_are_one_block_whose_projection_is_there_where_the_shape_changes():
    net = Writer()
    text = net.text(bottlenecks(net))
    assert "bottleneck:" in text and text.count("\n") < 30
    assert "in_channels != 4*filters" in text
    assert "repeat: 2" in text
    # by hand: stem; then c -> w, w -> w (3x3), w -> 4w for each block, and c -> 4w where the shape changes
    params, channels = 3 * 16 * 49, 16
    for width, blocks, _ in ((8, 2, 1), (16, 3, 2), (32, 2, 2)):
        for number in range(blocks):
            params += channels * width + 9 * width * width + 4 * width * width
            params += channels * 4 * width if number == 0 else 0
            channels = 4 * width
    assert totals(text)[0] == params


def test_a_folded_network_runs_at_other_sizes():
    small, large = Writer(size=32), Writer(size=96)
    text = small.text(small.op("GlobalAveragePool", bottlenecks(small)))
    other = large.text(large.op("GlobalAveragePool", bottlenecks(large)))
    assert totals(text, 96) == totals(other)


def inverted(net: Writer, source: str, filters: int, stride: int, expand: int = 6) -> str:
    inside = expand * net.channels[source]
    main = net.conv_relu(source, inside)
    main = net.conv_relu(main, inside, 3, stride, groups=inside)
    main = net.conv(main, filters)
    return net.op("Add", main, source) if stride == 1 and net.channels[source] == filters else main


def test_inverted_residuals_with_and_without_a_skip_are_one_block():
    net = Writer()
    source = net.conv_relu("x", 8, 3, 2)
    for filters, stride in ((12, 2), (12, 1), (16, 2), (16, 1), (16, 1), (24, 1), (24, 1)):
        source = inverted(net, source, filters, stride)
    text = net.text(source)
    assert text.count("- add:") == 1
    assert "=6*in_channels" in text
    assert "when: " in text


def test_a_dense_block_becomes_a_chain_of_layers():
    net = Writer(channels=8)
    features = ["x"]
    for _ in range(5):
        total = sum(net.channels[name] for name in features)
        joined = features[0] if len(features) == 1 else net.op("Concat", *features, channels=total, axis=1)
        features.append(net.conv(net.op("Relu", joined), 4, 3))
    out = net.op("Concat", *features, channels=8 + 5 * 4, axis=1)
    text = net.text(out)
    assert "dense_layer, repeat: 5" in text
    assert text.count("concat") == 1


def test_the_columns_of_inception_modules_become_arguments():
    net = Writer(channels=16)
    source = "x"
    for c1, r3, c3, r5, c5, proj in ((8, 4, 6, 2, 3, 7), (6, 5, 12, 3, 4, 2), (9, 3, 7, 1, 5, 6)):
        first = net.conv_relu(source, c1)
        second = net.conv_relu(net.conv_relu(source, r3), c3, 3)
        third = net.conv_relu(net.conv_relu(source, r5), c5, 5)
        pooled = net.op("MaxPool", source, kernel_shape=[3, 3], strides=[1, 1], pads=[1, 1, 1, 1])
        fourth = net.conv_relu(pooled, proj)
        source = net.op("Concat", first, second, third, fourth, channels=c1 + c3 + c5 + proj, axis=1)
    text = net.text(source)
    assert "args: {c1: , r3: , c3: , r5: , c5: , proj: }" in text
    assert "inception: [6, 5, 12, 3, 4, 2]" in text


def test_gates_are_blocks_of_their_own():
    net = Writer(channels=16)
    source = "x"
    for width in (16, 24, 32):
        source = net.conv_relu(source, width, 3)
        gate = net.conv_relu(net.op("GlobalAveragePool", source), width // 4)
        gate = net.op("Sigmoid", net.conv(gate, width))
        source = net.op("Mul", source, gate)
    text = net.text(source)
    assert "squeeze_excite:" in text
    assert "=in_channels // 4" in text


def test_what_is_read_from_outside_has_a_name():
    net = Writer(channels=4)
    first = net.conv_relu("x", 8, 3)
    second = net.conv_relu(first, 8, 3)
    third = net.conv_relu(second, 8, 3)
    joined = net.op("Concat", first, net.op("Add", second, third), channels=16, axis=1)
    text = net.text(net.op("Add", net.conv(joined, 8), second))
    assert "from: " in text


def unet(net: Writer, widths=(4, 8, 16, 32), deep: int = 64) -> str:
    """Two convolutions at each size; on the way up a transposed convolution, and what the way down left there."""
    source, skips = "x", []
    for width in widths:
        source = net.conv_relu(net.conv_relu(source, width, 3), width, 3)
        skips.append(source)
        source = net.op("MaxPool", source, kernel_shape=[2, 2], strides=[2, 2])
    source = net.conv_relu(net.conv_relu(source, deep, 3), deep, 3)
    for width, skip in zip(reversed(widths), reversed(skips), strict=True):
        net.weights.append(made.tensor(f"up{width}", [2 * width, width, 2, 2]))
        source = net.op("ConvTranspose", source, f"up{width}", channels=width, kernel_shape=[2, 2], strides=[2, 2])
        source = net.op("Concat", skip, source, channels=2 * width, axis=1)
        source = net.conv_relu(net.conv_relu(source, width, 3), width, 3)
    return source


def test_steps_of_a_decoder_are_a_block_that_takes_the_name_of_its_skip():
    net = Writer()
    text = net.text(unet(net))
    assert "  up:\n    args: {skip: }\n" in text
    assert "{concat: [{from: =skip}, []]}" in text
    assert text.count("up: ") == 4 and text.count("from: ") == 1
    # by hand: 9·a·b for each convolution, 4·2w·w for each transposed one
    params, channels = 0, 3
    for width in (4, 8, 16, 32, 64):
        params += 9 * channels * width + 9 * width * width
        channels = width
    for width in (32, 16, 8, 4):
        params += 4 * 2 * width * width + 9 * 2 * width * width + 9 * width * width
    assert totals(text)[0] == params
    larger = Writer(size=64)
    assert totals(text, 64) == totals(larger.text(unet(larger)))


def test_an_item_of_a_block_that_another_one_reads_has_a_name_in_it():
    """Gates of attention: what comes up is read twice, by the gate and by what joins it."""
    net = Writer(size=64)
    source, skips = net.conv_relu("x", 8, 3), []
    for _ in range(3):
        skips.append(source)
        source = net.conv_relu(net.op("MaxPool", source, kernel_shape=[2, 2], strides=[2, 2]), 8, 3)
    for number, skip in enumerate(reversed(skips)):
        net.weights.append(made.tensor(f"up{number}", [8, 8, 2, 2]))
        up = net.op("ConvTranspose", source, f"up{number}", kernel_shape=[2, 2], strides=[2, 2])
        both = net.op("Add", net.conv(up, 4), net.conv(skip, 4))
        gate = net.op("Sigmoid", net.conv(net.op("Relu", both), 1))
        gated = net.op("Mul", gate, skip, channels=8)
        source = net.conv_relu(net.op("Concat", gated, up, channels=16, axis=1), 8, 3)
    text = net.text(source)
    assert text.count("=skip") == 2 and "{name: part" in text
    assert text.split("layers:\n")[-1].count("up: ") == 3


def heads(net: Writer) -> str:
    """A head of four convolutions on three maps, with the same weights."""
    for number in range(4):
        net.weights.append(made.tensor(f"head{number}", [8, 8, 3, 3]))
    maps = [net.conv_relu("x", 8, 3)]
    for _ in range(2):
        maps.append(net.conv_relu(maps[-1], 8, 3))
    ends = []
    for source in maps:
        for number in range(4):
            source = net.op("Conv", source, f"head{number}", kernel_shape=[3, 3], pads=[1, 1, 1, 1])
            source = net.op("Relu", source) if number < 3 else net.op("Sigmoid", source)
        ends.append(source)
    return net.op("Concat", *ends, channels=24, axis=1)


def test_a_head_on_several_maps_is_a_block_that_shares_its_weights():
    net = Writer()
    text = net.text(heads(net))
    assert text.count("weights: ") == 2
    assert totals(text) == (9 * 3 * 8 + 2 * 9 * 64 + 4 * 9 * 64, (9 * 3 * 8 + 2 * 9 * 64 + 3 * 4 * 9 * 64) * 32 * 32)


def test_sides_of_padding_that_differ_are_arguments():
    net = Writer(channels=4)
    source = "x"
    for dilation in (1, 2, 4, 8, 16):
        net.weights.append(made.tensor(f"d{dilation}", [4, 4, 2, 1]))
        source = net.op("Conv", source, f"d{dilation}", kernel_shape=[2, 1], dilations=[dilation, 1],
                        pads=[dilation, 0, 0, 0])  # fmt: skip
        source = net.op("Relu", source)
    text = net.text(source)
    assert "pad: {top: =pad_top, bottom: 0, left: 0, right: 0}" in text
    assert text.count("conv:") == 1


@pytest.mark.parametrize("flat", [False, True])
def test_shared_weights_are_counted_once(flat):
    net = Writer(channels=4)
    net.weights.append(made.tensor("shared", [4, 4, 3, 3]))
    source = "x"
    for _ in range(3):
        source = net.op("Conv", source, "shared", kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    text = net.text(source, flat)
    assert totals(text) == (4 * 4 * 9, 3 * 4 * 4 * 9 * 32 * 32)


def test_the_same_file_gives_the_same_spec():
    first, second = Writer(), Writer()
    assert first.text(bottlenecks(first)) == second.text(bottlenecks(second))


def test_no_line_is_too_long():
    net = Writer()
    assert max(map(len, net.text(bottlenecks(net)).split("\n"))) <= 140


def brute_dominators(inputs):
    """Find immediate dominators by leaving out each node in turn."""
    found = []
    for node in range(len(inputs)):
        reaching = {node}
        for at in range(node, -1, -1):
            if at in reaching:
                reaching.update(inputs[at])
        needed = []
        for left in sorted(reaching - {node}):
            alive: set[int] = set()
            for at in range(node + 1):
                if at != left and (not inputs[at] or alive & set(inputs[at])):
                    alive.add(at)
            if node not in alive:
                needed.append(left)
        found.append(max(needed, default=-1))
    return found


@pytest.mark.parametrize("seed", range(20))
def test_dominators_are_those_of_brute_force(seed):
    from random import Random

    chance = Random(seed)
    inputs: list[tuple[int, ...]] = [()]
    for node in range(1, 14):
        inputs.append(tuple(sorted(chance.sample(range(node), min(node, chance.choice((1, 1, 2, 3)))))))
    assert dominators(inputs) == brute_dominators(inputs)


def test_prefixes_of_concats():
    net = Writer(channels=2)
    a, b, c = (net.conv("x", 2) for _ in range(3))
    first = net.op("Concat", a, b, channels=4, axis=1)
    net.op("Concat", first, net.op("Concat", a, b, c, channels=6, axis=1), channels=10, axis=1)
    graph = read(net.file("t5"))
    concats = [node.id for node in graph.nodes if node.word == "concat"]
    assert [len(prefixed(graph)[number]) for number in concats] == [2, 2, 2]


@pytest.mark.parametrize("seed", range(12))
def test_random_networks_come_out_whole(seed):
    """Each node once, whatever the branches: the import itself compares every layer with the file."""
    from random import Random

    chance = Random(seed)
    net = Writer(channels=4, size=8)
    names = ["x"]
    for _ in range(24):
        kind = chance.choice(("conv", "relu", "add", "concat", "mul"))
        source = chance.choice(names[-4:])
        other = chance.choice(names)
        if kind == "conv":
            names.append(net.conv(source, 4, chance.choice((1, 3))))
        elif kind == "relu":
            names.append(net.op("Relu", source))
        elif kind == "concat":
            width = net.channels[source] + net.channels[other]
            names.append(net.conv(net.op("Concat", source, other, channels=width, axis=1), 4))
        else:
            names.append(net.op("Add" if kind == "add" else "Mul", source, other))
    graph = read(net.file(names[-1]))
    imported = import_graph(graph)
    assert not any("could not be folded" in remark for remark in imported.remarks)
    assert totals(imported.text) == (graph.params, graph.macs)
    assert sorted(number for part in structured(graph) for number in part.in_order()) == sorted(
        node.id for node in graph.nodes if node.word != "input"
    )
    order = [number for part in structured(graph) for number in part.in_order()]
    assert len(set(order)) == len(order) and all(a != b for a, b in pairwise(order))


@pytest.mark.parametrize("seed", range(12))
def test_random_blocks_that_read_far_back_and_share_weights_come_out_whole(seed):
    from random import Random

    chance = Random(seed)
    net = Writer(channels=4, size=8)
    names, depth = ["x"], chance.choice((1, 2, 3))
    shared = [f"shared{number}" for number in range(depth)]
    net.weights += [made.tensor(name, [4, 4, 3, 3]) for name in shared]
    for _ in range(chance.choice((4, 8, 12))):
        source, skip = chance.choice(names[-3:]), chance.choice(names)
        ours = chance.random() < 0.3
        for name in shared:
            made_of = (
                net.conv(source, 4, 3) if not ours else net.op("Conv", source, name, kernel_shape=[3, 3], pads=[1] * 4)
            )
            source = net.op("Relu", made_of)
        names.append(net.op("Add", source, skip) if chance.random() < 0.6 else source)
        if chance.random() < 0.3:
            names.append(net.conv(net.op("Concat", chance.choice(names), names[-1], channels=8, axis=1), 4))
    graph = read(net.file(names[-1]))
    imported = import_graph(graph)
    assert not any("could not be folded" in remark for remark in imported.remarks)
    assert totals(imported.text) == (sum(row.params for row in graph.table() if not row.shared), graph.macs)


def test_counts_of_the_spec_are_those_of_the_graph_at_its_own_size():
    net = Writer()
    graph = read(net.file(bottlenecks(net)))
    report = count(expand(import_graph(graph).spec), counted_for())
    assert (report.params, report.macs) == (graph.params, graph.macs)


def test_many_residuals_in_a_row_are_a_repeat():
    """A run of a block several times and a bit, such as one without its last activation, is no block."""
    net = Writer()
    source = net.conv_relu("x", 16, 3)
    for width in (16, 32):
        source = source if width == 16 else net.conv_relu(source, width, 3, 2)
        for _ in range(30):
            main = net.conv(net.conv_relu(source, width, 3), width, 3)
            source = net.op("Relu", net.op("Add", main, source))
    text = net.text(source)
    assert text.count("repeat: 30") == 2
    assert len(text.splitlines()) < 20
    assert totals(text)[0] == 16 * 27 + 60 * 16 * 16 * 9 + 32 * 16 * 9 + 60 * 32 * 32 * 9


def test_equal_calls_in_the_body_of_a_block_are_a_repeat():
    net = Writer()
    source = "x"
    for width in (8, 16, 32):
        for _ in range(5):
            source = net.conv_relu(source, width, 3)
        source = net.op("MaxPool", source, kernel_shape=[2, 2], strides=[2, 2])
    text = net.text(source)
    assert "{conv_relu: =filters, repeat: 5}" in text
    assert text.count("\n") < 20


def test_branches_that_read_one_another_are_a_block():
    """An ELAN of YOLOv7: two of a branch's convolutions are read again by the concat that the branch ends in."""
    net = Writer()
    source = net.conv_relu("x", 8, 3)
    for width in (8, 16, 32):
        first = net.conv_relu(source, width)
        second = net.conv_relu(first, width, 3)
        third = net.conv_relu(second, width, 3)
        beside = net.conv_relu(source, width)
        joined = net.op("Concat", third, second, first, beside, channels=4 * width, axis=1)
        source = net.op("MaxPool", net.conv_relu(joined, 2 * width), kernel_shape=[2, 2], strides=[2, 2])
    text = net.text(source)
    assert text.count("concat:") == 1
    assert text.count("{from: part") == 2
