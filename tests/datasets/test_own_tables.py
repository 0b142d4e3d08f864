"""A table as people have it: how it is read, what becomes of its columns, and that nothing of held-out rows is used for it."""

import gzip
import json

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from initbench.analyses import ANALYSES
from initbench.analyses.making import compute_entry
from initbench.datasets.loading import load_whole, prepare
from initbench.datasets.own import inspect
from initbench.datasets.splits import read_splits, write_splits
from initbench.tables.views import Tables

N = 400
RNG = np.random.default_rng(0)
PEOPLE = pd.DataFrame(
    {
        "id": np.arange(N) + 5000,
        "age": RNG.normal(40, 10, N).round(1),
        "income": RNG.lognormal(10, 1, N).round(2),
        "city": RNG.choice(["Köln", "Paris", "Rome, north"], N),
        "plan": RNG.choice(["basic", "full"], N),
        "code": RNG.integers(1, 5, N),
        "one": 1,
        "outcome": RNG.choice(["lost", "won"], N),
    }
)
PEOPLE.loc[RNG.choice(N, 60, replace=False), "age"] = np.nan
PEOPLE.loc[RNG.choice(N, 2, replace=False), "income"] = np.nan
PEOPLE.loc[RNG.choice(N, 20, replace=False), "city"] = None
SOURCE = {"name": "people", "label": "outcome", "drop": ["id"], "categories": ["code"]}
INPUTS = [
    "age", "age (missing)", "income",
    "city = Köln", "city = Paris", "city = Rome, north", "city = missing",
    "plan = full", "code = 1", "code = 2", "code = 3", "code = 4",
]  # fmt: skip


def written(path, frame=PEOPLE, **how):
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    else:
        frame.to_csv(path, index=False, **how)
    return SOURCE | {"path": str(path)}


WRITTEN = {
    "commas": ("people.csv", {}),
    "semicolons": ("people.csv", {"sep": ";"}),
    "semicolons and decimal commas": ("people.csv", {"sep": ";", "decimal": ","}),
    "commas and decimal commas, quoted": ("people.csv", {"decimal": ",", "quoting": 1}),
    "tabs": ("people.tsv", {"sep": "\t"}),
    "bars": ("people.txt", {"sep": "|"}),
    "a byte-order mark": ("people.csv", {"encoding": "utf-8-sig"}),
    "of Excel": ("people.csv", {"encoding": "utf-16", "sep": "\t"}),
    "of Windows": ("people.csv", {"encoding": "cp1252", "lineterminator": "\r\n"}),
    "compressed": ("people.csv.gz", {}),
    "missing as text": ("people.csv", {"na_rep": "N/A"}),
    "typed": ("people.parquet", {}),
}


@pytest.mark.parametrize("case", WRITTEN)
def test_a_table_is_the_same_data_however_it_is_written(case, tmp_path):
    name, how = WRITTEN[case]
    found = inspect(written(tmp_path / name, **how))
    assert found.faults == ()
    features, labels, classes, names, columns = found.loaded
    assert list(names) == INPUTS
    assert classes[labels].tolist() == PEOPLE["outcome"].tolist()
    np.testing.assert_array_equal(features[:, 0], PEOPLE["age"])
    np.testing.assert_array_equal(features[:, 1], PEOPLE["age"].isna())
    np.testing.assert_array_equal(features[:, 3], PEOPLE["city"] == "Köln")
    np.testing.assert_array_equal(features[:, 8], PEOPLE["code"] == 1)
    by_name = {column.name: column for column in columns}
    assert (by_name["age"].missing, by_name["income"].missing, by_name["city"].missing) == (60, 2, 20)
    assert {name: column.kind for name, column in by_name.items()} == {
        "id": "left_out", "age": "number", "income": "number", "city": "category", "plan": "category",
        "code": "category", "one": "left_out", "outcome": "label",
    }  # fmt: skip
    assert "filled" in by_name["income"].notes
    assert "indicator" not in by_name["income"].notes


def test_what_fills_and_scales_a_feature_is_of_the_training_part_alone(tmp_path):
    source = written(tmp_path / "people.csv")
    numbers, categories = ["age", "income"], ["city", "plan", "code"]
    for seed in (0, 1):
        data, splits = prepare(source, [0, 1], 0).of(seed), prepare(source, [0, 1], 0)
        parts = [PEOPLE.iloc[rows[seed]] for rows in (splits.train, splits.valid, splits.test)]
        fitted = ColumnTransformer(
            [
                ("numbers", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
                ("categories", make_pipeline(OneHotEncoder(sparse_output=False), StandardScaler()), categories),
            ]
        ).fit(parts[0].assign(city=parts[0]["city"].fillna("missing")))
        found = (data.train_inputs, data.valid_inputs, data.test_inputs)
        for part, inputs in zip(parts, found, strict=True):
            expected = fitted.transform(part.assign(city=part["city"].fillna("missing")))
            np.testing.assert_allclose(inputs[:, [0, 2]], expected[:, :2], rtol=1e-12)
            np.testing.assert_allclose(inputs[:, 3:7], expected[:, 2:6], rtol=1e-12)
            assert np.isfinite(inputs).all()


def test_held_out_rows_change_nothing_of_the_training_part(tmp_path):
    source = written(tmp_path / "people.csv")
    splits = prepare(source, [0], 0)
    other, held_out = PEOPLE.copy(), np.concatenate([splits.valid[0], splits.test[0]])
    other.loc[held_out, ["age", "income"]] = other.loc[held_out, ["age", "income"]] * 1000 + 7
    changed = prepare(written(tmp_path / "people.csv", other), [0], 0)
    np.testing.assert_array_equal(splits.of(0).train_inputs, changed.of(0).train_inputs)
    assert not np.array_equal(splits.of(0).test_inputs, changed.of(0).test_inputs)


def test_rare_categories_are_one(tmp_path):
    frame = PEOPLE.assign(city=np.where(np.arange(N) < 3, ["a", "b", "c"][0], "Rome"))
    frame.loc[[0, 1, 2], "city"] = ["a", "b", "c"]
    found = inspect(written(tmp_path / "people.csv", frame.assign(plan=RNG.choice(["x", "y", "z"], N))))
    assert "city = other" in found.loaded.names or "city = Rome" in found.loaded.names
    column = next(column for column in found.columns if column.name == "city")
    assert (column.inputs, column.grouped, column.notes) == (1, 3, ("grouped",))


@pytest.mark.parametrize(
    ("label", "classes"),
    [
        (np.where(PEOPLE["outcome"] == "won", -1, 1), [-1, 1]),
        (np.where(PEOPLE["outcome"] == "won", 3, 17), [3, 17]),
        (PEOPLE["outcome"] == "won", ["False", "True"]),
        (np.where(PEOPLE["outcome"] == "won", "yes", "no"), ["no", "yes"]),
        (np.where(PEOPLE["outcome"] == "won", "-1", "+1"), [-1, 1]),
    ],
)
def test_labels_of_any_two_values_are_two_classes(label, classes, tmp_path):
    loaded = load_whole(written(tmp_path / "people.csv", PEOPLE.assign(outcome=label)))
    assert loaded.classes.tolist() == classes
    assert set(loaded.labels) == {0, 1}


def test_all_faults_and_all_columns_are_told_at_once(tmp_path):
    frame = PEOPLE.assign(a=[f"text {k}" for k in range(N)], b="5 €", c=["1,234"] * N, outcome=RNG.normal(size=N))
    found = inspect(written(tmp_path / "people.csv", frame))
    assert [fault.split("'")[1] for fault in found.faults] == ["b", "c", "a", "outcome"]
    assert found.loaded is None
    assert found.rows == N
    assert {"age", "city"} <= {column.name for column in found.columns}


def test_faults_of_labels_hide_none_of_features(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("a,kind\n" + "1.5,x\ninf,\n" * 30)
    faults = inspect({"name": "mine", "path": str(path), "label": "kind"}).faults
    assert any("'a' is infinite" in fault for fault in faults)
    assert any("'kind' is missing" in fault for fault in faults)


def test_names_that_are_not_there_are_told_before_anything_else(tmp_path):
    source = written(tmp_path / "people.csv") | {
        "label": "outcomes",
        "drop": ["idd"],
        "features": ["agee"],
        "categories": None,
    }
    assert [fault.partition(";")[0] for fault in inspect(source).faults] == [
        "there is no column 'outcomes' (did you mean 'outcome'?)",
        "there is no column 'agee' (did you mean 'age'?)",
        "there is no column 'idd' (did you mean 'id'?)",
    ]


def test_without_a_label_the_columns_are_described(tmp_path):
    found = inspect(written(tmp_path / "people.csv") | {"label": None})
    assert found.faults[0].startswith("name the label's column: the table holds 'id', 'age'")
    assert len(found.columns) == 8


def test_what_was_done_with_columns_is_kept_with_the_splits(tmp_path):
    source = written(tmp_path / "people.csv.gz")
    assert gzip.decompress((tmp_path / "people.csv.gz").read_bytes())
    for name, data in (("people", source), ("wine", "wine")):
        (tmp_path / name).mkdir()
        write_splits(prepare(data, [0, 1], 0), tmp_path / name / "seeds-0-1.npz")
    splits = read_splits(tmp_path / "people/seeds-0-1.npz")
    assert np.isfinite(splits.of(1).test_inputs).all()
    assert {each["name"] for each in json.loads(str(splits.columns))} == {*PEOPLE.columns}
    tables = Tables({}, tuple(str(tmp_path / name / "seeds-0-1.npz") for name in ("wine", "people")))
    frame = compute_entry(ANALYSES["data_columns"], tables, None).to_pandas().set_index("name")
    assert set(frame["dataset"]) == {"people"}
    assert frame.loc["age", "notes"] == "filled, indicator"
    assert frame.loc["one", "notes"] == "constant"
    assert pd.isna(frame.loc["id", "values"])
    assert frame.loc["outcome", "values"] == 2


ROWS = [f"{k * 1.5},{'uv'[k % 2]}" for k in range(40)]
ODD = {
    "blank lines": "\n\na,y\n" + "\n\n".join(ROWS) + "\n",
    "a separator told to Excel": "sep=;\r\na;y\r\n" + "\r\n".join(row.replace(",", ";") for row in ROWS),
    "lines that end in carriage returns": "a,y\r" + "\r".join(ROWS),
    "spaces around everything": " a , y \n" + "\n".join(f" {row.replace(',', ' , ')} " for row in ROWS),
    "a separator after the last column": "a;y;\n" + "".join(f"{row.replace(',', ';')};\n" for row in ROWS),
    "columns of one name, left out": "a,b,b,y\n" + "\n".join(row.replace(",", ",1,2,") for row in ROWS),
}


@pytest.mark.parametrize("case", ODD)
def test_odd_files_are_read(case, tmp_path):
    (tmp_path / "odd.csv").write_text(ODD[case], encoding="utf-8", newline="")
    found = inspect(
        {"name": "odd", "path": str(tmp_path / "odd.csv"), "label": "y", "drop": ["b"] if "left out" in case else None}
    )
    assert found.faults == ()
    assert found.classes == {"u": 20, "v": 20}
    assert found.loaded.features[:, 0].tolist() == [k * 1.5 for k in range(40)]


def test_codes_with_leading_zeros_are_no_numbers(tmp_path):
    found = inspect(
        written(tmp_path / "people.csv", PEOPLE.assign(code=RNG.choice(["0104", "0993", "1200"], N)))
        | {"categories": None}
    )
    assert [name for name in found.loaded.names if "code" in name] == ["code = 0104", "code = 0993", "code = 1200"]


def test_two_features_of_one_name_are_both_kept(tmp_path):
    found = inspect(written(tmp_path / "people.csv", PEOPLE.assign(**{"age (missing)": RNG.normal(size=N)})))
    assert list(found.loaded.names).count("age (missing)") == 2
    assert found.loaded.features.shape == (N, len(INPUTS) + 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('a,y\n"1,u\n' + "\n".join(ROWS), "is there a quotation mark that is not closed?"),
        ("<html>\n<p>hello, world</p>\n", "the header has 1 field, "),
    ],
)
def test_what_is_no_table_is_said_to_be_none(text, words, tmp_path):
    (tmp_path / "odd.csv").write_text(text, encoding="utf-8")
    (fault,) = inspect({"name": "odd", "path": str(tmp_path / "odd.csv"), "label": "y"}).faults
    assert words in fault
