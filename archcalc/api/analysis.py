"""An analysed network in Python: its numbers, and the tables, pictures and analyses of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.engine.report import Report
from archcalc.errors import RequestError, did_you_mean, one_of, printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archcalc.analyses.rows import RowSums
    from archcalc.analyses.time.estimate import Estimate
    from archcalc.charts.chart import Chart
    from archcalc.draw.drawing import Drawing
    from archcalc.engine.layer import Layer
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
