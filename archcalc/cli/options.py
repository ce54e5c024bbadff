"""The options that commands share, as decorators; :mod:`archcalc.cli.request` gathers what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from archcalc.cli.output import keep
from archcalc.cli.types import FORMAT_SYNONYMS, WholeNumber, Words
from archcalc.render.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Function = Callable[..., Any]
    Decorator = Callable[[Function], Function]


def completed(what: str) -> Callable[[click.Context, click.Parameter, str], Any]:
    """Return what completes a word in the shell; candidates are imported only then."""

    def complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> Any:
        from archcalc.cli.candidates import offer

        return offer(what, context, incomplete)

    return complete


def _together(*options: Decorator) -> Decorator:
    """Return several options as one decorator; help lists them in this order."""

    def add(function: Function) -> Function:
        for option in reversed(options):
            function = option(function)
        return function

    return add


def networks(required: bool = True) -> Decorator:
    """Add the networks that a command is about."""
    metavar = "NET..." if required else "[NET]..."
    complete = completed("networks")
    return click.argument("networks", metavar=metavar, nargs=-1, required=required, shell_complete=complete)


network = click.argument("network", metavar="NET", shell_complete=completed("networks"))
"""The one network that a command is about."""

size = click.option("-i", "--input", metavar="SIZE", help="Input size: 224, 224x320 (height x width) or 3x224x224.")

settings = click.option(
    "-s", "--set", "settings", metavar="ARG=VALUE", multiple=True, help="Set an argument of the spec.",
    shell_complete=completed("settings"),
)  # fmt: skip

size_and_set = _together(size, settings)
"""What a network is before anything is counted."""

size_and_settings = _together(
    size_and_set,
    click.option("--batch", type=WholeNumber(1), metavar="N", default=1, show_default=True, help="Batch size."),
)
"""What a network is analysed for, in commands without a type of values."""

training = click.option("--training", is_flag=True, help="Include training-only branches.")

analysis = _together(
    size_and_settings,
    click.option(
        "--dtype", metavar="TYPE", default="float32", show_default=True, shell_complete=completed("dtypes"),
        help="Type of values: float64, float32, float16, bfloat16, int8, int4.",
    ),
    training,
)  # fmt: skip
"""What a network is analysed for."""

unfolding = _together(
    click.option(
        "-d", "--depth", type=WholeNumber(1), metavar="N", default=1, show_default=True,
        help="Unfold composites N levels deep.",
    ),
    click.option("-a", "--all", "every", is_flag=True, help="A row for every primitive layer, activations included."),
)  # fmt: skip
"""How far a table of layers is unfolded."""

si = click.option("--si", is_flag=True, help="Sizes in powers of 1000: kB, MB.")


def convention(help: str, *, several: bool = False) -> Decorator:
    """Add the convention that a command counts by, or several of them."""
    name = "conventions" if several else "convention"
    return click.option(
        "--convention", name, metavar="NAME", multiple=several, shell_complete=completed("conventions"), help=help
    )


output_file = click.option(
    "-o", "--output", metavar="FILE", help="Write to a file instead of the terminal.", shell_complete=completed("files")
)


colors = _together(
    click.option(
        "--color/--no-color",
        default=None,
        expose_value=False,
        callback=keep,
        help="Force colours on or off.  [default: automatic]",
    ),
    click.option("--ascii", is_flag=True, expose_value=False, callback=keep, help="Write ASCII characters only."),
)
"""How text is written."""


def printing(extra: Iterable[str] = ()) -> Decorator:
    """Add the options of every command that prints a page; ``extra`` are formats that only some pages have."""
    return _together(
        click.option(
            "-f", "--format", type=Words((*FORMATS, *extra), FORMAT_SYNONYMS), help="Output format.  [default: table]"
        ),
        output_file,
        colors,
    )
