"""What the runs say about the schemes, and how sure that is: paired tests, rates, ranks, aggregates, power, tuning.

The functions that read a `runs` table can be imported from here; each is loaded from its module on first use, so that a
job that only selects learning rates does not pay for the rest.
"""

import importlib

_HOME = {
    "aggregate_scores": "aggregate",
    "bayes_compare": "bayes",
    "best_schemes": "best",
    "compare": "comparisons",
    "compare_all_pairs": "comparisons",
    "compare_outcomes": "rates",
    "compare_pooled": "pooled",
    "divergence_sensitivity": "pooled",
    "equal_budget": "tuning",
    "learning_rate_sensitivity": "tuning",
    "outcome_rates": "rates",
    "performance_profiles": "aggregate",
    "power_table": "power",
    "power_text": "power",
    "probabilities_of_improvement": "aggregate",
    "rank": "rankings",
    "rank_pairs": "rankings",
    "seeds_needed": "power",
    "select_learning_rates": "selection",
    "selection_optimism": "tuning",
    "tuning_budgets": "tuning",
}
__all__ = list(_HOME)


def __getattr__(name: str):
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
