"""Claims on the width follow from what networks of several widths did, and the figures and section say it."""

import numpy as np
import pandas as pd
import pytest

from initbench.analyses import ANALYSES, Settings
from initbench.base.catalogue import Words
from initbench.claims import CLAIMS
from initbench.claims.verdicts import verdict_of
from initbench.figures import FIGURES
from initbench.figures.style import style
from initbench.report.sections import SECTIONS
from initbench.study.cells import Training

WIDTHS, SEEDS, RATES, DEPTH = (16, 32, 64, 128), 6, (0.01, 0.1, 1.0), 2
USUAL, MUP = "he_normal", "mup(16)"
NETWORK = {"dataset": "digits", "architecture": "mlp", "depth": DEPTH, "activation": "relu", "normalization": "none"}
NAMES = ("width-moves-logits", "mup-keeps-updates", "mup-rate-transfers")


def keys(scheme, width, rate, seed):
    return NETWORK | {
        "width": width, "optimizer": "adam", "scheme": scheme, "role": "scoring", "learning_rate": rate, "seed": seed,
    }  # fmt: skip


def frames(powers=None, best=None, rates=RATES):
    """Tables of two starts: powers of the width of the changes, and the best rate at a width, by start."""
    powers = {USUAL: 1.0, MUP: 0.0} | (powers or {})
    best = {USUAL: lambda width: 1.0 if width < 64 else 0.01, MUP: lambda width: 0.1} | (best or {})
    rng, runs, layers = np.random.default_rng(0), [], []
    for scheme in powers:
        for width in WIDTHS:
            for rate in rates:
                for seed in range(SEEDS):
                    away = abs(np.log10(rate / best[scheme](width)))
                    found = 0.9 - 0.1 * away + 0.001 * rng.standard_normal()
                    runs.append(
                        keys(scheme, width, rate, seed)
                        | {
                            "status": "trained",
                            "steps": 20,
                            "selected": away == 0,
                            "diverged_step": None,
                            "steps_to_target": 10,
                        }
                        | {f"{part}_accuracy": found for part in ("train", "valid", "test")}
                        | {f"{part}_loss": 0.1 + away for part in ("train", "valid", "test")}
                    )
                    for layer in range(1, DEPTH + 2):
                        noise = np.exp(0.05 * rng.standard_normal())
                        layers.append(
                            keys(scheme, width, rate, seed)
                            | {"step": 1, "layer": layer, "preactivation_second_moment": noise}
                            | {"preactivation_change": noise * width ** powers[scheme]}
                        )
    return {"runs": pd.DataFrame(runs), "layers": pd.DataFrame(layers)}


def verdicts(tables):
    return {name: verdict_of(CLAIMS[name].function(tables)).name for name in NAMES}


def test_all_three_are_supported_where_mup_does_what_it_says(as_tables):
    tables = as_tables(frames())
    assert verdicts(tables) == dict.fromkeys(NAMES, "supported")
    (moved,), (kept,), (transferred,) = (CLAIMS[name].function(tables) for name in NAMES)
    assert moved.cell["scheme"] == USUAL
    assert moved.number == pytest.approx(1, abs=0.05)
    assert kept.cell["scheme"] == transferred.cell["scheme"] == MUP
    assert "width" not in moved.cell
    lost = {each.name: each.value for each in transferred.measured}
    assert lost["lost_by_narrow_rate"] == 0  # the same rate
    assert lost["lost_by_usual"] == pytest.approx(-0.2, abs=0.01)


@pytest.mark.parametrize(
    ("name", "powers", "verdict"),
    [
        ("width-moves-logits", {USUAL: 0.0}, "refuted"),
        ("width-moves-logits", {USUAL: 0.25}, "cannot be told"),
        ("mup-keeps-updates", {MUP: 0.5}, "refuted"),
        ("mup-keeps-updates", {MUP: -0.5}, "refuted"),
        ("mup-keeps-updates", {MUP: 0.25}, "cannot be told"),
    ],
)
def test_other_powers_give_other_verdicts(as_tables, name, powers, verdict):
    assert verdicts(as_tables(frames(powers)))[name] == verdict


def test_a_rate_that_does_not_transfer_refutes_it(as_tables):
    assert verdicts(as_tables(frames(best={MUP: lambda width: 1.0 if width < 64 else 0.01})))[NAMES[2]] == "refuted"


def test_one_rate_says_nothing_of_rates_and_one_width_nothing_at_all(as_tables):
    assert verdicts(as_tables(frames(rates=(0.1,))))["mup-rate-transfers"] == "not tested"
    one = {name: frame[frame["width"] == 16] for name, frame in frames().items()}
    assert verdicts(as_tables(one)) == dict.fromkeys(NAMES, "not tested")


def test_where_changes_were_not_measured_nothing_is_said_of_them(as_tables):
    made = frames()
    made["layers"]["preactivation_change"] = np.nan
    assert verdicts(as_tables(made)) == dict.fromkeys(NAMES[:2], "not tested") | {NAMES[2]: "supported"}
    assert FIGURES["width_scaling"].function(as_tables(made), Words("en", "figures.width_scaling")) is None


def tabulated(tables, changes=True):
    settings = Settings(training=Training(changes=changes))
    return {name: ANALYSES[name].function(tables, settings) for name in ("width_scaling", "width_rates")}


def test_the_tables_say_slope_prediction_and_cost(as_tables):
    made = tabulated(as_tables(frames()))
    scaling = made["width_scaling"].set_index(["scheme", "learning_rate", "layer", "quantity"])
    logits = scaling.loc[(USUAL, 0.01, DEPTH + 1, "change")]
    assert (logits["predicted"], logits["agrees"]) == (1.5, False)
    assert bool(scaling.loc[(MUP, 0.01, 1, "change"), "agrees"])
    assert (
        scaling.loc[(MUP, 0.01, 1, "size"), "predicted"] != scaling.loc[(MUP, 0.01, 1, "size"), "predicted"]
    )  # step 1
    rates = made["width_rates"].set_index(["scheme", "width"])
    assert rates.loc[(USUAL, 128), ["best_rate", "narrow_rate"]].tolist() == [0.01, 1.0]
    assert rates.loc[(USUAL, 128), "shortfall"] == pytest.approx(0.2, abs=0.01)
    assert tabulated(as_tables(frames()), changes=False)["width_scaling"].empty


@pytest.mark.parametrize("language", ["en", "zh"])
def test_figures_and_section_tell_it_in_both_languages(as_tables, language):
    made = frames()
    tables = as_tables(made)
    with style():
        drawn = {
            name: FIGURES[name].function(tables, Words(language, f"figures.{name}"))
            for name in ("width_scaling", "width_rates")
        }
    assert "0.98" in drawn["width_scaling"].title
    assert USUAL in drawn["width_rates"].title
    told = SECTIONS["width"].function(as_tables(tabulated(tables)), {}, Words(language, "sections.width"))
    assert "20" in told["finding"]
    assert len(told["rates"]) == 2 * len(WIDTHS)
    assert {row["layer"] for row in told["changes"]} == {"1", "2", "logits"}
    empty = {name: frame.iloc[:0] for name, frame in tabulated(tables).items()}
    assert SECTIONS["width"].function(as_tables(empty), {}, Words(language, "sections.width")) is None
