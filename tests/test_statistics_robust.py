"""What real studies produce never crashes, warns, or leaves a number out without saying why."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from initbench.statistics import aggregate, bayes, best, comparisons, pooled, rankings, rates, selection, tuning

SCHEMES = ("zeros", "small_normal", "xavier_tanh", "he_normal")
LOSSES = ("train_loss", "valid_loss", "test_loss")
ACCURACIES = ("train_accuracy", "valid_accuracy", "test_accuracy")

TABLES = {
    "compare": comparisons.compare,
    "compare_all_pairs": comparisons.compare_all_pairs,
    "compare_loss": lambda runs: comparisons.compare(runs, metric="test_loss"),
    "compare_steps": lambda runs: comparisons.compare(runs, metric="steps_to_target"),
    "compare_pooled": pooled.compare_pooled,
    "divergence_sensitivity": pooled.divergence_sensitivity,
    "outcome_rates": rates.outcome_rates,
    "compare_outcomes": rates.compare_outcomes,
    "rank": rankings.rank,
    "rank_loss": lambda runs: rankings.rank(runs, "test_loss"),
    "rank_pairs": rankings.rank_pairs,
    "aggregate_scores": aggregate.aggregate_scores,
    "probabilities_of_improvement": aggregate.probabilities_of_improvement,
    "performance_profiles": aggregate.performance_profiles,
    "bayes_compare": bayes.bayes_compare,
    "best_schemes": best.best_schemes,
    "selection_optimism": tuning.selection_optimism,
    "learning_rate_sensitivity": tuning.learning_rate_sensitivity,
    "tuning_budgets": tuning.tuning_budgets,
    "equal_budget": tuning.equal_budget,
}


def study(schemes=SCHEMES, seeds=10, depths=(2, 10), activations=("relu", "tanh"), rates_=(0.01, 0.1), spread=0.02):
    rng = np.random.default_rng(0)
    rows = []
    for (place, scheme), depth, activation, rate, seed in product(
        enumerate(schemes), depths, activations, rates_, range(seeds)
    ):
        accuracy = np.round(360 * np.clip(0.6 + 0.05 * place + spread * rng.standard_normal(), 0, 1)) / 360
        rows.append(
            {"dataset": "digits", "architecture": "mlp", "width": 64, "depth": depth, "activation": activation}
            | {"normalization": "none", "optimizer": "sgd", "scheme": scheme, "learning_rate": rate, "seed": seed}
            | {"status": "trained" if accuracy > 0.7 else "slow", "steps": 100, "diverged_step": None}
            | {"steps_to_target": 50.0 if accuracy > 0.7 else None, "selected": False, "rounding_classes": 1}
            | dict.fromkeys(ACCURACIES, accuracy)
            | dict.fromkeys(LOSSES, 1 - accuracy)
        )
    return pd.DataFrame(rows).pipe(chosen)


def chosen(runs):
    return runs.assign(selected=selection.select_learning_rates(runs))


def diverge(runs, where):
    runs = runs.copy()
    runs.loc[where, [*ACCURACIES, *LOSSES, "steps_to_target"]] = np.nan
    runs.loc[where, "status"] = "diverged"
    return chosen(runs)


FULL = study()
STUDIES = {
    "plain": FULL,
    "empty": FULL.iloc[:0],
    "empty without types": pd.DataFrame(columns=list(FULL.columns)),
    "all tied": study(spread=0.0, schemes=("zeros",) * 1 + ("xavier_tanh",)).assign(test_accuracy=0.5, test_loss=0.5),
    "one scheme diverged everywhere": diverge(FULL, FULL["scheme"] == "zeros"),
    "all diverged": diverge(FULL, FULL["seed"] >= 0),
    "some diverged": diverge(FULL, (FULL["seed"] % 3 == 0) & (FULL["scheme"] == "he_normal")),
    "reference diverged": diverge(FULL, FULL["scheme"] == "xavier_tanh"),
    "single block": study(depths=(2,), activations=("tanh",)),
    "two schemes": study(schemes=("zeros", "xavier_tanh")),
    "one scheme": study(schemes=("xavier_tanh",)),
    "no reference": study(schemes=("zeros", "he_normal")),
    "one seed": study(seeds=1),
    "two seeds": study(seeds=2),
    "three seeds": study(seeds=3),
    "one seed, one block": study(seeds=1, depths=(2,), activations=("tanh",)),
    "one rate": study(rates_=(0.1,)),
    "missing cell": FULL[~((FULL["scheme"] == "zeros") & (FULL["depth"] == 2) & (FULL["activation"] == "relu"))],
    "missing reference cell": FULL[~((FULL["scheme"] == "xavier_tanh") & (FULL["depth"] == 2))],
    "no complete block": FULL[~((FULL["scheme"] == "zeros") & (FULL["depth"] == 2))].query(
        "not (scheme == 'he_normal' and depth == 10)"
    ),
    "missing seed": FULL[~((FULL["scheme"] == "zeros") & (FULL["seed"] == 3) & (FULL["depth"] == 2))],
    "disjoint seeds": FULL[(FULL["scheme"] == "zeros") == (FULL["seed"] < 5)],
    "initial only": FULL.assign(status="initial", learning_rate=np.nan, selected=False, rounding_classes=None),
    "categories": FULL.astype(
        dict.fromkeys(["dataset", "activation", "normalization", "scheme", "status"], "category")
    ),
    "arrow": FULL.convert_dtypes(dtype_backend="pyarrow"),
    "nullable": FULL.convert_dtypes(),
}


@pytest.fixture(autouse=True)
def _fewer_draws(monkeypatch):
    monkeypatch.setattr(bayes.signed_rank_posterior, "__defaults__", (0, 500))


@pytest.mark.parametrize("kind", STUDIES)
@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_complete_or_says_why(name, kind):
    table = TABLES[name](STUDIES[kind])
    assert list(table.columns) == list(TABLES[name](FULL.iloc[:0]).columns)
    numbers = table.select_dtypes("number")
    assert not np.isinf(numbers.to_numpy(dtype=float)).any()
    if "note" in table:
        silent = table["note"].isna()
        assert not numbers[silent].isna().any(axis=None), table[silent & numbers.isna().any(axis=1)].iloc[0].to_dict()
    else:
        assert not table.isna().any(axis=None)
    p = table[[c for c in table.columns if c.startswith("p") and "p_" in f"{c}_" and c != "probability"]]
    assert ((p.select_dtypes("number") >= 0) | p.select_dtypes("number").isna()).all(axis=None)


@pytest.mark.parametrize("name", TABLES)
def test_the_order_of_the_rows_does_not_matter(name):
    runs = STUDIES["some diverged"]
    shuffled = runs.sample(frac=1, random_state=0)
    pd.testing.assert_frame_equal(TABLES[name](runs), TABLES[name](shuffled))


def test_selection_takes_the_best_rate_of_a_cell_then_the_lower_loss_then_the_smaller_rate():
    def cell(scheme, rows):
        base = {"dataset": "d", "architecture": "mlp", "width": 8, "depth": 1, "activation": "tanh"}
        base |= {"normalization": "none", "optimizer": "sgd", "scheme": scheme, "status": "trained"}
        keys = ("learning_rate", "seed", "valid_accuracy", "valid_loss")
        return [base | dict(zip(keys, row, strict=True)) for row in rows]

    nan = np.nan
    rows = [
        *cell("mean", [(0.1, 0, 0.9, 1), (0.1, 1, 0.1, 1), (1.0, 0, 0.6, 2), (1.0, 1, 0.6, 2)]),  # 0.5 against 0.6
        *cell(
            "diverged", [(0.1, 0, 0.5, 1), (0.1, 1, 0.5, 1), (1.0, 0, 0.9, 0.1), (1.0, 1, nan, nan)]
        ),  # 0.5 against 0.45
        *cell("loss", [(0.1, 0, 0.5, 0.9), (1.0, 0, 0.5, 0.8)]),
        *cell("small", [(1.0, 0, 0.5, 0.8), (0.1, 0, 0.5, 0.8)]),
        *cell("infinite", [(0.1, 0, 0.0, 9.0), (0.01, 0, nan, nan)]),
        *cell("none", [(1.0, 0, nan, nan), (0.1, 0, nan, nan)]),
    ]
    runs = pd.DataFrame(rows)
    runs = pd.concat([runs, runs.iloc[:1].assign(status="initial", learning_rate=nan)])  # also: a repeated index
    selected = selection.select_learning_rates(runs)
    assert selected.index.equals(runs.index)
    found = runs[selected.to_numpy()].groupby("scheme")["learning_rate"].unique().map(list).to_dict()
    expected = {"mean": 1.0, "diverged": 0.1, "loss": 1.0, "small": 0.1, "infinite": 0.1, "none": 0.1}
    assert found == {scheme: [rate] for scheme, rate in expected.items()}


def test_a_diverged_run_ranks_below_a_run_at_zero():
    runs = study(schemes=("zeros", "xavier_tanh"), depths=(2,), activations=("tanh",)).assign(test_accuracy=0.0)
    runs = diverge(runs, runs["scheme"] == "xavier_tanh")
    row = comparisons.compare(runs).iloc[0]
    assert (row["a"], row["wins"], row["mean_difference"]) == (1.0, 1.0, 0.0)
    ranked = rankings.rank(runs, by=()).set_index("scheme")["seed_rank"]
    assert ranked.to_dict() == {"zeros": 1.0, "xavier_tanh": 2.0}


def test_a_conclusion_that_hangs_on_the_rule_for_diverged_runs_is_named():
    runs = diverge(FULL, (FULL["scheme"] == "he_normal") & (FULL["seed"] < 7))
    table = pooled.divergence_sensitivity(runs).set_index("scheme")
    assert table.loc["small_normal", "robust"].all()
    depends = table.loc["he_normal"]
    assert (depends["missing"] == 7).all()
    assert not depends["robust"].any()
    assert depends["note"].str.contains("depends on the rule").all()


def test_pooling_uses_the_seed_as_the_unit():
    row = pooled.compare_pooled(FULL, by=()).set_index("scheme").loc["he_normal"]
    cells = FULL[FULL["selected"]].pivot_table(index="seed", columns="scheme", values="test_accuracy")
    assert (row["n"], row["blocks"]) == (10, 4)
    assert row["mean_difference"] == pytest.approx((cells["he_normal"] - cells["xavier_tanh"]).mean())


def test_the_best_scheme_of_a_block_is_named_with_those_as_good():
    table = best.best_schemes(FULL)
    assert set(table["scheme"]) == {"he_normal"}
    assert (table["stays_best"] > 0.9).all()
    assert (table["margin"] > 0).all()
    tied = best.best_schemes(STUDIES["all tied"])
    assert tied["stays_best"].to_list() == pytest.approx([0.5] * 4)
    assert tied["as_good"].notna().all()


def test_choosing_among_many_useless_rates_is_optimistic():
    """Ten rates that are all alike: the winner's validation accuracy flatters it, its test accuracy does not."""
    runs = study(
        schemes=("xavier_tanh",), rates_=tuple(np.logspace(-3, 0, 10)), depths=tuple(range(1, 21)), spread=0.03
    )
    rng = np.random.default_rng(1)
    table = tuning.selection_optimism(chosen(runs.assign(test_accuracy=0.6 + 0.03 * rng.standard_normal(len(runs)))))
    assert table["optimism"].mean() > 0.002
    assert table["gap"].mean() == pytest.approx(table["optimism"].mean(), abs=0.006)
    assert table["regret"].mean() > 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda runs: comparisons.compare(runs, metric="loss"), "metric 'loss': choose one of train_accuracy"),
        (
            lambda runs: comparisons.compare(runs, diverged="skip"),
            "diverged 'skip': choose one of worst, observed, drop",
        ),
        (lambda runs: comparisons.compare(runs, test="t"), "test 't': choose one of sign_flip, signed_rank, sign"),
        (lambda runs: comparisons.compare(runs.drop(columns="seed")), "lacks seed"),
        (lambda runs: comparisons.compare(runs.assign(selected=True)), "more than one selected run"),
    ],
)
def test_misuse_is_named(change, message):
    with pytest.raises(ValueError, match=message):
        change(FULL)
