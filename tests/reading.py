"""Which places of its input a place of a layer reads, marked one by one: a reference for receptive fields.

Places are numbered along one axis, from 0; those before 0 and behind the last are padding, which counts as seen, and
go on as the map does. Nothing here is shared with the program.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor

AROUND = 40
"""How far from the middle places are looked for that reach another one."""


def window(said, length, axis):
    """A window: one place of the input for each tap."""
    stride = (said.get("stride") or said["kernel"])[axis]
    kernel, dilation = said["kernel"][axis], said.get("dilation", (1, 1))[axis]
    before = in_front(said["pad"], length, kernel, stride, dilation, axis)
    return lambda place: [place * stride + tap * dilation - before for tap in range(kernel)]


def in_front(pad, length, kernel, stride, dilation, axis):
    """How much padding there is in front of an axis; words fill up what the last window lacks."""
    if not isinstance(pad, str):
        return pad[2 * axis]
    lacking = 0
    while (len(range(0, length, stride)) - 1) * stride + (kernel - 1) * dilation >= length + lacking:
        lacking += 1
    return lacking // 2 if pad == "same" else lacking - lacking // 2


def stamps(said, length, axis, output):
    """A kernel stamped at each place of the input: all places whose stamps reach the place."""
    stride = (said.get("stride") or said["kernel"])[axis]
    kernel, dilation = said["kernel"][axis], said.get("dilation", (1, 1))[axis]
    if isinstance(said["pad"], str):
        cut = max((length - 1) * stride + (kernel - 1) * dilation + 1 - output, 0)
        before = cut // 2 if said["pad"] == "same" else cut - cut // 2
    else:
        before = said["pad"][2 * axis]
    return lambda place: [
        other
        for other in range(place // stride - AROUND, place // stride + AROUND)
        if (place + before - other * stride) in range(0, kernel * dilation, dilation)
    ]


def shares(length, output):
    """A pooling that divides an axis: from ⌊j·L / n⌋ to before ⌈(j + 1)·L / n⌉."""
    return lambda place: range(floor(Fraction(place * length, output)), -floor(-Fraction((place + 1) * length, output)))


def resized(said, length, output, axis):
    """A resizing: the places between which one lies, none of them outside the map."""
    scale = said.get("scale")
    step = Fraction(length, output) if not scale or length == output else 1 / Fraction(scale[axis])
    corners = said["align_corners"]
    if corners:
        step = Fraction(length - 1, output - 1) if output > 1 else Fraction(0)
    mode = said["mode"]

    def inside(place):
        if mode == "nearest":
            return [floor(place * step)]
        at = place * step if corners else (place + Fraction(1, 2)) * step - Fraction(1, 2)
        near = {"bilinear": 1, "bicubic": 2}[mode]
        found = [each for each in range(floor(at) - 3, floor(at) + 5) if abs(each - at) < near]
        return [floor(at)] if at == floor(at) else found

    if length == 1 or not step:
        return lambda place: [0]
    if mode == "bicubic" and length < 7:  # no place need be far from the border, where there is nothing beyond
        return lambda place: [
            min(max(each, 0), length - 1) + place // output * length for each in inside(place % output)
        ]
    return inside


def own(place):
    """A function of each place apart."""
    return [place]


def everything(length):
    """All places, whichever it is."""
    return lambda place: range(length)


def axis_reads(word, said, shape, output, axis):
    """Return the places that a place reads along an axis, as a function; None where nobody can say."""
    length, made = shape[1 + axis], output[1 + axis]
    if word in ("conv", "depthwise_conv", "locally_connected", "max_pool", "avg_pool", "subsampling"):
        return window(said, length, axis)
    if word in ("conv_transpose", "max_unpool"):
        return stamps(said, length, axis, made)
    if word in ("fc", "flatten", "global_avg_pool", "global_max_pool", "roi_pool"):
        return everything(length)
    if word.startswith("adaptive"):
        return shares(length, made) if made > 1 else everything(length)
    if word in ("upsample", "resize"):
        return resized(said, length, made, axis)
    if word == "pixel_shuffle":
        return lambda place: [place // said["factor"]]
    if word == "pixel_unshuffle":
        return lambda place: [place * said["factor"] + more for more in range(said["factor"])]
    if word in ("crop", "pad"):
        return lambda place: [place + said["first"][axis]]
    if word == "pad_channels":
        return lambda place: [place * said["stride"][axis]]
    if word == "reshape":
        same, single = shape[1:] == output[1:], (1, 1) in (shape[1:], output[1:])
        return own if same else everything(length) if single else None
    if word == "lrn" and said["within_channel"]:
        return lambda place: range(place - said["neighbours"] // 2, place + said["neighbours"] // 2 + 1)
    if word == "custom":
        if said["window"] == "map":
            return everything(length)
        if said["window"] or said["stride"]:
            kernel, stride = (said[name][axis] if said[name] else 1 for name in ("window", "stride"))
            return lambda place: [place * stride + tap - (kernel - 1) // 2 for tap in range(kernel)]
        return own if shape[1:] == output[1:] else None
    return own


FAR = 27_720
"""A number of places that every pattern of these maps repeats in: it has all divisors up to 12."""


class Sees:
    """What the places of a map see of the image along one axis: the first and the last pixel, or None for nothing.

    Places go on beyond the border as they do inside, so that padding counts as seen.
    """

    def __init__(self, reads, *sources):
        self.reads, self.sources, self.known = reads, sources, {}

    def pixels(self, place):
        if place not in self.known:
            self.known[place] = self.hull(place)
        return self.known[place]

    def hull(self, place):
        if not self.sources:
            return (place, place)
        return around(source.pixels(each) for each in self.reads(place) for source in self.sources)

    def pace(self):
        """How far what a place sees moves in many places."""
        place = next((place for place in range(60) if self.pixels(place)), None)
        return None if place is None else self.pixels(place + FAR)[0] - self.pixels(place)[0]

    def most(self, length):
        """The most that one of so many places sees, from the first pixel to the last."""
        found = [self.pixels(place) for place in range(length)]
        return max((high - low + 1 for low, high in filter(None, found)), default=0)


class SeesThere(Sees):
    """The same of a map some of whose places see other amounts than others: only what is there counts."""

    def __init__(self, reads, length, image, *sources):
        super().__init__(reads, *sources)
        self.length, self.image = length, image

    def hull(self, place):
        if place not in range(self.length):
            return None
        found = [source.pixels(each) for each in self.reads(place) for source in self.sources]
        found = [ends for ends in found if ends and ends[1] >= 0 and ends[0] < self.image]
        hull = around(found)
        return hull and (max(hull[0], 0), min(hull[1], self.image - 1))


def around(ends):
    """From the first pixel to the last of several; None where there are none."""
    known = [end for end in ends if end is not None]
    return (min(low for low, _ in known), max(high for _, high in known)) if known else None


def sees(word, said, shapes, output, sources, axis, image):
    """Return what a layer sees along an axis, whose inputs' views are the sources; None where nobody can say.

    NotImplemented is for places in another arrangement, which this reference does not follow.
    """
    if not shapes:
        return Sees(None)
    if len(shapes) > 1 and word != "concat":  # what is 1 long gates the others, which do not see it
        sources = [each for each, shape in zip(sources, shapes, strict=True) if shape[1 + axis] == output[1 + axis]]
    if word == "concat" and len(shapes) > 1 and said == ("height", "width")[axis]:
        return None
    if word == "reshape" and shapes[0][0] == output[0] and shapes[0][1:] != output[1:]:
        return NotImplemented
    reads = axis_reads(word, said, shapes[0], output, axis)
    if reads is None or None in sources:
        return None
    if NotImplemented in sources:
        return NotImplemented
    length = output[1 + axis]
    if isinstance(sources[0], SeesThere) and len(sources) == 1:
        if list(reads(0)) == list(reads(1)) == list(reads(-FAR)):
            return Sees(reads, *sources)
        return SeesThere(reads, length, image, *sources)
    different = list({id(source): source for source in sources}.values())
    if len(different) > 1:
        there = any(isinstance(source, SeesThere) for source in different)
        if there or len({source.pace() for source in different} - {None}) > 1:
            return SeesThere(reads, length, image, *sources)
    return Sees(reads, *sources)
