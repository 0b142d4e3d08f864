"""Verdicts follow from the tables: a claim holds, fails, holds conditionally or is not tested as the numbers say."""

import numpy as np
import pandas as pd
import pytest
from small_study import IDS, NAMES, change, frames, judged

import initbench
from initbench.base.catalogue import Words
from initbench.claims import CLAIMS
from initbench.claims.measures import lowest_loss_runs
from initbench.claims.signal import STRAIGHT
from initbench.claims.tables import CLAIM_CELLS, FORMS
from initbench.claims.tables import CLAIMS as TABLE
from initbench.claims.verdicts import judge, verdict_of
from initbench.figures import FIGURES
from initbench.report.contents import claims_in_order
from initbench.schemes.parts import scheme_parts
from initbench.study.cells import CELL, START, Cell, Training
from initbench.tables.schema import arrow_table

FURTHER = [  # whose cells this study lacks: tests/claims/test_further_claims.py
    "zero-weights-never-learn", "loss-at-start", "fan-in-or-fan-out", "framework-defaults", "truncation-matters", "zero-gamma",
    "default-costs", "adam-rescues", "adam-robust", "zero-gamma-residual", "shortcuts-robust", "receptive-field-fans",
    "width-moves-logits", "mup-keeps-updates", "mup-rate-transfers",
]  # fmt: skip


def test_all_claims_of_the_list_are_declared_in_both_languages_and_shown_by_a_figure():
    declared = claims_in_order()
    assert sorted(c.id for c in declared) == sorted([*IDS, *FURTHER])
    for one in declared:
        english, chinese = one.texts["en"], one.texts["zh"]
        assert english.rule.startswith("Cells: ")
        assert "Holds if" in english.rule
        assert chinese.rule.startswith("范围：")
        assert "成立条件：" in chinese.rule
        assert one.figure in FIGURES
        for text in (english.statement, english.claimed_in, chinese.statement, chinese.claimed_in):
            assert text.strip()
        assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese.statement)


def test_claims_fit_the_declared_columns(study):
    made = judge(study, claims_in_order())
    for table in (TABLE, CLAIM_CELLS):
        assert list(made[table.name].columns) == [column.name for column in table.columns]
    written = arrow_table(made["claims"], TABLE.columns).to_pandas()
    assert not written["evidence"].str.contains(r"\bnan\b").any()
    conditional = written["verdict"] == "supported only when"
    assert (written["condition"].notna() == conditional).all()
    assert (written["condition_zh"].notna() == conditional).all()


def test_evidence_is_data_of_which_both_languages_name_every_quantity(study):
    made = judge(study, [CLAIMS[name] for name in CLAIMS])
    cells = arrow_table(made["claim_cells"], CLAIM_CELLS.columns).to_pandas()
    counts = cells[cells["counted"]].groupby("id")["holds"].agg(["count", "sum"])
    claims = made["claims"].set_index("id").loc[counts.index]
    assert counts.to_numpy().tolist() == claims[["cells", "cells_holding"]].to_numpy().tolist()
    quantities = pd.DataFrame([record for records in cells["measured"] for record in records])
    assert set(quantities["form"]) <= set(FORMS)
    for language in ("en", "zh"):
        words = Words(language, "claims.quantities")
        assert [name for name in quantities["name"].unique() if not words.has(name)] == []
    shares = quantities[quantities["form"] == "share"]
    assert (shares["low"] <= shares["value"]).all()
    assert (shares["value"] <= shares["high"]).all()
    assert cells.loc[cells["id"] == "zero-derivative", ["scheme", "normalization"]].isna().all(axis=None)
    assert set(CELL) < set(cells.columns)


def test_a_study_without_the_cells_tests_no_claim(as_tables):
    cell = Cell("digits", 16, 1, "softplus", "layer", "orthogonal")
    for training in (Training(steps=1, learning_rates=(0.1,)), Training(steps=0, learning_rates=())):
        table = judged(as_tables(frames([initbench.train(cell, [0], training)])))
        assert set(table["evidence"]) == {"This study has none of the cells that the rule asks for."}
        assert set(table["verdict"]) == {"not tested"}
        assert (table["cells"] == 0).all()


def test_a_claim_loses_its_verdict_with_its_cells(study, as_tables):
    """Without zeros the claims on zeros are open, though all other cells are there."""
    without = as_tables({name: study.read(name).query("kind != 'zeros'") for name in NAMES})
    found = judged(without)["verdict"].to_dict()
    assert {i for i in IDS if i.startswith("zero-")} <= {i for i, v in found.items() if v == "not tested"}
    assert found["constant-symmetry"] != "not tested"


def test_known_facts_on_a_small_network(study):
    """Exact facts of a zero start; U(±1/√n) loses the gradient under sigmoid; large constants saturate tanh."""
    table = judged(study)
    assert table.loc["zero-symmetry", "verdict"] == "supported"
    assert table.loc["zero-constant-output", "verdict"] == "supported"
    assert table.loc["zero-derivative", "verdict"] == "refuted"
    assert table.loc["xavier-sigmoid", "verdict"] == "refuted"
    assert table.loc["small-normal-depth", "verdict"] == "supported"
    assert table.loc["constant-explodes", "condition"] == "the activation is relu"
    assert table.loc["constant-vanishes", "verdict"] == "supported"


def test_a_flip_in_one_activation_becomes_the_condition(study, as_tables):
    broken = change("layers", "kind == 'zeros' and activation == 'tanh'", distinct_activations=16.0)(study, as_tables)
    row = judged(broken).loc["zero-symmetry"]
    assert (row["verdict"], row["condition"]) == ("supported only when", "the activation is relu or sigmoid")
    assert row["condition_zh"] == "激活函数为 relu 或 sigmoid 时成立"
    assert row["governed_by"] == "activation"


def test_verdicts_do_not_depend_on_whether_the_start_is_written_once_a_rate_or_once(study, as_tables):
    def once(frame):
        first = frame[frame["step"] == 0].drop_duplicates([key for key in (*START, "layer") if key in frame])
        return pd.concat([first.assign(learning_rate=np.nan), frame[frame["step"] > 0]], ignore_index=True)

    written_once = as_tables({name: once(study.read(name)) for name in ("signal", "layers")}, **study.paths)
    assert len(written_once.read("layers")) == len(study.read("layers"))  # one rate
    pd.testing.assert_frame_equal(judged(written_once), judged(study))


@pytest.mark.parametrize(("axis", "words"), [("architecture", "architecture"), ("optimizer", "optimiser")])
def test_a_second_network_is_judged_in_cells_of_its_own(study, as_tables, axis, words):
    """The other network learns nothing of what the first does: were they pooled, the first's cells would change too."""

    def with_other(frame):
        other = frame.assign(**{axis: "other"})
        for column in other.columns.intersection(["distinct_activations", "activation_mean", "weight_norm"]):
            other[column] = other[column] + 3.0
        if "gradient_regime" in other:
            other["gradient_regime"] = "exploding"
        return pd.concat([frame, other], ignore_index=True)

    alone, both = judged(study), judged(as_tables({name: with_other(study.read(name)) for name in NAMES}))
    assert (both["cells"] == 2 * alone["cells"]).all()
    assert (both["cells_holding"] >= alone["cells_holding"]).all()
    row = both.loc["zero-symmetry"]
    assert (row["verdict"], row["cells_holding"]) == (
        "supported only when",
        alone.loc["zero-symmetry", "cells_holding"],
    )
    assert row["condition"] == f"the {words} is {'mlp' if axis == 'architecture' else 'sgd'}"
    assert both["evidence"].str.contains(f"{words} other").any()
    assert not alone["evidence"].str.contains(words).any()


def test_schemes_are_told_apart_by_what_they_draw():
    """Zero weights are no random start, whatever the scheme is called."""
    starts = {
        "zeros": "zeros", "constant(0)": "zeros", "gaussian(0)": "zeros", "truncated_normal(0)": "zeros",
        "constant(0,bias=0.1)": "zero weights", "gaussian(0,1)": "zero weights", "constant(0.1,bias=0.2)": "constant",
        "he_normal": "random", "orthogonal": "random", "identity": "fixed", "no such scheme": "random",
    }  # fmt: skip
    assert {label: scheme_parts(label).start for label in starts} == starts
    assert scheme_parts("constant(0.1,bias=0.2)") == ("constant", "constant", 0.1, 0.2)
    assert {scheme_parts(label).kind for label in ("he_normal", "identity")} == {"other"}


def test_stalling_is_judged_at_the_rate_with_the_lowest_training_loss(study, as_tables):
    """A tuned cell has every rate in its tuning runs; the chosen rate, here the one that stalls, decides nothing."""
    runs = study.read("runs").query("scheme == 'xavier_sigmoid'")
    tuning = [
        runs.assign(role="tuning", learning_rate=rate, train_loss=loss, status=status, selected=False)
        for rate, loss, status in ((0.1, 2.3, "stalled"), (0.3, 0.1, "trained"), (1.0, np.nan, "diverged"))
    ]
    scored = runs.assign(status="stalled", train_loss=2.3, selected=True)
    tables = as_tables({"runs": pd.concat([scored, *tuning])}, **study.paths)
    best = lowest_loss_runs(tables)
    assert set(best["role"]) == {"tuning"}
    assert set(best["learning_rate"]) == {0.3}
    assert verdict_of(CLAIMS["vanishing-stalls"].function(tables)).name == "refuted"
    assert "among 0.1, 0.3 and 1" in judged(tables).loc["vanishing-stalls", "evidence"]


def test_a_network_that_dies_at_once_is_destroyed_by_instability(study, as_tables):
    """Its loss neither rises nor diverges: no gradient passes, and nothing changes any more."""
    calm = change("history", "depth > 0", train_loss=1.0)(study, as_tables)
    assert verdict_of(CLAIMS["exploding-unstable"].function(calm)).name == "refuted"
    dead = change("signal", "step > 0", gradient_regime="zero")(calm, as_tables)
    found = CLAIMS["exploding-unstable"].function(dead)
    assert found
    assert all(cell.holds and {q.name: q.value for q in cell.measured}["dead_runs"] == 2 for cell in found)


def test_the_verdict_on_training_names_updates_and_rates(study):
    row = judged(study).loc["zero-stalls"]
    assert "Trained for 2 updates at the learning rate chosen among 0.1." in row["evidence"]


def test_units_that_rounding_no_longer_tells_apart_refute_random_starts(study, as_tables):
    """A gradient below the floor counts as one unit; a network with a dead layer has none to tell apart."""
    below = change("layers", "scheme == 'small_normal' and step == 1", distinct_gradients=1.0)(study, as_tables)
    assert verdict_of(CLAIMS["random-breaks-symmetry"].function(below)).name == "refuted"
    buried = change("layers", "scheme == 'small_normal' and step == 1 and layer == 3", dead_fraction=1.0)(
        below, as_tables
    )
    assert verdict_of(CLAIMS["random-breaks-symmetry"].function(buried)).name == "supported"


def test_a_power_law_is_not_geometric():
    """1/l over 8 layers correlates with R² of 0.92 on a line in ln: below what the rule asks for."""
    layer = np.arange(1, 9)
    assert np.corrcoef(layer, np.log(layer))[0, 1] ** 2 < STRAIGHT


def test_a_study_of_several_data_sets_judges_each_alone(study, as_tables):
    doubled = {
        name: pd.concat([study.read(name), study.read(name).assign(dataset="wine")], ignore_index=True)
        for name in NAMES
    }
    one, two = judged(study), judged(as_tables(doubled))
    assert one["by_dataset"].isna().all()
    for claim, row in two.iterrows():
        verdict, cells, holding = one.loc[claim, ["verdict", "cells", "cells_holding"]]
        alone = {"verdict": verdict, "cells": cells, "cells_holding": holding}
        assert row["by_dataset"] == [{"dataset": name} | alone for name in ("digits", "wine")]
