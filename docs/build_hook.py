"""What the build adds to the wheel: trees of archcalc's own YAML files, so that an installed archcalc parses none."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class TreesHook(BuildHookInterface):
    """Writes a tree beside every YAML file of the wheel; an editable installation reads the files as they are."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the trees before the wheel is put together."""
        if version == "editable":
            return
        root = Path(self.root)
        self.made = tempfile.TemporaryDirectory()
        for file, place in yaml_files(root):
            tree = Path(self.made.name, place.replace("/", "-"))
            tree.write_bytes(packed(root, file))
            build_data["force_include"][str(tree)] = place

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was made."""
        if version != "editable":
            self.made.cleanup()


def yaml_files(root: Path) -> list[tuple[Path, str]]:
    """Return the YAML files of the wheel, each with the place of its tree there."""
    found = {file: f"archcalc/specs/{file.name}" for file in root.glob("specs/*.yaml")}
    found |= {file: file.relative_to(root).as_posix() for file in root.glob("archcalc/**/*.yaml")}
    return [(file, place.removesuffix(".yaml") + ".tree") for file, place in sorted(found.items())]


def packed(root: Path, file: Path) -> bytes:
    """Return the tree of a YAML file as it is kept, by the archcalc that is being built."""
    sys.path.insert(0, str(root))
    from archcalc.text.kept import pack
    from archcalc.text.parsing import parse
    from archcalc.text.source import read_file

    source = read_file(str(file))
    return pack(source.text, parse(source))
