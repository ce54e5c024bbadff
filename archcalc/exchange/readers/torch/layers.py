"""Aten operations with weights that slide nothing, and attention."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.exchange.readers.torch.arithmetic import constant_product
from archcalc.exchange.tensors import Const, ModelFault, by

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.exchange.readers.torch.context import Context


def linear(c: Context) -> Any:
    """linear: the weights are outputs x inputs."""
    x, weight, bias = c.x("input", "self"), c.get("weight"), c.weight("bias")
    if isinstance(x, Const) and isinstance(weight, Const):
        return constant_product(x, weight, (*x.dims[:-1], weight.dims[0]), *([] if bias is None else [bias]))
    if not isinstance(weight, Const):
        raise ModelFault("its weight depends on the input of the network")
    return c.net.linear_by(c.net.node(x), weight, transposed=True, bias=bias)


def weights_of(c: Context) -> list[Const]:
    """Return scale and shift, as far as they are there."""
    return [weight for weight in (c.weight("weight"), c.weight("bias")) if weight is not None]


def batch_norm(c: Context) -> Any:
    """batch_norm and its decomposed forms."""
    scale, shift = c.weight("weight"), c.weight("bias")
    stats = [c.get(name) for name in ("running_mean", "running_var")]
    buffers = sum(held.size for held in stats if isinstance(held, Const))
    return [
        c.net.norm(
            c.node("input", "self"), "batch", weights_of(c), scale=scale is not None, shift=shift is not None,
            buffers=buffers,
        )
    ]  # fmt: skip


def layer_norm(c: Context) -> Any:
    """layer_norm, native_layer_norm and rms_norm: over the last axes."""
    x, over = c.node("input", "self"), c.ints("normalized_shape") or []
    rank = len(c.net.shape(x))
    what = "rms" if "rms" in c.net.origin.op else "layer"
    return [c.net.norm(x, what, weights_of(c), channels=-1, axes=tuple(range(rank - len(over), rank)))]


def group_norm(c: Context) -> Any:
    """group_norm."""
    return [c.net.norm(c.node("input", "self"), "group", weights_of(c), groups=c.get("num_groups", "group"))]


def instance_norm(c: Context) -> Any:
    """instance_norm."""
    return c.net.norm(c.node("input", "self"), "instance", weights_of(c))


def prelu(c: Context) -> Any:
    """prelu: a slope for each channel, or one for all."""
    x, slope = c.node(), c.weight("weight")
    return c.net.add("prelu", [x], c.net.shape(x), [slope] if slope is not None else [])


def embedding(c: Context) -> Any:
    """embedding: a row of the table for each number."""
    table, numbers = c.weight("weight"), c.get("indices")
    if table is None:
        raise ModelFault("it has no table")
    if isinstance(numbers, Const):
        return c.net.folding.gather(table, numbers, 0)
    return c.net.add("embedding", [numbers], (*c.net.shape(numbers), table.dims[1]), [table])


def attention(c: Context) -> Any:
    """scaled_dot_product_attention."""
    q, k, v = (c.node(name) for name in ("query", "key", "value"))
    ranks = {len(c.net.shape(x)) for x in (q, k, v)}
    if ranks & {0, 1} or len(ranks) > 1 or c.net.shape(q)[-1] != c.net.shape(k)[-1]:
        raise ModelFault(f"attention of {by(c.net.shape(q))} and {by(c.net.shape(k))}")
    mask = c.get("attn_mask")
    biases = [mask] if isinstance(mask, Const) and mask.learned else []
    found = c.net.add("attention", [q, k, v], (*c.net.shape(q)[:-1], c.net.shape(v)[-1]), biases)
    return [found]


def recurrent(c: Context) -> Any:
    """lstm, gru and rnn: their weights are a list, matrices and biases of each direction and layer."""
    net = c.net
    x = c.node("input")
    params = c.get("params")
    layers, both = c.get("num_layers", default=1), bool(c.get("bidirectional", default=False))
    biases, cell = bool(c.get("has_biases", default=True)), c.net.origin.op.split("_")[0]
    ways = 2 if both else 1
    per = (4 if biases else 2) * ways
    projected = isinstance(params, list) and len(params) == (per + ways) * layers and cell == "lstm"
    per += ways if projected else 0
    if not isinstance(params, list) or len(params) < per * layers or not all(isinstance(p, Const) for p in params):
        raise ModelFault("its weights are not those of its layers")
    batch_first = bool(c.get("batch_first", default=False))
    axis = 1 if batch_first else 0
    states = []
    for layer in range(layers):
        own = params[layer * per : (layer + 1) * per]
        hidden = own[1].dims[-1]
        matrices = sorted(own, key=lambda weight: len(weight.dims), reverse=True)
        shape = net.shape(x)
        x = net.add(
            "recurrent", [x], (*shape[:-1], hidden * ways), matrices, cell=cell, hidden=hidden, both=both,
            bias=biases, matrices=sum(len(weight.dims) > 1 for weight in own), time=axis,
        )  # fmt: skip
        last = net.select(x, axis, net.shape(x)[axis] - 1)
        states.append(net.transpose(net.reshape(last, [net.shape(last)[0], ways, hidden]), [1, 0, 2]))
    state = net.concat(states, 0)
    if projected:
        inner = params[0].dims[0] // 4
        state_c = net.add("opaque", [state], (ways * layers, net.shape(state)[1], inner), what="state of the cells")
        return [x, state, state_c]
    return [x, state, state]


OPERATIONS: dict[str, Callable[[Context], Any]] = {
    "linear": linear,
    **dict.fromkeys(
        ("batch_norm", "_native_batch_norm_legit_no_training", "native_batch_norm", "cudnn_batch_norm",
         "_batch_norm_no_update", "_native_batch_norm_legit"), batch_norm,
    ),
    **dict.fromkeys(("layer_norm", "native_layer_norm", "rms_norm", "_fused_rms_norm"), layer_norm),
    **dict.fromkeys(("group_norm", "native_group_norm"), group_norm),
    "instance_norm": instance_norm,
    **dict.fromkeys(("prelu", "_prelu_kernel"), prelu),
    "embedding": embedding,
    **dict.fromkeys(
        ("scaled_dot_product_attention", "_scaled_dot_product_flash_attention",
         "_scaled_dot_product_flash_attention_for_cpu", "_scaled_dot_product_efficient_attention"), attention,
    ),
    **dict.fromkeys(("lstm", "gru", "rnn_tanh", "rnn_relu"), recurrent),
}  # fmt: skip
