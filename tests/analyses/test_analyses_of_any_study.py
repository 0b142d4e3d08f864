"""What real studies produce never crashes, warns, or leaves a number out without saying why."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made_up_studies import FULL, OVER_RUNS, SETTINGS, STUDIES, analysed, diverge, study, tuned, written

from initbench.analyses import ANALYSES, Settings
from initbench.analyses.making import Sources, compute, products, update
from initbench.study.cells import BLOCK, CELL
from initbench.tables.views import Tables

ROLES = ("scoring", "tuning")
ROLE_READ = dict.fromkeys(("rate_sensitivity", "equal_budgets", "tuning_budgets"), "tuning")  # scoring by all others


@pytest.mark.parametrize("kind", STUDIES)
def test_every_table_is_complete_or_says_why(kind, tmp_path):
    tables = Tables({"runs": written(STUDIES[kind], tmp_path)})
    for name in OVER_RUNS:
        table = compute(name, tables, SETTINGS)
        assert table.schema.names == [column.name for column in ANALYSES[name].table.columns]
        for column in table.schema:
            assert column.metadata[b"meaning"]
            if column.type == pa.float64():
                assert np.isfinite(table[column.name].drop_null().to_numpy()).all(), f"{name}.{column.name}"
        frame = table.to_pandas()
        silent = frame[frame["note"].isna()].drop(columns="note") if "note" in frame else frame
        assert not silent.select_dtypes("number").isna().any(axis=None), f"{name}: a null without a note"
        p = frame[[c for c in frame if c == "p" or c.startswith("p_")]]
        assert ((p >= 0) | p.isna()).all(axis=None)


def test_the_order_of_the_rows_does_not_matter(tmp_path):
    runs = STUDIES["some diverged"]
    for name in OVER_RUNS:
        shuffled = analysed(name, runs.sample(frac=1, random_state=0), tmp_path)
        pd.testing.assert_frame_equal(analysed(name, runs, tmp_path), shuffled)


def test_a_second_architecture_is_never_pooled_with_the_first(tmp_path):
    """In blocks, and in the scope of one architecture, everything is as if the other one were not there."""
    worse = FULL.assign(architecture="other", test_accuracy=FULL["test_accuracy"] / 2)
    for name in OVER_RUNS:
        alone, both = (analysed(name, runs, tmp_path) for runs in (FULL, pd.concat([FULL, worse])))
        if "architecture" in both:
            keys = [key for key in (BLOCK if set(BLOCK) <= set(both) else CELL) if key in both]
            assert both[keys].duplicated().sum() == 2 * alone[keys].duplicated().sum()
            mine = both[both["architecture"] == "mlp"].reset_index(drop=True)
            pd.testing.assert_frame_equal(mine, alone)
        elif "scope" in both and name != "profiles":
            found = both[both["scope"] == "architecture=mlp"].drop(columns="scope").reset_index(drop=True)
            every = alone[alone["scope"] == "all"].drop(columns="scope").reset_index(drop=True)
            drawn = [
                column for column in every if column.endswith(("low", "high", "seeds"))
            ]  # keyed by the scope's name
            pd.testing.assert_frame_equal(found.drop(columns=drawn), every.drop(columns=drawn))


def test_over_data_sets_each_block_is_another_data_set(tmp_path):
    several = pd.concat([FULL, FULL.assign(dataset="wine"), FULL.assign(dataset="breast_cancer")])
    for runs, more in ((several, [""]), (pd.concat([several, several.assign(width=32)]), [", width 32", ", width 64"])):
        ranks = analysed("rankings", runs, tmp_path)
        over = ranks[ranks["scope"].str.startswith("over data sets")]
        names = [f"{act}, depth {depth}, none{end}" for act in ("relu", "tanh") for depth in (2, 10) for end in more]
        assert set(over["scope"]) == {f"over data sets: {name}" for name in names}
        assert (over["blocks"] == 3).all()


def test_a_diverged_run_ranks_below_a_run_at_zero(tmp_path):
    runs = study(schemes=("zeros", "xavier_tanh"), depths=(2,), activations=("tanh",)).assign(test_accuracy=0.0)
    runs = diverge(runs, runs["scheme"] == "xavier_tanh")
    row = analysed("comparisons", runs, tmp_path).iloc[0]
    assert (row["a"], row["wins"], row["mean_difference"]) == (1.0, 10, 0.0)
    ranked = analysed("rankings", runs, tmp_path).query("scope == 'all'").set_index("scheme")["seed_rank"]
    assert ranked.to_dict() == {"zeros": 1.0, "xavier_tanh": 2.0}


def test_a_conclusion_that_hangs_on_the_rule_for_diverged_runs_is_named(tmp_path):
    runs = diverge(FULL, (FULL["scheme"] == "he_normal") & (FULL["seed"] < 7))
    table = analysed("divergence_rules", runs, tmp_path).set_index("scheme")
    assert table.loc["small_normal", "robust"].all()
    depends = table.loc["he_normal"]
    assert (depends["missing"] == 7).all()
    assert not depends["robust"].any()
    assert depends["note"].str.contains("depends on the rule").all()


def test_pooling_uses_the_seed_as_the_unit(tmp_path):
    table = analysed("pooled_comparisons", FULL, tmp_path).query("scope == 'all'")
    row = table.set_index("scheme").loc["he_normal"]
    cells = FULL[FULL["selected"]].pivot_table(index="seed", columns="scheme", values="test_accuracy")
    assert (row["n"], row["blocks"]) == (10, 4)
    assert row["mean_difference"] == pytest.approx((cells["he_normal"] - cells["xavier_tanh"]).mean())


def test_the_best_scheme_ranks_first_and_ties_single_nobody_out(tmp_path):
    ranks = analysed("rankings", FULL, tmp_path).query("scope == 'all'")
    assert ranks[["scheme", "mean_rank"]].iloc[0].to_list() == ["he_normal", 1.0]
    tied = analysed("rankings", STUDIES["all tied"], tmp_path)
    assert (tied["mean_rank"] == 1.5).all()
    assert (analysed("comparisons", STUDIES["all tied"], tmp_path)["p"] == 1).all()


def test_a_clear_difference_a_tie_and_a_scheme_that_diverged(tmp_path):
    base = study(schemes=("xavier_tanh",), depths=(2,), activations=("tanh",), rates=(0.1,))
    better = base.assign(scheme="better", test_accuracy=base["test_accuracy"] + 0.05)
    runs = pd.concat([base, better, base.assign(scheme="same"), base.assign(scheme="gone")], ignore_index=True)
    runs = diverge(runs, runs["scheme"] == "gone")
    table = analysed("comparisons", runs, tmp_path).set_index("scheme")
    assert table.loc["better", "p"] == pytest.approx(2**-9)
    assert table.loc["better", "p_adjusted"] == pytest.approx(3 * 2**-9)
    assert table.loc["better", ["wins", "ties", "losses"]].to_list() == [10, 0, 0]
    assert table.loc["same", "p"] == 1
    assert "no evidence" in table.loc["same", "note"]
    assert table.loc["gone", "median_difference"] == pytest.approx(-np.median(base["test_accuracy"]))


@pytest.mark.parametrize("kind", ["no reference", "one seed, one block", "missing reference cell"])
def test_what_cannot_be_tested_says_why(kind, tmp_path):
    table = analysed("comparisons", STUDIES[kind], tmp_path)
    untested = table[table["p"].isna()]
    assert len(untested)
    assert untested["note"].str.startswith("cannot be tested, because").all()


def test_a_score_on_the_seeds_of_the_choice_would_flatter_and_one_on_other_seeds_does_not(tmp_path):
    """Ten rates that are all alike: the winner's validation accuracy on the tuning seeds lies above 0.6, and nothing else."""
    runs = study(schemes=("small_normal",), rates=tuple(np.logspace(-3, 0, 10)), depths=range(1, 21), spread=0.03)
    table = analysed("selection_optimism", tuned(runs.assign(test_accuracy=0.6)), tmp_path)
    assert table["optimism"].mean() > 0.01
    assert table["scored_accuracy"].mean() == pytest.approx(0.6, abs=0.003)
    assert table["stability"].mean() < 0.9
    untuned = analysed("selection_optimism", runs, tmp_path)
    assert untuned["optimism"].isna().all()
    assert untuned["note"].str.startswith("chosen on the runs that score the cell").all()


def test_choices_at_an_edge_of_the_grid_and_cells_that_learn_are_told_apart(tmp_path):
    rates = (0.01, 0.1, 1.0)
    runs = study(rates=rates, depths=(2,), activations=("tanh",))
    best = {"zeros": 0.01, "small_normal": 0.1, "xavier_tanh": 1.0, "he_normal": 0.1}
    runs = runs.assign(valid_accuracy=(runs["learning_rate"] == runs["scheme"].map(best)).astype(float))
    runs.loc[runs["scheme"] == "zeros", "status"] = "stalled"
    table = analysed("selection_optimism", tuned(runs), tmp_path).set_index("scheme")
    assert table["learning_rate"].to_dict() == best
    assert table["at_edge"].to_dict() == {name: rate != 0.1 for name, rate in best.items()}
    assert table["learns"].to_dict() == {name: name != "zeros" for name in best}


def test_what_compares_sees_scoring_runs_alone_and_what_tunes_sees_tuning_runs_alone(tmp_path):
    """Each role's numbers stay as they are when the other's test results are changed."""
    runs = tuned(study(rates=(0.01, 0.1, 1.0)))
    other = {
        role: runs.assign(test_accuracy=runs["test_accuracy"].where(runs["role"] == role, 0.123)) for role in ROLES
    }
    for name in set(OVER_RUNS) - {"selection_optimism"}:
        found, unlike = (analysed(name, each, tmp_path) for each in (runs, other[ROLE_READ.get(name, "scoring")]))
        pd.testing.assert_frame_equal(found, unlike)
    for name, role in ROLE_READ.items():
        column = {"rate_sensitivity": "seeds", "tuning_budgets": "runs"}.get(name)
        if column:
            assert set(analysed(name, runs, tmp_path)[column]) == {3 if column == "seeds" else 9}, role


def test_two_selected_runs_of_one_seed_are_refused(tmp_path):
    with pytest.raises(ValueError, match="more than one selected run for dataset=digits"):
        analysed("comparisons", FULL.assign(selected=True), tmp_path)


def test_same_runs_same_bytes_and_only_what_changed_is_computed_again(tmp_path):
    sources = Sources({"runs": written(STUDIES["some diverged"], tmp_path)})
    outputs = {name: str(tmp_path / f"{name}.parquet") for name in ("best", "comparisons", "power")}
    code = dict.fromkeys(outputs, "as it was")
    record = str(tmp_path / "record.json")

    def made(settings=SETTINGS, **changed):
        """The tables that are written."""
        before = {
            name: (tmp_path / f"{name}.parquet").stat().st_mtime_ns
            for name in outputs
            if (tmp_path / f"{name}.parquet").exists()
        }
        update(products(outputs, sources, settings, code | changed, record), sources, settings)
        return {name for name in outputs if (tmp_path / f"{name}.parquet").stat().st_mtime_ns != before.get(name)}

    assert made() == set(outputs)
    bytes_of = {name: (tmp_path / f"{name}.parquet").read_bytes() for name in outputs}
    assert made() == set()
    assert made(best="changed") == {"best"}
    assert made() == {"best"}
    assert made(Settings("he_normal")) == {"comparisons"}
    assert made(Settings("xavier_tanh", rope=0.5)) == {"comparisons", "best"}
    assert made() == {"best"}
    (tmp_path / "power.parquet").write_bytes(b"broken")
    assert made() == {"power"}
    assert {name: (tmp_path / f"{name}.parquet").read_bytes() for name in outputs} == bytes_of
    written(STUDIES["plain"], tmp_path)
    assert made() == set(outputs)
    assert pq.read_table(tmp_path / "best.parquet").num_rows == 4


def test_a_pairs_answer_does_not_change_when_schemes_are_added(tmp_path):
    """Nor when they lack blocks or seeds: all but the p that is adjusted for all pairs, to the last bit."""
    few = FULL[FULL["scheme"].isin(("xavier_tanh", "he_normal"))]
    gaps = FULL[~((FULL["scheme"] == "zeros") & ((FULL["depth"] == 2) | (FULL["seed"] == 3)))]
    keys = ["scope", "scheme", "reference"]
    alone, among = (analysed("scheme_pairs", runs, tmp_path).set_index(keys) for runs in (few, gaps))
    assert len(among) > 5 * len(alone)
    own = alone.drop(columns="p_adjusted")
    pd.testing.assert_frame_equal(among.loc[alone.index, own.columns], own)
    assert (among.loc[alone.index, "p_adjusted"] >= alone["p_adjusted"]).all()


def test_pairs_with_the_reference_are_those_of_the_pooled_comparisons(tmp_path):
    pairs, pooled = (analysed(name, FULL, tmp_path) for name in ("scheme_pairs", "pooled_comparisons"))
    both = pooled.merge(pairs, on=["scope", "scheme", "reference"], suffixes=("", "_pair"))
    assert len(both)
    for column in ("mean_difference", "mean_low", "mean_high", "p", "wins", "losses"):
        assert (both[column] == both[f"{column}_pair"]).all()


def test_an_interval_excludes_0_exactly_if_p_is_small(tmp_path):
    found = 0
    for runs in (FULL, STUDIES["some diverged"], study(spread=0.1), study(spread=0.1, seeds=25)):
        for name in ("comparisons", "pooled_comparisons", "scheme_pairs"):
            table = analysed(name, runs, tmp_path)
            table = table[table["mean_low"].notna()]
            assert (((table["mean_low"] > 0) | (table["mean_high"] < 0)) == (table["p"] <= 0.05)).all()
            found += len(table)
    assert found > 100


def test_that_no_difference_could_be_shown_is_said(tmp_path):
    """8 seeds and 11 schemes: -0.8 on every seed, and yet no p below 0.078 after Holm."""
    names = ["xavier_tanh", *(f"scheme{k}" for k in range(10))]
    runs = study(schemes=names, seeds=8, depths=(2,), activations=("tanh",), rates=(0.1,), spread=0.001)
    runs = runs.assign(test_accuracy=runs["test_accuracy"].where(runs["scheme"] == "xavier_tanh", 0.1))
    for name in ("comparisons", "pooled_comparisons", "divergence_rules"):
        table = analysed(name, runs, tmp_path)
        assert table["note"].str.contains("no difference can be shown at 0.05").all()
        assert table["note"].str.contains("below 0.0781").all()
    pairs = analysed("scheme_pairs", runs, tmp_path)
    with_reference = (pairs[["scheme", "reference"]] == "xavier_tanh").any(axis=1)
    assert (pairs.loc[with_reference, "p_adjusted"] <= 0.05).all()  # the step-down has no such floor
    assert (pairs.loc[~with_reference, "p_adjusted"] == 1).all()


def test_no_interval_has_a_width_of_zero(tmp_path):
    ends = {"comparisons": "mean_", "pooled_comparisons": "mean_", "scheme_pairs": "mean_", "rankings": "mean_rank_"}
    ends |= {"profiles": "", "improvements": "", "aggregates": ""}
    for kind in ("plain", "all tied", "one scheme diverged everywhere", "all diverged"):
        for name, start in ends.items():
            table = analysed(name, STUDIES[kind], tmp_path)
            assert not (table[f"{start}low"] == table[f"{start}high"]).any(), (kind, name)


def test_ranks_are_tested_over_data_sets_alone(tmp_path):
    assert analysed("rank_tests", FULL, tmp_path).empty
    assert analysed("rank_pairs", FULL, tmp_path).empty
    several = pd.concat([FULL, FULL.assign(dataset="wine"), FULL.assign(dataset="breast_cancer")])
    tests, pairs = (analysed(name, several, tmp_path) for name in ("rank_tests", "rank_pairs"))
    assert (tests["blocks"] == 3).all()
    assert (tests["test"] == "Friedman").all()
    assert len(pairs) == 6 * len(tests)


@pytest.mark.parametrize("name", OVER_RUNS)
def test_runs_that_are_there_twice_or_lack_an_accuracy_are_named(name, tmp_path):
    run = "scheme=zeros, role=scoring, learning_rate=0.01, seed=0"
    with pytest.raises(ValueError, match=f"{run} is there twice"):
        analysed(name, pd.concat([FULL, FULL.iloc[:1]]), tmp_path)
    lacking = FULL.copy()
    lacking.loc[0, "test_accuracy"] = np.nan
    with pytest.raises(ValueError, match=f"{run} has no test_accuracy"):
        analysed(name, lacking, tmp_path)


def test_a_few_narrow_networks_beside_a_grid_change_no_scope_but_their_own(tmp_path):
    narrow = study(schemes=("xavier_tanh", "he_normal"), depths=(1,), activations=("relu",), width=1)
    for name in ("pooled_comparisons", "scheme_pairs", "rankings"):
        alone, beside = (analysed(name, runs, tmp_path) for runs in (FULL, pd.concat([FULL, narrow])))
        of_grid = beside[~beside["scope"].str.startswith("width=")].reset_index(drop=True)
        pd.testing.assert_frame_equal(of_grid, alone)
        assert set(beside.loc[beside["scope"] == "width=1", "blocks"]) == {1}
