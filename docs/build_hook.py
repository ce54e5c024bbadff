"""What the build adds to the wheel, so that an installed archcalc works out nothing that follows from its own files.

These are the trees of its YAML files, and what ``list`` says of the zoo; archcalc uses them only for the very files
that they were made of. An editable installation has none.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class OwnFilesHook(BuildHookInterface):
    """Makes files of archcalc's own files before the wheel is put together."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make them."""
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root))
        from archcalc.summaries import BUILT, packed

        self.made = tempfile.TemporaryDirectory()
        contents = {place: packed_tree(file) for file, place in yaml_files(root)}
        contents[f"archcalc/specs/{BUILT}"] = packed().encode()
        for place, content in contents.items():
            file = Path(self.made.name, place.replace("/", "-"))
            file.write_bytes(content)
            build_data["force_include"][str(file)] = place

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove them: they are in the wheel now."""
        if version != "editable":
            self.made.cleanup()


def yaml_files(root: Path) -> list[tuple[Path, str]]:
    """Return the YAML files of the wheel, each with the place of its tree there."""
    found = {file: f"archcalc/specs/{file.name}" for file in root.glob("specs/*.yaml")}
    found |= {file: file.relative_to(root).as_posix() for file in root.glob("archcalc/**/*.yaml")}
    return [(file, place.removesuffix(".yaml") + ".tree") for file, place in sorted(found.items())]


def packed_tree(file: Path) -> bytes:
    """Return the tree of a YAML file as it is kept."""
    from archcalc.text.kept import pack
    from archcalc.text.parsing import parse
    from archcalc.text.source import read_file

    source = read_file(str(file))
    return pack(source.text, parse(source))
