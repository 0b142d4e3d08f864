"""A user's own file, and what is wrong with it."""

import numpy as np
import pandas as pd
import pytest

from initbench.datasets.loading import load, prepare


@pytest.fixture
def frame():
    rng = np.random.default_rng(0)
    return pd.DataFrame({"a": rng.normal(size=60), "b": rng.normal(size=60), "kind": ["x", "y", "z"] * 20})


@pytest.mark.parametrize("kind", ["csv", "parquet", "npz"])
def test_files_are_read(tmp_path, frame, kind):
    path = tmp_path / f"mine.{kind}"
    if kind == "csv":
        frame.to_csv(path, index=False)
    elif kind == "parquet":
        frame.to_parquet(path)
    else:
        np.savez(path, features=frame[["a", "b"]], kind=frame["kind"].to_numpy(dtype=str))
    features, labels, classes = load({"name": "mine", "path": str(path), "label": "kind"})
    np.testing.assert_allclose(features, frame[["a", "b"]])
    assert classes.tolist() == ["x", "y", "z"]
    assert labels[:3].tolist() == [0, 1, 2]
    assert prepare({"name": "mine", "path": str(path), "label": "kind"}, [0], 0).train.shape == (1, 36)


def test_spirals_are_two_balanced_classes():
    features, labels, _ = load("spirals")
    assert features.shape == (1000, 2)
    assert np.bincount(labels).tolist() == [500, 500]
