"""Attention, products, tokens and recurrence, worked out pair by pair and step by step; models of the literature."""

from __future__ import annotations

import random
from itertools import product

import pytest
from making import analyse, only_layer

import archcalc
from archcalc.analyses.unseen import remarks
from archcalc.errors import SpecError


def several(item: str, **inputs: list[int]):
    """Return the last layer of a network that reads several inputs."""
    given = ", ".join(f"{name}: {sizes}" for name, sizes in inputs.items())
    text = f"input: {{{given}}}\nlayers: [{{from: [{', '.join(inputs)}], {item}}}]"
    return archcalc.loads(text).analyze().layers[-1]


def pairs_by_hand(height, width, window, grid):
    """Count the pairs of a query and a key, looking at each pair of places."""
    count = 0
    for (h, w), (k, v) in product(product(range(height), range(width)), repeat=2):
        if window is None:
            count += 1
        elif grid:  # places as far apart as they can be: those of the same rest
            count += h % (height // window[0]) == k % (height // window[0]) and w % (width // window[1]) == v % (
                width // window[1]
            )
        else:
            count += h // window[0] == k // window[0] and w // window[1] == v // window[1]
    return count


@pytest.mark.parametrize("seed", range(20))
def test_attention_counts_every_pair_of_a_query_and_a_key(seed):
    draw = random.Random(f"attention {seed}")
    window = draw.choice([None, (draw.randint(1, 3), draw.randint(1, 3))])
    tiles = (draw.randint(1, 3), draw.randint(1, 3))
    height, width = tiles if window is None else (window[0] * tiles[0], window[1] * tiles[1])
    heads, value, grid = draw.randint(1, 3), draw.randint(1, 4), window is not None and draw.random() < 0.5
    settings = f"heads: {heads}" + (f", window: {list(window)}, grid: {str(grid).lower()}" if window else "")
    layer = only_layer(f"{{attention: {{{settings}}}}}", input=(3 * heads * value, height, width))
    pairs = pairs_by_hand(height, width, window, grid)
    assert layer.output == (heads * value, height, width)
    assert layer.ops == {"attention": 2 * pairs * heads * value, "softmax": 3 * pairs * heads}
    assert layer.macs == 2 * pairs * heads * value
    assert layer.params == 0


@pytest.mark.parametrize("seed", range(20))
def test_a_product_counts_every_multiplication(seed):
    draw = random.Random(f"matmul {seed}")
    heads, rows, inner, columns = (draw.randint(1, 4) for _ in range(4))
    plain = several(f"matmul: {{heads: {heads}}}", a=[heads * inner, rows, 1], b=[heads * columns, inner, 1])
    turned = several(
        f"matmul: {{heads: {heads}, transpose: true}}", a=[heads * inner, rows, 1], b=[heads * inner, columns, 1]
    )
    products = sum(1 for _ in product(range(heads), range(rows), range(inner), range(columns)))
    assert plain.output == (heads * columns, rows, 1)
    assert turned.output == (heads * columns, rows, 1)
    assert plain.ops == turned.ops == {"matmul": products}


@pytest.mark.parametrize("seed", range(20))
def test_a_cross_correlation_counts_every_multiplication(seed):
    draw = random.Random(f"cross-correlation {seed}")
    channels, height, width, rows, columns = (draw.randint(1, 4) for _ in range(5))
    searched = [channels, height + rows - 1, width + columns - 1]
    one = several("cross_correlation: ", a=searched, b=[channels, rows, columns])
    each = several("cross_correlation: {depthwise: true}", a=searched, b=[channels, rows, columns])
    places = [
        (top, left)
        for top, left in product(range(searched[1]), range(searched[2]))
        if top + rows <= searched[1] and left + columns <= searched[2]
    ]
    assert one.output == (1, height, width)
    assert each.output == (channels, height, width)
    assert height * width == len(places)
    products = sum(1 for _ in product(places, range(channels), range(rows), range(columns)))
    assert one.ops == each.ops == {"matmul": products}
    assert one.params == each.params == 0


def test_a_place_of_a_cross_correlation_sees_a_window_and_the_whole_exemplar():
    text = """
input: {exemplar: [3, 16, 12], search: [3, 40, 40]}
layers:
  - {name: z, from: exemplar, max_pool: 4}
  - {name: x, from: search, max_pool: 4}
  - {name: response, from: [x, z], cross_correlation: }
"""
    response = archcalc.loads(text).analyze().layers[-1]
    assert response.output == (1, 7, 8)
    assert response.receptive_field == (16, 12)
    assert response.whole_image
    assert response.effective_stride == (4, 4)


@pytest.mark.parametrize(("word", "gates"), [("lstm", 4), ("gru", 3)])
@pytest.mark.parametrize("seed", range(10))
def test_recurrence_counts_every_weight_at_every_step(word, gates, seed):
    draw = random.Random(f"{word} {seed}")
    channels, units, steps, layers = (draw.randint(1, 4) for _ in range(4))
    both, bias = draw.random() < 0.5, draw.choice(["double", "single", "none"])
    weights, flowing = 0, channels
    for _ in range(layers):
        for _direction in range(1 + both):
            weights += sum(units for _ in range(gates) for _ in range(flowing + units))
        flowing = units * (1 + both)
    biases = gates * units * (1 + both) * layers * {"double": 2, "single": 1, "none": 0}[bias]
    settings = f"units: {units}, layers: {layers}, bidirectional: {str(both).lower()}, bias: {bias}"
    layer = only_layer(f"{{{word}: {{{settings}}}}}", input=(channels, steps, 1))
    assert layer.output == (flowing, steps, 1)
    assert layer.params_by_kind == ({"weight": weights, "bias": biases} if biases else {"weight": weights})
    assert layer.macs == weights * steps


@pytest.mark.parametrize(
    ("item", "input", "message"),
    [
        ("{attention: 5}", (12, 4, 4), "12 channels are not those of queries, keys and values of 5 heads"),
        ("{attention: {heads: 1, window: 3}}", (3, 4, 4), "windows of 3 x 3 do not tile 4 x 4"),
        ("{attention: {heads: 1, grid: true}}", (3, 4, 4), "a grid needs a window"),
        ("{attention: {heads: 1, relative_bias: true}}", (3, 4, 4), "a relative bias needs a window"),
        ("{attention: {heads: 3, key_heads: 2}}", (21, 4, 4), "3 heads cannot share 2 heads of keys and values"),
        ("class_token", (3, 4, 4), "3 x 4 x 4 is not a sequence of tokens"),
        ("{embedding: {vocabulary: 9, channels: 4}}", (3, 4, 1), "an embedding takes one number at each place"),
        ("{lstm: 4}", (3, 4, 4), "3 x 4 x 4 is not a sequence"),
    ],
)
def test_what_cannot_be_is_refused(item, input, message):
    with pytest.raises(SpecError, match=message):
        analyse(item, input=input)


def test_matrices_that_do_not_fit_are_refused():
    with pytest.raises(SpecError, match="4 channels of 4 x 3 x 1, but 5 places of 2 x 5 x 1"):
        several("matmul: ", a=[4, 3, 1], b=[2, 5, 1])
    with pytest.raises(SpecError, match="a product of 3 matrices, expected two"):
        several("matmul: ", a=[4, 3, 1], b=[2, 4, 1], c=[2, 4, 1])


def test_inputs_that_cannot_be_correlated_are_refused():
    with pytest.raises(SpecError, match="4 x 9 x 9 and 5 x 3 x 3 differ in channels"):
        several("cross_correlation: ", a=[4, 9, 9], b=[5, 3, 3])
    with pytest.raises(SpecError, match="4 x 3 x 10 is larger than 4 x 9 x 9, and cannot slide over it"):
        several("cross_correlation: ", a=[4, 9, 9], b=[4, 3, 10])
    with pytest.raises(SpecError, match="a correlation of 3 inputs, expected two"):
        several("cross_correlation: ", a=[4, 9, 9], b=[4, 3, 3], c=[4, 3, 3])


def test_what_attention_sees():
    """The field behind global attention is the whole image; in windows it is the window, and is said to be no more."""
    items = ("{conv: {filters: 6, kernel: 4, stride: 4}}", "{attention: 1}", "{conv: {filters: 6, kernel: 3, pad: 1}}")
    everywhere = analyse(*items, input=(3, 32, 32)).layers
    assert [layer.receptive_field for layer in everywhere[1:]] == [(4, 4), (32, 32), (32, 32)]
    assert [layer.whole_image for layer in everywhere[1:]] == [False, True, True]
    inside = analyse(items[0], "{attention: {heads: 1, window: 2}}", items[2], input=(3, 32, 32)).layers
    assert [layer.receptive_field for layer in inside[1:]] == [(4, 4), (8, 8), (16, 16)]
    apart = analyse(items[0], "{attention: {heads: 1, window: 2, grid: true}}", input=(3, 32, 32)).layers
    assert apart[-1].receptive_field == (20, 20)


def test_tokens_keep_what_places_see_and_lose_where_they_stand():
    patches = "{conv: {filters: 6, kernel: 4, stride: 4}}"
    report = analyse(patches, "tokens", "class_token", "position", "{attention: 1}", input=(3, 32, 16))
    assert [layer.receptive_field for layer in report.layers[1:]] == [(4, 4), (4, 4), (4, 4), (4, 4), (32, 16)]
    lost = analyse(patches, "tokens", "{conv: {filters: 1, kernel: [3, 1]}}", input=(3, 32, 16)).layers[-1]
    assert lost.receptive_field is None and lost.effective_stride == (4, 4)


VIT = """
input: [3, =resolution, =resolution]
args: {patch: 16, width: 768, depth: 12, heads: 12, mlp: 3072, resolution: 224}
blocks:
  encoder:
    layers:
      - add: [[], [layer_norm, {conv: =3*width}, {attention: =heads}, {conv: =width}]]
      - add: [[], [layer_norm, {conv: =mlp}, gelu, {conv: =width}]]
layers:
  - {conv: {filters: =width, kernel: =patch, stride: =patch}}
  - tokens
  - class_token
  - position
  - {encoder: , repeat: =depth}
  - layer_norm
  - {crop: {height: 1, width: 1}}
  - {fc: 1000}
"""


@pytest.mark.parametrize(
    ("set", "params"),  # as torchvision and the paper's release print them
    [
        ({}, 86_567_656),
        ({"patch": 32}, 88_224_232),
        ({"width": 1024, "depth": 24, "heads": 16, "mlp": 4096}, 304_326_632),
    ],
)
def test_vision_transformers_have_their_published_parameters(set, params):
    assert archcalc.loads(VIT).analyze(set=set).params == params


def test_products_of_activations_are_macs_of_their_own_kind():
    report = archcalc.loads(VIT).analyze()
    assert report.ops["mac"] == 16_848_500_736
    assert report.ops["attention"] == 715_327_488
    assert report.macs == 17_563_828_224


def test_the_field_of_a_sequence_is_that_of_its_last_map():
    report = archcalc.loads(
        "input: [3, 16]\nlayers: [{conv: {filters: 4, kernel: 3}}, global_avg_pool, {fc: 2}]"
    ).analyze()
    assert report.receptive_field == (3, 1)


def test_one_size_is_a_vector():
    assert archcalc.loads("input: [784]\nlayers: [{fc: 10}]").analyze().params == 784 * 10 + 10
    beside = "input: {a: [3, 8, 8], b: [12]}\nlayers: [{from: b, fc: 4}]"
    assert [layer.output for layer in archcalc.loads(beside).analyze().layers] == [(3, 8, 8), (12, 1, 1), (4, 1, 1)]
    sequence = "input: {b: [12], a: [3, 8]}\nlayers: [{from: a, conv: {filters: 4, kernel: 3}}]"
    assert archcalc.loads(sequence).analyze().layers[-1].output == (4, 6, 1)
    with pytest.raises(SpecError, match="do not mix"):
        archcalc.loads("input: {b: [12], a: [3, 8], c: [3, 8, 8]}\nlayers: [relu]").analyze()


def test_a_linear_layer_that_takes_all_places_as_one_vector_is_pointed_out():
    mlp = "{add: [[], [layer_norm, {%s: 32}, gelu, {%s: 8}]]}"
    (remark,) = remarks(analyse("tokens", mlp % ("fc", "fc"), input=(8, 2, 3)))
    assert remark.layer == "add_1"
    assert remark.text.startswith(
        "add_1: fc_1 takes all 6 places as one vector, which is repeated here over the places"
    )
    assert not remarks(analyse("tokens", mlp % ("conv", "conv"), input=(8, 2, 3)))
    assert not remarks(analyse("{add: [[], [global_avg_pool, {fc: 8}, relu, {fc: 8}]]}", input=(8, 2, 3)))
    assert not remarks(analyse("{fc: 8}", "{add: [[], [{fc: 8}, relu]]}", input=(8, 2, 3)))
    (remark,) = remarks(analyse("tokens", "{fc: 24}", "{attention: 2}", input=(8, 2, 3)))
    assert remark.text.startswith("attention_1: one place alone, which looks at itself")
