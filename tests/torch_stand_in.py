"""A stand-in for PyTorch that knows shapes, parameters and MACs, and nothing of values.

It is what a test needs to see whether an exported source says the network that it was written of. Every rule is
written down here from PyTorch's documentation, by itself; nothing of archcalc's own formulas is used. What it does not
know fails.
"""

from __future__ import annotations

import contextlib
import math
import sys
from types import ModuleType

MACS = [0]


class Size(tuple):
    __slots__ = ()


class Tensor:
    def __init__(self, *shape):
        self.shape = Size(shape)
        self.device = "meta"

    def dim(self):
        return len(self.shape)

    def _with(self, other):
        if not isinstance(other, Tensor):
            return Tensor(*self.shape)
        one, two = (((1,) * 9 + each.shape)[-max(self.dim(), other.dim()) :] for each in (self, other))
        assert all(a == b or 1 in (a, b) for a, b in zip(one, two, strict=True)), (self.shape, other.shape)
        return Tensor(*map(max, one, two))

    __add__ = __radd__ = __sub__ = __mul__ = __rmul__ = __truediv__ = __lt__ = _with

    def __getitem__(self, key):
        key = key if isinstance(key, tuple) else (key,)
        sides, found = list(self.shape), []
        for each in key:
            if each is None:
                found.append(1)
            else:
                found.append(len(range(*each.indices(sides.pop(0)))))
        return Tensor(*found, *sides)

    def flatten(self, start, end=-1):
        end %= self.dim()
        return Tensor(*self.shape[:start], math.prod(self.shape[start : end + 1]), *self.shape[end + 1 :])

    def unflatten(self, dim, sizes):
        known = -math.prod(sizes) if -1 in sizes else math.prod(sizes)
        assert self.shape[dim] % known == 0
        filled = [self.shape[dim] // known if each == -1 else each for each in sizes]
        assert math.prod(filled) == self.shape[dim]
        return Tensor(*self.shape[:dim], *filled, *self.shape[dim + 1 :])

    def reshape(self, *sizes):
        return self.flatten(0).unflatten(0, sizes)

    def unsqueeze(self, dim):
        return Tensor(*self.shape[:dim], 1, *self.shape[dim:])

    def permute(self, *order):
        return Tensor(*(self.shape[each] for each in order))

    def transpose(self, one, two):
        order = list(range(self.dim()))
        order[one], order[two] = order[two], order[one]
        return self.permute(*order)

    def unbind(self, dim):
        return [Tensor(*self.shape[:dim], *self.shape[dim + 1 :])] * self.shape[dim]

    def amax(self, dim):
        return Tensor(*self.shape[:dim], *self.shape[dim + 1 :])

    def expand(self, *sizes):
        return Tensor(*(own if each == -1 else each for own, each in zip(self.shape, sizes, strict=True)))

    def new_ones(self, shape):
        return Tensor(*shape)


class Parameter(Tensor):
    def __init__(self, tensor):
        super().__init__(*tensor.shape)


class Module:
    training = False

    def __init__(self, *arguments, **settings):
        pass

    def parameters(self):
        """List the parameters, each once, as modules that are used twice have them."""
        found, seen = [], set()
        for value in self._inside(set()):
            if isinstance(value, Parameter) and id(value) not in seen:
                seen.add(id(value))
                found.append(math.prod(value.shape))
        return found

    def _inside(self, seen):
        for value in vars(self).values():
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, Parameter):
                    yield each
                elif isinstance(each, Module) and id(each) not in seen:
                    seen.add(id(each))
                    yield from each._inside(seen)

    def __call__(self, *inputs):
        return self.forward(*inputs)

    def forward(self, x):
        return x


def weights(*shape):
    assert all(isinstance(side, int) and not isinstance(side, bool) and side > 0 for side in shape), shape
    return Parameter(Tensor(*shape))


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


class Sequential(Module):
    def __init__(self, *modules):
        self.modules = list(modules)

    def forward(self, x):
        for module in self.modules:
            x = module(x)
        return x


class Conv2d(Module):
    def __init__(self, inputs, outputs, kernel, stride=1, padding=0, dilation=1, groups=1, bias=True):
        assert inputs % groups == outputs % groups == 0
        self.kernel, self.stride, self.padding, self.dilation = map(pair, (kernel, stride, padding, dilation))
        self.inputs, self.outputs = inputs, outputs
        self.weight = weights(outputs, inputs // groups, *self.kernel)
        self.bias = weights(outputs) if bias else None

    def forward(self, x):
        n, channels, *sides = x.shape
        assert channels == self.inputs, (channels, self.inputs)
        out = [
            (side + 2 * pad - dilation * (kernel - 1) - 1) // stride + 1
            for side, kernel, stride, pad, dilation in zip(
                sides, self.kernel, self.stride, self.padding, self.dilation, strict=True
            )
        ]
        assert min(out) > 0
        MACS[0] += math.prod(self.weight.shape) * math.prod(out)
        return Tensor(n, self.outputs, *out)


class ConvTranspose2d(Module):
    def __init__(self, inputs, outputs, kernel, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1):
        self.kernel, self.stride, self.padding, self.dilation = map(pair, (kernel, stride, padding, dilation))
        self.inputs, self.outputs, self.added = inputs, outputs, pair(output_padding)
        self.weight = weights(inputs, outputs // groups, *self.kernel)
        self.bias = weights(outputs) if bias else None

    def forward(self, x):
        n, channels, *sides = x.shape
        assert channels == self.inputs
        out = [
            (side - 1) * self.stride[axis] - 2 * self.padding[axis]
            + self.dilation[axis] * (self.kernel[axis] - 1) + self.added[axis] + 1
            for axis, side in enumerate(sides)
        ]  # fmt: skip
        MACS[0] += math.prod(self.weight.shape) * math.prod(sides)
        return Tensor(n, self.outputs, *out)


class Linear(Module):
    def __init__(self, inputs, outputs, bias=True):
        self.weight = weights(outputs, inputs)
        self.bias = weights(outputs) if bias else None

    def forward(self, x):
        assert x.shape[-1] == self.weight.shape[1], (x.shape, self.weight.shape)
        MACS[0] += math.prod(x.shape[:-1]) * math.prod(self.weight.shape)
        return Tensor(*x.shape[:-1], self.weight.shape[0])


class _Norm(Module):
    dims = 4

    def __init__(self, channels, affine=True, track_running_stats=True):
        assert isinstance(channels, int)
        self.channels = channels
        self.weight, self.bias = (weights(channels) if affine else None for _ in range(2))

    def forward(self, x):
        assert x.dim() == self.dims, x.shape
        assert x.shape[1] == self.channels, (x.shape, self.channels)
        return x


class BatchNorm1d(_Norm):
    dims = 2


class InstanceNorm2d(_Norm):
    def __init__(self, channels, affine=False, track_running_stats=False):
        super().__init__(channels, affine)


class GroupNorm(_Norm):
    def __init__(self, groups, channels, affine=True):
        assert channels % groups == 0
        super().__init__(channels, affine)


class LayerNorm(Module):
    def __init__(self, shape, elementwise_affine=True, bias=True):
        self.sides = shape if isinstance(shape, tuple) else (shape,)
        self.weight = weights(*self.sides) if elementwise_affine else None
        self.bias = weights(*self.sides) if elementwise_affine and bias else None

    def forward(self, x):
        assert x.shape[-len(self.sides) :] == self.sides, (x.shape, self.sides)
        return x


class _Pool(Module):
    def __init__(self, kernel, stride=None, padding=0, dilation=1, ceil_mode=False, count_include_pad=True):
        self.kernel, self.padding, self.dilation = map(pair, (kernel, padding, dilation))
        self.stride = self.kernel if stride is None else pair(stride)
        self.ceil_mode = ceil_mode
        assert all(2 * pad <= kernel for pad, kernel in zip(self.padding, self.kernel, strict=True))

    def forward(self, x):
        out = []
        for axis, side in enumerate(x.shape[2:]):
            pad, stride = self.padding[axis], self.stride[axis]
            rest = side + 2 * pad - self.dilation[axis] * (self.kernel[axis] - 1) - 1
            length = (-(-rest // stride) if self.ceil_mode else rest // stride) + 1
            if self.ceil_mode and (length - 1) * stride >= side + pad:
                length -= 1
            out.append(length)
        assert min(out) > 0
        return Tensor(*x.shape[:2], *out)


class LPPool2d(_Pool):
    def __init__(self, norm, kernel, stride=None):
        super().__init__(kernel, stride)


class _Adaptive(Module):
    def __init__(self, size):
        self.size = pair(size)

    def forward(self, x):
        assert x.dim() == 4
        return Tensor(*x.shape[:2], *self.size)


class Upsample(Module):
    def __init__(self, size=None, scale_factor=None, mode="nearest", align_corners=None):
        self.size, self.factor = size, scale_factor

    def forward(self, x):
        if self.factor is None:
            return Tensor(*x.shape[:2], *pair(self.size))
        return Tensor(*x.shape[:2], *(int(side * by) for side, by in zip(x.shape[2:], pair(self.factor), strict=True)))


class PixelShuffle(Module):
    def __init__(self, by):
        self.by = by

    def forward(self, x):
        n, c, h, w = x.shape
        assert c % self.by**2 == 0
        return Tensor(n, c // self.by**2, h * self.by, w * self.by)


class PixelUnshuffle(PixelShuffle):
    def forward(self, x):
        n, c, h, w = x.shape
        assert h % self.by == w % self.by == 0
        return Tensor(n, c * self.by**2, h // self.by, w // self.by)


class Flatten(Module):
    def forward(self, x):
        return x.flatten(1)


class Unflatten(Module):
    def __init__(self, dim, sizes):
        self.dim, self.sizes = dim, sizes

    def forward(self, x):
        return x.unflatten(self.dim, self.sizes)


class PReLU(Module):
    def __init__(self, number=1):
        self.weight = weights(number)


class ConstantPad2d(Module):
    def __init__(self, padding, value=0.0):
        self.padding = padding

    def forward(self, x):
        return padded(x, self.padding)


def padded(x, padding, mode="constant", value=None):
    sides = list(x.shape)
    for axis in range(len(padding) // 2):
        sides[-1 - axis] += padding[2 * axis] + padding[2 * axis + 1]
    return Tensor(*sides)


def attention(q, k, v, attn_mask=None, scale=None):
    assert q.shape[-1] == k.shape[-1]
    assert k.shape[-2] == v.shape[-2]
    if attn_mask is not None:
        assert attn_mask.shape[-2:] == (q.shape[-2], k.shape[-2])
    MACS[0] += math.prod(q.shape[:-1]) * k.shape[-2] * (q.shape[-1] + v.shape[-1])
    return Tensor(*q.shape[:-1], v.shape[-1])


def cat(tensors, dim):
    first = tensors[0].shape
    assert all(len(each.shape) == len(first) for each in tensors)
    assert len({each.shape[:dim] + each.shape[dim + 1 :] for each in tensors}) == 1, [each.shape for each in tensors]
    return Tensor(*first[:dim], sum(each.shape[dim] for each in tensors), *first[dim + 1 :])


def same(x, *_, **__):
    return x


NEUTRAL = (
    "ReLU ReLU6 Sigmoid Tanh GELU SiLU Hardswish Hardsigmoid Mish Softplus Softsign SELU Softmax LogSoftmax LeakyReLU"
    " ELU CELU Hardtanh Dropout LocalResponseNorm ChannelShuffle Identity"
)
FUNCTIONS = "relu relu6 gelu silu hardswish hardsigmoid mish softplus softsign selu softmax log_softmax normalize"


def modules():
    """Return the modules of the stand-in by the names under which a source imports them."""
    torch, nn, functional = ModuleType("torch"), ModuleType("torch.nn"), ModuleType("torch.nn.functional")
    kinds = {name: type(name, (Module,), {}) for name in NEUTRAL.split()}
    own = (
        Module, Parameter, Sequential, Conv2d, ConvTranspose2d, Linear, BatchNorm1d, InstanceNorm2d, GroupNorm,
        LayerNorm, LPPool2d, Upsample, PixelShuffle, PixelUnshuffle, Flatten, Unflatten, PReLU, ConstantPad2d,
    )  # fmt: skip
    nn.__dict__.update({each.__name__: each for each in own} | kinds)
    nn.BatchNorm2d, nn.MaxPool2d, nn.AvgPool2d, nn.ZeroPad2d = _Norm, _Pool, _Pool, ConstantPad2d
    nn.AdaptiveAvgPool2d = nn.AdaptiveMaxPool2d = _Adaptive
    functional.__dict__.update(dict.fromkeys(FUNCTIONS.split(), same))
    functional.pad, functional.scaled_dot_product_attention = padded, attention
    functional.adaptive_avg_pool2d = functional.adaptive_max_pool2d = lambda x, size: _Adaptive(size)(x)
    torch.__dict__.update(dict.fromkeys(("tanh", "sigmoid", "exp", "square", "sqrt"), same))
    torch.maximum = torch.minimum = Tensor._with
    torch.cat, torch.flatten = cat, Tensor.flatten
    torch.zeros = torch.ones = lambda *sides: Tensor(*(sides[0] if isinstance(sides[0], tuple) else sides))
    torch.nn, nn.functional = nn, functional
    return {"torch": torch, "torch.nn": nn, "torch.nn.functional": functional}


@contextlib.contextmanager
def importable():
    """Let sources import the stand-in as torch."""
    before = {name: sys.modules.get(name) for name in modules()}
    sys.modules.update(modules())
    try:
        yield
    finally:
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module


def built(text):
    """Run a source; return its names."""
    with importable():
        names = {"__name__": "exported"}
        exec(compile(text, "exported.py", "exec"), names)
    return names


def measured(text, network, inputs):
    """Build a source's network and run it; return its parameters, MACs and the shapes of its outputs."""
    model = built(text)[network]()
    MACS[0] = 0
    outputs = model(*(Tensor(1, *shape) for shape in inputs))
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    return sum(model.parameters()), MACS[0], [(*each.shape[1:], 1, 1)[:3] for each in outputs]
