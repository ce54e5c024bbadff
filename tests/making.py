"""Specs made on the spot, for the tests."""

from __future__ import annotations

import archcalc


def spec(*items: str, input: tuple[int, int, int] = (3, 8, 8), head: str = "") -> str:
    """Return a spec with these items, each written as it stands in a list of layers."""
    layers = "\n".join(f"  - {item}" for item in items)
    return f"name: made\ninput: {list(input)}\n{head}\nlayers:\n{layers}\n"


def analyse(*items: str, input: tuple[int, int, int] = (3, 8, 8), head: str = "", **options):
    """Return the report of a spec with these items."""
    return archcalc.loads(spec(*items, input=input, head=head), "made.yaml").analyze(**options)


def only_layer(item: str, input: tuple[int, int, int] = (3, 8, 8)):
    """Return the one layer of a network with one item."""
    image, layer = analyse(item, input=input).layers
    assert image.op == "input"
    return layer


def worked(word: str, example) -> archcalc.Report:
    """Return the report of a worked example of an operation: read from YAML, written out and counted like any spec."""
    if len(example.inputs) == 1:
        return analyse(f"{{{word}: {example.settings}}}" if example.settings else word, input=example.inputs[0])
    inputs = ", ".join(f"x{number}: {list(shape)}" for number, shape in enumerate(example.inputs))
    names = ", ".join(f"x{number}" for number in range(len(example.inputs)))
    text = f"input: {{{inputs}}}\nlayers: [{{from: [{names}], {word}: {example.settings}}}]"
    return archcalc.loads(text).analyze()


def costs(report) -> list[tuple]:
    """Return what each layer is and comes to, without its name."""
    words = ("op", "inputs", "output", "params_by_kind", "ops", "memory_bytes", "receptive_field")
    return [tuple(getattr(layer, word) for word in words) for layer in report.layers]


def totals(report) -> tuple:
    """Return the sums of a report."""
    return (report.params, report.totals.params_by_kind, report.ops, report.totals.buffers, report.depth)
