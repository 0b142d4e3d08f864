"""A user's own files: what is taken, and what is refused before any job, all of it and in words."""

import datetime
import logging
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from initbench.datasets.loading import load
from initbench.study.error import ConfigError
from initbench.study.grid import load_study

N = 90
RNG = np.random.default_rng(0)
FRAME = pd.DataFrame({name: RNG.normal(size=N) for name in "abc"} | {"kind": ["x", "y", "z"] * 30})
X, Y = FRAME[["a", "b", "c"]].to_numpy(), np.arange(N) % 3
ROWS = "".join(f"{a:.3f},{b:.3f},{kind}\n" for a, b, kind in zip(FRAME.a, FRAME.b, FRAME.kind, strict=True))
FIRST = FRAME.index == 0
STUDY = {
    "depths": [2], "widths": [8], "activations": ["tanh"], "schemes": ["zeros", "he_normal"], "seeds": 2,
    "training": {"steps": 5, "batch_size": 16},
}  # fmt: skip


def text(content):
    return lambda path: path.write_bytes(content.encode() if isinstance(content, str) else content)


def table(**columns):
    frame = FRAME.assign(**columns)
    return lambda path: frame.to_parquet(path) if path.suffix.lower() == ".parquet" else frame.to_csv(path, index=False)


def arrays(**arrays):
    return lambda path: np.savez(path, **arrays)


def cut(write, size):
    def cut_short(path):
        write(path)
        path.write_bytes(path.read_bytes()[:size])

    return cut_short


def two_alike(path):
    columns = [pa.array(FRAME.a), pa.array(FRAME.b), pa.array(FRAME.kind)]
    pq.write_table(pa.Table.from_arrays(columns, names=["a", "a", "kind"]), path)


CSV = {
    "empty": (text(""), "the file is empty"),
    "header only": (text("a,b,kind\n"), "there are no rows below the header"),
    "no header": (text(ROWS), "the first row holds numbers, such as '0.126': the file has no header"),
    "zeros": (text(b"\0" * 50), "holds bytes of value 0: this is no text"),
    "a field too many": (text("kind,a\n" + "1,2,3\n" * 30), "the header has 2 fields, every row 3"),
    "a field too few": (text("kind,a,b\n" + "1,2\n" * 30), "the header has 3 fields, every row 2"),
    "rows of another width": (
        text("a,b,kind\n" + ROWS + "1,2,x,4\n" + "\n" + "1\n"),
        "the header has 3 fields, row 91 has 4, row 92 has 1",
    ),
    "infinite": (table(a=np.inf), "feature 'a' is infinite in 90 rows, the first of them 1"),
    "a number too few": (
        table(a=FRAME.a.astype(str).where(~FIRST, "unknown")),
        "feature 'a' is not a number in row 1: 'unknown'; leave the field empty if it is missing, or name it under categories: [a]",
    ),
    "thousands": (
        table(a=FRAME.a.astype(str).where(~FIRST, "1,234")),
        "feature 'a' is '1,234' in row 1: write numbers without separators of thousands",
    ),
    "thousands alone": (
        table(a=["1,234", "5,678", "9,012"] * 30),
        "feature 'a' is '1,234' in row 1: write numbers with",
    ),
    "thousands with points": (
        table(a=["1.234", "5.678", "9.012"] * 30, b=["1,5", "2,25", "0,1"] * 30),
        "feature 'a' is '1.234' in row 1, where column 'b' has decimal commas: write numbers without separators of thousands",
    ),
    "thousands and decimals": (table(a=["1.234,50"] * 45 + ["1.235,00"] * 45), "feature 'a' is '1.234,50' in row 1"),
    "units": (table(a=["5 %", "6 %"] * 45), "feature 'a' is '5 %' in row 1: write the numbers without their unit"),
    "identifiers": (
        table(a=[f"customer {k}" for k in range(N)]),
        "feature 'a' holds 90 different texts in 90 rows, such as 'customer 0' in row 1: an identifier, or free text; "
        "leave it out: drop: [a]",
    ),
    "dates": (
        table(a=pd.date_range("2020-01-01", periods=N).strftime("%Y-%m-%d")),
        "feature 'a' holds 90 dates in 90 rows, such as '2020-01-01' in row 1: give numbers, such as days since the first",
    ),
    "labels of numbers": (
        table(kind=FRAME.a),
        "give a whole number or text for each class; if it is a quantity, initbench",
    ),
    "labels of quantities": (
        table(kind=range(N)),
        "the label 'kind' holds 90 whole numbers from 0 to 89, 90 of them in fewer than 5 rows: a quantity, it seems; "
        "initbench classifies: make classes of it, as pandas.qcut(frame['kind'], 3, labels=False) does",
    ),
    "labels missing": (
        table(kind=FRAME.kind.where(FIRST)),
        "the label 'kind' is missing in 89 rows, the first of them 2: leave these rows out",
    ),
    "one class": (table(kind="x"), "the labels hold 1 class; two at least are needed"),
    "a rare class": (
        table(kind=FRAME.kind.where(~FIRST, "rare")),
        "of 4 classes 1 are too rare: 'rare' (1 row); each class needs 5",
    ),
    "many classes": (table(kind=[f"k{k}" for k in range(N)]), "'k12' (1 row) and 85 more"),
    "two columns of a name": (text("a,a,kind\n" + ROWS), "2 columns are called 'a'"),
    "an index": (lambda path: FRAME.to_csv(path), "the column '' has no name: an index perhaps"),
    "an index read": (table(**{"Unnamed: 0": range(N)}), "the column 'Unnamed: 0' has no name"),
    "overflow of the variance": (table(a=FRAME.a * 1e300), "too large to be scaled with the others"),
    "one large value": (table(a=FRAME.a.where(~FIRST, 1e60)), "feature 'a' is 1e+60 in row 1, too large to be scaled"),
    "the label alone": (
        lambda path: FRAME[["kind"]].to_csv(path, index=False),
        "there is no column but the label 'kind'",
    ),
    "constants alone": (table(a=1, b=2, c=None), "no column is left to learn from"),
}
PARQUET = {
    "cut short": (cut(table(), 500), "cannot be read"),
    "missing labels": (
        table(kind=pd.array([1, 2, None] * 30, dtype="Int64")),
        "the label 'kind' is missing in 30 rows",
    ),
    "dates": (table(kind=[datetime.date(2020, 1, 1 + k) for k in Y]), "the label 'kind' holds dates, such as"),
    "bytes": (table(kind=[b"x", b"y", b"z"] * 30), "the label 'kind' holds bytes, such as b'x'"),
    "a feature of dates": (
        table(a=pd.Timestamp("2020-01-01")),
        "feature 'a' holds timestamp[us]: give numbers, such as days",
    ),
    "a feature of lists": (table(a=[[1, 2]] * N), "feature 'a' holds list<element: int64>: give numbers or text"),
    "two columns of a name": (two_alike, "2 columns are called 'a'"),
}
NPZ = {
    "one-hot": (arrays(features=X, kind=np.eye(3)[Y]), "the label 'kind' has the shape (90, 3): give one a sample"),
    "a column": (arrays(features=X, kind=Y[:, None]), "as kind.ravel() does"),
    "one number": (arrays(features=X, kind=np.array(3)), "the label 'kind' has the shape ()"),
    "complex": (arrays(features=X + 1j, kind=Y), "the array 'features' holds complex128: give real numbers"),
    "objects": (arrays(features=X, kind=np.array(["x"] * N, object)), "the array 'kind' holds Python objects"),
    "bytes": (arrays(features=X, kind=np.array([b"x", b"y"] * 45)), "the label 'kind' holds bytes"),
    "too few": (
        arrays(features=X[:50], kind=Y),
        "features 'features' of shape (50, 3) do not fit labels of shape (90,)",
    ),
    "no features": (arrays(features=X[:, :0], kind=Y), "of shape (90, 0) do not fit"),
    "other names": (
        arrays(features=X, kinds=Y),
        "there is no array 'kind' (did you mean 'kinds'?); the file holds 'fe",
    ),
    "cut short": (cut(arrays(features=X, kind=Y), 900), "may be cut short"),
}
REFUSED = [
    (kind, name, *case)
    for kind, cases in (("csv", CSV), ("parquet", PARQUET), ("npz", NPZ))
    for name, case in cases.items()
]


@pytest.mark.parametrize(
    ("kind", "name", "write", "words"), REFUSED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_file_with_faults_is_refused_in_one_line_before_any_job(kind, name, write, words, tmp_path):
    path = tmp_path / f"mine.{kind}"
    write(path)
    with pytest.raises(ConfigError, match=re.escape(words)) as refused:
        load_study(STUDY | {"datasets": [{"name": "mine", "path": str(path), "label": "kind"}]})
    assert str(refused.value).startswith(f"datasets: mine: mine.{kind}: ")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "write", "classes"),
    [
        ("mine.CSV", table(), ["x", "y", "z"]),
        ("mine.csv", table(kind=["NA", "GB", "None"] * 30), ["GB", "NA", "None"]),
        ("mine.csv", table(kind=["01", "1", "2"] * 30), ["01", "1", "2"]),
        ("mine.csv", table(kind=Y * 1.0), [0, 1, 2]),
        ("mine.csv", table(kind=2**53 + Y), [2**53, 2**53 + 1, 2**53 + 2]),
        ("mine.csv", table(kind=FRAME.a > 0), ["False", "True"]),
        ("mine.csv", table(kind=["1", "b", "2.5"] * 30), ["1", "2.5", "b"]),
        ("mine.csv", text("\ufeffa,b,kind\r\n" + ROWS.replace("\n", "\r\n")), ["x", "y", "z"]),
        ("mine.parquet", table(kind=FRAME.kind.astype("category")), ["x", "y", "z"]),
        ("mine.parquet", lambda path: FRAME.set_index(FRAME.index * 2).to_parquet(path), ["x", "y", "z"]),
        ("mine.npz", arrays(features=X, kind=Y), [0, 1, 2]),
        ("mine.npz", arrays(features=X[:, 0], kind=Y > 0), ["False", "True"]),
    ],
)  # fmt: skip
def test_classes_keep_their_names(name, write, classes, tmp_path):
    path = tmp_path / name
    write(path)
    assert load({"name": "mine", "path": str(path), "label": "kind"})[2].tolist() == classes


def test_a_name_of_several_letters_is_one_feature(tmp_path):
    FRAME.assign(ab=FRAME.c).to_csv(tmp_path / "mine.csv", index=False)
    source = {"name": "mine", "path": str(tmp_path / "mine.csv"), "label": "kind", "features": "ab"}
    study = load_study(STUDY | {"datasets": [source]})
    np.testing.assert_allclose(load(study.source("mine"))[0][:, 0], FRAME.c)


def test_the_faults_of_all_files_are_said_a_line_each(tmp_path):
    one, two = tmp_path / "a.csv", tmp_path / "b.csv"
    FRAME.assign(a="5 %", b=[f"id {k}" for k in range(N)]).to_csv(one, index=False)
    FRAME.assign(kind="x").to_csv(two, index=False)
    first = {"name": "one", "path": str(one), "label": "kind"}
    second = {"name": "two", "path": str(two), "label": "kind"}
    with pytest.raises(ConfigError) as refused:
        load_study(STUDY | {"datasets": [first], "initial": [{"datasets": [second], "depths": [3]}]})
    assert [line[:38] for line in str(refused.value).splitlines()] == [
        "datasets: one: a.csv: feature 'a' is '",
        "datasets: one: a.csv: feature 'b' hold",
        "datasets: two: b.csv: the labels hold ",
    ]


@pytest.mark.parametrize(
    ("datasets", "training", "words"),
    [
        (
            ["digits"],
            {"batch_size": 1079},
            "1079 is more than the 1,078 training rows of 'digits'; give 1078 at most, or all",
        ),
        (["wine"], {"batch_size": 107}, "107 is more than the 106 training rows of 'wine'"),
        (["wine", "digits"], {"batch_size": 106}, None),
        (["wine"], {"batch_size": "all"}, None),
        (["wine"], {"batch_size": 107, "steps": 0}, None),
    ],
)
def test_a_batch_must_fit_the_data(datasets, training, words):
    config = STUDY | {"datasets": datasets, "training": training}
    if words is None:
        load_study(config)
    else:
        with pytest.raises(ConfigError, match=re.escape(words)):
            load_study(config)


def test_what_was_hardly_meant_is_said(tmp_path, caplog):
    FRAME.assign(id=range(N), code=Y * 2.0).to_csv(tmp_path / "mine.csv", index=False)
    with caplog.at_level(logging.WARNING):
        load_study(STUDY | {"datasets": [{"name": "mine", "path": str(tmp_path / "mine.csv"), "label": "kind"}]})
    assert [record.getMessage().rpartition("mine.csv: ")[2] for record in caplog.records] == [
        "column 'id': it counts the rows, as an identifier does: name it under drop to leave it out",
        "column 'code': it tells the label, each of its values has one class: name it under drop if it is not known beforehand",
    ]


def test_a_job_reads_no_data_to_make_the_study_again(tmp_path):
    (tmp_path / "mine.csv").write_text("a,kind\n")
    source = {"name": "mine", "path": str(tmp_path / "mine.csv"), "label": "kind"}
    assert Path(load_study(STUDY | {"datasets": [source]}, check=False).source("mine")["path"]).is_file()
