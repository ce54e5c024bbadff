"""The request of a command line: the values of the options that commands share, as one value."""

from __future__ import annotations

import os
from contextlib import contextmanager
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any

import click

from archcalc.cli.output import emit
from archcalc.cli.streams import announce_standard_input
from archcalc.errors import RequestError, SpecError, printable
from archcalc.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from archcalc.analyses.devices.device import Device
    from archcalc.analyses.variants import Base
    from archcalc.conventions.convention import Convention
    from archcalc.engine.arguments import Size
    from archcalc.engine.layer import Setup
    from archcalc.engine.report import Report
    from archcalc.language.networks import NetworkSpec
    from archcalc.render.page import Page


class Request(Record):
    """A request as typed; each command uses the part that it has options for."""

    networks: tuple[str, ...] = ()
    input: str | None = None
    settings: tuple[str, ...] = ()
    batch: int = 1
    dtype: str = "float32"
    training: bool = False
    conventions: tuple[str, ...] = ()
    depth: int = 1
    every: bool = False
    si: bool = False
    format: str | None = None
    formats: tuple[str, ...] = ()
    """The formats that the command offers."""
    output: str | None = None

    several: bool = False
    """Whether the command takes all networks of a file, a family or a folder, and not one that is chosen."""

    @cached_property
    def specs_as_written(self) -> tuple[NetworkSpec, ...]:
        """The networks without --set; raises RequestError or SpecError if one cannot be read."""
        if self.several:
            return tuple(spec for _, specs in self.all_specs for spec in specs)
        from archcalc.zoo import find

        return tuple(find(name, self.sizes) for name in self.networks)

    @cached_property
    def arguments(self) -> dict[str, str]:
        """The values of --set by the names of arguments."""
        return _arguments(self.settings)

    @cached_property
    def specs(self) -> tuple[NetworkSpec, ...]:
        """The networks with their arguments set; raises RequestError for an unknown argument."""
        from archcalc.language.networks import with_values

        return tuple(with_values(spec, self.arguments) for spec in self.specs_as_written)

    @cached_property
    def all_specs(self) -> tuple[tuple[str, tuple[NetworkSpec, ...]], ...]:
        """The networks by what was asked for, or by the files of a folder that was: all of those that each holds."""
        from archcalc.zoo import find_all

        return tuple((name, tuple(find_all(name, self.sizes))) for name in self.names)

    @property
    def names(self) -> list[str]:
        """What was asked for, with the files of a folder in its place."""
        from archcalc.zoo import files_in

        return [
            name
            for asked in self.networks
            for name in (files_in(asked) if asked != "-" and os.path.isdir(asked) else [asked])
        ]

    @cached_property
    def sizes(self) -> dict[str, tuple[int, ...]]:
        """The sizes by the names of inputs; one without a name is under the empty name."""
        from archcalc.language.networks import input_sizes

        return input_sizes(self.input)

    @property
    def size(self) -> tuple[int, ...] | None:
        """The input size, or None for that of each network."""
        return self.sizes.get("")

    @cached_property
    def reports(self) -> tuple[Report, ...]:
        """The networks, analysed."""
        return tuple(self._analyses())

    def _analyses(self) -> Iterator[Report]:
        from archcalc.engine.count import setup

        conditions = setup(self.batch, self.dtype)
        for number, spec in enumerate(self.specs):
            with self.blaming(number):
                yield self._analyse(spec, conditions)

    @contextmanager
    def blaming(self, number: int = 0) -> Iterator[None]:
        """Report an error of a network's spec as one of the command line where --input or --set caused it."""
        try:
            yield
        except SpecError as error:
            from archcalc.cli.overrides import cause

            size = self.size_for(self.specs[number])
            raise cause(error, self.specs_as_written[number], self.arguments, self.input, size) from None

    def _analyse(self, spec: NetworkSpec, conditions: Setup) -> Report:
        from archcalc.engine.count import count
        from archcalc.engine.expand import expand

        size = self.size_for(spec)
        if isinstance(size, tuple) and len(size) == 3:
            from archcalc.cli.overrides import refuse_channels_last

            refuse_channels_last(spec, str(self.input), size)
        return count(expand(spec, size), conditions, training=self.training)

    def size_for(self, spec: NetworkSpec) -> Size | dict[str, Size] | None:
        """Return the size that is asked for of the one input, whatever a file calls it, or those of several."""
        if len(spec.input) == 1 and len(self.sizes) == 1:
            return next(iter(self.sizes.values()))
        return self.size or self.sizes or None

    @property
    def base(self) -> Base:
        """The one network of a command that varies it, and what else it is analysed for."""
        from archcalc.analyses.variants import Base

        (spec,) = self.specs
        return Base(spec, self.size_for(spec), self.batch, self.dtype, self.training)

    @property
    def report(self) -> Report:
        """The one network of a command that takes no more, analysed."""
        (report,) = self.reports
        return report

    @cached_property
    def rules(self) -> tuple[Convention, ...]:
        """The conventions: archcalc's own by name, or in files of the user's."""
        if not self.conventions:
            return ()
        from archcalc.conventions.convention import resolve

        return tuple(map(resolve, self.conventions))

    def own_spec(self, name: str | None = None) -> str:
        """Return the network as a spec of its own, by the name of the network or another.

        What is said of the network comes along where it is the very network. Raises RequestError or SpecError for one
        that cannot be analysed.
        """
        from archcalc.standalone.write import spec_text

        network = self.report.network
        spec = network.spec.replace(name=name or network.spec.name.replace(":", "-"))
        if name or self.settings or self.sizes:
            spec = spec.replace(published=(), expect=())
        return spec_text(spec, network.inputs if self.sizes else None)

    @property
    def convention(self) -> Convention | None:
        """The one convention of a command that takes no more, or None."""
        return self.rules[0] if self.rules else None

    def device(self, name: str) -> Device:
        """Return a device: one of archcalc's own by name, or in a file of the user's."""
        from archcalc.analyses.devices.finding import find_device

        return find_device(name)

    def devices(self, name: str) -> list[Device]:
        """Return a device, or all of a file that does not choose one."""
        from archcalc.analyses.devices.finding import find_devices

        return find_devices(name)

    def emit(self, page: Page) -> None:
        """Write a page where it was requested."""
        from archcalc.render.formats import endings

        emit(page, lambda: self.format_to_write(endings(self.formats), "table"), self.output)

    def format_to_write(self, known: Mapping[str, str], default: str) -> str:
        """Return the format: the requested one, or that of the file's ending."""
        _, ending = os.path.splitext(self.output or "")
        if self.format is not None or not ending:
            return self.format or default
        if ending.lower() not in known:
            message = (
                f"no format has the ending {printable(ending)} (there are {', '.join(known)}); say it with --format"
            )
            raise RequestError(f"{printable(self.output or '')}: {message}")
        return known[ending.lower()]


def _arguments(settings: Iterable[str]) -> dict[str, str]:
    """Read ARG=VALUE pairs."""
    values: dict[str, str] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise RequestError(f"--set {printable(setting)}: write --set ARG=VALUE")
        values[name.strip()] = value.strip()
    return values


def requested(function: Callable[..., Any]) -> Callable[..., Any]:
    """Pass a command its shared options as one Request, before its own arguments."""

    @wraps(function)
    def command(*arguments: Any, **given: Any) -> Any:
        several_taken = "networks" in given
        for one, several in (("network", "networks"), ("convention", "conventions")):
            if one in given:
                value = given.pop(one)
                given[several] = () if value is None else (value,)
        shared = {name: given.pop(name) for name in Request._fields if name in given}
        shared["several"] = several_taken
        if "dtype" in shared:
            from archcalc.engine.layer import dtype_named

            shared["dtype"] = dtype_named(shared["dtype"])
        if shared.get("output") == "-":
            shared["output"] = None
        if "format" in shared:
            shared["formats"] = _formats()
        if "-" in shared.get("networks", ()):
            announce_standard_input()
        return function(*arguments, Request(**shared), **given)

    return command


def _formats() -> tuple[str, ...]:
    """Return the formats that the command which runs offers."""
    parameters = click.get_current_context().command.params
    (choices,) = (
        parameter.type.choices
        for parameter in parameters
        if isinstance(parameter.type, click.Choice) and parameter.name == "format"
    )
    return tuple(choices)
