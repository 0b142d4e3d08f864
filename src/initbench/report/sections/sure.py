"""How sure the answers are: pairs of schemes, data sets, and the choices that the answers hang on."""

from initbench.report.sections import section
from initbench.report.sections.pairs import pairs
from initbench.report.sections.power import power
from initbench.report.sections.tuning import tuning
from initbench.study.cells import BLOCK

TABLES = (
    "scheme_pairs", "comparisons", "plan", "rank_tests", "power",
    "selection_optimism", "equal_budgets", "tuning_budgets", "divergence_rules", "outcome_comparisons",
)  # fmt: skip


@section("sure", tables=TABLES)
def sure(tables, study, words):
    """What pairs of schemes say, what the study can see, and how far that hangs on choices; None where nothing was compared."""
    tests = tables.read("rank_tests")
    parts = {"pairs": pairs(tables, study, words), "tuning": tuning(tables), "power": power(tables, words)}
    if not any(parts.values()):
        return None
    said = {"finding": _finding(parts["pairs"], words), "rates": rates(tables, study, words)}
    return parts | said | {"data_sets": tests.to_dict("records")}


def rates(tables, study, words) -> str | None:
    """That starts are compared at the rates chosen for them, and how often these differ; None where all have one rate."""
    chosen = tables.read("selection_optimism")
    if chosen.empty or not study["tuning_seeds"] or chosen["rates"].max() == 1:
        return None
    reference = chosen[chosen["scheme"] == study["config"]["reference"]]
    both = chosen.merge(reference, on=list(BLOCK), suffixes=("", "_of_reference"))
    both = both[both["scheme"] != both["scheme_of_reference"]]
    counts = {
        "different": int((both["learning_rate"] != both["learning_rate_of_reference"]).sum()),
        "compared": len(both),
    }
    said = words("rates", seeds=study["tuning_seeds"])
    return said + words("rates_differ", reference=study["config"]["reference"], **counts) if len(both) else said


def _finding(pairs: dict | None, words) -> str | None:
    """How many pairs are told apart, or that none could be tested."""
    if pairs is None:
        return None
    if not pairs["tested"]:
        return words("untested", pairs=pairs["pairs"])
    return words("finding", **{name: pairs[name] for name in ("apart", "tested", "seeds")})
