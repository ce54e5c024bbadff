"""The Python API: a network by its name, analysed for an input, as plain immutable results."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc.engine.count import count, setup
from archcalc.engine.expand import expand
from archcalc.engine.report import Report
from archcalc.language.family import read_family
from archcalc.language.networks import only_network, with_values
from archcalc.text.source import Source
from archcalc.zoo import find

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archcalc.analyses.rows import RowSums
    from archcalc.analyses.time.estimate import Estimate
    from archcalc.draw.drawing import Drawing
    from archcalc.language.networks import NetworkSpec


class Analysis(Report):
    """A report, with the analyses that read it."""

    def rows(self, depth: int = 1) -> list[RowSums]:
        """Return the rows of the layer table, composites folded below ``depth`` levels; they add up to the totals.

        A list of named tuples, which pandas.DataFrame takes as it is.
        """
        from archcalc.analyses.rows import row_sums

        return row_sums(self, depth)

    def time(
        self,
        device: str,
        *,
        tensor_cores: bool | None = None,
        optimizer: str = "none",
        mixed: bool = False,
        measured: Mapping[str, str] | None = None,
    ) -> Estimate:
        """Estimate how long the batch takes on a device (``rtx3090``, ``my_card.yaml``): ``.seconds``.

        ``tensor_cores`` multiplies float32 as TF32, or nothing on them; ``optimizer`` adds a step of training
        (``.training_seconds``), ``mixed`` with float32 weights beside float16. ``measured`` calibrates by what was
        measured on the device for the same batch: ``{"resnet50": "7.1ms"}``. Raises RequestError for a device, type or
        time that there is not.
        """
        from archcalc.analyses.time.calibration import calibrate
        from archcalc.analyses.time.estimate import time
        from archcalc.analyses.time.options import TimeOptions

        estimate = time(self, device, TimeOptions(tensor_cores, optimizer, mixed))
        return calibrate(estimate, [f"{name}={seconds}" for name, seconds in (measured or {}).items()])

    def draw(
        self,
        *,
        depth: int | None = None,
        every: bool = False,
        block: str = "",
        direction: str = "down",
        color: str = "op",
        width: int = 1600,
    ) -> Drawing:
        """Draw the network, as ``archcalc draw`` does: a notebook shows it, ``str()`` of it is the SVG.

        Composites are unfolded ``depth`` levels, or as deep as a page holds; ``every`` layer has a box of its own;
        ``block`` draws one block only. ``direction`` is down or right; ``color`` is op, macs, params, memory or none;
        ``width`` is that of the picture in pixels, at most.
        Raises RequestError for a block that there is not.
        """
        from archcalc.draw.drawing import Drawing
        from archcalc.draw.options import Options

        return Drawing(self, Options(depth, every, block, direction, color, width))


class Model(NamedTuple):
    """A network that has been read, not yet written out for an input."""

    spec: NetworkSpec

    @property
    def name(self) -> str:
        """The network's name."""
        return self.spec.name

    @property
    def title(self) -> str:
        """The network's title."""
        return self.spec.title

    def analyze(
        self,
        input: int | tuple[int, ...] | None = None,
        *,
        set: Mapping[str, object] | None = None,
        batch: int = 1,
        dtype: str = "float32",
        training: bool = False,
    ) -> Analysis:
        """Write the network out and count it.

        ``input`` is the spec's own, another size (224, or (height, width)), or (channels, height, width); ``set``
        gives arguments of the spec; ``training`` takes branches for training into the totals. Sizes are in bytes
        of ``dtype``, work and memory for ``batch`` images. Raises SpecError where a shape cannot be, RequestError
        for an argument or type that there is not.
        """
        size = (input,) if isinstance(input, int) else input
        spec = with_values(self.spec, {name: _text(value) for name, value in (set or {}).items()})
        return Analysis(**vars(count(expand(spec, size), setup(batch, dtype), training=training)))


def load(name: str) -> Model:
    """Return the network that goes by a name or stands at a path."""
    return Model(find(name))


def loads(text: str, file: str = "<text>") -> Model:
    """Return the network of a spec given as text."""
    return Model(only_network(read_family(Source(file, text))))


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
