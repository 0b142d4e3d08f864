"""Compiled loops: what they are given, and how their machine code is kept and found."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from initbench.base.compile import elementwise, per_member

LOOPS = """
import sys
import numpy as np
from initbench.base.compile import per_member

FACTOR = 2.0

@per_member
def double(a):
    factor = a.dtype.type(FACTOR)
    for k in range(a.size):
        a[k] *= factor

a = np.ones((3, 4), sys.argv[1])
double(a)
print(a.sum(), "numba" in sys.modules)
"""


@pytest.fixture(autouse=True)
def kept_in(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "kept"))
    return tmp_path / "kept"


@pytest.fixture
def run(tmp_path):
    """What another process says of the loops above: their sum, and whether it needed Numba."""

    def process(text=LOOPS, dtype="float32"):
        path = tmp_path / "loops.py"
        path.write_text(text)
        done = subprocess.run([sys.executable, path, dtype], capture_output=True, text=True, check=True)
        return done.stdout.split()

    return process


def add(z, row, factor, first):
    samples, units = z.shape
    for i in range(first, samples):
        for j in range(units):
            z[i, j] += row[j] * z.dtype.type(factor)


def test_a_loop_over_one_member_goes_over_all_of_them():
    loop, rng = per_member(add), np.random.default_rng(0)
    for dtype in (np.float32, np.float64, np.float32):
        z, flat = rng.normal(size=(3, 5, 7)).astype(dtype), rng.normal(size=(3, 20)).astype(dtype)
        rows = flat[:, 4:11]  # as weights lie among the parameters of a network
        alone = z.copy()
        for member, row in zip(alone, rows, strict=True):
            add(member, row, 0.5, 1)
        loop(z, rows, 0.5, 1)
        np.testing.assert_array_equal(z, alone)


def test_an_array_of_one_member_is_every_members():
    loop, z, row = per_member(add), np.zeros((4, 2, 3)), np.arange(3.0)[None]
    loop(z, row, 1.0, 0)
    np.testing.assert_array_equal(z, np.broadcast_to(row, (4, 2, 3)))


def test_a_loop_over_numbers_takes_any_shape():
    @elementwise
    def square(a, out):
        for k in range(a.size):
            out[k] = a[k] * a[k]

    for shape in ((1, 3), (2, 3, 4), (2, 1, 2, 3, 2), (2, 0, 3), (0, 3)):
        a = np.random.default_rng(0).normal(size=shape)
        out = np.empty_like(a)
        square(a, out)
        np.testing.assert_array_equal(out, a * a)


class Kind(np.ndarray):
    pass


@pytest.mark.parametrize(
    "arguments",
    [
        (np.zeros((2, 4, 3)).swapaxes(1, 2), np.zeros((2, 4))),
        (np.zeros((2, 3, 8))[:, :, ::2], np.zeros((2, 4))),
        (np.zeros((2, 3, 4)), np.zeros((2, 4), np.float32)),
        (np.zeros((2, 3, 4)), np.zeros((3, 4))),
        (np.zeros((1, 3, 4)), np.zeros((2, 4))),
        (np.zeros((2, 3, 4)).view(Kind), np.zeros((2, 4))),
        (np.zeros((2, 3, 4), ">f8"), np.zeros((2, 4), ">f8")),
    ],
)
def test_arrays_of_another_layout_or_kind_are_refused(arguments):
    loop = per_member(add)
    loop(np.zeros((2, 3, 4)), np.zeros((2, 4)), 1.0, 0)
    with pytest.raises((TypeError, NotImplementedError)):
        loop(*arguments, 1.0, 0)
    with pytest.raises(TypeError, match="no array"):
        loop(1.0)


def test_arrays_may_be_of_several_dtypes_where_a_loop_says_so():
    def sums(matrix, counted, total, number):
        number[0] = 0
        total[0] = 0
        for j in range(len(matrix)):
            if counted[j]:
                number[0] += 1
                total[0] += np.float64(matrix[j])

    loop, rng = per_member(sums, mixed=True), np.random.default_rng(0)
    for dtype in (np.float32, np.float64):
        matrix, counted = rng.normal(size=(3, 9)).astype(dtype), rng.integers(0, 2, (3, 9))
        total, number = np.empty(3), np.empty(3, int)
        loop(matrix, counted.astype(np.uint8), total, number)
        np.testing.assert_allclose(total, (matrix.astype(float) * counted).sum(axis=1), rtol=1e-14)
        assert number.tolist() == counted.sum(axis=1).tolist()
    with pytest.raises(TypeError):
        per_member(sums)(matrix, counted, total, number)


def test_a_loop_that_makes_an_array_is_refused():
    @per_member
    def reverse(a):
        other = a[::-1].copy()
        for k in range(a.size):
            a[k] = other[k]

    with pytest.raises(ValueError, match=r"reverse: machine code that needs .* cannot be kept"):
        reverse(np.zeros((2, 3)))


def test_another_process_finds_the_code_and_needs_no_compiler(run):
    assert run() == ["24.0", "True"]
    assert run() == ["24.0", "False"]
    assert run(dtype="float64") == ["24.0", "True"]  # other code
    assert run() == ["24.0", "False"]


def test_code_is_made_anew_when_the_loop_changes(run, kept_in):
    run()
    assert run(LOOPS.replace("2.0", "3.0")) == ["36.0", "True"]
    assert run(LOOPS.replace("*=", "+=")) == ["36.0", "True"]
    assert len(list(kept_in.iterdir())) == 1


def test_damaged_code_is_made_anew(run, kept_in):
    run()
    (file,) = kept_in.iterdir()
    file.write_bytes(file.read_bytes()[:-1])
    assert run() == ["24.0", "True"]
    assert run() == ["24.0", "False"]


def test_without_a_folder_to_write_to_code_is_made_each_time(run, kept_in):
    kept_in.write_text("a file")
    assert run() == ["24.0", "True"]
    assert run() == ["24.0", "True"]
