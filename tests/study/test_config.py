"""The configuration: what is taken, and what is refused with which words."""

import logging
import re
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest
import yaml

from initbench.study.config import Config
from initbench.study.grid import ConfigError, load_study
from initbench.study.thresholds import Thresholds

SMALL = {"depths": [0, 2], "schemes": ["zeros", "he_normal"], "activations": ["tanh"], "seeds": 5}
MINE = {"name": "mine", "path": "mine.csv", "label": "kind"}
OTHER = MINE | {"path": "other.csv"}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with two data files, a folder of somebody's own, and nothing else."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full/thesis.tex").touch()
    for name in ("mine.csv", "other.csv"):
        (tmp_path / name).write_text("a,kind\n" + "1.5,x\n2,y\n" * 60)
    monkeypatch.chdir(tmp_path)
    return tmp_path


REFUSED = [
    # kind of value
    ({"depths": ["abc"]}, "depths[0]: 'abc' is not allowed; give a whole number from 0"),
    ({"depths": 3}, "depths: 3 is not allowed; give a list, each item a whole number from 0"),
    ({"depths": []}, "depths: the list is empty"),
    ({"depths": None}, "depths: null is not allowed"),
    ({"depths": [2, 2]}, "depths: 2 stands in the list twice"),
    ({"depths": [2, 2.0]}, "depths: 2 stands in the list twice"),
    ({"seeds": 0}, "seeds: 0 is not allowed; give a whole number from 1"),
    ({"seeds": 2.5}, "seeds: 2.5 is not allowed; give a whole number from 1"),
    ({"seeds": True}, "seeds: true is a truth value, not a number; give a whole number from 1"),
    ({"tuning": 2}, "tuning: 2 is not allowed; give a whole number from 3 and up to 999999 or none"),
    ({"tuning": "some"}, "tuning: 'some' is not allowed; give a whole number from 3 and up to 999999 or none"),
    ({"tuning": True}, "tuning: true is a truth value"),
    ({"seeds": "١"}, "seeds: '١' is not allowed"),
    ({"seeds": 10**30}, "give a whole number from 1 and up to 999999"),
    ({"study_seed": 2**63}, "study_seed: 9223372036854775808 is not allowed"),
    ({"widths": [1e300]}, "widths[0]: 1000"),
    ({"training": {"steps": 1e15}}, "training.steps: 1000000000000000 is not allowed"),
    ({"training": {"records": 1e10}}, "training.records: 10000000000 is not allowed"),
    ({"learning_rates": [1e300]}, "learning_rates: 1e+300 is no number in float32, the precision of the training"),
    ({"thresholds": {"vanishing_ratio": 200}}, "thresholds.vanishing_ratio: 200 must be below exploding_ratio, 100"),
    ({"seeds": 1_000_000}, "seeds: 1000000 is not allowed; give a whole number from 1 and up to 999999"),
    ({"learning_rates": [False]}, "learning_rates[0]: false is a truth value"),
    ({"learning_rates": [-1]}, "learning_rates[0]: -1 is not allowed; give a number above 0"),
    ({"learning_rates": [float("nan")]}, "learning_rates[0]: nan is not allowed"),
    ({"learning_rates": [float("inf")]}, "learning_rates[0]: inf is not allowed"),
    ({"learning_rates": [".inf"]}, "learning_rates[0]: '.inf' is not allowed"),
    ({"training": {"momentum": 2}}, "training.momentum: 2 is not allowed; give a number from 0 and below 1"),
    ({"training": {"momentum": float("nan")}}, "training.momentum: nan is not allowed"),
    (
        {"training": {"batch_size": "All"}},
        "training.batch_size: 'All' is not allowed; give a whole number from 1 and up to 1000000000 or all",
    ),
    ({"training": {"dtype": "float16"}}, "training.dtype: 'float16' is not allowed; give one of float32, float64"),
    ({"training": None}, "training: null is not allowed; give a mapping of steps, batch_size"),
    ({"thresholds": {"rope": float("nan")}}, "thresholds.rope: nan is not allowed"),
    ({"thresholds": {"saturation": float("inf")}}, "thresholds.saturation: inf is not allowed"),
    ({"thresholds": {"target_accuracy": 1.5}}, "give a number above 0 and up to 1"),
    ({"title": 5}, "title: 5 is not allowed; give text; text stands in quotes: '5'"),
    ({"optimizers": "sgd"}, "; one item is a list too: optimizers: [sgd]"),
    ({"schemes": [{"constant": 0.1}]}, "did you mean 'constant(0.1)'?"),
    (
        {"normalizations": ["batchnorm"]},
        "normalizations: unknown normalization 'batchnorm' (did you mean 'batch'?)",
    ),
    # keys
    ({"normalizations": [None]}, "normalizations[0]: null is not allowed; give one of none, batch, layer"),
    ({"sheeds": 3}, "unknown key 'sheeds' (did you mean 'seeds'?); the keys are: title"),
    (
        {"training": {"step": 5}},
        "training: unknown key 'step' (did you mean 'steps'?); the keys are: steps, batch_size",
    ),
    ({"thresholds": {"ropes": 1}}, "thresholds: unknown key 'ropes' (did you mean 'rope'?); the keys are: target_acc"),
    (
        {"initial": [{"training": 5}]},
        "initial[0]: unknown key 'training' (it is one for the whole study); the keys are: da",
    ),
    (
        {"training": {"optimizer": "adam"}},
        "training: unknown key 'optimizer' (it is optimizers, for the whole study); the keys are: steps",
    ),
    ({"momentum": 0.5}, "unknown key 'momentum' (it stands under training); the keys are: title"),
    (
        {"seed_axes": {"split": 1, "draw": 1, "order": 1, "x": 2}},
        "seed_axes: unknown key 'x'; the keys are: split, draw",
    ),
    ({"datasets": [MINE | {"lable": "x"}]}, "datasets[0]: unknown key 'lable' (did you mean 'label'?)"),
    ({"datasets": [{"name": "mine", "path": "mine.csv"}]}, "datasets[0]: 'label' is missing: column"),
    # names
    ({"activations": ["swish2"]}, "activations: unknown activation 'swish2'; there are: elu"),
    ({"activations": ["ReLU"]}, "unknown activation 'ReLU' (did you mean 'relu'?)"),
    ({"schemes": ["He_normal"]}, "unknown scheme 'He_normal' (did you mean 'he_normal'?)"),
    ({"schemes": ["../../etc/passwd"]}, "unknown scheme '../../etc/passwd'"),
    ({"schemes": ["constant 0.1"]}, "schemes: 'constant 0.1': a scheme's values stand in brackets: 'constant(0.1)'"),
    ({"schemes": ["constant(0.1", "bias=0.1)"]}, "put it in quotes: 'constant(0.1,bias=0.1)'"),
    ({"schemes": ["constant"]}, "schemes: scheme 'constant' lacks 'value'"),
    ({"initial": [{"schemes": ["constant"]}]}, "initial[0].schemes: scheme 'constant' lacks 'value'"),
    (
        {"schemes": ["constant(0.1)", "constant(value=0.10)"]},
        "'constant(0.1)' and 'constant(value=0.10)' are one scheme",
    ),
    ({"schemes": ["constant(0)", "constant(-0)"]}, "are one scheme, which stands in the list twice"),
    ({"schemes": ["constant(1_0)"]}, "'1_0' is not a finite number"),
    ({"reference": "best"}, "reference: unknown scheme 'best'"),
    (
        {"reference": "he_uniform"},
        "'he_uniform' is not among the schemes of the study (did you mean 'he_normal'?): zeros, he",
    ),
    ({"architectures": ["transformer9"]}, "architectures: unknown architecture 'transformer9'"),
    ({"optimizers": ["adagrad9"]}, "optimizers: unknown optimizer 'adagrad9'"),
    ({"datasets": ["../x"]}, "datasets: unknown data set '../x'"),
    ({"datasets": ["Digits"]}, "datasets: unknown data set 'Digits' (did you mean 'digits'?)"),
    ({"architectures": ["MLP"]}, "architectures: unknown architecture 'MLP' (did you mean 'mlp'?)"),
    ({"datasets": ["digit"]}, "datasets: unknown data set 'digit' (did you mean 'digits'?)"),
    ({"initial": [{"datasets": ["nothing_like_it"]}]}, "initial[0].datasets: unknown data set 'nothing_like_it'"),
    # what a scheme cannot serve
    ({"schemes": ["critical"], "activations": ["softplus"]}, "'softplus' has no critical point"),
    ({"schemes": ["critical(0.05)"], "activations": ["relu"]}, "bias_variance=0.05"),
    # files
    ({"extensions": ["not/there.py"]}, "extensions: there is no file 'not/there.py'"),
    ({"datasets": [MINE | {"path": "no.csv"}]}, "datasets: mine: there is no file 'no.csv'"),
    ({"initial": [{"datasets": [MINE | {"path": "no.csv"}]}]}, "initial[0].datasets: mine: there is no file 'no.csv'"),
    ({"datasets": [MINE | {"name": "wine"}]}, "datasets: 'wine' is the name of another data set"),
    ({"datasets": [MINE | {"features": []}]}, "datasets[0].features: the list is empty"),
    ({"datasets": [MINE | {"features": ["a", "a"]}]}, "datasets[0].features: 'a' stands in the list twice"),
    ({"datasets": [MINE | {"features": ["a", "kind"]}]}, "datasets[0]: the label 'kind' is among the features"),
    ({"datasets": [MINE | {"label": 5}]}, "datasets[0].label: 5 is not allowed; give text; text stands in quotes: '5'"),
    ({"datasets": [MINE, OTHER]}, "datasets: two data sets are called 'mine'"),
    ({"datasets": ["mine", MINE]}, "datasets: two data sets are called 'mine'"),
    ({"datasets": [MINE], "initial": [{"datasets": [OTHER]}]}, "two data sets are called 'mine'"),
    # results_dir
    ({"results_dir": ""}, "results_dir: '' is not allowed"),
    ({"results_dir": "."}, "results_dir: '.': the results need a folder of their own"),
    ({"results_dir": "/"}, "results_dir: '/': the results need a folder of their own"),
    ({"results_dir": "a/../.."}, "results_dir: 'a/../..': the results need a folder of their own"),
    ({"results_dir": "../../etc"}, "results_dir: '../../etc': this leads out of"),
    ({"results_dir": "~"}, "results_dir: '~': the results need a folder of their own"),
    ({"results_dir": "~nobody_here/r"}, "there is no such user"),
    ({"results_dir": "s3://bucket/r"}, "give a folder of this machine, not an address"),
    ({"results_dir": "a" * 300}, "a name is longer than 200 bytes"),
    ({"results_dir": "a/" * 3000 + "b"}, "or the path than 2000"),
    ({"results_dir": "a\0b"}, "write the folder out"),
    ({"results_dir": "-x"}, "must not begin with -"),
    ({"results_dir": "/proc/r"}, "'/proc' is no disk"),
    ({"results_dir": "r", "confirmation": "./r"}, "confirmation: './r' is the results_dir of this study"),
    ({"results_dir": "${HOME}/r"}, "write the folder out"),
    ({"results_dir": "a/{x}/r"}, "write the folder out"),
    ({"results_dir": "mine.csv"}, "'mine.csv' is a file, not a folder"),
    ({"results_dir": "mine.csv/r"}, "mine.csv' is a file, not a folder"),
    ({"results_dir": "full"}, "results_dir: 'full': the folder holds 'thesis.tex', and no results of initbench"),
    ({"replication": ""}, "replication: '' is not allowed"),
    # two names of one key
    ({"rules": {}, "thresholds": {}}, "rules: this key is now called thresholds, which is given too"),
]


def test_all_faults_are_told_at_once_each_in_a_line(folder):
    with pytest.raises(ConfigError) as refused:
        load_study(SMALL | {"seeds": 0, "depths": ["x"], "widths": ["y"], "training": {"dtype": "int8"}})
    assert [line.split(":")[0] for line in str(refused.value).splitlines()] == [
        "widths[0]",
        "depths[0]",
        "seeds",
        "training.dtype",
    ]
    with pytest.raises(ConfigError) as refused:
        load_study(SMALL | {"activations": ["relux"], "schemes": ["constant", "he"], "datasets": ["digit"]})
    assert [line.split(":")[0] for line in str(refused.value).splitlines()] == [
        "activations",
        "datasets",
        "schemes",
        "schemes",
    ]


def test_the_keys_that_there_are_are_said_once(folder):
    with pytest.raises(ConfigError) as refused:
        load_study(SMALL | {"sheeds": 1, "shemes": [], "training": {"step": 1}})
    assert [line.count("the keys are") for line in str(refused.value).splitlines()] == [1, 1, 0]


def test_of_very_many_faults_the_first_are_told_and_the_others_counted(folder):
    with pytest.raises(ConfigError, match="and 981 more faults") as refused:
        load_study(SMALL | {"depths": [f"x{k}" for k in range(1000)]})
    assert len(str(refused.value).splitlines()) == 20


@pytest.mark.parametrize(("change", "words"), REFUSED)
def test_what_cannot_be_run_is_refused_with_key_value_and_what_is_allowed(change, words, folder):
    with pytest.raises(ConfigError, match=re.escape(words)) as refused:
        load_study(SMALL | change)
    assert all(re.match(r"[a-z_.\[\]0-9]+: ", line) for line in str(refused.value).splitlines())
    assert not (folder / "results").exists()


@pytest.mark.parametrize(
    "there", ["README.md", "shards/x", "tables", "data/digits", "quick/provenance.json", "b/c/shards/x"]
)
def test_results_may_go_where_results_are_or_nothing_is(there, folder):
    (folder / "kept" / there).mkdir(parents=True)
    assert load_study(SMALL | {"results_dir": "kept"}).results == Path("kept")


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ({"seeds": 2.0}, {"seeds": 2}),
        ({"seeds": np.int64(2), "minutes_per_job": np.float32(0.5)}, {"seeds": 2, "minutes_per_job": 0.5}),
        ({"depths": [1.0, 2]}, {"depths": [1, 2]}),
        ({"depths": ("3",)}, {"depths": [3]}),
        ({"learning_rates": ["0.1", "1e-3"]}, {"learning_rates": [0.1, 0.001]}),
        ({"training": OrderedDict(steps="7", momentum="0.5")}, {"training": {"steps": 7, "momentum": 0.5}}),
        ({"training": {"steps": 5.0, "batch_size": "16"}}, {"training": {"steps": 5, "batch_size": 16}}),
        ({"training": {"batch_size": "all"}}, {"training": {"batch_size": "all"}}),
        ({"tuning": "4"}, {"tuning": 4}),
        ({"tuning": "none"}, {"tuning": "none"}),
        ({"results_dir": Path("results/x")}, {"results_dir": "results/x"}),
        ({"results_dir": "./a//b/../c/"}, {"results_dir": "a/c"}),
    ],
)
def test_numbers_may_come_as_text_and_whole_numbers_with_a_point(given, read):
    config = load_study(SMALL | given).config
    for key, value in read.items():
        assert config[key] == (config[key] | value if isinstance(value, dict) else value)
    assert isinstance(config["seeds"], int)


@pytest.mark.parametrize(
    ("schemes", "given", "reference"),
    [
        (["zeros", "he_normal"], {}, "zeros"),
        (["zeros", "he_normal", "xavier_tanh"], {}, "xavier_tanh"),
        (["zeros", "constant(0.1)"], {"reference": " constant( 0.10 )"}, "constant(0.1)"),
        (["zeros"], {"initial": [{"schemes": ["he_normal"]}], "reference": "he_normal"}, "he_normal"),
    ],
)
def test_the_reference_is_a_scheme_of_the_study(schemes, given, reference):
    study = load_study(SMALL | {"schemes": schemes} | given)
    assert study.reference == study.config["reference"] == reference


def test_a_home_folder_is_written_out(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load_study(SMALL | {"results_dir": "~/r"}).results == tmp_path / "r"


@pytest.mark.parametrize(
    "grids",
    [
        {"initial": [{"datasets": [MINE]}]},
        {"datasets": [MINE], "initial": [{"datasets": ["mine", "wine"], "depths": [3]}]},
        {"datasets": ["mine"], "initial": [{"datasets": [MINE], "depths": [3]}]},
        {"datasets": [MINE], "initial": [{"datasets": [MINE], "depths": [3]}]},
    ],
)
def test_a_file_is_described_once_and_may_be_named_in_every_grid(grids, folder):
    study = load_study(SMALL | grids)
    assert study.source("mine")["path"] == "mine.csv"
    assert study.source("wine") == "wine"


def test_former_keys_are_taken_with_a_note(caplog):
    with caplog.at_level(logging.WARNING):
        study = load_study(SMALL | {"seeds_per_job": 2, "rules": {"rope": 0.02}})
    assert {len(shard.seeds) for shard in study.shards} == {1, 2}
    assert study.thresholds == Thresholds(rope=0.02)
    assert [record.getMessage().rpartition(": ")[2] for record in caplog.records] == [
        "seeds_per_job is now called seeds_per_shard",
        "rules is now called thresholds",
    ]


def test_a_file_and_its_mapping_are_the_same_study(tmp_path):
    (tmp_path / "study.yaml").write_text(yaml.safe_dump(SMALL))
    assert load_study(tmp_path / "study.yaml") == load_study(SMALL)
    assert load_study(str(tmp_path / "study.yaml")) == load_study(SMALL)


def test_every_key_is_described():
    parts = [Config.model_json_schema(), *Config.model_json_schema()["$defs"].values()]
    assert all(key.get("description") for part in parts for key in part["properties"].values())
