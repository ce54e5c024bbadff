"""Pictures, read back from their SVG: nothing overlaps, nothing is outside, and every edge is drawn once.

Of each family of the zoo the first network is drawn; `python tests/test_draw.py` is the long run over all of them.
"""

from __future__ import annotations

import sys
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest

sys.path[:0] = [str(Path(__file__).parents[1])] if __name__ == "__main__" else []

from drawn_networks import HARD  # noqa: E402
from running import run, run_apart  # noqa: E402
from svg_geometry import Rect, mistakes, read  # noqa: E402

import archcalc  # noqa: E402
from archcalc.api import Analysis, Model  # noqa: E402
from archcalc.zoo import every_family  # noqa: E402

FAMILIES = {specs[0].family.name: specs[0] for _, specs in every_family()}
WIDEST = 1600


@pytest.fixture(scope="module")
def reports():
    """Analyse the first network of each family once."""
    known = {}

    def report(family):
        if family not in known:
            known[family] = Model(FAMILIES[family]).analyze()
        return known[family]

    return report


def drawn(report, **options):
    return read(report.draw(**options).svg)


def checked(report, **options):
    picture = drawn(report, **options)
    assert list(mistakes(picture)) == []
    return picture


def edges_of(report):
    """Return what reads what, layer by layer."""
    names = {layer.position: layer.name for layer in report.layers}
    return {(names[source], layer.name) for layer in report.layers for source in layer.node.sources}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_layer_and_every_edge_is_there_once(family, reports):
    report = reports(family)
    for direction in ("down", "right"):
        picture = checked(report, every=True, direction=direction)
        assert list(picture.boxes) == [layer.name for layer in report.layers]
        assert sorted((source, target) for source, target, _ in picture.edges) == sorted(edges_of(report))
        assert picture.width <= WIDEST


@pytest.mark.parametrize("family", FAMILIES)
def test_a_folded_picture_stands_for_all_rows(family, reports):
    report = reports(family)
    for options in ({}, {"depth": 1}, {"depth": 2, "direction": "right"}, {"depth": 9}):
        picture = checked(report, **options)
        assert picture.width <= WIDEST
        assert 1 <= len(picture.boxes) <= (100 if options == {} else 1000)
        if "depth" in options:
            assert standing_for(picture) == len(pieces(report, options["depth"]))
        inside = {box: layers_in(box, report) for box in picture.boxes}
        for source, target, _ in picture.edges:
            assert source != target
            assert inside[source]
            assert inside[target]


def standing_for(picture):
    """Count the boxes that a picture stands for: those of a group so often as the group is there."""
    found = 0
    for box in picture.boxes:
        times = picture.repeats[box]
        for group in picture.groups:
            times *= picture.repeats[group] if box.startswith(f"{group}/") else 1
        found += times
    return found


def pieces(report, depth):
    """Return the rows of a table, parted where something reads a layer in the middle of one."""
    from archcalc.analyses.rows import rows

    found = []
    for row in rows(report, depth):
        if row.heading:
            continue
        inside = {layer.position for layer in row.layers}
        composite = row.main is None and any(not layer.operation.shown_inline for layer in row.layers)
        found.append(row.path)
        for layer in row.layers[:-1]:
            readers = {other.position for other in report.layers if layer.position in other.node.sources}
            if not composite and not readers <= inside:
                found.append(layer.name)
    return found


def layers_in(box, report):
    return [layer for layer in report.layers if layer.name == box or layer.name.startswith(f"{box}/")]


@pytest.mark.parametrize("name", HARD)
def test_hard_networks(name):
    report = archcalc.loads(HARD[name]).analyze()
    for options in ({}, {"every": True}, {"direction": "right"}):
        picture = checked(report, **options)
        if options == {"every": True}:
            assert {(source, target) for source, target, _ in picture.edges} == edges_of(report)


def test_a_picture_that_is_too_wide_has_narrower_boxes_and_is_drawn_smaller(reports):
    report = reports("nasnet")
    svg = report.draw(depth=3).svg
    root = ElementTree.fromstring(svg)
    whole, high = map(float, root.get("viewBox").split()[2:])
    assert whole > WIDEST
    assert float(root.get("width")) == WIDEST
    assert float(root.get("height")) == pytest.approx(high * WIDEST / whole, abs=0.1)
    narrow, wide = (drawn(report, depth=3, width=width).boxes.values() for width in (WIDEST, 3 * WIDEST))
    assert max(rect.width for rect in narrow) <= 116 < max(rect.width for rect in wide)


def test_many_different_branches_stand_in_rows():
    picture = checked(archcalc.loads(HARD["other paths"]).analyze())
    assert picture.width <= WIDEST
    assert len({rect.y for rect in picture.boxes.values()}) > 4


def test_the_bytes_are_the_same_whatever_the_hashes(tmp_path):
    for network in ("googlenet", "unet"):
        first, second = (run_apart("draw", network, PYTHONHASHSEED=seed) for seed in ("1", "2"))
        assert first.returncode == second.returncode == 0
        assert first.stdout == second.stdout
        assert first.stdout == run("draw", network).stdout
    report = archcalc.loads(HARD["random 3"]).analyze()
    assert report.draw().svg == archcalc.loads(HARD["random 3"]).analyze().draw().svg


def test_branches_for_training_are_drawn_where_they_are_counted():
    model = archcalc.load("googlenet")
    assert not any(name.startswith("aux") for name in drawn(model.analyze(), depth=2).boxes)
    picture = checked(model.analyze(training=True), depth=2)
    assert {"aux1/classifier_1", "aux2/classifier_1"} <= set(picture.boxes)


# The reader of pictures finds what is wrong.


def picture_of(*boxes, edges=""):
    """Return an SVG with boxes of (name, x, y)."""
    body = "".join(f'<g data-layer="{name}"><rect x="{x}" y="{y}" width="40" height="20"/></g>' for name, x, y in boxes)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200">{body}{edges}</svg>'


def edge(source, target, d):
    return f'<path data-from="{source}" data-to="{target}" d="{d}"/>'


@pytest.mark.parametrize(
    ("svg", "says"),
    [
        (picture_of(("a", 10, 10), ("b", 30, 20)), "a overlaps b"),
        (picture_of(("a", 170, 10)), "a is outside"),
        (picture_of(("a", 10, 10), ("b", 10, 90), edges=edge("a", "b", "M30 30L30 90") * 2), "drawn twice"),
        (picture_of(("a", 10, 10), ("b", 10, 90), edges=edge("a", "b", "M30 35L30 90")), "does not begin at its box"),
        (picture_of(("a", 10, 10), ("b", 10, 90), edges=edge("a", "b", "M30 30L30 80")), "does not end at its box"),
        (
            picture_of(("a", 10, 10), ("b", 10, 50), ("c", 10, 90), edges=edge("a", "c", "M30 30L30 90")),
            "edge a to c goes through b",
        ),
        (
            picture_of(("a", 10, 10), ("b", 10, 90), edges=edge("a", "b", "M30 30L30 50L250 50L250 70L30 70L30 90")),
            "edge a to b is outside",
        ),
    ],
)  # fmt: skip
def test_mistakes_of_pictures_are_found(svg, says):
    assert any(says in mistake for mistake in mistakes(read(svg)))


def test_a_picture_without_mistakes_has_none():
    svg = picture_of(("a", 10, 10), ("b", 10, 90), edges=edge("a", "b", "M30 30L30 90"))
    assert list(mistakes(read(svg))) == []
    assert not any(first.overlaps(second) for first, second in combinations([Rect(0, 0, 9, 9), Rect(9, 0, 9, 9)], 2))


def test_the_result_of_draw_is_what_the_command_writes():
    report = archcalc.load("resnet18").analyze()
    assert isinstance(report, Analysis)
    assert str(report.draw()) == report.draw()._repr_svg_() == run("draw", "resnet18").stdout


def long_run():
    """Draw every network of the zoo in every form; say what is wrong."""
    wrong = 0
    for _, specs in every_family():
        for spec in specs:
            report = Model(spec).analyze()
            forms = [{}, *({"depth": depth} for depth in (1, 2, 3, 4)), {"every": True}]
            for options in (*forms, *({**form, "direction": "right"} for form in forms)):
                picture = drawn(report, **options)
                found = list(mistakes(picture)) + (["too wide"] if picture.width > WIDEST else [])
                wrong += len(found)
                if found:
                    print(spec.name, options, len(found), *found[:3], sep="\n  ")
    return wrong


if __name__ == "__main__":
    sys.exit(min(long_run(), 1))
