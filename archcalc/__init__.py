"""archcalc: an analytical architecture calculator.

>>> import archcalc
>>> report = archcalc.load("vgg16").analyze()
>>> report.params, report.macs, report.memory_bytes
(138357544, 15470264320, 60950432)
"""

from __future__ import annotations

__version__ = "0.2.0"

TYPE_CHECKING = False  # without typing: nothing catches an interrupt while this module is imported
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from archcalc.analyses.formulas.closed_form import ClosedForm
    from archcalc.analyses.sweep.sweep import Sweep
    from archcalc.api import ImportedModel, Model
    from archcalc.api.analysis import Analysis
    from archcalc.charts.chart import Chart
    from archcalc.engine.report import Report
    from archcalc.render.printed import Printed

__all__ = [
    "ImportedModel", "Model", "__version__", "chart", "compare", "formula", "from_keras", "from_torch", "load", "loads",
    "names", "summary", "sweep",
]  # fmt: skip


def load(name: str) -> Model:
    """Return the network with a name, or the one in the spec file at a path.

    Raises :class:`archcalc.errors.RequestError` if there is none, :class:`archcalc.errors.SpecError` if its spec is
    invalid.
    """
    from archcalc.api import load

    return load(name)


def loads(text: str, file: str = "<text>", *, name: str | None = None) -> Model:
    """Return the network of a spec given as text, or the one with a ``name`` where it holds several.

    ``file`` is what errors call the text. Raises :class:`archcalc.errors.SpecError` if it is invalid,
    :class:`archcalc.errors.RequestError` if it holds several and none is named, or none with that name.
    """
    from archcalc.api import loads

    return loads(text, file, name=name)


def from_torch(model: Any, input_size: Any, *, dtypes: Sequence[Any] | None = None) -> ImportedModel:
    """Return a PyTorch module as a network, exported by torch.export for an input; the module is left as it was.

    ``input_size`` is (3, 224, 224), (1, 3, 224, 224), or a list of sizes of several inputs; ``dtypes`` are their types
    where they are not the module's own (``[torch.int64]`` for numbers of words). Raises
    :class:`archcalc.errors.RequestError` where PyTorch is missing or the module does not run on that input,
    :class:`archcalc.errors.ModelError` for an operation that is not understood.
    """
    from archcalc.api import from_torch

    return from_torch(model, input_size, dtypes=dtypes)


def from_keras(model: Any) -> ImportedModel:
    """Return a Keras model as a network, by its own configuration (``to_json``).

    Raises :class:`archcalc.errors.RequestError` for what is no model of Keras,
    :class:`archcalc.errors.ModelError` for a layer that is not understood.
    """
    from archcalc.api import from_keras

    return from_keras(model)


def summary(model: Any, input_size: Any = None, *, depth: int = 3, dtypes: Sequence[Any] | None = None) -> Analysis:
    """Print the layer table of a PyTorch module or a Keras model, and return its report.

    Modules are unfolded ``depth`` levels; ``input_size`` and ``dtypes`` are those of :func:`from_torch`, and not needed
    for a Keras model. Raises what :func:`from_torch` and :func:`from_keras` do.
    """
    from archcalc.api import summary

    return summary(model, input_size, depth=depth, dtypes=dtypes)


def chart(
    reports: Sequence[Report], *, x: str = "macs", y: str = "top1", size: str = "params", device: str | None = None
) -> Chart:
    """Return a chart that compares networks: a bubble for each, as ``archcalc chart compare`` draws it.

    ``x``, ``y`` and ``size`` are macs, params, memory, depth or time (on a ``device``); axes may also be year and what
    was published: top1, top5, accuracy, top1_error, top5_error, error; ``size`` may be none. ``remarks`` of the chart
    say which networks are left out, and why. Raises :class:`archcalc.errors.RequestError` where none is left.
    """
    from archcalc.api import chart

    return chart(reports, x=x, y=y, size=size, device=device)


def formula(network: str, *variables: str, **options: Any) -> ClosedForm:
    """Return what a network comes to as exact polynomials in ``variables``: ``"n4"``, ``"input=32*n"``.

    ``.totals`` has one each for ``params``, ``macs``, ``memory_values`` and ``depth``: ``str()`` of it is the formula,
    a call with a whole number for each variable its value, exact. ``input``, ``set``, ``batch`` and ``training`` are
    those of :meth:`archcalc.Model.analyze`; with ``depth`` or ``every``, ``.rows`` has those of the rows of the layer
    table. Raises :class:`archcalc.errors.RequestError` where the network is no polynomial in them.
    """
    from archcalc.api import load

    return load(network).formula(*variables, **options)


def sweep(network: str, axes: Mapping[str, Any], **options: Any) -> Sweep:
    """Analyse a network at every combination of values of what varies.

    ``axes`` has the values by name, as a list or as text: ``{"alpha": [0.5, 1], "input": "128..224:32"}``. ``where``,
    ``pareto``, ``sort``, ``top`` and ``device`` are the options of ``archcalc sweep``; ``input``, ``set``, ``batch``,
    ``dtype`` and ``training`` those of :meth:`archcalc.Model.analyze`. ``.rows`` are the variants, each with
    ``.values`` by name. ``processes`` is how many work on it (None: one for each core; a script must then guard its
    own code by ``if __name__ == "__main__"``). Raises :class:`archcalc.errors.RequestError` for what cannot vary.
    """
    from archcalc.api import load

    return load(network).sweep(axes, **options)


def compare(*networks: str | Model | Report) -> Printed:
    """Return networks side by side, as ``archcalc compare`` prints them: names, models or analysed networks.

    Ratios are to the first. Printed it is two tables, a notebook shows it, ``rows()`` are its exact values. Raises
    :class:`archcalc.errors.RequestError` for an unknown name, or if there is no network at all.
    """
    from archcalc.api import compare

    return compare(*networks)


def names() -> list[str]:
    """Return the names and aliases of archcalc's own networks."""
    from archcalc.zoo import all_names

    return all_names()


def __getattr__(name: str) -> object:
    if name in ("Model", "ImportedModel"):
        from archcalc import api

        found: object = getattr(api, name)
        return found
    raise AttributeError(f"module 'archcalc' has no attribute '{name}'")
