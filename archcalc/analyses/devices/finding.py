"""Finding devices: among archcalc's own by name, or in a file of the user's."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from archcalc.analyses.devices.reading import read_devices
from archcalc.errors import RequestError, did_you_mean, printable
from archcalc.text.source import read_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archcalc.analyses.devices.device import Device

_known: dict[str, Device] = {}


def devices() -> dict[str, Device]:
    """Return archcalc's own devices by name, in the order of years."""
    if not _known:
        here = os.path.dirname(os.path.abspath(__file__))
        _known.update(read_devices(read_file(os.path.join(here, "devices.yaml"))))
    return _known


def find_device(text: str) -> Device:
    """Return the device with a name, or in a file (FILE.yaml, FILE.yaml:NAME); raise RequestError if there is none.

    Case, blanks, ``-`` and ``_`` in names do not matter, nor does the maker's name: ``RTX 3090``, ``rtx-3090`` and
    ``NVIDIA GeForce RTX 3090`` are one card.
    """
    path = file_of(text)
    if path is not None:
        return _in_file(path, text[len(path) + 1 :])
    device = named(text, devices())
    if device is None:
        raise RequestError(f"no device '{printable(text[:60])}'{suggestion(text)}")
    return device


def find_devices(text: str) -> list[Device]:
    """Return the devices that a text names: all of a file if it does not choose one."""
    if text.endswith((".yaml", ".yml")):
        return list(read_devices(read_file(text)).values())
    return [find_device(text)]


def file_of(text: str) -> str | None:
    """Return the file of devices that a text names (FILE.yaml or FILE.yaml:NAME); None for a device's name."""
    if text.endswith((".yaml", ".yml")):
        return text
    return text.rpartition(":")[0] if ".yaml:" in text or ".yml:" in text else None


def suggestion(text: str) -> str:
    """Return a hint for an unknown name: the nearest name, or where to see all names."""
    known = {_plain(name): name for device in devices().values() for name in (device.name, *device.aliases)}
    hint = did_you_mean(_plain(text), known)
    for plain, name in known.items():
        hint = hint.replace(f"'{plain}'", f"'{name}'")
    return hint or "; see archcalc devices"


def _in_file(path: str, chosen: str) -> Device:
    known = read_devices(read_file(path))
    if not chosen and len(known) == 1:
        return next(iter(known.values()))
    if not chosen:
        raise RequestError(f"{printable(path)} holds several devices ({', '.join(known)}): add :NAME to choose one")
    device = named(chosen, known)
    if device is None:
        hint = did_you_mean(chosen, known) or f"; it has {', '.join(known)}"
        raise RequestError(f"{printable(path)} has no device '{printable(chosen[:60])}'{hint}")
    return device


def named(text: str, known: Mapping[str, Device]) -> Device | None:
    """Return the device with a name, title or alias; None if there is none."""
    plain = _plain(text)
    for device in known.values():
        if plain in map(_plain, (device.name, device.title, *device.aliases)):
            return device
    return None


_MAKERS = r"\b(nvidia|amd|intel|geforce|tesla|instinct)\b"


def _plain(name: str) -> str:
    """Return a name without case, makers and separators; a dot matters between digits only."""
    words = re.sub(_MAKERS, " ", re.sub("[-_]", " ", name.lower()))
    return re.sub(r"[^a-z0-9.]|(?<![0-9])\.|\.(?![0-9])", "", words) or name.lower()
