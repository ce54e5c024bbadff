"""Aten operations that slide a window, and those that change the size of a map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.exchange.sizes import same_pads
from archcalc.exchange.tensors import ModelFault, by

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archcalc.exchange.readers.torch.context import Context


def spread(numbers: Sequence[int] | None, rank: int, default: int) -> tuple[int, ...]:
    """Return one number for each axis; PyTorch takes one for all."""
    if numbers is None:
        return (default,) * rank
    return tuple(numbers) * rank if len(numbers) == 1 else tuple(numbers)


def conv(c: Context) -> Any:
    """conv1d, conv2d and convolution, with padding as numbers or as a word."""
    if c.get("transposed", default=False):
        return conv_transpose(c)
    if isinstance(c.get("weight"), int):
        return correlation(c)
    weight, bias = c.weight("weight"), c.weight("bias")
    if weight is None or len(weight.dims) < 3:
        raise ModelFault("it has no weight with a kernel")
    kernel = weight.dims[2:]
    rank = len(kernel)
    stride, dilation = spread(c.ints("stride"), rank, 1), spread(c.ints("dilation"), rank, 1)
    x = batched(c, c.node("input", "self"), rank)
    asked = c.get("padding")
    if asked == "same":
        pads = tuple(
            same_pads(*numbers) for numbers in zip(c.net.space(x), kernel, stride, dilation, strict=True)
        )  # fmt: skip
    else:
        given = spread(None if asked == "valid" else c.ints("padding"), rank, 0)
        pads = tuple((each, each) for each in given)
    weights = [weight] if bias is None else [weight, bias]
    return c.net.conv(x, weights, weight.dims[0], kernel, stride, pads, dilation, c.whole("groups", 1))


def correlation(c: Context) -> Any:
    """A convolution with a tensor that depends on the input, as trackers slide a template over a map."""
    rank = len(c.net.shape(c.node("input", "self"))) - 2
    pads = tuple((each, each) for each in spread(c.ints("padding"), rank, 0))
    return c.net.correlation(
        c.node("input", "self"), c.node("weight"), spread(c.ints("stride"), rank, 1), pads,
        spread(c.ints("dilation"), rank, 1), c.get("groups", default=1),
    )  # fmt: skip


def batched(c: Context, x: int, rank: int) -> int:
    """Return the input with a batch in front, where a model takes a single image without one."""
    return int(c.net.unsqueeze(x, [0])) if len(c.net.shape(x)) == rank + 1 else x  # type: ignore[arg-type]


def conv_transpose(c: Context) -> Any:
    """conv_transpose1d and 2d: the weights are channels x filters of a group x kernel."""
    weight, bias = c.weight("weight"), c.weight("bias")
    if weight is None or len(weight.dims) < 3:
        raise ModelFault("it has no weight with a kernel")
    rank, groups = len(weight.dims) - 2, c.whole("groups", 1)
    pads = tuple((each, each) for each in spread(c.ints("padding"), rank, 0))
    return c.net.conv_transpose(
        c.node("input", "self"), [weight] if bias is None else [weight, bias], weight.dims[1] * groups,
        weight.dims[2:], spread(c.ints("stride"), rank, 1), pads, spread(c.ints("output_padding"), rank, 0),
        spread(c.ints("dilation"), rank, 1), groups,
    )  # fmt: skip


def pool(c: Context) -> Any:
    """max_pool1d, 2d and with indices, avg_pool1d and 2d."""
    x = c.node()
    word = c.net.origin.op
    rank = len(c.net.shape(x)) - 2
    kernel = spread(c.ints("kernel_size"), rank, 1)
    pads = tuple((each, each) for each in spread(c.ints("padding"), rank, 0))
    rounding = "ceil" if c.get("ceil_mode", default=False) else "floor"
    stride = c.ints("stride")
    dilation = c.ints("dilation")
    found = c.net.pool(
        x, "max" if word.startswith("max") else "avg", kernel, spread(stride, rank, 1) if stride else None, pads,
        spread(dilation, rank, 1), rounding,
    )  # fmt: skip
    if "indices" in word:
        return [found, c.net.add("indices", [x], c.net.shape(found))]
    return found


def adaptive_pool(c: Context) -> Any:
    """adaptive_avg_pool and adaptive_max_pool, which also makes indices."""
    x, word = c.node(), c.net.origin.op
    op = "max" if "max" in word else "avg"
    held = c.get("output_size")
    pooled = held if isinstance(held, list) else [held]
    found = c.net.adaptive_pool(x, op, pooled)
    return [found, c.net.add("indices", [x], c.net.shape(found))] if op == "max" else found


def max_unpool(c: Context) -> Any:
    """max_unpool2d: to a size that is given."""
    x, size = c.node(), c.ints("output_size")
    if size is None:
        raise ModelFault("it has no output_size")
    shape = c.net.shape(x)
    kernel = [max(-(-after // before), 1) for after, before in zip(size[-2:], shape[2:], strict=True)]
    pads = ((0, 0),) * len(kernel)
    return c.net.add(
        "max_unpool", [x], (*shape[:2], *size[-2:]), kernel=tuple(kernel), stride=tuple(kernel), pads=pads, given=True
    )


def resize(c: Context) -> Any:
    """upsample_nearest, bilinear and bicubic: to a size, or by factors."""
    x, word = c.node(), c.net.origin.op
    shape = c.net.shape(x)
    size, factors = c.ints("output_size", "size"), c.get("scale_factors", "scales")
    if size is None and not factors:
        raise ModelFault("neither its size nor its factors are known")
    rank = len(shape) - 2
    factors = factors if isinstance(factors, list) and len(factors) == rank else None
    goal = size or [int(length * factor) for length, factor in zip(shape[2:], factors or (), strict=True)]
    mode = next((mode for mode in ("bicubic", "bilinear", "linear") if mode in word), "nearest")
    return c.net.add("resize", [x], (*shape[:2], *goal), mode=mode, scales=factors if size is None else None)


def pad(c: Context) -> Any:
    """pad and constant_pad_nd: pairs from the last axis backwards."""
    numbers = c.ints("pad", "padding") or []
    rank = len(c.net.dims(c.x()))
    pairs = [(0, 0)] * rank
    for place in range(len(numbers) // 2):
        if place >= rank:
            raise ModelFault(f"padding of {len(numbers) // 2} axes for {by(c.net.dims(c.x()))}")
        pairs[rank - 1 - place] = (numbers[2 * place], numbers[2 * place + 1])
    return c.net.pad(c.node(), pairs)


def pixel_shuffle(c: Context) -> Any:
    """pixel_shuffle: channels become places."""
    return c.net.depth_to_space(c.node(), c.whole("upscale_factor", 1))


def pixel_unshuffle(c: Context) -> Any:
    """pixel_unshuffle: places become channels."""
    return c.net.space_to_depth(c.node(), c.whole("downscale_factor", 1), depth_first=True)


def regions(c: Context) -> Any:
    """roi_align and roi_pool of torchvision: one region."""
    x = c.node()
    shape = c.net.shape(x)
    c.net.remark("regions are read as one region: the figures are those of one box")
    return c.net.add("roi_pool", [x], (1, shape[1], c.get("pooled_height"), c.get("pooled_width")))


OPERATIONS: dict[str, Callable[[Context], Any]] = {
    **dict.fromkeys(("conv1d", "conv2d", "conv3d", "convolution", "_convolution"), conv),
    **dict.fromkeys(("conv_transpose1d", "conv_transpose2d", "conv_transpose3d"), conv_transpose),
    **dict.fromkeys(
        ("max_pool1d", "max_pool2d", "max_pool3d", "max_pool2d_with_indices", "max_pool1d_with_indices",
         "avg_pool1d", "avg_pool2d", "avg_pool3d"), pool,
    ),
    **dict.fromkeys(
        ("adaptive_avg_pool1d", "adaptive_avg_pool2d", "_adaptive_avg_pool2d", "adaptive_max_pool1d",
         "adaptive_max_pool2d", "adaptive_avg_pool3d"), adaptive_pool,
    ),
    "max_unpool2d": max_unpool,
    **dict.fromkeys(
        ("upsample_nearest1d", "upsample_nearest2d", "upsample_bilinear2d", "upsample_bicubic2d", "upsample_linear1d",
         "_upsample_bilinear2d_aa", "_upsample_bicubic2d_aa", "_upsample_nearest_exact2d"), resize,
    ),
    **dict.fromkeys(
        ("pad", "constant_pad_nd", "reflection_pad1d", "reflection_pad2d", "replication_pad1d", "replication_pad2d"),
        pad,
    ),
    "pixel_shuffle": pixel_shuffle,
    "pixel_unshuffle": pixel_unshuffle,
    "roi_align": regions,
    "roi_pool": regions,
}  # fmt: skip
