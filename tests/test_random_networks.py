"""Random networks over all operations against a reference too dumb to be wrong.

The reference writes the network out by itself, and lists every window, weight, multiplication and value one by one,
on tiny maps. It shares no formula with the program: an output's size is how many windows there are, a number of
parameters is how many different weights were met. `python tests/test_random_networks.py --networks 5000` is the long
run.
"""

from __future__ import annotations

import argparse
import sys
from fractions import Fraction
from itertools import product
from pathlib import Path
from random import Random

import pytest

sys.path[:0] = [str(Path(__file__).parents[1])] if __name__ == "__main__" else []

from reading import sees  # noqa: E402

import archcalc  # noqa: E402
from archcalc.operations import OPERATIONS  # noqa: E402

MOST_VALUES = 250
"""Values of a map; a layer that makes more is drawn anew."""


class Impossible(Exception):  # noqa: N818 - no error, only drawn anew
    """A layer that its input does not let be."""


def need(condition):
    if not condition:
        raise Impossible


# One axis: where windows start.


def starts(length, kernel, stride, before, behind, dilation, rounding):
    """List where the windows of an axis start, from the input's first place on."""
    span = max(tap * dilation for tap in range(kernel)) + 1
    need(span <= before + length + behind)
    found, start = [], -before
    while start + span <= length + behind:
        found.append(start)
        start += stride
    if rounding != "floor" and found[-1] + span < length + behind:
        found.append(start)  # the last one hangs over
    if rounding == "ceil" and found[-1] >= length:
        found.pop()  # ceil_mode leaves the last one out where it would start behind the input
    if rounding == "caffe" and (before or behind):
        found = [start for start in found if start < length]
    need(found)
    return found


def starts_of_same(length, kernel, stride, dilation, word):
    """List where windows start that are padded as far as they need, the odd place behind, or in front."""
    wanted = len(range(0, length, stride))
    span = max(tap * dilation for tap in range(kernel)) + 1
    padding = 0
    while (wanted - 1) * stride + span > length + padding:
        padding += 1
    in_front = padding // 2 if word == "same" else padding - padding // 2
    return [stop * stride - in_front for stop in range(wanted)]


def windows(shape, said):
    """List for each place of the output the places that are read, row by row."""
    kernel, dilation, rounding = said["kernel"], said["dilation"], said.get("round", "floor")
    stride, pad = said["stride"] or kernel, said["pad"]
    axes = []
    for axis in (0, 1):
        at = shape[1 + axis], kernel[axis], stride[axis]
        if isinstance(pad, str):
            axes.append(starts_of_same(*at, dilation[axis], pad))
        else:
            axes.append(starts(*at, pad[2 * axis], pad[2 * axis + 1], dilation[axis], rounding))
    taps = list(product(range(kernel[0]), range(kernel[1])))
    return [
        [[(row + i * dilation[0], column + j * dilation[1]) for i, j in taps] for column in axes[1]] for row in axes[0]
    ]


def values(shape):
    """List the values of a map."""
    return list(product(*map(range, shape)))


# Operations: from input shapes and settings to output shape, parameters by kind, running statistics and work by kind.


def convolved(shape, said, sees):
    """Carry out a convolution; ``sees`` says which channels a filter sees."""
    places, kernel = windows(shape, said), said["kernel"]
    taps = list(product(range(kernel[0]), range(kernel[1])))
    weights, macs, filters = set(), 0, len(sees)
    for row in places:
        for window in row:
            for filter, channels in enumerate(sees):
                for channel in channels:
                    for tap, _read in zip(taps, window, strict=True):
                        weights.add((filter, channel, tap))
                        macs += 1
    output = (filters, len(places), len(places[0]))
    params, work = {"weight": len(weights)}, {"mac": macs}
    if said["bias"]:
        params["bias"], work["bias"] = len(set(range(filters))), len(values(output))
    return output, params, 0, work


def conv(shape, said):
    groups, filters = said["groups"], said["filters"]
    need(shape[0] % groups == 0 and filters % groups == 0)
    if said.get("connections"):
        need(groups == 1 and max(said["connections"]) <= shape[0])
        return convolved(shape, said, [range(number) for number in said["connections"]])
    of_input = [list(range(shape[0]))[group::groups] for group in range(groups)]
    return convolved(shape, said, [of_input[filter % groups] for filter in range(filters)])


def depthwise_conv(shape, said):
    return convolved(shape, said, [[channel] for channel in range(shape[0]) for _ in range(said["multiplier"])])


def conv_transpose(shape, said):
    groups, filters = said["groups"], said["filters"]
    need(shape[0] % groups == 0 and filters % groups == 0)
    sides = []
    for axis in (0, 1):
        each = {name: said[name][axis] for name in ("kernel", "stride", "output_pad", "dilation")}
        need(each["output_pad"] < max(each["stride"], each["dilation"]))
        if isinstance(said["pad"], str):  # as many places as the input times the stride
            need(not any(said["output_pad"]))
            sides.append(len([step for _ in range(shape[1 + axis]) for step in range(each["stride"])]))
            continue
        stamped = {
            place * each["stride"] + tap * each["dilation"]
            for place in range(shape[1 + axis])
            for tap in range(each["kernel"])
        }
        left = range(max(stamped) + 1 + each["output_pad"])[said["pad"][2 * axis] :]
        sides.append(len(left) - said["pad"][2 * axis + 1])
    need(min(sides) >= 1)
    weights, macs = set(), 0
    for (channel, _, _), filter in product(values(shape), range(filters)):
        if channel % groups == filter % groups:
            for tap in product(*map(range, said["kernel"])):
                weights.add((channel, filter, tap))
                macs += 1
    output = (filters, *sides)
    params, work = {"weight": len(weights)}, {"mac": macs}
    if said["bias"]:
        params["bias"], work["bias"] = filters, len(values(output))
    return output, params, 0, work


def fc(shape, said):
    pairs = list(product(range(said["out_features"]), values(shape)))
    output = (said["out_features"], 1, 1)
    params, work = {"weight": len(pairs)}, {"mac": len(pairs)}
    if said["bias"]:
        params["bias"], work["bias"] = len(values(output)), len(values(output))
    return output, params, 0, work


def pool(shape, said):
    if said["round"] == "caffe" and not isinstance(said["pad"], str):  # Caffe does not pad by the window's size or more
        need(max(said["pad"][:2]) < said["kernel"][0] and max(said["pad"][2:]) < said["kernel"][1])
    places = windows(shape, said)
    read = [place for _ in range(shape[0]) for row in places for window in row for place in window]
    return (shape[0], len(places), len(places[0])), {}, 0, {"pool": len(read)}


def subsampling(shape, said):
    output, _, _, work = pool(shape, said)
    made = len(values(output))
    return output, {"weight": shape[0], "bias": shape[0]}, 0, {**work, "elementwise": made, "bias": made}


def adaptive_avg_pool(shape, said):
    sides = [
        [range(stop * length // wanted, -(-(stop + 1) * length // wanted)) for stop in range(wanted)]
        for length, wanted in zip(shape[1:], said["pooled"], strict=True)
    ]
    read = sum(1 for _ in range(shape[0]) for rows, columns in product(*sides) for _ in product(rows, columns))
    return (shape[0], len(sides[0]), len(sides[1])), {}, 0, {"pool": read}


def max_unpool(shape, said):
    kernel, stride, asked = said["kernel"], said["stride"] or said["kernel"], said["output_size"]
    found = []
    for axis in (0, 1):
        last = [place * stride[axis] + tap for place in range(shape[1 + axis]) for tap in range(kernel[axis])]
        if isinstance(said["pad"], str):  # the lengths of which every so many-th place is as many as there are
            fits = [
                side for side in range(1, 4 * shape[1 + axis]) if len(range(0, side, stride[axis])) == shape[1 + axis]
            ]
            found.append(max(fits))
            need(asked is None or asked[axis] in fits)
        else:
            found.append(max(last) + 1 - sum(said["pad"][2 * axis : 2 * axis + 2]))
            need(asked is None or abs(asked[axis] - found[axis]) < stride[axis])
    sides = asked or found
    need(min(sides) >= 1)
    return (shape[0], *sides), {}, 0, {"pool": len(values(shape))}


def norm(shape, said):
    need(shape[0] % said.get("groups", 1) == 0)
    channels = {channel for channel, _, _ in values(shape)}
    trained = said["scale"] + said.get("shift", False)
    work = sum(2 if trained == 2 else 1 for _ in values(shape))
    each = values(shape) if said.get("over") == "map" else channels
    kept = [(channel, what) for channel in channels for what in ("mean", "variance") if said.get("statistics")]
    return shape, {"norm": len(each) * trained}, len(kept), {"norm": work}


def scale(shape, said):
    params, work = {"weight": len(range(shape[0]))}, {"elementwise": len(values(shape))}
    if said["bias"]:
        params["bias"], work["bias"] = params["weight"], work["elementwise"]
    return shape, params, 0, work


def lrn(shape, said):
    need(not said["within_channel"] or said["neighbours"] % 2)
    squares = said["neighbours"] ** (2 if said["within_channel"] else 1)
    steps = [*(["square"] * squares), "sum", "power", "division"]
    return shape, {}, 0, {"lrn": sum(len(steps) for _ in values(shape))}


def activation(shape, said):
    return shape, {}, 0, {"activation": len(values(shape))}


def prelu(shape, said):
    slopes = {{"layer": 0, "channel": value[0], "value": value}[said["slopes"]] for value in values(shape)}
    return shape, {"weight": len(slopes)}, 0, {"activation": len(values(shape))}


def glu(shape, said):
    need(shape[0] % 2 == 0)
    return (len(range(0, shape[0], 2)), *shape[1:]), {}, 0, {"activation": len(values(shape))}


def locally_connected(shape, said):
    """Each place has weights of its own."""
    places = windows(shape, said)
    output = (said["filters"], len(places), len(places[0]))
    taps = list(product(range(said["kernel"][0]), range(said["kernel"][1])))
    weights = {(value, channel, tap) for value in values(output) for channel in range(shape[0]) for tap in taps}
    params, work = {"weight": len(weights)}, {"mac": len(weights)}
    if said["bias"]:
        params["bias"] = work["bias"] = len(values(output))
    return output, params, 0, work


def reshape(shape, said):
    left, sides = len(values(shape)), list(said["sides"])
    if -1 in sides:
        known = len(values([abs(side) for side in sides]))
        need(left % known == 0)
        sides[sides.index(-1)] = left // known
    need(len(values(sides)) == left)
    return tuple(sides), {}, 0, {}


def pad(shape, said):
    top, bottom, left, right = said["sides"]
    for axis, most in ((1, max(top, bottom)), (2, max(left, right))):
        need(said["mode"] != "reflect" or most < shape[axis])  # a mirror at the border itself
        need(said["mode"] != "circular" or most <= shape[axis])
    rows, columns = range(-top, shape[1] + bottom), range(-left, shape[2] + right)
    said["first"] = (rows[0], columns[0])
    return (shape[0], len(rows), len(columns)), {}, 0, {}


def resized(shape, said):
    need(not (said["align_corners"] and said["mode"] == "nearest"))
    sides = said.get("size") or [int(length * times) for length, times in zip(shape[1:], said["scale"], strict=True)]
    need(min(sides) >= 1)
    output = (shape[0], *sides)
    made_of = {
        "nearest": [],
        "bilinear": list(product(range(2), repeat=2)),
        "bicubic": list(product(range(4), repeat=2)),
    }
    return output, {}, 0, {"resize": sum(len(made_of[said["mode"]]) for _ in values(output))}


def pixel_shuffle(shape, said):
    square = len(list(product(range(said["factor"]), repeat=2)))
    need(shape[0] % square == 0)
    return (shape[0] // square, *(side * said["factor"] for side in shape[1:])), {}, 0, {}


def pixel_unshuffle(shape, said):
    need(all(side % said["factor"] == 0 for side in shape[1:]))
    square = len(list(product(range(said["factor"]), repeat=2)))
    return (shape[0] * square, *(side // said["factor"] for side in shape[1:])), {}, 0, {}


def maxout(shape, said):
    need(shape[0] % said["pieces"] == 0)
    groups = {channel // said["pieces"] for channel in range(shape[0])}
    return (len(groups), *shape[1:]), {}, 0, {"activation": len(values(shape))}


def crop(shape, said):
    sides = said["size"] or (said["height"] or shape[1], said["width"] or shape[2])
    spare = [length - side for length, side in zip(shape[1:], sides, strict=True)]
    said["first"] = said["offset"] or [rest // 2 for rest in spare]
    need(all(0 <= first <= rest for first, rest in zip(said["first"], spare, strict=True)))
    return (shape[0], *sides), {}, 0, {}


def channel_slice(shape, said):
    taken = range(shape[0])[said["start"] : said["start"] + said["channels"]]
    need(len(taken) == said["channels"])
    return (len(taken), *shape[1:]), {}, 0, {}


def channel_shuffle(shape, said):
    need(shape[0] % said["groups"] == 0)
    return shape, {}, 0, {}


def pad_channels(shape, said):
    need(shape[0] <= said["filters"])
    rows, columns = (range(0, length, step) for length, step in zip(shape[1:], said["stride"], strict=True))
    return (said["filters"], len(rows), len(columns)), {}, 0, {}


def custom(shape, said):
    params = {kind: said[name] for kind, name in (("weight", "weights"), ("bias", "biases"), ("norm", "norms"))}
    work = {"mac": said["macs"], "custom": said["ops"], "matmul": said["products"]}
    return tuple(said["shape"] or shape), {**params, "custom": said["params"]}, said["buffers"], work


ACTIVATIONS = (
    "relu", "relu6", "leaky_relu", "elu", "selu", "celu", "sigmoid", "tanh", "hard_tanh", "swish", "hard_swish",
    "hard_sigmoid", "mish", "gelu", "softplus", "softsign",
    "elementwise",
)  # fmt: skip
SINGLE = {
    "conv": conv,
    "depthwise_conv": depthwise_conv,
    "conv_transpose": conv_transpose,
    "fc": fc,
    "max_pool": pool,
    "avg_pool": pool,
    "subsampling": subsampling,
    "global_avg_pool": lambda shape, said: ((shape[0], 1, 1), {}, 0, {"pool": len(values(shape))}),
    "adaptive_avg_pool": adaptive_avg_pool,
    "roi_pool": lambda shape, said: ((shape[0], *said["pooled"]), {}, 0, {"pool": len(values(shape))}),
    "global_max_pool": lambda shape, said: ((shape[0], 1, 1), {}, 0, {"pool": len(values(shape))}),
    "adaptive_max_pool": adaptive_avg_pool,
    "max_unpool": max_unpool,
    **dict.fromkeys(("bn", "layer_norm", "group_norm", "instance_norm", "rms_norm", "l2_norm"), norm),
    "locally_connected": locally_connected,
    "scale": scale,
    "lrn": lrn,
    **dict.fromkeys(ACTIVATIONS, activation),
    "prelu": prelu,
    "glu": glu,
    "maxout": maxout,
    "softmax": lambda shape, said: (shape, {}, 0, {"softmax": sum(3 for _ in values(shape))}),
    "log_softmax": lambda shape, said: (shape, {}, 0, {"softmax": sum(3 for _ in values(shape))}),
    "dropout": lambda shape, said: (shape, {}, 0, {}),
    "reshape": reshape,
    "pad": pad,
    "upsample": resized,
    "resize": resized,
    "pixel_shuffle": pixel_shuffle,
    "pixel_unshuffle": pixel_unshuffle,
    "flatten": lambda shape, said: ((len(values(shape)), 1, 1), {}, 0, {}),
    "crop": crop,
    "channel_slice": channel_slice,
    "channel_shuffle": channel_shuffle,
    "pad_channels": pad_channels,
    "custom": custom,
}
NOT_STORED = {
    *ACTIVATIONS,
    *("prelu", "softmax", "log_softmax", "dropout", "scale"),
    *("flatten", "reshape", "crop", "channel_slice", "channel_shuffle", "pixel_shuffle", "pixel_unshuffle"),
}
DEEP = {"conv", "depthwise_conv", "conv_transpose", "locally_connected", "fc", "subsampling"}


def merged(word, shapes, axis="channels"):
    """Join branches: one behind the other, or value by value, where each value of a side of 1 is used many times."""
    if word == "concat":
        place = ("channels", "height", "width").index(axis)
        need(len({shape[:place] + shape[place + 1 :] for shape in shapes}) == 1)
        together = [each for shape in shapes for each in range(shape[place])]
        return (*shapes[0][:place], len(together), *shapes[0][place + 1 :]), {}, 0, {}
    need(word not in ("subtract", "divide") or len(shapes) == 2)
    sides = [set(sides) for sides in zip(*shapes, strict=True)]
    need(all(len(each - {1}) <= 1 for each in sides))
    output = tuple(max(each) for each in sides)
    joins = sum(1 for _ in values(output) for _ in shapes[1:])
    return output, {}, 0, {"elementwise": joins}


MERGES = ("add", "mean", "multiply", "subtract", "divide", "maximum", "minimum", "concat")


# A network as the reference writes it out.


class Layer:
    """A primitive layer of the reference."""

    def __init__(self, word, inputs, found, said, sources=(), *, times=1, training=False, depth=0, stored=True):
        self.word, self.inputs, self.times, self.training, self.depth = word, inputs, times, training, depth
        self.output, params, self.buffers, work = found
        self.params = {kind: number for kind, number in params.items() if number}
        self.work = {kind: number * times for kind, number in work.items() if number}
        self.stored = len(values(self.output)) * times if stored else 0
        self.image = sources[0].image if sources else self.output
        self.seen = [
            sees(word, said, inputs, self.output, [source.seen[axis] for source in sources], axis, self.image[1 + axis])
            for axis in (0, 1)
        ]

    def field(self):
        """The most pixels that one of its places sees along each axis."""
        if NotImplemented in self.seen:
            return NotImplemented
        if None in self.seen:
            return None
        return tuple(seen.most(length) for seen, length in zip(self.seen, self.output[1:], strict=True))


class Network:
    """Draws items that fit, writes them as a spec, and keeps what the reference makes of them.

    ``flow`` is the position of the layer that flows out, as shape and depth stand there.
    """

    def __init__(self, random):
        self.random = random
        self.layers = [Layer("input", (), (self.shape(), {}, 0, {}), None)]
        self.named = {"input": 0}
        self.blocks = {}
        self.text = ""
        self.looks_back = random.random() < 0.5  # what stands elsewhere keeps calls from being copied

    def shape(self):
        return (self.random.randint(1, 4), self.random.randint(1, 6), self.random.randint(1, 6))

    def spec(self):
        rows = [f"name: drawn\ninput: {list(self.layers[0].output)}"]
        if self.blocks:
            rows += ["blocks:", *(f"  {name}: {text}" for name, text in self.blocks.items())]
        return "\n".join([*rows, "layers:", self.text])

    def draw(self):
        flow, rows = 0, []
        for number in range(self.random.randint(1, 6)):
            name = f"layer{number}" if self.random.random() < 0.4 else None
            flow, item = self.item(flow, name, {}, 2)
            rows.append(f"  - {item}\n")
        self.text = "".join(rows)
        return self

    def item(self, flow, name, state, levels):
        """Draw an item until one fits; return where it flows out, and how it is written."""
        kinds = [self.operation] * 6 + ([self.merge] * 3 + [self.repeat, self.block, self.twice, self.training]) * (
            levels > 0
        )
        if levels and self.looks_back:
            kinds.append(self.elsewhere)
        while True:
            before, named = len(self.layers), dict(self.named)
            try:
                found, item = self.random.choice(kinds)(flow, state, levels)
            except Impossible:
                del self.layers[before:]
                self.named = named
                continue
            words = f"name: {name}, " if name else ""
            if name and not item.startswith(("training", "repeat: 0")):  # which flows past, and names nothing
                self.named[name] = found
            return found, f"{{{words}{item}}}"

    def add(self, word, sources, found, state, said, *, deep=None, stored=None):
        need(len(values(found[0])) <= MOST_VALUES)
        deep = word in DEEP if deep is None else deep
        stored = word not in NOT_STORED if stored is None else stored
        read = [self.layers[source] for source in sources]
        inputs = tuple(layer.output for layer in read)
        depth = max(layer.depth for layer in read) + deep
        self.layers.append(Layer(word, inputs, found, said, read, depth=depth, stored=stored, **state))
        return len(self.layers) - 1

    def operation(self, flow, state, levels):
        word = self.random.choice(list(SINGLE))
        shape = self.layers[flow].output
        said, text = settings(self.random, word, shape)
        times = self.random.randint(2, 3) if self.random.random() < 0.08 else 1
        mine = {**state, "times": state.get("times", 1) * times}
        own = {"deep": said["weighted"], "stored": said["stores"]} if word == "custom" else {}
        flow = self.add(word, (flow,), SINGLE[word](shape, said), mine, said, **own)
        return flow, f"{f'times: {times}, ' if times > 1 else ''}{word}: {{{text}}}"

    def branch(self, flow, state, levels):
        """Draw a branch: some items, or what stands elsewhere."""
        written, source = [], None
        if self.looks_back and self.random.random() < 0.15:
            source = self.random.choice(list(self.named))
            need(not self.layers[self.named[source]].training)
            flow = self.named[source]
        for _ in range(self.random.choice([0, 1, 1, 2])):
            flow, item = self.item(flow, None, state, levels)
            written.append(item)
        items = f"[{', '.join(written)}]"
        if source is not None:
            return flow, f"{{from: {source}, layers: {items}}}"
        return flow, items

    def merge(self, flow, state, levels):
        word = self.random.choice(MERGES)
        ends, branches = [], []
        for _ in range(self.random.randint(1, 3)):
            end, text = self.branch(flow, state, levels - 1)
            ends.append(end)
            branches.append(text)
        if self.random.random() < 0.2:
            branches.insert(self.random.randint(0, len(branches)), "{when: =in_channels == 0, layers: [{fc: 2}]}")
        axis = self.random.choice(("channels", "channels", "height", "width")) if word == "concat" else "channels"
        if len(ends) > 1:
            found = merged(word, [self.layers[end].output for end in ends], axis)
            end = self.add(word, tuple(ends), found, state, axis)
        held = f"[{', '.join(branches)}]"
        return end, f"{word}: {held if axis == 'channels' else f'{{axis: {axis}, branches: {held}}}'}"

    def repeat(self, flow, state, levels):
        """Repeat one operation whose settings stay, or whose filters grow with the number of the repetition."""
        count, more = self.random.randint(0, 3), self.random.randint(0, 2)
        for index in range(1, count + 1):
            shape = self.layers[flow].output
            said, _ = settings(Random(1), "conv", shape)
            said.update(
                filters=index + more,
                kernel=(1, 1),
                stride=(1, 1),
                pad=(0, 0, 0, 0),
                groups=1,
                connections=None,
                dilation=(1, 1),
                round="floor",
                bias=True,
            )
            flow = self.add("conv", (flow,), conv(shape, said), state, said)
        return flow, f"repeat: {count}, conv: {{filters: =index + {more}}}"

    def block(self, flow, state, levels):
        """Write items as a block of its own and call it, with an argument that says when."""
        flow, rows = self.body(flow, state)
        return flow, self.called(rows)

    def body(self, flow, state):
        """Draw the items of a block; one of them may be left out by the argument."""
        rows = []
        for _ in range(self.random.randint(1, 3)):
            present = self.random.random() < 0.8
            if present:
                flow, item = self.item(flow, None, state, 0)
            else:
                item = "{fc: 3}"
            rows.append(f"{{when: {'=present' if present else '=not present'}, {item[1:]}")
        return flow, rows

    def called(self, rows):
        """Keep items as a block, and call it."""
        name = f"block{len(self.blocks)}"
        self.blocks[name] = f"{{args: {{present: }}, layers: [{', '.join(rows)}]}}"
        return self.random.choice((f"{name}: true", f"{name}: [true]", f"use: {name}, with: {{present: true}}"))

    def twice(self, flow, state, levels):
        """Call a block in each branch of a merge, or one call after the other: alike, with layers of their own."""
        in_branches = self.random.random() < 0.5
        drawn = self.random.getstate()
        first, rows = self.body(flow, state)
        after = self.random.getstate()
        in_branches = in_branches or self.layers[first].output != self.layers[flow].output
        self.random.setstate(drawn)
        second, again = self.body(flow if in_branches else first, state)
        assert rows == again
        self.random.setstate(after)
        call = self.called(rows)
        if not in_branches:
            return second, f"repeat: 2, {call}"
        word = self.random.choice(MERGES)
        found = merged(word, [self.layers[each].output for each in (first, second)])
        end = self.add(word, (first, second), found, state, "channels")
        return end, f"{word}: [[{{{call}}}], [{{{call}}}]]"

    def training(self, flow, state, levels):
        written, end = [], flow
        for _ in range(self.random.randint(1, 2)):
            end, item = self.item(end, None, {**state, "training": True}, 0)
            written.append(item)
        return flow, f"training: [{', '.join(written)}]"

    def elsewhere(self, flow, state, levels):
        name = self.random.choice([name for name, at in self.named.items() if not self.layers[at].training])
        flow, item = self.operation(self.named[name], state, 0)
        return flow, f"from: {name}, {item}"


def settings(random, word, shape):
    """Draw the settings of an operation; return them as values and as they are written."""
    pair = lambda low, high: (random.randint(low, high), random.randint(low, high))  # noqa: E731
    flag = lambda: random.random() < 0.5  # noqa: E731
    said = {}
    sides = lambda most: tuple(random.randint(0, most) for _ in range(4))  # noqa: E731
    if word in ("conv", "depthwise_conv", "locally_connected", "max_pool", "avg_pool", "subsampling"):
        weighted = word.endswith("conv") or word == "locally_connected"
        pad = random.choice(["same", "same_lower", (0, 0, 0, 0), sides(2)])
        rounds = ["floor", "ceil"] if weighted else ["floor", "ceil", "caffe"]
        stride = pair(1, 3) if weighted or flag() else None
        said = {
            "kernel": pair(1, 3),
            "stride": stride,
            "pad": pad,
            "dilation": pair(1, 2),
            "round": random.choice(rounds),
        }
    if word == "conv":
        said.update(filters=random.randint(1, 6), groups=random.choice([1, 1, 2, 3]), bias=flag(), connections=None)
        if random.random() < 0.2:
            said["connections"] = [random.randint(1, shape[0]) for _ in range(said["filters"])]
    elif word == "depthwise_conv":
        said.update(multiplier=random.randint(1, 2), bias=flag())
    elif word == "locally_connected":
        said.update(filters=random.randint(1, 3), bias=flag())
    elif word == "conv_transpose":
        said = {
            "filters": random.randint(1, 4),
            "kernel": pair(1, 3),
            "stride": pair(1, 3),
            "pad": random.choice(["same", "same_lower", (0, 0, 0, 0), sides(2)]),
            "output_pad": random.choice([(0, 0), pair(0, 2)]),
            "dilation": pair(1, 2),
            "groups": random.choice([1, 1, 2]),
            "bias": flag(),
        }
    elif word == "fc":
        said = {"out_features": random.randint(1, 6), "bias": flag()}
    elif word == "max_unpool":
        said = {
            "kernel": pair(1, 3),
            "stride": random.choice([None, pair(1, 3)]),
            "pad": random.choice(["same", "same_lower", (0, 0, 0, 0), sides(1)]),
            "output_size": None,
        }
        if flag():
            said["output_size"] = pair(1, 9)
    elif word in ("adaptive_avg_pool", "adaptive_max_pool", "roi_pool"):
        said = {"pooled": pair(1, 5)}
    elif word in ("rms_norm", "l2_norm"):
        said = {"scale": flag()}
    elif word in ("bn", "layer_norm", "group_norm", "instance_norm"):
        said = {"scale": flag(), "shift": flag()}
        if word == "layer_norm":
            said["over"] = random.choice(["channels", "map"])
        elif word == "group_norm":
            said["groups"] = random.randint(1, 3)
        else:
            said["statistics"] = flag()
    elif word == "prelu":
        said = {"slopes": random.choice(["channel", "layer", "value"])}
    elif word == "elementwise":
        said = {"function": random.choice(["exp", "abs", "negate"])}
    elif word == "reshape":
        said = {"sides": reshaped(random, shape)}
    elif word == "pad":
        said = {"sides": sides(2), "mode": random.choice(["zero", "reflect", "replicate", "circular"])}
    elif word in ("upsample", "resize"):
        said = {"mode": random.choice(["nearest", "bilinear", "bicubic"]), "align_corners": random.random() < 0.3}
        if word == "upsample":
            said["scale"] = pair(1, 3)
        elif flag():
            said["size"] = pair(1, 7)
        else:
            said["scale"] = tuple(random.choice([Fraction(1, 2), Fraction(3, 2), Fraction(2)]) for _ in range(2))
    elif word in ("pixel_shuffle", "pixel_unshuffle"):
        said = {"factor": random.randint(1, 2)}
    elif word == "lrn":
        said = {"neighbours": random.randint(1, 6), "within_channel": flag()}
    elif word == "scale":
        said = {"bias": flag()}
    elif word == "maxout":
        said = {"pieces": random.randint(2, 3)}
    elif word == "dropout":
        said = {"probability": random.choice([0, 0.5])}
    elif word == "crop":
        said = {"size": None, "height": None, "width": None, "offset": random.choice([None, pair(0, 2)])}
        sizes = random.choice([("height", "width"), ("height",), ("width",), ("size",)])
        for name in sizes:
            length = shape[1 + (name == "width")]
            said[name] = pair(1, min(shape[1:])) if name == "size" else random.randint(1, length + 1)
    elif word == "channel_slice":
        said = {"channels": random.randint(1, shape[0]), "start": random.randint(0, 2)}
    elif word == "channel_shuffle":
        said = {"groups": random.randint(1, 3)}
    elif word == "pad_channels":
        said = {"filters": shape[0] + random.randint(0, 2), "stride": pair(1, 2)}
    elif word == "custom":
        said = {
            "what": "something",
            "shape": random.choice([None, [2, 3, 3]]),
            **{name: random.choice([0, 0, 3]) for name in ("params", "weights", "biases", "norms", "buffers")},
            **{name: random.choice([0, 0, 5]) for name in ("macs", "products", "ops")},
            "window": random.choice([None, None, "map", pair(1, 3)]),
            "stride": random.choice([None, None, pair(1, 2)]),
            "stores": flag(),
            "weighted": flag(),
        }
    return said, ", ".join(f"{name}: {written(value, name)}" for name, value in said.items() if value is not None)


def reshaped(random, shape):
    """Draw sides that hold as many values, most of the time; one of them may be left open."""
    left, sides = len(values(shape)) + (random.random() < 0.2), []
    for _ in range(2):
        sides.append(random.choice([side for side in range(1, left + 1) if left % side == 0]))
        left //= sides[-1]
    sides = random.choice([[*sides, left], list(shape), [len(values(shape)), 1, 1]])
    if random.random() < 0.3:
        sides[random.randint(0, 2)] = -1
    return sides


def written(value, name):
    if name in ("pad", "sides") and isinstance(value, tuple) and len(value) == 4:
        sides = zip(("top", "bottom", "left", "right"), value, strict=True)
        return f"{{{', '.join(f'{side}: {number}' for side, number in sides)}}}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple | list):
        return f"[{', '.join(str(float(each) if isinstance(each, Fraction) else each) for each in value)}]"
    return str(value)


def compare(seed):
    """Draw a network, and hold the program's report against the reference; return how many layers it has."""
    network = Network(Random(f"network {seed}")).draw()
    text = network.spec()
    try:
        model = archcalc.loads(text)
        for training in (False, True):
            report = model.analyze(training=training, batch=1 + seed % 3)
            wanted = [layer for layer in network.layers if training or not layer.training]
            _compare(report, wanted, 1 + seed % 3)
    except Exception as error:
        raise AssertionError(f"network {seed}: {error!r}\n{text}") from error
    return len(network.layers)


def _compare(report, wanted, batch):
    assert [layer.op for layer in report.layers] == [layer.word for layer in wanted]
    for layer, reference in zip(report.layers, wanted, strict=True):
        assert layer.inputs == reference.inputs, layer
        assert layer.output == reference.output, layer
        assert {kind: n for kind, n in layer.params_by_kind.items() if n} == reference.params, layer
        assert {kind: n for kind, n in layer.ops.items() if n} == {k: n * batch for k, n in reference.work.items()}, (
            layer
        )
        assert layer.buffers == reference.buffers, layer
        assert layer.memory_bytes == 4 * reference.stored * batch, layer
        assert (layer.depth, layer.times) == (reference.depth, reference.times), layer
        assert layer.macs == (reference.work.get("mac", 0) + reference.work.get("matmul", 0)) * batch
        field = reference.field()
        assert field is NotImplemented or layer.receptive_field == field, layer
    assert report.params == sum(sum(layer.params.values()) for layer in wanted)
    assert report.macs == batch * sum(layer.work.get(kind, 0) for layer in wanted for kind in ("mac", "matmul"))
    assert report.memory_bytes == 4 * batch * sum(layer.stored for layer in wanted)
    assert report.totals.buffers == sum(layer.buffers for layer in wanted)
    assert report.depth == max(layer.depth for layer in wanted)


@pytest.mark.parametrize("seed", range(80))
def test_random_network(seed):
    compare(seed)


OF_TOKENS = {"attention", "matmul", "tokens", "class_token", "position", "embedding", "lstm", "gru"}
"""Operations on sequences of tokens, which tests of their own hold against hand arithmetic."""


def test_the_reference_has_every_operation():
    assert {*SINGLE, *MERGES} == set(OPERATIONS) - OF_TOKENS - {"cross_correlation"}


def test_a_wrong_formula_would_be_found(monkeypatch):
    from archcalc.operations.fc import Fc

    right = Fc.formulas
    monkeypatch.setattr(Fc, "formulas", lambda self: list(right(self))[:-1])
    with pytest.raises(AssertionError):
        for seed in range(80):
            compare(seed)


def main():
    """Compare as many networks as asked for."""
    parser = argparse.ArgumentParser(description="Random networks against a reference that lists everything.")
    parser.add_argument("--networks", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=0, help="the first of the networks")
    asked = parser.parse_args()
    layers = sum(compare(seed) for seed in range(asked.seed, asked.seed + asked.networks))
    print(f"{asked.networks:,} networks, {layers:,} layers: all as the reference has them")


if __name__ == "__main__":
    main()
