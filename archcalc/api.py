"""The Python API: networks by name, analysed for an input, with plain immutable results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.engine.count import count, setup
from archcalc.engine.expand import expand
from archcalc.engine.report import Report
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
    from archcalc.engine.layer import Layer
    from archcalc.exchange.graph import Graph
    from archcalc.language.networks import NetworkSpec
    from archcalc.render.printed import Printed


class Analysis(Report):
    """A report, with the analyses that read it. Printed, and in a notebook, it is the layer table."""

    def __str__(self) -> str:
        """The layer table."""
        return str(self.table())

    def __repr__(self) -> str:
        """The network and its totals, in a line."""
        from archcalc import units

        size = "x".join(map(str, self.input))
        sums = f"{units.short(self.params)} params, {units.short(self.macs)} MACs, {units.size(self.memory_bytes)}"
        batch = f", batch {self.setup.batch}" if self.setup.batch > 1 else ""
        return f"<{self.name}, input {size}{batch}: {sums}>"

    def _repr_html_(self) -> str:
        """The layer table in a notebook."""
        return self.table()._repr_html_()

    def __getitem__(self, name: str) -> Layer | RowSums:
        """Return the layer with a name, or the sums of a composite; raise RequestError with the nearest names."""
        layers = self.find(name)
        if len(layers) == 1 and layers[0].name == name:
            return layers[0]
        from archcalc.analyses.rows import Row, sums_of

        return sums_of(Row(name, name, layers))

    def table(self, *, depth: int = 1, every: bool = False, columns: str | None = None) -> Printed:
        """Return the layer table, as ``archcalc show`` prints it.

        Composites are folded below ``depth`` levels; ``every`` layer has a row of its own; ``columns`` are words of
        the command line, such as ``"layer,output,params"`` or ``"+macs_share"``. Raises RequestError for an unknown
        column.
        """
        from archcalc.render.printed import Printed
        from archcalc.render.show import page
        from archcalc.render.table_options import TableOptions

        return Printed(page([self], TableOptions(depth, every, columns)))

    def to_markdown(self, *, depth: int = 1, columns: str | None = None) -> str:
        """Return the layer table as Markdown; see :meth:`table`."""
        return self.table(depth=depth, columns=columns).to_markdown()

    def explain(self, *names: str) -> Printed:
        """Return the derivation of every number of some layers, or of the totals if none is named.

        Raises RequestError for an unknown layer.
        """
        from archcalc.render.explain import NetworkPage, layer_page
        from archcalc.render.printed import Printed

        return Printed(layer_page(self, names) if names else NetworkPage(self))

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

    def __repr__(self) -> str:
        """Its name and title."""
        return f"<{self.name}: {self.title}>"

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
        spec = with_values(self.spec, {name: _text(value) for name, value in (set or {}).items()})
        return Analysis(**vars(count(expand(spec, size), setup(batch, dtype), training=training)))

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

        spec = with_values(self.spec, {name: _text(value) for name, value in (set or {}).items()})
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

        spec = with_values(self.spec, {name: _text(value) for name, value in (set or {}).items()})
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
    keras = hasattr(model, "to_json") and not hasattr(model, "state_dict")
    if not keras and input_size is None:
        raise RequestError("summary of a PyTorch module needs input_size, such as (3, 224, 224)")
    report = (from_keras(model) if keras else from_torch(model, input_size, dtypes=dtypes)).analyze()
    print(report.table(depth=depth))
    return report


def chart(reports: Sequence[Report], *, x: str, y: str, size: str, device: str | None) -> Chart:
    """Return networks as bubbles; see :func:`archcalc.chart`."""
    from archcalc.charts import make

    if device is None:
        return make.compare(reports, x=x, y=y, size=size)
    from archcalc.analyses.devices.finding import find_device

    return make.compare(reports, x=x, y=y, size=size, device=find_device(device))


def compare(*networks: str | Model | Report) -> Printed:
    """Return networks side by side; see :func:`archcalc.compare`."""
    from archcalc.analyses.comparison import compare
    from archcalc.render.compare import ComparePage
    from archcalc.render.printed import Printed

    if not networks:
        raise RequestError("compare needs a network")
    models = [load(each) if isinstance(each, str) else each for each in networks]
    return Printed(ComparePage(compare([each.analyze() if isinstance(each, Model) else each for each in models])))


def load(name: str) -> Model:
    """Return the network with a name, or the one in a spec file."""
    return Model(find(name))


def loads(text: str, file: str = "<text>", *, name: str | None = None) -> Model:
    """Return the network of a spec given as text: its only one, or the one with a name."""
    family = read_family(Source(file, text))
    return Model(only_network(family) if name is None else chosen(family, name))


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
