"""All classes of layers that are read, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.exchange.readers.keras import layers, moves, operations, windows

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.exchange.readers.keras.context import Context

OPERATORS = (
    "TFOpLambda", "TensorFlowOpLayer", "SlicingOpLambda", "GetItem", "Reshape", "Sqrt", "Mean", "Sum", "Max", "Matmul",
    "Transpose", "ExpandDims", "Squeeze", "TrueDivide", "Divide", "Power", "Relu", "Sigmoid", "Silu", "Gelu", "Tanh",
    "Relu6", "Exp", "Cast", "HardSwish", "HardSigmoid",
)  # fmt: skip

LAYERS: dict[str, Callable[[Context], list[int]]] = {
    **dict.fromkeys(OPERATORS, operations.operation),
    **windows.LAYERS,
    **layers.LAYERS,
    **moves.LAYERS,
}
