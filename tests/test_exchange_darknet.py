"""Darknet networks: darknet's own rules, worked out by hand."""

from __future__ import annotations

import pytest
from reading_models import lines, only, read, words

from archcalc.errors import RequestError, SpecError

NET = "[net]\nheight=32\nwidth=48\nchannels=3\n"


def darknet(*sections: str, net: str = NET):
    return read(net + "\n".join(sections), "made.cfg")


def test_a_convolution_with_batch_norm_has_scales_and_its_biases_are_shifts():
    found = darknet("[convolutional]\nbatch_normalize=1\nfilters=8\nsize=3\nstride=2\npad=1\nactivation=leaky\n")
    assert lines(found) == [
        ("conv", {"filters": 8, "kernel": 3, "stride": 2, "pad": 1, "bias": False}, (0,), (8, 16, 24)),
        ("bn", {}, (1,), (8, 16, 24)),
        ("leaky_relu", {"slope": 0.1}, (2,), (8, 16, 24)),
    ]
    assert found.params == 8 * 27 + 2 * 8
    assert found.nodes[2].buffers == 16


@pytest.mark.parametrize(
    ("settings", "pad", "shape"),
    [("size=3\npad=1", 1, (8, 32, 48)), ("size=3\npadding=2", 2, (8, 34, 50)), ("size=5", None, (8, 28, 44))],
)
def test_pad_means_half_the_size_and_padding_says_it(settings, pad, shape):
    found = only(darknet(f"[convolutional]\nfilters=8\n{settings}\nactivation=linear\n"))
    assert (found.settings.get("pad"), found.shape) == (pad, shape)
    assert found.params == 8 * 3 * found.settings["kernel"] ** 2 + 8


def test_max_pooling_keeps_a_map_at_a_stride_of_one():
    assert lines(
        darknet(
            "[maxpool]\nsize=2\nstride=1\n", "[maxpool]\nsize=2\nstride=2\n", "[maxpool]\nsize=3\nstride=2\npadding=1\n"
        )
    ) == [
        ("max_pool", {"kernel": 2, "stride": 1, "pad": "same"}, (0,), (3, 32, 48)),
        ("max_pool", {"kernel": 2, "pad": "same"}, (1,), (3, 16, 24)),
        (
            "max_pool",
            {"kernel": 3, "stride": 2, "pad": {"top": 0, "bottom": 1, "left": 0, "right": 1}},
            (2,),
            (3, 8, 12),
        ),
    ]


def test_routes_and_shortcuts_count_from_here_or_from_the_first_layer():
    conv = "[convolutional]\nfilters=6\nsize=1\nactivation=linear\n"
    found = darknet(
        conv,
        conv,
        "[shortcut]\nfrom=-2\nactivation=linear\n",
        "[route]\nlayers=-1,0\n",
        "[route]\nlayers=-1\ngroups=3\ngroup_id=2\n",
    )
    assert lines(found)[2:] == [
        ("add", {}, (2, 1), (6, 32, 48)),
        ("concat", {}, (3, 1), (12, 32, 48)),
        ("channel_slice", {"channels": 4, "start": 8}, (4,), (4, 32, 48)),
    ]


def test_a_shortcut_of_other_channels_adds_the_part_that_both_have():
    wide, narrow = (f"[convolutional]\nfilters={n}\nsize=1\nactivation=linear\n" for n in (8, 6))
    assert words(darknet(wide, narrow, "[shortcut]\nfrom=-2\n"))[2:] == ["channel_slice", "add"]
    assert words(darknet(narrow, wide, "[shortcut]\nfrom=-2\n"))[2:] == ["pad_channels", "add"]


def test_other_layers():
    found = darknet(
        "[reorg]\nstride=2\n",
        "[upsample]\nstride=2\n",
        "[avgpool]\n",
        "[dropout]\nprobability=.5\n",
        "[connected]\noutput=10\nactivation=relu\n",
        "[softmax]\n",
        "[cost]\n",
    )
    assert [(word, shape) for word, _, _, shape in lines(found)] == [
        ("pixel_unshuffle", (12, 16, 24)),
        ("upsample", (12, 32, 48)),
        ("global_avg_pool", (12, 1, 1)),
        ("fc", (10, 1, 1)),
        ("relu", (10, 1, 1)),
        ("softmax", (10, 1, 1)),
    ]
    assert found.params == 12 * 10 + 10


def test_a_local_layer_has_weights_for_each_place():
    found = only(darknet("[local]\nsize=3\nstride=1\npad=1\nfilters=4\nactivation=linear\n"))
    assert (found.word, found.shape) == ("locally_connected", (4, 32, 48))
    assert found.params == 32 * 48 * 4 * 27 + 32 * 48 * 4
    assert found.macs == 32 * 48 * 4 * 27


def test_squeeze_and_excitation():
    found = darknet("[avgpool]\n", "[scale_channels]\nfrom=-1\n", net=NET)
    assert words(found) == ["global_avg_pool", "multiply"]


def test_heads_are_outputs():
    conv = "[convolutional]\nfilters=6\nsize=1\nactivation=linear\n"
    found = darknet(conv, "[yolo]\n", "[route]\nlayers=-2\n", conv, "[yolo]\n")
    assert [output.name for output in found.outputs] == ["yolo_1", "yolo_4"]


def test_open_sizes_are_asked_for():
    with pytest.raises(RequestError, match="height and width open"):
        darknet("[avgpool]\n", net="[net]\nchannels=3\n")
    assert read("[net]\nchannels=3\n[avgpool]\n", "a.cfg", any=(32, 32)).nodes[0].shape == (3, 32, 32)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[net]\nheight=4\nwidth=4\nchannels=1\n[convolutionl]\n",
            r":5:1: archcalc does not know the section \[convolutionl\]",
        ),
        (NET + "[convolutional]\nfilters=many\n", ":6:1: expected a whole number, got filters=many"),
        (NET + "[route]\nlayers=-3\n", ":5:1: layer -3 is not before this one"),
        (NET + "[convolutional]\nsize\n", ":6:1: neither a .section. nor name=value"),
        (
            NET + "[convolutional]\nsize=99\n",
            r":5:1: convolutional_0 \(convolutional, node 0\): its 99 x 99 window is larger",
        ),
        (NET + "[maxpool]\nstride=0\n", ":5:1: .*a window, stride or dilation of 0 x 0"),
        (NET + "[rnn]\n", "does not know the section"),
    ],
)
def test_mistakes_have_a_line(text, message):
    with pytest.raises(SpecError, match=message):
        read(text, "made.cfg")


def test_a_number_ends_where_a_comment_begins():
    first = "[convolutional]\nfilters=40\t#32\nsize = 1 ### one\nactivation=linear\n"
    route = "[route]\nlayers = -1, 0 ###P6\n"
    assert [node.shape for node in darknet(first, route).nodes[1:]] == [(40, 32, 48), (80, 32, 48)]
    with pytest.raises(SpecError, match="expected a whole number, got filters=#32"):
        darknet("[convolutional]\nfilters=#32\n")


def test_a_local_average_keeps_the_size_of_a_maximum():
    for kind, word in (("local_avgpool", "avg_pool"), ("local_maxpool", "max_pool")):
        found = only(darknet(f"[{kind}]\nsize=3\nstride=2\n"))
        assert (found.word, found.shape) == (word, (3, 16, 24))
