"""The sentence on what each activation wants, where networks differ by more than activation and depth."""

import pandas as pd
import pytest

from initbench.base.catalogue import LANGUAGES, Words
from initbench.report import facts
from initbench.report.sections.answer import NAMED, _depth, _wishes

SCHEMES = ["he_normal", "xavier_tanh", "orthogonal", "lsuv", "fixup", "rezero"]


def cells(optimizers, schemes=("he_normal", "xavier_tanh"), **alike):
    """Cells of deep networks, each start at its own accuracy under each optimiser."""
    keys = {
        "architecture": "mlp",
        "width": 64,
        "depth": 8,
        "activation": "relu",
        "normalization": "none",
        "kind": "other",
        "learned": 1.0,
        "trained": 1.0,
    }
    rows = [
        keys | alike | {"optimizer": optimizer, "scheme": scheme, "accuracy": 0.96 - 0.1 * i - 0.005 * k}
        for i, optimizer in enumerate(optimizers)
        for k, scheme in enumerate(schemes)
    ]
    return pd.DataFrame(rows)


def test_no_start_is_named_twice_without_its_optimiser():
    said = _wishes(cells(["sgd", "adam"]), Words("en", "sections.answer"))
    assert said == (
        "At 8 hidden layers, relu (Adam) trains from he_normal (86\u202f%) or xavier_tanh (86\u202f%); "
        "relu (SGD with momentum) trains from he_normal (96\u202f%) or xavier_tanh (96\u202f%)."
    )


def test_one_optimiser_is_not_named():
    said = _wishes(cells(["adam"]), Words("en", "sections.answer"))
    assert said == "At 8 hidden layers, relu trains from he_normal (96\u202f%) or xavier_tanh (96\u202f%)."


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_many_starts_the_first_are_named_and_the_others_counted(language):
    said = _wishes(cells(["sgd"], SCHEMES), Words(language, "sections.answer"))
    assert all(scheme in said for scheme in SCHEMES[:NAMED])
    assert not any(scheme in said for scheme in SCHEMES[NAMED:])
    assert str(len(SCHEMES) - NAMED) in said


def test_architectures_tell_networks_apart():
    both = pd.concat([cells(["sgd"]), cells(["sgd"], architecture="residual_mlp")])
    said = _wishes(both, Words("en", "sections.answer"))
    assert "relu (multilayer perceptrons) trains" in said
    assert "relu (residual perceptrons) trains" in said


def test_of_several_widths_the_widest_networks_are_named():
    said = _wishes(pd.concat([cells(["sgd"]), cells(["sgd"], width=256)]), Words("en", "sections.answer"))
    assert said == "At 8 hidden layers, relu (width 256) trains from he_normal (96\u202f%) or xavier_tanh (96\u202f%)."


def test_a_study_with_normalisation_alone_says_what_it_wants_there():
    both = pd.concat([cells(["sgd"], normalization="layer"), cells(["sgd"], normalization="batch", activation="tanh")])
    said = _wishes(both[both["normalization"] == "layer"], Words("en", "sections.answer"))
    assert said.startswith("At 8 hidden layers with layer normalisation, relu trains from he_normal (96\u202f%)")
    assert _wishes(both, Words("zh", "sections.answer")).startswith("8 个隐藏层、批量归一化时：tanh 可用 he_normal")


def test_without_normalisation_comes_first():
    both = pd.concat([cells(["sgd"]), cells(["sgd"], normalization="batch", schemes=("orthogonal",))])
    said = _wishes(both, Words("en", "sections.answer"))
    assert said == "At 8 hidden layers, relu trains from he_normal (96\u202f%) or xavier_tanh (96\u202f%)."


def test_one_hidden_layer_is_one():
    said = _wishes(cells(["sgd"], depth=1), Words("en", "sections.answer"))
    assert said.startswith("At 1 hidden layer, relu")


def test_starts_that_all_learn_are_not_said_to_train_nothing():
    """Not even where the worst of them is as good as the best."""
    assert "none of these" not in _wishes(cells(["sgd"], SCHEMES[:2]), Words("en", "sections.answer"))


def test_starts_of_which_no_run_learns_are_said_to_train_nothing():
    said = _wishes(cells(["sgd"]).assign(learned=0.0, accuracy=0.12), Words("en", "sections.answer"))
    assert said == "At 8 hidden layers, relu trains from none of these starts (none reaches more than 12\u202f%)."


def test_what_no_run_learns_to_the_target_is_not_called_training():
    said = _wishes(cells(["sgd"]).assign(trained=0.0), Words("en", "sections.answer"))
    assert said == (
        "At 8 hidden layers, relu learns something from he_normal (96\u202f%) or xavier_tanh (96\u202f%), "
        "though no run reaches the target."
    )


@pytest.mark.parametrize(("accuracy", "decides"), [(0.40, True), (0.95, False), (0.99, False)])
def test_the_factor_decides_only_where_the_others_reach_less(accuracy, decides, monkeypatch):
    found = cells(["sgd"]).assign(accuracy=[0.95, accuracy])
    monkeypatch.setattr(facts, "with_factors", lambda cells, tables: cells.assign(factor=[1.0, 0.3]))
    said = _depth(found, None, Words("en", "sections.answer"))
    assert said.startswith("Random is not enough") == decides
    assert ("does not decide yet" in said) != decides
