"""archcalc: an analytical architecture calculator.

>>> import archcalc
>>> report = archcalc.load("vgg16").analyze()
>>> report.params, report.macs, report.memory_bytes
(138357544, 15470264320, 60950432)
"""

from __future__ import annotations

__version__ = "0.1.0"

TYPE_CHECKING = False  # without typing: nothing catches an interrupt while this module is imported
if TYPE_CHECKING:
    from archcalc.api import Model

__all__ = ["Model", "__version__", "load", "loads", "names"]


def load(name: str) -> Model:
    """Return the network that goes by a name, or that stands in the spec file at a path.

    Raises :class:`archcalc.errors.RequestError` where there is none, :class:`archcalc.errors.SpecError` where its
    spec is not right.
    """
    from archcalc.api import load

    return load(name)


def loads(text: str, file: str = "<text>") -> Model:
    """Return the network of a spec given as text; raise :class:`archcalc.errors.SpecError` where it is not right."""
    from archcalc.api import loads

    return loads(text, file)


def names() -> list[str]:
    """Return the names and aliases of archcalc's own networks."""
    from archcalc.zoo import all_names

    return all_names()


def __getattr__(name: str) -> object:
    if name == "Model":
        from archcalc.api import Model

        return Model
    raise AttributeError(f"module 'archcalc' has no attribute '{name}'")
