"""Networks look as their papers draw them: modules, shortcuts, columns, a U, pyramids, heads."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import pytest
from drawn_networks import HARD
from svg_geometry import read

import archcalc


@cache
def report(network):
    return archcalc.load(network).analyze()


@cache
def drawn(network, **options):
    return read(report(network).draw(**options).svg)


def middle(rect):
    return rect.x + rect.width / 2


def edge(picture, source, target):
    (points,) = [points for start, end, points in picture.edges if (start, end) == (source, target)]
    return points


def targets(picture, source):
    return {target for start, target, _ in picture.edges if start == source}


MODULES = ("3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b")


@pytest.mark.parametrize("module", MODULES)
def test_inception_modules_as_in_figure_2b(module):
    picture = drawn("googlenet", depth=2)
    names = ("1x1", "3x3", "5x5", "pool_proj")
    ends = [picture.boxes[f"{module}/{name}"] for name in names]
    assert [rect.x for rect in ends] == sorted({rect.x for rect in ends})
    assert len({rect.bottom for rect in ends}) == 1, "the branches end side by side"
    for name, above in (("3x3", "3x3_reduce"), ("5x5", "5x5_reduce"), ("pool_proj", "pool")):
        first, last = picture.boxes[f"{module}/{above}"], picture.boxes[f"{module}/{name}"]
        assert middle(first) == middle(last)
        assert first.bottom < last.y
    concat = picture.boxes[f"{module}/concat_1"]
    assert concat.y > ends[0].bottom
    assert middle(concat) == pytest.approx((middle(ends[0]) + middle(ends[-1])) / 2, abs=1)


def test_to_the_right_branches_are_from_top_to_bottom():
    picture = drawn("googlenet", depth=2, direction="right")
    for module in MODULES:
        ends = [picture.boxes[f"{module}/{name}"] for name in ("1x1", "3x3", "5x5", "pool_proj")]
        assert [rect.y for rect in ends] == sorted({rect.y for rect in ends})
        assert len({rect.right for rect in ends}) == 1


def test_modules_of_a_network_are_below_one_another():
    picture = drawn("googlenet", depth=2)
    tops = [picture.groups[module].y for module in MODULES]
    assert tops == sorted(tops)
    assert len({(picture.groups[module].x, picture.groups[module].width) for module in MODULES}) == 1


def test_identities_are_lanes_beside_the_block():
    picture = drawn("resnet50", depth=3)
    for stage in ("conv2_x", "conv3_x", "conv4_x", "conv5_x"):
        block = f"{stage}/bottleneck_2"
        convs = [picture.boxes[f"{block}/conv{number}"] for number in (1, 2, 3)]
        total = picture.boxes[f"{block}/add_1"]
        assert len({middle(rect) for rect in (*convs, total)}) == 1, "the trunk is straight"
        lane = edge(picture, f"{stage}/bottleneck_1/add_1", f"{block}/add_1")
        assert max(x for x, _ in lane) > max(rect.right for rect in convs)
        assert lane[-1] == pytest.approx((total.right, total.y + total.height / 2), abs=1), "it comes in from the side"
        trunk = edge(picture, f"{block}/conv3", f"{block}/add_1")
        assert len({x for x, _ in trunk}) == 1


def test_projections_are_boxes_in_the_lane():
    picture = drawn("resnet50", depth=3)
    for stage in ("conv2_x", "conv3_x", "conv4_x", "conv5_x"):
        block = f"{stage}/bottleneck_1"
        beside, last = picture.boxes[f"{block}/shortcut"], picture.boxes[f"{block}/conv3"]
        assert beside.x > last.right
        assert edge(picture, f"{block}/shortcut", f"{block}/add_1")[-1][0] == picture.boxes[f"{block}/add_1"].right


def test_equal_blocks_are_drawn_once_with_their_number():
    picture = drawn("resnet50")
    repeats = {name: number for name, number in picture.repeats.items() if number > 1}
    assert repeats == {"conv2_x/bottleneck_2": 2, "conv3_x/bottleneck_2": 3, "conv4_x/bottleneck_2": 5,
                       "conv5_x/bottleneck_2": 2}  # fmt: skip
    words = {text.owner: text.words for text in picture.texts if text.owner in repeats}
    assert words["conv4_x/bottleneck_2"] == "bottleneck ×5"
    assert targets(picture, "conv4_x/bottleneck_2/add_1") == {
        "conv5_x/bottleneck_1/conv1",
        "conv5_x/bottleneck_1/shortcut",
    }


def words_of(picture, owner):
    return [text.words for text in picture.texts if text.owner == owner]


def test_repetitions_keep_their_names():
    picture = drawn("faster-rcnn-vgg16")
    assert words_of(picture, "features/conv5/1")[0] == "conv5 3×3 conv ×3"
    assert words_of(picture, "features/conv4/1")[0] == "conv4/1 3×3 conv"
    assert words_of(picture, "features/conv4/2")[0] == "conv4/2 3×3 conv ×2"
    assert words_of(drawn("vit-b-16"), "encoder/1") == ["encoder ×12"]
    assert words_of(drawn("swin-t"), "stage1/1") == ["stage1 block ×2"]
    assert words_of(drawn("resnet18"), "conv2_x") == ["conv2_x stage"]


def test_folded_composites_say_what_they_consist_of():
    assert words_of(drawn("resnet50", depth=1), "conv4_x") == ["conv4_x stage", "1024×14×14", "6 × bottleneck"]
    assert words_of(drawn("densenet121", depth=1), "dense4") == ["dense4", "1024×7×7 +bn +relu", "16 × dense_layer"]
    assert words_of(drawn("googlenet", depth=1), "3a") == ["3a inception", "256×28×28"]


def test_layers_with_names_of_their_own_are_not_folded():
    picture = drawn("vgg16")
    assert {"conv3_2", "conv3_3", "conv4_2", "conv4_3"} <= set(picture.boxes)
    assert set(picture.repeats.values()) == {1}


def test_unequal_repeats_are_not_folded():
    picture = drawn("densenet121", depth=2)
    assert sum(name.startswith("dense3/") for name in picture.boxes) == 24


def test_dense_layers_carry_their_input_along():
    picture = drawn("densenet121", depth=3)
    concats = [name for name in picture.boxes if name.startswith("dense") and name.endswith("concat_1")]
    assert len(concats) == 58
    for name in concats:
        into = [points for _, end, points in picture.edges if end == name]
        assert len(into) == 2
        rect = picture.boxes[name]
        assert sorted(points[-1] for points in into) == [
            pytest.approx((rect.x, rect.y + rect.height / 2), abs=1),
            pytest.approx((middle(rect), rect.y), abs=1),
        ]


def test_u_net_is_a_u():
    picture = drawn("unet", depth=1)
    down = [picture.boxes[f"down{level}"] for level in (1, 2, 3, 4)]
    up = [picture.boxes[f"up{level}"] for level in (1, 2, 3, 4)]
    assert len({middle(rect) for rect in down}) == len({middle(rect) for rect in up}) == 1
    assert middle(up[0]) > down[0].right
    assert [rect.y for rect in down] == sorted(rect.y for rect in down)
    assert [rect.y for rect in up] == sorted(rect.y for rect in up), "the last one is at the top"
    for level in (1, 2, 3, 4):
        skip = edge(picture, f"down{level}", f"up{level}")
        assert len(skip) == 2
        assert skip[0][1] == skip[1][1], "skips lead straight across"
        assert skip[0][0] < skip[1][0]
    bottom = picture.boxes["down5"]
    assert bottom.y > max(down[-1].bottom, up[-1].bottom)
    assert down[0].x <= bottom.x <= up[0].right


def test_u_net_stays_a_u_where_it_is_unfolded():
    for options in ({"depth": 2}, {"every": True}):
        picture = drawn("unet", **options)
        for level in (1, 2, 3, 4):
            down, up = picture.groups[f"down{level}"], picture.groups[f"up{level}"]
            assert down.right < up.x
            assert abs(down.bottom - up.bottom) < 1, "they are of one height"
            crop = next(rect for box, rect in picture.boxes.items() if box.startswith(f"up{level}/") and "crop" in box)
            grown = next(rect for box, rect in picture.boxes.items() if box.startswith(f"up{level}/grown"))
            assert crop.right < grown.x, "what leads across comes in on the left"


def test_an_encoder_and_a_decoder_that_grows_within_its_joins(tmp_path):
    """The lowest step is beside its level too, although nothing grows on the way to the bottom and back."""
    file = tmp_path / "net.yaml"
    file.write_text(
        """
input: [3, 32, 32]
blocks:
  up: {args: {skip: }, layers: [{upsample: 2}, {concat: [[], {from: =skip}]}, {conv: 8}]}
layers:
  - {name: down1, conv: 8}
  - {name: pool1, max_pool: 2}
  - {name: down2, conv: 8}
  - {name: pool2, max_pool: 2}
  - {name: bottom, conv: 8}
  - {name: up2, up: down2}
  - {name: up1, up: down1}
""",
        encoding="utf-8",
    )
    picture = drawn(str(file), depth=1)
    for level in (1, 2):
        across = edge(picture, f"down{level}", f"up{level}")
        assert len(across) == 2
        assert across[0][1] == across[1][1]


@pytest.mark.parametrize(("network", "columns"), [("fractalnet20", 3), ("fractalnet-c4", 4), ("fractalnet-c6", 6)])
def test_fractals_have_columns(network, columns):
    picture = drawn(network, depth=9)
    convs = [rect for name, rect in picture.boxes.items() if name.startswith("b1/fractal/") and "mean" not in name]
    assert len(convs) == 2**columns - 1
    by_column = sorted(sum(middle(rect) == across for rect in convs) for across in {middle(rect) for rect in convs})
    assert by_column == [2**number for number in range(columns)]


def test_a_detector_has_its_outputs_side_by_side():
    picture = drawn("faster-rcnn-vgg16", depth=2)
    outputs = {name for name in picture.boxes if not targets(picture, name)}
    assert outputs == {"rpn/softmax_1", "rpn/bbox_pred", "region/softmax_1", "region/bbox_pred"}
    rpn, region = picture.groups["rpn"], picture.groups["region"]
    assert rpn.right < region.x
    assert rpn.y == region.y
    assert any("runs 300 times" in text.words for text in picture.texts if text.owner == "region")


def test_a_pyramid_has_its_heads_beside_it():
    picture = read(archcalc.loads(HARD["feature pyramid"]).analyze().draw().svg)
    for level in (3, 4):
        lateral, merge, head = (
            picture.boxes[name] for name in (f"m{level}/lat{level}", f"m{level}/add_1", f"p{level}")
        )
        assert lateral.right < merge.x < merge.right < head.x
        assert len({rect.y + rect.height / 2 for rect in (lateral, merge, head)}) <= 2
    assert middle(picture.boxes["m4/add_1"]) == middle(picture.boxes["m2/add_1"]), "the way up is straight"
    assert picture.boxes["m2/add_1"].y < picture.boxes["m4/add_1"].y


def test_cells_have_both_their_inputs():
    picture = read(archcalc.loads(HARD["cells"]).analyze().draw().svg)
    assert targets(picture, "p0") == {"p1", "cell1/hp", "cell2/hp"}
    sums = [name for name in picture.boxes if name.startswith("cell1/b") and "add" in name]
    assert len(sums) == 5
    assert len([end for _, end, _ in picture.edges if end == "cell1/concat_1"]) == 6


def test_a_trunk_has_its_skips_beside_it():
    picture = drawn("nasnet-mobile", depth=1)
    cells = [picture.boxes[name] for name in ("a2", "a3", "a4", "b2", "b3")]
    assert len({middle(rect) for rect in cells}) == 1
    for first, second, third in (("a1", "a2", "a3"), ("a2", "a3", "a4"), ("b1", "b2", "b3")):
        skip, end = edge(picture, first, third), picture.boxes[third]
        assert skip[-1] == pytest.approx((end.right, end.y + end.height / 2), abs=1)
        assert max(x for x, _ in skip) > picture.boxes[second].right
        assert len({x for x, _ in edge(picture, second, third)}) == 1


def test_equal_paths_are_one_with_their_number():
    picture = read(archcalc.loads(HARD["same paths"]).analyze().draw().svg)
    assert [name.rpartition("_")[0] for name in picture.boxes if name.startswith("conv")] == ["conv", "conv", "conv"]
    assert sum("32 paths" in text.words for text in picture.texts) == 3


BLOCKS = {
    ("resnet50", "bottleneck"): ("bottleneck (width 64, stride 1)", ["conv1", "conv2", "conv3", "add_1"]),
    ("resnet18", "basic"): ("basic (width 64, stride 1)", ["conv1", "conv2", "add_1"]),
    ("googlenet", "inception"): (
        "inception (c1 64, r3 96, c3 128, r5 16, c5 32, proj 32)",
        ["1x1", "3x3_reduce", "3x3", "5x5_reduce", "5x5", "pool", "pool_proj", "concat_1"],
    ),
    ("mobilenet-v2", "inverted_residual"): (None, ["expand", "dw", "project", "add_1"]),
    ("densenet121", "dense_layer"): ("dense_layer", ["bn_1", "conv1", "conv2", "concat_1"]),
    ("squeezenet1.0", "fire"): (None, ["squeeze1x1", "expand1x1", "expand3x3", "concat_1"]),
    ("se-resnet50", "se"): (None, ["global_avg_pool_1", "fc_1", "fc_2", "multiply_1"]),
}


@pytest.mark.parametrize(("network", "block"), BLOCKS)
def test_blocks_by_themselves(network, block):
    title, inside = BLOCKS[network, block]
    drawing = report(network).draw(block=block)
    picture = read(drawing.svg)
    (outside, *own) = picture.boxes
    assert [name.rpartition("/")[2] for name in own] == inside
    assert not any(name.startswith(outside) for name in own)
    assert targets(picture, outside)
    if title is not None:
        assert f"<title>{title}</title>" in drawing.svg


def test_a_block_is_drawn_as_it_mostly_is():
    assert "<title>bottleneck (width 64, stride 1)</title>" in report("resnet50").draw(block="bottleneck").svg
    projected = read(report("resnet50").draw(block="conv3_x/bottleneck_1").svg)
    assert "conv3_x/bottleneck_1/shortcut" in projected.boxes


def test_a_composite_by_its_path_may_be_unfolded():
    folded, unfolded = (read(report("resnet50").draw(block="conv4_x", depth=depth).svg) for depth in (1, 2))
    assert list(folded.boxes) == ["conv3_x/bottleneck_4/relu_3", "conv4_x/bottleneck_1", "conv4_x/bottleneck_2"]
    assert "conv4_x/bottleneck_1/conv1" in unfolded.boxes


def test_what_an_edge_begins_at_is_what_makes_its_value():
    """The sum of a pre-activated unit goes on beside the batch norm that is named in its row."""
    picture = drawn("preresnet110-cifar", depth=9)
    unit = next(name for name in picture.boxes if name.endswith("add_1"))
    readers = targets(picture, unit)
    assert any(name.endswith("add_1") for name in readers)
    assert any("bn" in name or "conv" in name for name in readers)


def test_calls_of_blocks_are_known_with_their_arguments():
    calls = {call.path: call for call in report("resnet50").network.calls}
    assert sum(call.block == "bottleneck" for call in calls.values()) == 16
    assert calls["conv4_x/bottleneck_6"].arguments == {"width": 256, "stride": 1}
    assert calls["conv4_x/bottleneck_6/conv3"].arguments == {"filters": 1024, "kernel": 1, "stride": 1, "pad": 0}
    assert calls["conv4_x/bottleneck_6"].numbered
    assert not calls["conv4_x"].numbered
    assert not {call.path for call in archcalc.load("vgg16").analyze().network.calls if call.numbered}


def test_a_call_that_did_not_fit_is_forgotten():
    calls = archcalc.load("googlenet").analyze(64).network.calls
    assert "3a" in {call.path for call in calls}
    assert not [call.path for call in calls if call.path.startswith("aux")]


def test_lanes_pass_to_the_right_of_what_hangs_on_a_box(tmp_path):
    """Outputs hang on their boxes' right; an edge that passes those boxes is led round both, as in YOLOv4."""
    file = tmp_path / "net.yaml"
    file.write_text(
        """
input: [8, 32, 32]
layers:
  - {name: a, conv: 8}
  - {name: b, conv: 8}
  - {name: c, concat: [[], {from: a}]}
  - {name: out1, from: c, conv: 4}
  - {name: d, from: c, conv: 8}
  - {name: e, concat: [[], {from: b}]}
  - {name: out2, from: e, conv: 4}
  - {name: f, from: e, conv: 8}
  - {name: g, concat: [[], {from: a}, {from: b}]}
""",
        encoding="utf-8",
    )
    picture = drawn(str(file), every=True)
    for output in ("out1", "out2"):
        rect = picture.boxes[output]
        for _, _, points in picture.edges:
            for (x, top), (_, bottom) in pairwise(points):
                assert not (rect.x < x < rect.right and top < rect.bottom and bottom > rect.y)


def test_branches_that_meet_on_a_map_no_larger_are_no_u():
    """HRNet's levels meet in a block that has upsampling, but its last map is as small as the one from below."""
    picture = drawn("hrnet-w18", depth=1)
    first, second, stage2 = (picture.boxes[name] for name in ("first", "second", "stage2"))
    assert first.y == second.y
    assert stage2.y > second.bottom


@pytest.mark.parametrize("options", [{}, {"every": True}])
def test_a_matrix_that_is_multiplied_with_points_is_no_decoder(options):
    """Figure 2 of PointNet: from the top to the bottom, whatever rows a reshaped matrix has."""
    picture = drawn("pointnet", **options)
    for source, target, points in picture.edges:
        assert points[0][1] <= points[-1][1], (source, target)
