"""What was drawn, for Python: shown by a notebook, and saved in the format that the file's ending says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.errors import RequestError, did_you_mean, one_of, printable
from archcalc.record import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archcalc.draw.formats import Format


class Viewable(Record):
    """Something drawn that can be written in several formats, SVG among them."""

    def formats(self) -> Mapping[str, Format]:
        """Return the formats that it has."""
        raise NotImplementedError

    def write(self, format: str) -> str | bytes:
        """Return it in one of its formats."""
        raise NotImplementedError

    def to(self, format: str) -> str | bytes:
        """Return it in a format: text, or bytes for png and pdf; raise RequestError for one that it does not have."""
        known = self.formats()
        if format not in known:
            raise RequestError(f"no format '{printable(format)}'{did_you_mean(format, known) or f': {one_of(known)}'}")
        return self.write(format)

    @property
    def svg(self) -> str:
        """The picture as SVG."""
        text = self.to("svg")
        assert isinstance(text, str)
        return text

    def save(self, path: str) -> None:
        """Write it to a file, whose ending says the format."""
        import os

        _, ending = os.path.splitext(path)
        endings = {ending: word for word, format in self.formats().items() for ending in format.endings}
        if ending.lower() not in endings:
            raise RequestError(f"{printable(path)}: no format has this ending (there are {', '.join(endings)})")
        data = self.to(endings[ending.lower()])
        with open(path, "wb") as file:
            file.write(data.encode() if isinstance(data, str) else data)

    def __str__(self) -> str:
        """The SVG."""
        return self.svg

    def _repr_svg_(self) -> str:
        """Show it in a notebook."""
        return self.svg
