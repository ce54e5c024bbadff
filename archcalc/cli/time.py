"""``archcalc time``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archcalc.cli.options import analysis, completed, network, printing, unfolding
from archcalc.cli.request import requested
from archcalc.cli.types import Words

if TYPE_CHECKING:
    from archcalc.analyses.time.options import TimeOptions
    from archcalc.cli.request import Request

OPTIMIZERS = ("none", "sgd", "momentum", "adam", "adamw")


@click.command("time", short_help="Estimate the time on a device, with the estimate's error.")
@network
@click.option(
    "--device", metavar="CARD", default="all", shell_complete=completed("devices"),
    help="A card or processor (archcalc devices), or FILE.yaml[:NAME].  [default: all]",
)  # fmt: skip
@analysis
@click.option(
    "--tensor-cores/--no-tensor-cores", "tensor", default=None,
    help="Use tensor cores (float32 as TF32) or not.  [default: for types of 16 bits or fewer]",
)  # fmt: skip
@click.option(
    "--measured", metavar="NET=TIME", multiple=True, shell_complete=completed("networks"),
    help="Calibrate with a time measured there: resnet50=7.1ms, resnet50@288=4500/s.",
)  # fmt: skip
@click.option(
    "--optimizer",
    type=Words(OPTIMIZERS),
    help="Optimizer of training; none: inference only.  [default: momentum]",
)
@click.option(
    "--per", type=Words(("operation", "layer")), default="operation", show_default=True,
    help="Show where the time goes by operation or by layer.",
)  # fmt: skip
@unfolding
@printing()
@requested
def command(
    request: Request,
    device: str,
    tensor: bool | None,
    measured: tuple[str, ...],
    optimizer: str | None,
    per: str,
) -> None:
    """Estimate how long a network takes on a device: the sum over its passes of compute and memory.

    \b
    Examples:
      archcalc time resnet50 --device rtx3090 --dtype float16 --batch 32
      archcalc time vgg16 --device titan-x --per layer
      archcalc time resnet50 --device rtx4090 --dtype mixed --batch 256
      archcalc time densenet121 --device t4 --batch 64 --measured resnet50=250ms
      archcalc time mobilenet-v2 --batch 32
      archcalc time resnet50 --device my_card.yaml

    Each pass takes 2 MACs / peak + bytes / bandwidth: inputs read once, outputs written once, weights once a batch;
    batch norm, activations, additions and pooling are passes of their own. Nothing is fitted. The error of this model
    on measurements is printed with the time.

    --dtype may also be mixed: float16, trained with float32 weights.

    NET is a network's name (archcalc list), a spec file (my_net.yaml, family.yaml:NAME) or - (standard input).
    """
    options = _options(request.dtype, optimizer, tensor)
    if request.dtype == "mixed":
        request = request.replace(dtype="float16")
    if device.strip().lower() == "all":
        from archcalc.analyses.time.everywhere import everywhere
        from archcalc.errors import RequestError
        from archcalc.render.time.devices import EverywherePage

        if measured:
            raise RequestError("--measured: name the device that it was measured on with --device")
        request.emit(EverywherePage(request.report, *everywhere(request.report, options)))
        return
    from archcalc.analyses.time.calibration import calibrate
    from archcalc.analyses.time.estimate import time
    from archcalc.render.time.page import TimePage

    estimate = calibrate(time(request.report, request.device(device), options), measured)
    request.emit(TimePage(estimate, per, request.depth, request.every))


def _options(dtype: str, optimizer: str | None, tensor: bool | None) -> TimeOptions:
    """Return how the network is run and trained; integer types are for inference only."""
    from archcalc.analyses.time.options import TimeOptions
    from archcalc.errors import RequestError

    if not dtype.startswith("int"):
        return TimeOptions(tensor, optimizer or "momentum", dtype == "mixed")
    if optimizer not in (None, "none"):
        raise RequestError(f"--optimizer {optimizer}: {dtype} is for inference only")
    return TimeOptions(tensor, "none")
