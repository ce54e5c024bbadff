"""Memory: the analyses against a machine that allocates and frees, against what others measured, and by hand."""

from __future__ import annotations

import json
from itertools import pairwise
from random import Random

import pytest
from making import analyse as made
from memory_machine import Machine, Trainer
from running import run

import archcalc
from archcalc import units
from archcalc.analyses.memory.analysis import analyse
from archcalc.analyses.memory.fit import cards, find_card
from archcalc.analyses.memory.graph import Graph
from archcalc.analyses.memory.inference import inference
from archcalc.analyses.memory.needs import needs
from archcalc.analyses.memory.options import MemoryOptions
from archcalc.analyses.memory.order import _parts, best_order
from archcalc.analyses.memory.timeline import AGAIN, BACKWARD, FORWARD, GRADIENT, VALUE, liveness
from archcalc.errors import RequestError
from archcalc.operations import OPERATIONS, operation

NETWORKS = (
    "lenet5", "alexnet", "vgg16", "googlenet", "resnet50", "densenet121", "mobilenet-v2", "squeezenet1.0", "unet",
    "fractalnet20", "shufflenet-v2-x1.0", "efficientnet-b0", "xception", "zfnet-deconv", "faster-rcnn-vgg16",
)  # fmt: skip


def of(name, options=MemoryOptions(), **analysis):  # noqa: B008 - never changed
    return analyse(archcalc.load(name).analyze(**analysis), options)


def agrees(report, *, share=False, fold=False):
    """Hold an analysis against the machine."""
    memory = analyse(report, MemoryOptions(share=share, fold=fold))
    layers = [layer for layer in report.layers if not layer.training]
    assert memory.running.peak == Machine(layers, fold=fold, share=share).run()
    trainer, step = Trainer(report.layers, share=share), memory.step
    assert step.liveness.peak == trainer.run()
    assert sum(step.saved.values()) == trainer.kept
    assert step.gradients == trainer.gradients
    untrained = {trainer.whole[value] for value in trainer.outputs if not trainer.trains[value]}
    assert trainer.held == sum(map(trainer.size, untrained)), "something was never freed"
    return memory


@pytest.mark.parametrize("name", NETWORKS)
def test_the_machine_agrees_on_real_networks(name):
    report = archcalc.load(name).analyze(training=True)
    for share, fold in ((False, False), (True, False), (False, True), (True, True)):
        agrees(report, share=share, fold=fold)


def test_without_work_in_place_the_machine_agrees():
    for name in ("googlenet", "mobilenet-v2", "densenet121"):
        report = archcalc.load(name).analyze()
        expected = Machine(report.layers, in_place=False).run()
        others = analyse(report, MemoryOptions()).others
        assert expected in [other.peak for other in others if other.word == "not_in_place"]


class Drawing:
    """Draws small networks whose maps all have one size: sequences, branches, named layers and those that read them."""

    def __init__(self, seed):
        self.random = Random(f"memory {seed}")
        self.names = []
        self.count = 0

    def spec(self):
        items = self.items(self.random.randint(2, 6), 2)
        tail = self.random.choice([[], ["relu"], ["flatten", "{fc: 3}"], ["global_avg_pool", "{fc: 4}", "softmax"]])
        return made(*items, *tail, input=(self.random.randint(1, 3), 4, 4))

    def items(self, number, depth):
        return [self.item(depth) for _ in range(number)]

    def item(self, depth):
        draw = self.random.random()
        if depth and draw < 0.4:
            return self.merge(depth - 1)
        if draw < 0.5:
            self.count += 1
            self.names.append(f"n{self.count}")
            return f"{{name: n{self.count}, {self.plain()[1:-1]}}}"
        return self.random.choice(
            [self.plain(), self.plain(), "relu", "relu", "bn", "dropout", "swish", "lrn", "sigmoid", "tanh"]
        )

    def plain(self):
        filters = self.random.randint(1, 4)
        return self.random.choice(
            [
                f"{{conv: {{filters: {filters}, kernel: 3, pad: 1}}}}",
                f"{{conv: {{filters: {filters}}}}}",
                "{depthwise_conv: {kernel: 3, pad: 1}}",
                "{max_pool: {kernel: 3, stride: 1, pad: 1}}",
                "{avg_pool: {kernel: 3, stride: 1, pad: 1}}",
                "{channel_slice: 1}",
                "{channel_shuffle: 1}",
            ]
        )

    def merge(self, depth):
        known = list(self.names)
        branches = [self.items(self.random.randint(0, 3), depth) for _ in range(self.random.randint(2, 3))]
        if self.random.random() < 0.5:
            return f"{{{self.random.choice(['add', 'multiply', 'mean'])}: {self.alike(branches)}}}"
        written = [f"[{', '.join(branch)}]" for branch in branches]
        if known and self.random.random() < 0.5:
            written.append(f"{{from: {self.random.choice(known)}, layers: []}}")
        return f"{{concat: [{', '.join(written)}]}}"

    def alike(self, branches):
        """End each branch with as many channels; one may be the identity behind them all."""
        filters = self.random.randint(1, 4)
        ended = [f"[{', '.join([*branch, f'{{conv: {filters}}}'])}]" for branch in branches]
        return f"[{', '.join(ended)}]"


@pytest.mark.parametrize("seed", range(150))
def test_the_machine_agrees_on_random_networks(seed):
    report = Drawing(seed).spec()
    for share, fold in ((False, False), (True, False), (False, True)):
        agrees(report, share=share, fold=fold)


def orders(timeline, done=()):
    """Yield every order of events in which each comes after those that it reads."""
    made = {buffer for event in done for buffer in event.writes}
    left = [event for event in timeline.events if event not in done]
    if not left:
        yield done
    for event in left:
        if set(event.reads) <= made:
            yield from orders(timeline, (*done, event))


def small(seed):
    """Draw a network that has few enough orders to try them all."""
    for attempt in range(100):
        report = Drawing(f"small {seed} {attempt}").spec()
        graph = Graph(report.layers)
        wide = max((len(layer.inputs) for layer in report.layers), default=1)
        if wide > 1 and len(graph.steps) <= 12:
            return report
    raise AssertionError("no small network in a hundred")


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("share", [False, True])
def test_no_order_needs_less_than_the_best(seed, share):
    report = small(seed)
    timeline = inference(Graph(report.layers), 32, share=share)
    found = best_order(timeline)
    tried = [liveness(timeline._replace(events=order)).peak for order in orders(timeline)]
    assert found.exact
    assert found.peak == min(tried)
    assert liveness(found.timeline).peak == found.peak
    assert Machine(report.layers, share=share).run([event.layer for event in found.timeline.events]) == found.peak


@pytest.mark.parametrize("name", ["googlenet", "unet", "densenet121"])
def test_a_search_is_cut_where_one_value_connects_two_parts(name):
    timeline = inference(Graph(archcalc.load(name).analyze().layers), 32)
    last = {buffer: time for time, event in enumerate(timeline.events) for buffer in (*event.reads, *event.writes)}
    last |= dict.fromkeys(timeline.kept, len(timeline.events))
    born = {buffer: time for time, event in reversed([*enumerate(timeline.events)]) for buffer in event.writes}
    times = range(len(timeline.events))
    cuts = [time for time in times if sum(born[each] <= time < last[each] for each in born) == 1]
    ends = [stop - 1 for _, stop in _parts(timeline.events, timeline.kept)]
    assert ends[:-1] == [time for time in cuts if time < times[-1]]
    assert ends[-1] == times[-1]


def test_an_order_that_matters():
    memory = of("xception")
    assert memory.order.peak < memory.running.peak
    assert sorted(memory.order.timeline.events) == sorted(memory.running.timeline.events)


def test_a_search_that_is_too_large_gives_up(monkeypatch):
    monkeypatch.setattr("archcalc.analyses.memory.order.MAX_TRIES", 30)
    found = of("xception").order
    assert not found.exact
    assert found.timeline == of("xception").running.timeline


@pytest.mark.parametrize("name", ["vgg16", "resnet50", "densenet121", "unet", "googlenet", "faster-rcnn-vgg16"])
@pytest.mark.parametrize("share", [False, True])
@pytest.mark.parametrize("recompute", [False, True])
def test_nothing_is_read_before_it_is_written(name, share, recompute):
    step = of(name, MemoryOptions(share=share, recompute=recompute), training=True).step
    written = set()
    for event in step.liveness.timeline.events:
        ends = {buffer for buffer in event.reads if buffer.kind == GRADIENT and buffer.layer in step.graph.outputs}
        assert set(event.reads) - ends <= written, event
        written.update(event.writes, ends)


@pytest.mark.parametrize("name", ["vgg16", "resnet50", "densenet121", "resnet1202-cifar", "googlenet"])
def test_recomputation_saves_memory_and_costs_less_than_a_run(name):
    plain, again = of(name), of(name, MemoryOptions(recompute=True))
    assert again.step.liveness.peak < plain.step.liveness.peak
    assert len({layer.position for layer in again.step.again}) == len(again.step.again)
    repeated = sum(layer.macs for layer in again.step.again)
    assert repeated == again.step.again_macs
    assert 0 < repeated < again.report.macs
    backward = [event.layer for event in again.step.liveness.timeline.events if event.phase == BACKWARD]
    assert backward == [event.layer for event in plain.step.liveness.timeline.events if event.phase == BACKWARD]


def test_recomputation_by_hand():
    """Eight convolutions of 64 values each are cut behind the second and the fifth."""
    chain = ["{conv: {filters: 1, kernel: 3, pad: 1}}"] * 8
    report, value = made(*chain, input=(1, 8, 8)), 64 * 32
    step = analyse(report, MemoryOptions(recompute=True)).step
    assert [(event.layer, event.phase) for event in step.liveness.timeline.events] == [
        *[(layer, FORWARD) for layer in range(9)],
        *[(layer, BACKWARD) for layer in (8, 7, 6)],
        *[(layer, AGAIN) for layer in (3, 4)],
        *[(layer, BACKWARD) for layer in (5, 4, 3)],
        (1, AGAIN),
        *[(layer, BACKWARD) for layer in (2, 1)],
    ]
    assert step.segments == 3
    kept = [0, 2, 5, 6, 7, 8]  # the image, what crosses the cuts, what the last segment saves, what comes out
    assert sorted(buffer.layer for buffer in step.saved) == kept
    assert step.liveness.peak == (len(kept) + 2) * value  # and the gradients of the last two
    assert analyse(report, MemoryOptions()).step.liveness.peak == (9 + 2) * value


# -- by hand ----------------------------------------------------------------------------------------------------------


def test_a_chain_by_hand():
    """3x8x8 (192 values) → conv 4x8x8 (256) → relu in place → pool 4x4x4 (64) → fc 10."""
    items = ("{conv: {filters: 4, kernel: 3, pad: 1}}", "relu", "{max_pool: 2}", "{fc: 10}")
    memory = analyse(made(*items), MemoryOptions())
    assert [bits // 32 for bits in memory.running.during] == [192, 192 + 256, 256, 256 + 64, 64 + 10]
    assert memory.peak == (192 + 256) * 4
    saved = {(buffer.kind, buffer.layer): bits // 8 for buffer, bits in memory.step.saved.items()}
    assert saved == {
        ("value", 0): 192 * 4,  # the convolution's input
        ("value", 2): 256 * 4,  # the relu's output, in place of the convolution's
        ("indices", 3): 64 * 4,
        ("value", 3): 64 * 4,  # the fc's input
        ("value", 4): 10 * 4,  # what the network gives
    }
    # back: relu has the gradient of its output in the place of that of its input; the image needs none
    assert memory.step.gradients == (256 + 64) * 32


def test_what_is_needed_behind_is_not_written_over():
    swish = analyse(made("{conv: 4}", "swish", "{conv: 4}"), MemoryOptions())
    relu = analyse(made("{conv: 4}", "relu", "{conv: 4}"), MemoryOptions())
    assert swish.running.peak == relu.running.peak
    assert sum(swish.step.saved.values()) == sum(relu.step.saved.values()) + 4 * 64 * 32  # swish saves its input too


def test_a_shortcut_keeps_its_input_alive():
    report = made("{conv: 4}", "{add: [[], [relu, {conv: 4}]]}", input=(4, 8, 8))
    memory = analyse(report, MemoryOptions())
    assert memory.running.peak == 3 * 256 * 32  # the shortcut, relu's copy or the sum, the convolution


def test_concatenation_without_copies():
    report = made("{conv: 4}", "{concat: [[{conv: 4}], [{conv: 4}, relu]]}", input=(4, 8, 8))
    copied, shared = analyse(report, MemoryOptions()), analyse(report, MemoryOptions(share=True))
    assert copied.running.peak == 4 * 256 * 32  # two branches and both together
    assert shared.running.peak == 3 * 256 * 32  # the first convolution and the concatenation


def test_folded_normalisation_runs_no_more():
    report = made("{conv: 4}", "bn", "relu", "{conv: 4}", "bn")
    memory = analyse(report, MemoryOptions(fold=True))
    assert [event.layer for event in memory.running.timeline.events] == [0, 1, 3, 4]
    assert memory.statistics == 0
    assert memory.weights == 4 * ((3 + 1) * 4 + (4 + 1) * 4)


def test_folding_leaves_a_bias_for_each_channel():
    """MobileNetV2: 34,112 scales and shifts go, 17,056 biases come."""
    assert of("mobilenet-v2", MemoryOptions("none", fold=True), dtype="int8").weights == 3_504_872 - 34_112 + 17_056


def test_normalisation_before_a_convolution_does_not_fold():
    assert Graph(made("{conv: 4}", "relu", "bn", "{conv: 4}").layers, fold=True).folded == frozenset()


def test_the_plain_sum_is_that_of_show():
    for name in NETWORKS:
        report = archcalc.load(name).analyze(batch=3, dtype="float16")
        assert next(iter(analyse(report, MemoryOptions("none")).sums)).bytes == report.memory_bytes


# -- what others measured ---------------------------------------------------------------------------------------------

TORCH = [
    # network, arguments, bytes of saved tensors of two images: values, indices; what PyTorch saves beyond need
    ("alexnet-owt", {"torchvision": True}, 6_069_248, 1_413_120, {"adaptive pooling's input": 2 * 36_864}),
    ("vgg16", {}, 122_224_640, 24_485_888, {"adaptive pooling's input": 2 * 100_352}),
    ("resnet50-v1.5", {}, 168_820_224, 3_211_264, {"means and deviations": 212_480}),
    ("densenet121", {}, 257_846_016, 3_211_264, {"means and deviations": 334_592, "inputs of avg_pool": 2 * 2_809_856}),
    ("squeezenet1.0", {}, 62_685_248, 8_849_408, {"inputs of max_pool behind a concat": 2 * 4_478_976}),
]  # fmt: skip
"""Measured with torch.autograd.graph.saved_tensors_hooks, PyTorch 2.13 on a processor, torchvision 0.28, input 224."""


@pytest.mark.parametrize(("name", "arguments", "values", "indices", "beyond"), TORCH)
def test_what_pytorch_saves(name, arguments, values, indices, beyond):
    """PyTorch's masks are float32 and its indices int64 here; its networks end before the softmax."""
    memory = of(name, batch=2, input=224, set=arguments)
    by_kind = {"value": 0, "indices": 0, "mask": 0}
    for buffer, bits in memory.step.saved.items():
        by_kind[buffer.kind] += memory.bytes(bits)
    softmax = 2 * 1000 * 4
    assert by_kind["value"] - softmax + 4 * by_kind["mask"] + sum(beyond.values()) == values
    assert 2 * by_kind["indices"] == indices


@pytest.mark.parametrize(
    ("name", "peak"), [("mobilenet-v1", 1_204_224), ("mobilenet-v2", 1_505_280), ("mobilenet-v3-large", 1_003_520)]
)
def test_peaks_measured_on_quantised_models(name, peak):
    """github.com/petewarden/ml_memory_analyser, README: RAM required by the 8-bit models."""
    assert of(name, MemoryOptions("none", fold=True), dtype="int8").peak == peak


def caffe(report, until=None):
    """Sum what Caffe's log sums: the output of every layer, in place or not."""
    layers = report.layers if until is None else report.layers[: until + 1]
    return sum(layer.output_bytes for layer in layers if not layer.operation.view)


def test_memory_required_for_data_in_caffes_logs():
    lenet = made(
        "{conv: {filters: 20, kernel: 5}}", "{max_pool: 2}", "{conv: {filters: 50, kernel: 5}}", "{max_pool: 2}",
        "{fc: 500}", "relu", "{fc: 10}", input=(1, 28, 28), batch=64,
    )  # fmt: skip
    assert caffe(lenet) + 64 * 4 + 4 == 5_169_924  # and the labels, and the loss
    pool = "{max_pool: {kernel: 3, stride: 2, round: ceil}}"
    quick = made(
        "{conv: {filters: 32, kernel: 5, pad: 2}}", pool, "relu",
        "{conv: {filters: 32, kernel: 5, pad: 2}}", "relu", pool.replace("max", "avg"),
        "{conv: {filters: 64, kernel: 5, pad: 2}}", "relu", pool.replace("max", "avg"),
        "{fc: 64}", "{fc: 10}", input=(3, 32, 32), batch=100,
    )  # fmt: skip
    assert caffe(quick) + 100 * 4 + 4 == 31_978_804
    vgg = archcalc.load("vgg16").analyze()
    fc7 = next(layer.position for layer in vgg.layers if layer.name == "fc7")
    assert vgg.layers[fc7 + 1].op == "relu"
    assert caffe(vgg, fc7 + 1) - vgg.layers[0].output_bytes == 114_583_552  # BVLC/caffe issue 3042: no data layer


def test_sums_that_others_published():
    mebibyte = 2**20
    by_rule = {each.rule: each for each in of("vgg16").sums}
    assert by_rule["stored"].bytes == 60_950_432  # convnet-burden: 58 MB
    assert f"{by_rule['not_in_place'].bytes / mebibyte:.1f}" == "109.9"  # netscope
    assert f"{by_rule['conv-in-out'].bytes / mebibyte:.1f}" == "92.8"  # CS231n: 93MB
    assert round(of("resnet50").sums[0].bytes / mebibyte) == 103  # convnet-burden


# -- training ---------------------------------------------------------------------------------------------------------

SAVES = {
    "input": "conv depthwise_conv conv_transpose locally_connected fc subsampling lrn bn layer_norm group_norm "
    "instance_norm rms_norm l2_norm scale swish hard_swish gelu prelu mish softplus softsign glu multiply divide "
    "maximum minimum attention matmul cross_correlation lstm gru",
    "output": "relu relu6 leaky_relu elu selu celu hard_tanh sigmoid tanh hard_sigmoid softmax log_softmax",
    "indices": "max_pool global_max_pool adaptive_max_pool roi_pool maxout embedding",
    "mask": "dropout",
    "": "max_unpool avg_pool global_avg_pool adaptive_avg_pool flatten reshape crop pad upsample resize "
    "pixel_shuffle pixel_unshuffle concat add mean subtract pad_channels channel_shuffle channel_slice tokens "
    "class_token position",
}
"""What PyTorch saves; of what can write over its input (`inplace=True`), as it is saved there."""


def test_every_operation_says_what_its_backward_pass_needs():
    says_itself = {"custom", "elementwise"}
    declared = {word: operation(word).saved_for_backward for word in OPERATIONS if word not in says_itself}
    assert declared == {word: saves for saves, words in SAVES.items() for word in words.split() if word in OPERATIONS}


def test_what_a_setting_decides_is_saved_as_it_says():
    for saves, words in {"output": "exp sqrt rsqrt reciprocal", "input": "abs log square sin", "": "negate"}.items():
        for word in words.split():
            assert operation("elementwise").make({"function": word}).saved_for_backward == saves
    for saves, word in {"input": "input", "output": "output", "": "none"}.items():
        assert operation("custom").make({"what": "x", "saves": word}).saved_for_backward == saves


def test_only_what_looks_at_its_input_is_a_view():
    assert {word for word in OPERATIONS if operation(word).view} == {
        "flatten", "reshape", "tokens", "crop", "channel_slice", "channel_shuffle", "pixel_shuffle", "pixel_unshuffle",
    }  # fmt: skip
    assert all(operation(word).stores is False for word in OPERATIONS if operation(word).view)


def test_backward_macs_are_not_a_flat_times_three():
    memory = of("vgg16")
    macs = {layer.name: layer.macs for layer in memory.report.layers}
    first = macs["conv1_1/conv_1"]
    work = memory.step.work.values()
    assert sum(each.weights for each in work) == memory.report.macs
    assert sum(each.inputs for each in work) == memory.report.macs - first


def test_layers_before_the_first_weights_need_no_gradient():
    memory = analyse(made("{avg_pool: 2}", "relu", "{conv: 4}", "{conv: 4}"), MemoryOptions())
    backward = [event for event in memory.step.liveness.timeline.events if event.phase == BACKWARD]
    assert [event.layer for event in backward] == [4, 3]
    assert [(work.inputs > 0, work.weights > 0) for work in memory.step.work.values()] == [
        (False, False), (False, False), (False, False), (False, True), (True, True),
    ]  # fmt: skip


def multiplications(shape, filters, kernel):
    """Carry out a convolution of one image; yield the input value, weight and output value of each multiplication."""
    channels, height, width = shape
    for output in range(filters):
        for row in range(height - kernel + 1):
            for column in range(width - kernel + 1):
                for channel in range(channels):
                    for i in range(kernel):
                        for j in range(kernel):
                            yield (channel, row + i, column + j), (output, channel, i, j), (output, row, column)


def test_a_gradient_takes_as_many_multiplications_as_the_way_forward():
    """d input[x] = Σ weight[w]·d output[y] and d weight[w] = Σ input[x]·d output[y], over the same triples."""
    triples = list(multiplications((2, 5, 4), 3, 2))
    memory = analyse(made("{conv: 2}", "{conv: {filters: 3, kernel: 2}}", input=(1, 5, 4)), MemoryOptions())
    inputs, weights = memory.step.work[2]
    assert inputs == len({(x, w, y) for x, w, y in triples}) == weights


@pytest.mark.parametrize(("optimizer", "values"), [("sgd", 2), ("momentum", 3), ("adam", 4), ("adamw", 4)])
def test_weights_gradients_and_state(optimizer, values):
    step = of("vgg16", MemoryOptions(optimizer)).step
    assert step.fixed == 138_357_544 * 4 * values


def test_mixed_precision_takes_sixteen_bytes_for_a_parameter_of_adam():
    """Rajbhandari et al. 2020, "ZeRO", section 3.1: 2 + 2 for weights and gradients, 12 for the float32 copies."""
    step = of("vgg16", MemoryOptions("adam", mixed=True), dtype="float16").step
    assert step.fixed == 138_357_544 * 16
    assert step.liveness.peak < of("vgg16").step.liveness.peak


def test_branches_for_training_are_trained_and_not_run():
    report = archcalc.load("googlenet").analyze(training=True)
    memory, without = analyse(report, MemoryOptions()), of("googlenet")
    assert memory.running == without.running
    assert memory.step.fixed > without.step.fixed
    assert {event.layer for event in memory.running.timeline.events}.isdisjoint(
        layer.position for layer in report.training_layers
    )


@pytest.mark.parametrize("name", NETWORKS)
def test_memory_grows_with_the_batch(name):
    one, many = of(name), of(name, batch=7)
    assert many.running.peak == one.running.peak
    assert many.peak == 7 * one.peak
    assert many.bytes(many.step.liveness.peak) == 7 * one.bytes(one.step.liveness.peak)


def test_half_bytes_are_rounded_up_once():
    memory = analyse(made("{conv: {filters: 1, kernel: 3}}", input=(1, 5, 5), dtype="int4"), MemoryOptions("none"))
    assert memory.peak == 17  # 25 + 9 values of half a byte


# -- what fits --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "size"),
    [("3GB", 3 * 2**30), ("11GiB", 11 * 2**30), ("512MB", 2**29), ("1.5 gb", 3 * 2**29), ("320K", 327_680),
     ("1T", 2**40), ("3", None), ("GB", None), ("-3GB", None), ("1e3GB", None)],
)  # fmt: skip
def test_sizes_are_read(text, size):
    assert units.read_memory(text) == size


def test_cards_are_found_as_people_write_them():
    assert find_card("gtx580").bytes == 3 * 2**30
    assert find_card("GTX 580") == find_card("gtx-580") == find_card("gtx580")
    assert find_card("gtx580-1.5gb").bytes == 1536 * 2**20
    with pytest.raises(RequestError, match="did you mean 'gtx580'"):
        find_card("gtx590")
    with pytest.raises(RequestError, match="nothing fits"):
        find_card("0GB")


def test_cards_are_in_the_order_of_years():
    years = [card.year for card in cards().values()]
    assert all(before <= behind for before, behind in pairwise(years))


@pytest.mark.parametrize("name", ["alexnet", "resnet50", "mobilenet-v2"])
@pytest.mark.parametrize("dtype", ["float32", "float16", "int4"])
def test_the_largest_batch_fits_and_one_more_does_not(name, dtype):
    options = MemoryOptions("none" if dtype == "int4" else "momentum")
    for need in needs(of(name, options, dtype=dtype)):
        for size in (10**6, 10**8, 3 * 2**30):
            largest = need.largest(size)
            assert need.at(largest) <= size or largest == 0
            assert need.at(largest + 1) > size
            low, high = 0, 2**40  # binary search, to be sure of the closed form
            while low < high:
                middle = (low + high + 1) // 2
                low, high = (middle, high) if need.at(middle) <= size else (low, middle - 1)
            assert low == largest


def test_need_is_what_the_page_says():
    memory = of("alexnet", batch=128)
    by_word = {need.word: need for need in needs(memory)}
    assert by_word["running"].at(128) == memory.weights + memory.statistics + memory.peak
    assert by_word["training"].at(128) == memory.step.fixed + memory.bytes(memory.step.liveness.peak)
    assert by_word["unshared"].at(128) == memory.step.fixed + 2 * memory.report.memory_bytes
    assert by_word["recomputed"].per_image < by_word["training"].per_image < by_word["unshared"].per_image


# -- the command ------------------------------------------------------------------------------------------------------


def test_rows_add_up_to_their_totals():
    data = json.loads(run("memory", "googlenet", "--training", "--batch", 2, "--format", "json").stdout)
    layers, training = data["layers"], data["training"]
    assert sum(layer["stored_bytes"] for layer in layers) == data["sums"][0]["bytes"]
    assert max(layer["alive_bytes"] or 0 for layer in layers) == data["run"]["peak_bytes"]
    assert sum(each["bytes"] for each in data["run"]["alive"]) == data["run"]["peak_bytes"]
    assert sum(layer["saved_bytes"] for layer in layers) == training["saved_bytes"]
    assert sum(training["alive_bytes"].values()) == training["activations_peak_bytes"]
    assert sum(training["parts"].values()) + training["activations_peak_bytes"] == training["total_bytes"]
    for word in ("macs", "input_gradient_macs", "weight_gradient_macs"):
        total = training["macs"][{"macs": "forward"}.get(word, word.removesuffix("_macs") + "s")]
        assert sum(layer[word] for layer in layers) == total


@pytest.mark.parametrize("format", ["table", "plain", "markdown", "csv", "tsv", "json", "latex", "html"])
@pytest.mark.parametrize("fit", ["gtx580", "all", "3GB"])
def test_every_format_is_written(format, fit):
    result = run("memory", "lenet5", "--fit", fit, "--format", format)
    assert result.exit_code == 0
    assert result.stdout.strip()
    if format == "json":
        assert len(json.loads(result.stdout)["fit"]) == (len(cards()) if fit == "all" else 1)


def test_options_change_what_they_say():
    def total(*options):
        return json.loads(run("memory", "densenet121", "--format", "json", *options).stdout)

    plain = total()
    assert total("--share-concat")["training"]["saved_bytes"] < plain["training"]["saved_bytes"]
    assert total("--recompute")["training"]["total_bytes"] < plain["training"]["total_bytes"]
    assert total("--fold-bn")["run"]["running_statistics_bytes"] < plain["run"]["running_statistics_bytes"]
    assert total("--optimizer", "none")["training"] is None
    assert total("--dtype", "mixed")["dtype"] == "mixed"
    assert total("--bits", 4)["run"]["weights_bytes"] == 7_978_856 // 2
    assert total("--dtype", "int8")["training"] is None


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--fit", "gtx590"], "did you mean 'gtx580'"),
        (["--dtype", "int8", "--optimizer", "adam"], "for inference only"),
        (["--dtype", "float8"], "no type 'float8'"),
        (["--optimizer", "lamb"], "lamb"),
        (["--bits", "0"], "0"),
    ],
)
def test_what_cannot_be_had_is_said(options, says):
    result = run("memory", "lenet5", *options)
    assert result.exit_code == 2
    assert says in result.stderr


def test_the_row_that_sets_the_peak_is_pointed_at():
    from archcalc.render.memory.page import MemoryPage

    grid = MemoryPage(of("vgg16")).grids()[0]
    (number,) = grid.warnings
    assert grid.rows[number][0].startswith("conv1_2")


def test_a_value_is_not_counted_twice():
    """One value that two convolutions and a sum read is saved once."""
    report = made("{conv: 4}", "{add: [[], [{conv: 4}], [{conv: 4}]]}", input=(4, 8, 8))
    step = analyse(report, MemoryOptions()).step
    values = [buffer for buffer in step.saved if buffer.kind == VALUE]
    assert sorted(buffer.layer for buffer in values) == [0, 1, 4]  # the image, what both read, the sum that is given


def test_running_needs_weights_and_running_statistics():
    """A convolution of 3·4 weights, and 2·4 parameters and 2·4 statistics of its normalisation, 4 bytes each."""
    run_, *_ = needs(analyse(made("{conv: {filters: 4, bias: false}}", "bn"), MemoryOptions()))
    assert run_.word == "running"
    assert run_.fixed == 4 * (12 + 8 + 8)


def test_indices_of_max_pooling_by_hand():
    """2·8·8 values of the image and 2·4·4 outputs, each with an index of 4 bytes, in half precision."""
    memory = analyse(made("{max_pool: 2}", input=(2, 8, 8), dtype="float16"), MemoryOptions())
    (found,) = [each for each in memory.sums if each.rule == "with_indices"]
    assert (found.values, found.bytes) == (128 + 32 + 32, 2 * (128 + 32) + 4 * 32)


def test_normalisation_behind_a_layer_that_others_read_does_not_fold():
    items = ("{name: c, conv: 4}", "bn", "{name: n, relu: }")
    assert Graph(made(*items).layers, fold=True).folded == {2}
    assert Graph(made(*items, "{from: [c, n], add: }").layers, fold=True).folded == frozenset()
