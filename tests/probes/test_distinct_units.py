"""Counting distinct units, against the plain definition."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from initbench.probes import distinct_units as symmetry


def plain_count(matrix, tolerance, floor=0.0):
    scale = np.abs(matrix).max()
    if scale <= floor:
        return 1
    found = []
    for unit in matrix.T:
        if not any(np.abs(unit - other).max() <= tolerance * scale for other in found):
            found.append(unit)
    return len(found)


@given(st.integers(0, 2**32 - 1), st.integers(1, 9), st.integers(1, 9), st.booleans())
def test_distinct_units_is_the_greedy_count(seed, features, units, chains):
    rng = np.random.default_rng(seed)
    if chains:  # values in steps below the tolerance: equality is not transitive
        stack = rng.choice([0.0, 1.0, 2.0, 1.0005, 1.001], size=(3, features, units))
    else:
        stack = rng.normal(size=(3, features, units)).round(1)
    expected = [plain_count(matrix, 4e-4) for matrix in stack]
    assert symmetry.distinct_units(stack, 4e-4).tolist() == expected


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 1e-6, 3e-5, 1e-4, 1e-3, 1e-2]), st.booleans())
def test_units_that_are_nearly_copies_are_counted_by_the_definition_in_float32(seed, difference, some_dead):
    rng = np.random.default_rng(seed)
    units = rng.normal(size=(2, 64, 5))[:, :, rng.integers(0, 5, 24)]
    units *= 1 + difference * rng.uniform(-1, 1, units.shape)
    if some_dead:
        units[:, :, rng.integers(0, 24, 6)] = 0
    stack = units.astype(np.float32)
    expected = [plain_count(matrix, np.float32(1e-4)) for matrix in stack]
    assert symmetry.distinct_units(stack, 1e-4).tolist() == expected
    live = np.abs(stack).max(axis=1) > 0
    among = [plain_count(matrix[:, alive], np.float32(1e-4)) for matrix, alive in zip(stack, live, strict=True)]
    assert symmetry.distinct_units(stack, 1e-4, counted=live).tolist() == among


def test_dead_units_are_not_counted_among_the_living():
    matrix = np.array([[[0.0, 1.0, 0.0, 2.0], [0.0, 1.0, 0.0, 0.5]]])
    dead = np.array([[True, False, True, False]])
    assert symmetry.distinct_units(matrix, 1e-12).tolist() == [3]
    assert symmetry.distinct_units(matrix, 1e-12, counted=~dead).tolist() == [2]
    assert symmetry.distinct_units(matrix, 1e-12, counted=np.zeros((1, 4), bool)).tolist() == [0]


def test_noise_below_the_floor_is_one_unit_and_small_is_not_noise():
    matrix = np.random.default_rng(0).normal(size=(1, 5, 8))
    assert symmetry.distinct_units(1e-30 * matrix, 1e-12).tolist() == [8]
    assert symmetry.distinct_units(1e-30 * matrix, 1e-12, floor=1e-28).tolist() == [1]


def cosine_and_rank(matrix):
    return symmetry.cosine_and_rank(symmetry.Gram.of(matrix, np.abs(matrix).max(axis=(1, 2))))


def test_cosine_and_rank_agree_with_the_singular_values():
    matrix = np.random.default_rng(1).normal(size=(2, 12, 7))
    cosine, rank = cosine_and_rank(matrix)
    for k in range(2):
        s = np.linalg.svd(matrix[k], compute_uv=False)
        np.testing.assert_allclose(rank[k], (s**2).sum() ** 2 / (s**4).sum())
        unit = matrix[k] / np.linalg.norm(matrix[k], axis=0)
        pairs = np.abs(unit.T @ unit)[~np.eye(7, dtype=bool)]
        np.testing.assert_allclose(cosine[k], pairs.mean())
    ones_cosine, ones_rank = cosine_and_rank(np.ones((1, 4, 3)))
    np.testing.assert_allclose([ones_cosine[0], ones_rank[0]], 1)
    assert np.isnan(cosine_and_rank(np.zeros((1, 4, 3)))).all()
