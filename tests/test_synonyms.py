"""What other programs call an operation is understood, and said the same in the documentation."""

from __future__ import annotations

import re

import pytest
from making import analyse

from archcalc.errors import SpecError
from archcalc.language.synonyms import NOTHING, normal, suggestion, synonyms
from archcalc.operations import OPERATIONS, operation

ROWS = [(framework, each) for framework, classes in synonyms().frameworks.items() for each in classes]


@pytest.mark.parametrize(("framework", "each"), ROWS, ids=[f"{name}-{each.names[0]}" for name, each in ROWS])
def test_classes_are_said_by_operations_and_their_settings(framework, each):
    for ours, note in each.operations.items():
        assert ours in OPERATIONS or (ours == NOTHING and note)
        if ours == NOTHING:
            continue
        settings = operation(ours).settings
        for said in re.findall(r"`([^`]+)`", note):
            name, _, value = said.partition(": ")
            if name in OPERATIONS or name == "times":
                continue
            assert name in settings, (framework, each.names, said)
            reader = settings[name].type
            if value and "one of" not in reader.expected and reader.schema.get("enum"):
                assert value in reader.schema["enum"], said
            if value in ("true", "false"):
                assert reader.schema == {"type": "boolean"}, said


@pytest.mark.parametrize("framework", synonyms().frameworks)
def test_a_class_stands_once_in_its_framework(framework):
    names = [name for each in synonyms().frameworks[framework] for name in each.names]
    assert len(set(names)) == len(names) > 20


def test_other_words_mean_operations_and_are_none_themselves():
    for word, ours in synonyms().words.items():
        assert ours in OPERATIONS or ours == NOTHING
        assert word not in OPERATIONS
    assert len({normal(word) for word in synonyms().words}) == len(synonyms().words)


def test_every_operation_that_frameworks_have_is_somebodys():
    said = {ours for _, each in ROWS for ours in each.operations}
    of_papers = {"subsampling", "maxout", "pad_channels", "tokens", "class_token", "position", "custom"}
    assert said - {NOTHING} == set(OPERATIONS) - of_papers


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("linear", "did you mean 'fc'?"),
        ("Dense", "did you mean 'fc'?"),
        ("upsampling", "did you mean 'upsample'?"),
        ("deconv", "did you mean 'conv_transpose'?"),
        ("padding", "did you mean 'pad'?"),
        ("batch_norm", "did you mean 'bn'?"),
        ("BatchNormalization", "did you mean 'bn'?"),
        ("BatchNorm2d", "did you mean 'bn'?"),
        ("instancenorm", "did you mean 'instance_norm'?"),
        ("ReLU", "did you mean 'relu'?"),
        ("LeakyReLU", "did you mean 'leaky_relu'?"),
        ("silu", "did you mean 'swish'?"),
        ("gap", "did you mean 'global_avg_pool'?"),
        ("MaxPool2d", "did you mean 'max_pool'?"),
        ("Eltwise", "did you mean 'add'?"),
        ("Pooling", "did you mean 'max_pool', 'avg_pool', 'global_avg_pool' or 'global_max_pool'?"),
        ("SeparableConv2D", "did you mean 'depthwise_conv' or 'conv'?"),
        ("identity", "a spec says it by an empty branch, [], or nothing at all"),
        ("relux", "did you mean 'relu'?"),
    ],
)
def test_an_unknown_word_is_understood(word, hint):
    with pytest.raises(SpecError, match=re.escape(f"unknown operation or block '{word}' ({hint})")):
        analyse(word)


def test_a_word_that_means_nothing_here_is_told_of_custom():
    assert suggestion("frobnicate") == ""
    with pytest.raises(SpecError, match="'frobnicate'; 'custom' describes what no operation does"):
        analyse("frobnicate")


def test_words_for_settings_mean_settings_of_some_operation():
    table = synonyms()
    known = {name for word in OPERATIONS for name in operation(word).settings}
    for word, ours in table.settings.items():
        assert ours and set(ours) <= known, word
        assert word == word.lower()
    for word in table.said_otherwise:
        assert word not in known
        assert word not in table.settings
