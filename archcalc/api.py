"""The Python API: networks by name, analysed for an input, with plain immutable results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.engine.count import setup
from archcalc.engine.report import Report
from archcalc.engine.sums import analyse
from archcalc.errors import RequestError, did_you_mean, one_of, printable
from archcalc.language.family import read_family
from archcalc.language.networks import chosen, only_network, with_values
from archcalc.text.source import Source
from archcalc.zoo import find

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archcalc.analyses.formulas.closed_form import ClosedForm
    from archcalc.analyses.rows import RowSums
    from archcalc.analyses.sweep.sweep import Sweep
    from archcalc.analyses.time.estimate import Estimate
    from archcalc.charts.chart import Chart
    from archcalc.draw.drawing import Drawing
    from archcalc.exchange.graph import Graph
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
        measured on the device for the same batch: ``{"resnet50": "7.1ms"}``. Raises RequestError for an unknown device,
        type or time.
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

    def chart(
        self,
        kind: str = "layers",
        *,
        depth: int = 1,
        every: bool = False,
        device: str = "",
        fold_bn: bool = False,
        share_concat: bool = False,
    ) -> Chart:
        """Draw a chart of the network, as ``archcalc chart`` does: a notebook shows it, ``str()`` of it is the SVG.

        ``kind`` is ``layers`` (memory, parameters and MACs of each row), ``memory`` (what is alive over time) or
        ``time`` (of each row, on a ``device``). ``depth`` and ``every`` are those of rows, ``fold_bn`` and
        ``share_concat`` those of memory. Raises RequestError for another kind, and for a time without a device.
        """
        from archcalc.charts import make

        if kind == "layers":
            return make.layers(self, depth=depth, every=every)
        if kind == "memory":
            return make.memory(self, fold=fold_bn, share=share_concat)
        if kind != "time":
            known = ("layers", "memory", "time")
            raise RequestError(f"no chart '{printable(kind)}'{did_you_mean(kind, known) or f': {one_of(known)}'}")
        if not device:
            raise RequestError("a chart of times is of a device: device='rtx3090'")
        return make.time(self.time(device), depth=depth, every=every)


class Model(NamedTuple):
    """A network that has been read, and not yet expanded for an input."""

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
        """Expand the network and count it.

        ``input`` is the spec's own, another size (224, or (height, width)), or (channels, height, width); ``set``
        gives arguments of the spec; ``training`` includes training branches in the totals. Sizes are in bytes
        of ``dtype``, work and memory for ``batch`` images. Raises SpecError where shapes do not fit,
        RequestError for an unknown argument or type.
        """
        size = (input,) if isinstance(input, int) else input
        spec = with_values(self.spec, set or {})
        report = analyse(spec, size, setup(batch, dtype), training=training)
        return Analysis(*[getattr(report, field) for field in Report._fields])

    def formula(
        self,
        *variables: str,
        input: int | tuple[int, ...] | None = None,
        set: Mapping[str, object] | None = None,
        batch: int = 1,
        training: bool = False,
        depth: int | None = None,
        every: bool = False,
    ) -> ClosedForm:
        """Return what the network comes to as exact polynomials; see :func:`archcalc.formula`."""
        from archcalc.analyses.formulas.closed_form import closed_form
        from archcalc.analyses.formulas.samples import Rows
        from archcalc.analyses.formulas.variables import read_variables
        from archcalc.analyses.variants import Base

        spec = with_values(self.spec, set or {})
        base = Base(spec, (input,) if isinstance(input, int) else input, batch, training=training)
        unfolded = Rows(depth or 1, every) if depth is not None or every else None
        return closed_form(base, read_variables(spec, variables), unfolded)

    def sweep(
        self,
        axes: Mapping[str, Any],
        *,
        where: str | None = None,
        pareto: str | None = None,
        sort: str | None = None,
        top: int | None = None,
        device: str | None = None,
        input: int | tuple[int, ...] | None = None,
        set: Mapping[str, object] | None = None,
        batch: int = 1,
        dtype: str = "float32",
        training: bool = False,
        processes: int | None = 1,
    ) -> Sweep:
        """Analyse the network at every combination of values; see :func:`archcalc.sweep`."""
        from archcalc.analyses.sweep.axes import given_axes
        from archcalc.analyses.sweep.order import read_choice
        from archcalc.analyses.sweep.plan import Order, written
        from archcalc.analyses.sweep.sweep import sweep

        spec = with_values(self.spec, set or {})
        choice = read_choice(axes.keys(), pareto, sort, top)
        size = (input,) if isinstance(input, int) else input
        order = Order(
            (written(spec),), (size,), given_axes([spec], axes), batch, dtype, training, device, where=where,
            words=choice.words(axes.keys()),
        )  # fmt: skip
        return sweep(order, choice, processes=processes)


class ImportedModel:
    """A model of another framework, as a network of archcalc's."""

    def __init__(self, graph: Graph) -> None:
        from archcalc.exchange.importing import import_graph

        self._graph = graph
        self._imported = import_graph(graph, flat=True)

    @property
    def name(self) -> str:
        """The model's name."""
        return self._imported.spec.name

    @property
    def title(self) -> str:
        """The model's name, and where it comes from."""
        return self._imported.spec.title

    @property
    def remarks(self) -> tuple[str, ...]:
        """What to know of how the model was read."""
        return self._imported.remarks

    def spec(self, *, flat: bool = False) -> str:
        """Return the spec as YAML: folded into blocks, or layer by layer in the model's own modules."""
        from archcalc.exchange.importing import import_graph

        return self._imported.text if flat else import_graph(self._graph).text

    def analyze(
        self,
        input: int | tuple[int, ...] | None = None,
        *,
        batch: int = 1,
        dtype: str = "float32",
        training: bool = False,
    ) -> Analysis:
        """Count the model as :meth:`Model.analyze` does; its layers have the names of the model's modules."""
        return Model(self._imported.spec).analyze(input, batch=batch, dtype=dtype, training=training)


def from_torch(model: Any, input_size: Any, *, dtypes: Sequence[Any] | None = None) -> ImportedModel:
    """Return a PyTorch module as a network; see :func:`archcalc.from_torch`."""
    from archcalc.exchange.frameworks import graph_of_torch

    return ImportedModel(graph_of_torch(model, input_size, dtypes))


def from_keras(model: Any) -> ImportedModel:
    """Return a Keras model as a network; see :func:`archcalc.from_keras`."""
    from archcalc.exchange.frameworks import graph_of_keras

    return ImportedModel(graph_of_keras(model))


def summary(model: Any, input_size: Any = None, *, depth: int = 3, dtypes: Sequence[Any] | None = None) -> Analysis:
    """Print the layer table of a PyTorch module or a Keras model; see :func:`archcalc.summary`."""
    from archcalc.analyses.counting import Counting
    from archcalc.render.formats import write
    from archcalc.render.page import Target
    from archcalc.render.show import TableOptions, page

    keras = hasattr(model, "to_json") and not hasattr(model, "state_dict")
    if not keras and input_size is None:
        raise RequestError("summary of a PyTorch module needs input_size, such as (3, 224, 224)")
    report = (from_keras(model) if keras else from_torch(model, input_size, dtypes=dtypes)).analyze()
    print(write(page([report], TableOptions(depth, False, None, False, Counting(None, False))), "table", Target()))
    return report


def chart(reports: Sequence[Report], *, x: str, y: str, size: str, device: str | None) -> Chart:
    """Return networks as bubbles; see :func:`archcalc.chart`."""
    from archcalc.charts import make

    if device is None:
        return make.compare(reports, x=x, y=y, size=size)
    from archcalc.analyses.devices.finding import find_device

    return make.compare(reports, x=x, y=y, size=size, device=find_device(device))


def load(name: str) -> Model:
    """Return the network with a name, or the one in a spec file."""
    return Model(find(name))


def loads(text: str, file: str = "<text>", *, name: str | None = None) -> Model:
    """Return the network of a spec given as text: its only one, or the one with a name."""
    family = read_family(Source(file, text))
    return Model(only_network(family) if name is None else chosen(family, name))
