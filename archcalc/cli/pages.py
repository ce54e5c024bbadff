"""The pages of the documentation, which are installed with archcalc."""

from __future__ import annotations

import os

from archcalc.errors import RequestError
from archcalc.text.source import packed_files, read_file

ENDING = ".md"
_HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def folder() -> str:
    """Return where the pages are: inside the package where it is installed, beside it in a checkout."""
    for place in (os.path.join(_HERE, "docs"), os.path.join(os.path.dirname(_HERE), "docs")):
        if os.path.isfile(os.path.join(place, f"commands{ENDING}")) or packed_files(place):
            return place
    raise RequestError("the pages of the documentation are missing from this installation")


def topics() -> list[str]:
    """Return the names of the pages."""
    place = folder()
    names = os.listdir(place) if os.path.isdir(place) else packed_files(place)
    return sorted(name.removesuffix(ENDING) for name in names if name.endswith(ENDING))


def page(topic: str) -> str:
    """Return a page as Markdown."""
    return read_file(os.path.join(folder(), f"{topic}{ENDING}")).text


def title(topic: str) -> str:
    """Return the title of a page."""
    return page(topic).partition("\n")[0].lstrip("# ")


def topic_by(word: str) -> str | None:
    """Return the page that a word means: its name, with or without the ending, or a word of it that no other has."""
    known = topics()
    plain = word.lower().removesuffix(ENDING).replace("_", "-").replace(" ", "-")
    if plain in known:
        return plain
    parts = [topic for topic in known if plain in topic.split("-") or (len(plain) > 4 and topic.startswith(plain))]
    return parts[0] if len(parts) == 1 else None
