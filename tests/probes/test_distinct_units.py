"""Counting distinct units, against the plain definition."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from initbench.probes import distinct_units as symmetry
from initbench.probes.distinct_units import Units


def count(stack, tolerance, **named):
    return symmetry.distinct_units(Units.of(stack), tolerance, **named).tolist()


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
    assert count(stack, 4e-4) == expected


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 1e-6, 3e-5, 1e-4, 1e-3, 1e-2]), st.booleans())
def test_units_that_are_nearly_copies_are_counted_by_the_definition_in_float32(seed, difference, some_dead):
    rng = np.random.default_rng(seed)
    units = rng.normal(size=(2, 64, 5))[:, :, rng.integers(0, 5, 24)]
    units *= 1 + difference * rng.uniform(-1, 1, units.shape)
    if some_dead:
        units[:, :, rng.integers(0, 24, 6)] = 0
    stack = units.astype(np.float32)
    expected = [plain_count(matrix, np.float32(1e-4)) for matrix in stack]
    assert count(stack, 1e-4) == expected
    live = np.abs(stack).max(axis=1) > 0
    among = [plain_count(matrix[:, alive], np.float32(1e-4)) for matrix, alive in zip(stack, live, strict=True)]
    assert count(stack, 1e-4, counted=live) == among


def test_dead_units_are_not_counted_among_the_living():
    matrix = np.array([[[0.0, 1.0, 0.0, 2.0], [0.0, 1.0, 0.0, 0.5]]])
    dead = np.array([[True, False, True, False]])
    assert count(matrix, 1e-12) == [3]
    assert count(matrix, 1e-12, counted=~dead) == [2]
    assert count(matrix, 1e-12, counted=np.zeros((1, 4), bool)) == [0]


def test_noise_below_the_floor_is_one_unit_and_small_is_not_noise():
    matrix = np.random.default_rng(0).normal(size=(1, 5, 8))
    assert count(1e-30 * matrix, 1e-12) == [8]
    assert count(1e-30 * matrix, 1e-12, floor=1e-28) == [1]


def test_cosine_and_rank_agree_with_the_singular_values():
    """Within some 1e-7: the products are in float32, of units divided by their norms."""
    matrix = np.random.default_rng(1).normal(size=(2, 12, 7)) * np.geomspace(1, 1e-30, 7)
    for dtype in (np.float32, np.float64):
        cosine, rank = symmetry.cosine_and_rank(Units.of(matrix.astype(dtype)))
        for k in range(2):
            s = np.linalg.svd(matrix[k], compute_uv=False)
            np.testing.assert_allclose(rank[k], (s**2).sum() ** 2 / (s**4).sum(), rtol=1e-6)
            unit = matrix[k] / np.linalg.norm(matrix[k], axis=0)
            pairs = np.abs(unit.T @ unit)[~np.eye(7, dtype=bool)]
            np.testing.assert_allclose(cosine[k], pairs.mean(), rtol=1e-6)


def test_equal_units_have_cosine_and_rank_one_exactly_and_zeros_none():
    copies = np.repeat(np.random.default_rng(0).normal(size=(1, 9, 1)), 5, axis=2)
    cosine, rank = symmetry.cosine_and_rank(Units.of(np.concatenate([copies, 0 * copies])))
    assert cosine[0] == rank[0] == 1
    assert np.isnan([cosine[1], rank[1]]).all()


def test_what_is_known_of_units_is_so_at_any_scale():
    rng = np.random.default_rng(2)
    for dtype, scale in ((np.float64, 1e300), (np.float64, 1e-300), (np.float32, 1e30), (np.float32, 1e-30)):
        matrix = (scale * rng.normal(size=(2, 6, 5))).astype(dtype)
        units, plain = Units.of(matrix), matrix.astype(np.longdouble)
        np.testing.assert_allclose(units.norm, np.sqrt(np.square(plain).sum(axis=(1, 2))).astype(float), rtol=1e-14)
        np.testing.assert_array_equal(units.largest, np.abs(matrix).max(axis=(1, 2)))
        np.testing.assert_array_equal(units.difference, np.ptp(matrix, axis=2).max(axis=1))
        assert units.finite.all()


def test_matrices_that_are_not_finite_are_known_as_such():
    matrix = np.ones((4, 3, 2))
    matrix[0, 0, 0], matrix[1, 2, 1], matrix[2, 1, 1] = np.nan, np.nan, -np.inf
    assert Units.of(matrix).finite.tolist() == [False, False, False, True]
