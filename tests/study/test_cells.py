"""A cell's label never lies: what there is not is refused wherever a cell is made."""

import dataclasses
import pickle

import numpy as np
import pytest

from initbench.base.registry import UnknownNameError
from initbench.study.cells import Cell

CELL = Cell("digits", 16, 2, "tanh", "none", "he_normal")


@pytest.mark.parametrize(
    ("axis", "value", "words"),
    [
        ("optimizer", "adagrad", "unknown optimizer 'adagrad'; there are: .*sgd"),
        ("architecture", "lstm", "unknown architecture 'lstm'; there are: .*mlp"),
        ("activation", "swoosh", "unknown activation 'swoosh'; there are: .*tanh"),
        ("normalization", "batchnorm", "unknown normalization 'batchnorm'; there are: none, batch, layer"),
        ("scheme", "he", "unknown scheme 'he'; there are: .*he_normal"),
    ],
)
def test_unknown_names_are_refused_with_those_that_there_are(axis, value, words):
    with pytest.raises(UnknownNameError, match=words):
        dataclasses.replace(CELL, **{axis: value})


@pytest.mark.parametrize(
    ("axis", "value"),
    [
        ("width", 0),
        ("width", 16.5),
        ("width", "16"),
        ("width", True),
        ("depth", -1),
        ("depth", 2.0),
        ("dataset", "../x"),
    ],
)
def test_values_that_no_cell_has_are_refused(axis, value):
    with pytest.raises(ValueError, match=axis.replace("dataset", "data set")):
        dataclasses.replace(CELL, **{axis: value})


def test_a_scheme_has_one_spelling():
    one, other = (dataclasses.replace(CELL, scheme=text) for text in ("constant(0.10)", " constant( 0.1 )"))
    assert one == other
    assert one.scheme == "constant(0.1)"


def test_a_cell_can_be_copied_sent_and_made_with_numbers_of_a_table():
    assert pickle.loads(pickle.dumps(CELL)) == CELL == Cell(**vars(CELL))
    assert dataclasses.replace(CELL, width=np.int32(16)) == CELL
