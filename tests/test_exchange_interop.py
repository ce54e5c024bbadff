"""Every weighted layer of the example files comes out as other routes counted it."""

from __future__ import annotations

import json
from collections import Counter
from math import prod
from pathlib import Path

import pytest
from reading_models import INTEROP

from archcalc.exchange.reading import read

EXPECTED = Path(INTEROP) / "expected.json"
pytestmark = pytest.mark.skipif(not EXPECTED.exists(), reason="the example files are not here")
FILES = json.loads(EXPECTED.read_text()) if EXPECTED.exists() else {}


def layer_of(node, kind):
    """Return the file's own name of the layer that a node belongs to; batch norm is a Darknet layer's own."""
    return node.origin.index if kind == "darknet" else node.origin.path or node.origin.name


@pytest.mark.parametrize("name", FILES)
def test_every_layer_is_as_expected(name):
    expected, graph = FILES[name], read(str(Path(INTEROP) / name))
    kind = name.split("/")[0]
    found: dict = {}
    for node in graph.nodes:
        if node.params or node.macs:
            params, macs, shape = found.get(layer_of(node, kind), (0, 0, None))
            found[layer_of(node, kind)] = (params + node.params, macs + node.macs, node.shape)
    for layer in expected["layers"]:
        params, macs, shape = found[layer.get("name", layer.get("i"))]
        statistics = layer["params"] // 2 if layer.get("cls") == "BatchNormalization" else 0
        assert params == layer["params"] - statistics
        assert macs == layer.get("macs", macs)
        assert prod(shape) == prod(filter(None, layer["out"]))
    assert graph.macs == expected["macs"]
    totals = [
        expected[key]
        for key in ("params_trainable", "conv_fc_params_in_file", "params_conv_fc", "params")
        if key in expected
    ]
    assert graph.params == totals[0]


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_unknown(name):
    graph = read(str(Path(INTEROP) / name))
    unknown = Counter(node.settings["what"] for node in graph.nodes if node.word == "custom")
    assert unknown == ({"mean over channels": 1} if "unet" in name else {})
