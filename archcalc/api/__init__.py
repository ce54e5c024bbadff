"""The Python API: networks by name, analysed for an input, with plain immutable results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.api.analysis import Analysis
from archcalc.engine.count import setup
from archcalc.engine.report import Report
from archcalc.engine.sums import analyse
from archcalc.errors import RequestError
from archcalc.language.family import read_family
from archcalc.language.networks import chosen, only_network, with_values
from archcalc.text.source import Source
from archcalc.zoo import find

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archcalc.analyses.formulas.closed_form import ClosedForm
    from archcalc.analyses.sweep.sweep import Sweep
    from archcalc.charts.chart import Chart
    from archcalc.exchange.graph import Graph
    from archcalc.language.networks import NetworkSpec
    from archcalc.render.printed import Printed


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
