"""Aten operations that move, take or name values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.exchange.arrays import derived
from archcalc.exchange.sizes import positive_axis
from archcalc.exchange.tensors import Const, ModelFault, by

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.exchange.readers.torch.context import Context


def same(c: Context) -> Any:
    """Hand the input on: dropout once training is over, copies and casts."""
    return c.x()


def view(c: Context) -> Any:
    """View, reshape and unsafe_view."""
    target = c.ints("size", "shape")
    return c.net.reshape_to(c.x(), target or [], zero_copies=False)


def unflatten(c: Context) -> Any:
    """One axis becomes several."""
    own = c.net.dims(c.x())
    axis = positive_axis(c.get("dim"), len(own))
    sizes = c.ints("sizes") or []
    known = 1
    for length in sizes:
        known *= length if length > 0 else 1
    sizes = [own[axis] // known if length == -1 else length for length in sizes]
    return c.net.reshape_to(c.x(), [*own[:axis], *sizes, *own[axis + 1 :]], zero_copies=False)


def flatten(c: Context) -> Any:
    """A run of axes becomes one."""
    return c.net.flatten(c.x(), c.get("start_dim", default=0), c.get("end_dim", default=-1))


def permute(c: Context) -> Any:
    """The axes in another order."""
    return c.net.permute(c.x(), c.ints("dims") or [])


def transpose(c: Context) -> Any:
    """Two axes change places."""
    rank = len(c.net.dims(c.x()))
    first, second = (positive_axis(c.get(*names), rank) for names in (("dim0", "axis0"), ("dim1", "axis1")))
    order = list(range(rank))
    order[first], order[second] = order[second], order[first]
    return c.net.permute(c.x(), order)


def matrix_transpose(c: Context) -> Any:
    """T: the axes of a matrix change places."""
    rank = len(c.net.dims(c.x()))
    return c.net.permute(c.x(), [*range(rank - 2), rank - 1, rank - 2] if rank > 1 else [0])


def squeeze(c: Context) -> Any:
    """Axes of one go."""
    return c.net.squeeze(c.x(), c.ints("dim", "dims"))


def unsqueeze(c: Context) -> Any:
    """An axis of one is added."""
    return c.net.unsqueeze(c.x(), [c.get("dim")])


def cat(c: Context) -> Any:
    """Tensors one behind the other."""
    parts = c.get("tensors")
    return c.net.join([each for each in parts if each is not None], c.get("dim", default=0))


def stack(c: Context) -> Any:
    """Tensors along a new axis."""
    axis = c.get("dim", default=0)
    parts = c.get("tensors")
    rank = len(c.net.dims(parts[0])) + 1
    return c.net.join([c.net.unsqueeze(each, [positive_axis(axis, rank)]) for each in parts], axis)


def split(c: Context) -> Any:
    """chunk, split, split_with_sizes and tensor_split."""
    x = c.x()
    own = c.net.dims(x)
    axis = positive_axis(c.get("dim", default=0), len(own))
    length = own[axis]
    sizes = c.get("split_sizes", "split_size")
    if sizes is None:
        chunks = c.whole("chunks") or c.whole("sections", 1)
        sizes = -(-length // max(chunks, 1))
    if not isinstance(sizes, list):
        each = max(sizes if isinstance(sizes, int) else 1, 1)
        sizes = [min(each, length - start) for start in range(0, length, each)]
    found, start = [], 0
    if not all(isinstance(size, int) for size in sizes):
        raise ModelFault(f"parts of {str(sizes)[:40]}")
    for size in sizes:
        found.append(c.net.part(x, axis, start, start + size))
        start += size
    return found


def unbind(c: Context) -> Any:
    """One tensor for each entry of an axis."""
    own = c.net.dims(c.x())
    axis = positive_axis(c.get("dim", default=0), len(own))
    return [_select(c, axis, place) for place in range(own[axis])]


def _select(c: Context, axis: int, place: int) -> Any:
    return c.net.take(c.x(), Const((), (place,)), axis)


def select(c: Context) -> Any:
    """One entry of an axis."""
    return _select(c, c.whole("dim"), c.whole("index"))


def slice_(c: Context) -> Any:
    """A range of an axis."""
    start, stop = c.whole("start"), c.whole("end", 2**62)
    return c.net.part(c.x(), c.whole("dim"), start, stop, c.whole("step", 1))


def index_select(c: Context) -> Any:
    """Entries of an axis, by number."""
    chosen = c.get("index")
    if not isinstance(chosen, Const):
        raise ModelFault("which entries it takes depends on the input")
    return c.net.take(c.x(), chosen, c.get("dim", default=0))


def index(c: Context) -> Any:
    """Entries by number along one axis: a bias table, a reordering."""
    x, chosen = c.x(), c.get("indices")
    own = c.net.dims(x)
    named = [(axis, each) for axis, each in enumerate(chosen) if each is not None]
    if len(named) == 1 and isinstance(named[0][1], Const):
        return c.net.take(x, named[0][1], named[0][0])
    if named and all(isinstance(each, Const) for _, each in named):
        from archcalc.exchange.sizes import broadcast

        taken = broadcast(*(each.dims for _, each in named))
        rest = [length for axis, length in enumerate(own) if axis not in dict(named)]
        if isinstance(x, Const):
            return c.net.folding.const([*taken, *rest], None, x)
        return c.net.add("opaque", [x], [*taken, *rest], what="index", ops=0)
    raise ModelFault("which entries it takes depends on the input")


def expand(c: Context) -> Any:
    """Repeat along axes of one; -1 keeps an axis."""
    own = c.net.dims(c.x())
    sizes = c.ints("size") or own
    front = len(sizes) - len(own)
    found = [own[at - front] if length == -1 and at >= front else length for at, length in enumerate(sizes)]
    return c.net.expand(c.x(), found)


def expand_as(c: Context) -> Any:
    """Repeat along axes of one, to the size of another tensor."""
    return c.net.expand(c.x(), c.net.dims(c.get("other")))


def repeat(c: Context) -> Any:
    """Repeat whole tensors."""
    x = c.x()
    own, times = c.net.dims(x), c.ints("repeats") or []
    own = (1,) * (len(times) - len(own)) + own
    sizes = [length * count for length, count in zip(own, times, strict=True)]
    if isinstance(x, Const):
        return derived(sizes, x)
    if all(count == 1 or length == 1 for length, count in zip(own, times, strict=True)):
        return c.net.expand(c.net.reshape(x, own), sizes)
    return c.net.add("opaque", [x], sizes, what="repeat", ops=0)


def new_constant(c: Context) -> Any:
    """zeros, ones, full, empty: a tensor of one value."""
    dims = c.ints("size")
    if dims is None:
        found = c.get("self", "input")
        dims = list(c.net.dims(found)) if isinstance(found, (int, Const)) else []
    word = c.net.origin.op
    value = c.get("fill_value", "s", default=1 if word.startswith("ones") else 0)
    return c.net.folding.const(dims, None if isinstance(value, Const) else lambda: (value,) * _product(dims))


def _product(dims: Any) -> int:
    from math import prod

    return prod(dims)


def arange(c: Context) -> Any:
    """Numbers at equal distances."""
    start, end, step = c.get("start", default=0), c.get("end", default=0), c.get("step", default=1)
    if not all(isinstance(each, (int, float)) for each in (start, end, step)) or not step:
        raise ModelFault("its bounds cannot be computed")
    count = max(-int((start - end) // step), 0)
    return c.net.folding.const([count], lambda: (start + step * place for place in range(count)))


def roll(c: Context) -> Any:
    """Values move around the edge: the same ones, at other places."""
    return c.x()


def channel_shuffle(c: Context) -> Any:
    """Channels of groups dealt out in turn."""
    x, groups = c.node(), c.whole("groups", 1)
    shape = c.net.shape(x)
    if groups < 1 or len(shape) < 3 or shape[1] % groups:
        raise ModelFault(f"{shape[1]} channels in {groups} groups")
    apart = c.net.reshape(x, [shape[0], groups, shape[1] // groups, *shape[2:]])
    order = [0, 2, 1, *range(3, len(shape) + 1)]
    return c.net.reshape(c.net.transpose(apart, order), shape)


def unfold(c: Context) -> Any:
    """im2col: the values of each window as channels."""
    x = c.node()
    shape = c.net.shape(x)
    kernel, stride = c.ints("kernel_size"), c.ints("stride")
    if len(shape) != 4 or not kernel or not stride:
        raise ModelFault(f"windows of {by(shape)}")
    from archcalc.exchange.sizes import window_lengths

    pads = tuple((each, each) for each in c.ints("padding") or (0, 0))
    lengths = window_lengths(shape[2:], kernel, stride, pads, c.ints("dilation") or (1, 1))
    sizes = (shape[0], shape[1] * kernel[0] * kernel[1], lengths[0] * lengths[1])
    return c.net.add("opaque", [x], sizes, what="unfold", ops=0)


OPERATIONS: dict[str, Callable[[Context], Any]] = {
    **dict.fromkeys(
        ("dropout", "feature_dropout", "alpha_dropout", "feature_alpha_dropout", "native_dropout", "clone",
         "contiguous", "detach", "to", "_to_copy", "lift_fresh_copy", "lift_fresh", "alias", "type_as",
         "_assert_tensor_metadata", "fake_quantize_per_tensor_affine", "view_as_real", "conj", "fill"), same,
    ),
    **dict.fromkeys(("view", "reshape", "_unsafe_view", "_reshape_alias"), view),
    "unflatten": unflatten,
    "flatten": flatten,
    "permute": permute,
    **dict.fromkeys(("transpose", "swapaxes"), transpose),
    **dict.fromkeys(("t", "numpy_T", "mT", "adjoint"), matrix_transpose),
    "squeeze": squeeze,
    "unsqueeze": unsqueeze,
    **dict.fromkeys(("cat", "concat"), cat),
    "stack": stack,
    **dict.fromkeys(("chunk", "split", "split_with_sizes", "tensor_split", "unsafe_chunk", "unsafe_split"), split),
    "unbind": unbind,
    "select": select,
    "slice": slice_,
    "narrow": lambda c: c.net.part(c.x(), c.get("dim"), c.get("start"), c.get("start") + c.get("length")),
    "index_select": index_select,
    "index": index,
    "expand": expand,
    "expand_as": expand_as,
    "repeat": repeat,
    **dict.fromkeys(
        ("zeros", "ones", "full", "empty", "zeros_like", "ones_like", "full_like", "new_zeros", "new_ones", "new_full",
         "scalar_tensor", "empty_like", "new_empty"), new_constant,
    ),
    "arange": arange,
    **dict.fromkeys(("roll", "flip"), roll),
    "channel_shuffle": channel_shuffle,
    **dict.fromkeys(("unfold", "im2col"), unfold),
}  # fmt: skip
