"""Data sets at OpenML: on scikit-learn's own copies of some, and where there is no network."""

import gzip
import io
import json
import re
from importlib import resources
from urllib.error import URLError

import pytest

from initbench.datasets.loading import prepare
from initbench.datasets.own import inspect
from initbench.study.error import ConfigError
from initbench.study.grid import load_study
from initbench.study.signatures import data_code

TITANIC = {
    "name": "titanic",
    "openml": "titanic",
    "version": 1,
    "drop": ["name", "ticket", "cabin", "home.dest", "boat", "body"],
}
COPIES = "sklearn.datasets.tests.data.openml"
PARTS = {
    "/data/features/": "api-v1-jdf-40945.json.gz",
    "/data/qualities/": "api-v1-jdq-40945.json.gz",
    "/download/": "data-v1-dl-16826755.arff.gz",
    "/json/data/40945": "api-v1-jd-40945.json.gz",
}


@pytest.fixture
def offline(tmp_path, monkeypatch):
    """An empty data home, and no network."""

    def urlopen(request, *args, **kwargs):
        raise URLError("there is no network")

    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(tmp_path))
    monkeypatch.setattr("sklearn.datasets._openml.urlopen", urlopen)


@pytest.fixture
def titanic(offline, monkeypatch):
    """A data home to which the copy of titanic has been fetched, and no network any more."""
    folder = resources.files(f"{COPIES}.id_40945")
    listed = {"data": {"dataset": [{"did": "40945", "name": "titanic", "version": "1", "status": "active"}]}}

    def urlopen(request, *args, **kwargs):
        url = request.get_full_url()
        part = next((name for key, name in PARTS.items() if key in url), None)
        answer = io.BytesIO(
            json.dumps(listed).encode() if part is None else gzip.decompress((folder / part).read_bytes())
        )
        answer.info = dict
        return answer

    with monkeypatch.context() as patched:
        patched.setattr("sklearn.datasets._openml.urlopen", urlopen)
        found = inspect(TITANIC)
    assert found.faults == ()


def test_a_data_set_that_was_fetched_is_read_without_a_network(titanic):
    found = inspect(TITANIC)
    assert found.rows == 1309
    assert found.classes == {"0": 809, "1": 500}
    assert re.fullmatch("OpenML titanic, version 1, MD5 [0-9a-f]{32}", found.read_as)
    by_name = {column.name: column for column in found.columns}
    assert by_name["survived"].kind == "label"
    assert by_name["age"].missing == 263
    assert by_name["sex"].inputs == 1
    assert prepare(TITANIC, [0], 0).train.shape == (1, 785)
    study = load_study({"datasets": [TITANIC], "depths": [1], "schemes": ["zeros", "he_normal"]})
    assert study.cells[0].dataset == "titanic"
    assert data_code(study.source("titanic"))


def test_the_sum_of_the_file_is_compared(titanic):
    (fault,) = inspect(TITANIC | {"md5": "0" * 32}).faults
    assert fault.startswith(f"md5 is '{'0' * 32}', but that of version 1 is '")


def test_without_a_network_it_is_said_what_to_do(offline, tmp_path):
    with pytest.raises(ConfigError) as refused:
        load_study({"datasets": [{"name": "credit", "openml": "credit-g", "version": 1}]})
    message = str(refused.value)
    assert message.startswith("datasets: credit: version 1 of 'credit-g' at OpenML is not in scikit-learn's data home")
    assert str(tmp_path) in message
    assert "fetch_openml('credit-g', version=1)" in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"version": "latest"}, "datasets[0].version: 'latest' is not allowed; give a whole number from 1"),
        ({"version": None}, "datasets[0].version: null is not allowed"),
        ({"path": "a.csv"}, "datasets[0]: unknown key 'path'; the keys are: name, openml, version"),
        ({"md5": "x"}, "datasets[0].md5: 'x' is not allowed"),
        ({"label": "a", "drop": ["a"]}, "datasets[0]: the label 'a' is in drop"),
        ({"features": ["a", "b"], "drop": ["b"]}, "datasets[0]: 'b' is among the features or categories, and in drop"),
    ],
)
def test_what_a_study_says_of_it_is_checked(given, words):
    with pytest.raises(ConfigError, match=re.escape(words)):
        load_study({"datasets": [{"name": "credit", "openml": "credit-g", "version": 1} | given]})
