"""What a sweep is to do: as plain values, which other processes understand, and as networks ready to be varied."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.analyses.devices.finding import find_device
from archcalc.analyses.outcomes import ALWAYS, Task, outcome, task
from archcalc.analyses.sweep.axes import DEVICE, DTYPE, Axis
from archcalc.analyses.sweep.conditions import Condition, read_condition
from archcalc.analyses.variants import Base, reason
from archcalc.errors import RequestError, SpecError
from archcalc.language.family import read_family
from archcalc.language.networks import by_pattern, named, only_network
from archcalc.text.source import Source
from archcalc.zoo import LIBRARIES, find

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archcalc.engine.arguments import Size
    from archcalc.language.networks import NetworkSpec


class Written(NamedTuple):
    """A network as text: its name, the file and text of its family, and the arguments that are set."""

    name: str
    file: str
    text: str
    values: dict[str, Any]

    def read(self) -> NetworkSpec:
        """Read it again."""
        if self.name.partition(":")[0] in LIBRARIES:
            return find(self.name).replace(values=self.values)
        family = read_family(Source(self.file, self.text))
        spec = named(family, self.name) or by_pattern(family, self.name) or only_network(family)
        return spec.replace(values=self.values)


def written(spec: NetworkSpec) -> Written:
    """Return a network as text."""
    return Written(spec.name, spec.family.source.file, spec.family.source.text, spec.values)


class Order(NamedTuple):
    """A sweep as it was ordered, in values that can be sent to another process."""

    networks: tuple[Written, ...]
    sizes: tuple[Size | Mapping[str, Size] | None, ...]
    """The size of the input of each network, where it is not the spec's own and does not vary."""
    axes: tuple[Axis, ...]
    batch: int = 1
    dtype: str = "float32"
    training: bool = False
    device: str | None = None
    optimizer: str = "momentum"
    where: str | None = None
    words: tuple[str, ...] = ()
    """Quantities beyond the totals that are asked for otherwise."""

    @property
    def variants(self) -> int:
        """The number of variants."""
        return len(self.networks) * prod(len(axis.values) for axis in self.axes)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of what varies, in the order in which they were given."""
        return tuple(axis.name for axis in self.axes)


class Row(NamedTuple):
    """A variant: its network, what was varied, and what it comes to."""

    network: str
    arguments: dict[str, Any]
    quantities: dict[str, Any]

    @property
    def values(self) -> dict[str, Any]:
        """Everything by name; what was varied goes before a quantity of the same name."""
        return {**self.quantities, **self.arguments}


class Impossible(NamedTuple):
    """A variant that cannot be built, and why."""

    network: str
    arguments: dict[str, Any]
    reason: str


FAILS, UNKNOWN = "fails", "unknown"
"""A variant that does not satisfy the condition, and one of which something in it was never published."""

Result = Row | Impossible | str


class Plan:
    """A sweep that was read; :meth:`at` analyses one of its variants."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.bases = tuple(
            Base(network.read(), size, order.batch, order.dtype, order.training)
            for network, size in zip(order.networks, order.sizes, strict=True)
        )
        self.condition: Condition | None = None
        words = order.words
        if order.where is not None:
            self.condition = read_condition(order.where, order.names)
            words = (*words, *(word for word in self.condition.measures if word not in order.names))
        self.tasks = self._tasks(words)

    def _tasks(self, words: tuple[str, ...]) -> dict[Any, Task]:
        """Return the task for each device, or the one task under None."""
        names = next((axis.values for axis in self.order.axes if axis.name == DEVICE), (self.order.device,))
        devices = {name: None if name is None else find_device(str(name)) for name in names}
        return {name: task(words, device, self.order.optimizer) for name, device in devices.items()}

    @property
    def words(self) -> tuple[str, ...]:
        """The quantities of every row."""
        return (*ALWAYS, *next(iter(self.tasks.values())).words)

    def arguments(self, number: int) -> tuple[Base, dict[str, Any]]:
        """Return the network and the values of a variant; the last axis varies fastest."""
        values = {}
        for axis in reversed(self.order.axes):
            number, place = divmod(number, len(axis.values))
            values[axis.name] = axis.values[place]
        return self.bases[number], {name: values[name] for name in self.order.names}

    def at(self, number: int) -> Result:
        """Analyse a variant."""
        base, arguments = self.arguments(number)
        inner = {name: value for name, value in arguments.items() if name not in (DTYPE, DEVICE)}
        own = base.replace(dtype=arguments[DTYPE]) if DTYPE in arguments else base
        try:
            found = outcome(own, inner, self.tasks[arguments.get(DEVICE, self.order.device)])
        except SpecError as error:
            return Impossible(base.spec.name, arguments, reason(error))
        except RequestError as error:
            return Impossible(base.spec.name, arguments, str(error))
        row = Row(base.spec.name, arguments, found)
        if self.condition is None:
            return row
        holds = self.condition.holds(row.values)
        return row if holds else UNKNOWN if holds is None else FAILS
