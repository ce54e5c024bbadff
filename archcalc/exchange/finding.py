"""Networks in other programs' files, for those who look a network up by its path."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archcalc.language.networks import NetworkSpec

SPECS = (".yaml", ".yml")

OTHERS = (
    ".onnx", ".prototxt", ".cfg", ".json", ".keras", ".pt2", ".pt", ".pth", ".ckpt", ".safetensors", ".h5", ".hdf5",
    ".caffemodel", ".weights", ".pb", ".tflite", ".npz", ".npy", ".bin", ".zip",
)  # fmt: skip
"""Endings of other programs' files, with which a name is a path; what a file is, its content says."""


def of_other_program(path: str, sizes: Mapping[str, tuple[int, ...]] | None = None) -> NetworkSpec | None:
    """Return the network of another program's file, or None where it is none such."""
    if path.endswith(SPECS) and not _is_binary(path):
        return None
    from archcalc.exchange.importing import import_file

    found = import_file(path, sizes, flat=True)
    return None if found is None else found.spec


def of_bytes(name: str, data: bytes, sizes: Mapping[str, tuple[int, ...]] | None = None) -> NetworkSpec | None:
    """Return the network of another program's file whose bytes are at hand, or None where they are none such."""
    from archcalc.exchange.importing import import_bytes

    found = import_bytes(name, data, sizes, flat=True)
    return None if found is None else found.spec


def _is_binary(path: str) -> bool:
    """Whether a file that is called a spec cannot be one."""
    if not os.path.isfile(path):  # a pipe would be waited for
        return False
    try:
        with open(path, "rb") as file:
            return b"\x00" in file.read(4096)
    except (OSError, ValueError):
        return False
