"""Claims on what a framework does when nothing is said."""

from initbench.claims import CellVerdict, claim
from initbench.claims.compared import CLOSE, compared, measured
from initbench.claims.measures import chosen_runs
from initbench.claims.quantities import word
from initbench.claims.random_starts import DEEP

DEFAULTS = {  # a start by both of its labels: verdicts count it once
    "torch_default": "PyTorch",
    "keras_default": "Keras",
    "xavier_tanh": "Keras",
    "flax_default": "Flax",
    "lecun_truncated_normal": "Flax",
    "sklearn_default": "scikit-learn",
}
RECOMMENDED = {  # activation → the start that was derived for it, by the labels that it may have
    "relu": ("he_normal",),
    "leaky_relu": ("he_normal",),
    "tanh": ("xavier_tanh", "keras_default"),
    "softsign": ("xavier_tanh", "keras_default"),
    "sigmoid": ("glorot_sigmoid",),
    "selu": ("lecun_normal",),
    "gelu": ("critical",),
    "silu": ("critical",),
}


@claim("framework-defaults", figure="further_starts", values={"close": CLOSE, "deep": DEEP})
def framework_defaults(tables):
    """Defaults against the start that was derived for ReLU."""
    chosen = chosen_runs(tables)
    chosen = chosen[(chosen["activation"] == "relu") & (chosen["normalization"] == "none") & (chosen["depth"] >= DEEP)]
    return [
        CellVerdict(cell, gain.good_enough, -gain.mean, numbers)
        for cell, gain, numbers in _against(chosen, RECOMMENDED["relu"])
    ]


@claim("default-costs", figure="test_accuracy", values={"close": CLOSE})
def default_costs(tables):
    """Defaults against the start that was derived for each activation, at every depth."""
    chosen = chosen_runs(tables)
    chosen = chosen[(chosen["normalization"] == "none") & (chosen["depth"] > 0)]
    found = []
    for activation, partners in RECOMMENDED.items():
        for cell, gain, numbers in _against(chosen[chosen["activation"] == activation], partners):
            costs = None if gain.good_enough is None else not gain.good_enough
            found.append(CellVerdict(cell, costs, -gain.mean, numbers))
    return found


def _against(chosen, partners):
    """(cell of a default, the difference to the recommended start, what was measured), but for a default that is that start."""
    known = set(chosen["scheme"].unique())
    partner = next((label for label in partners if label in known), None)
    for scheme, framework in DEFAULTS.items():
        if scheme in known and partner is not None and scheme not in partners:
            for cell, part, other, gain in compared(chosen, scheme, partner):
                yield cell, gain, (*measured(gain, part, other, partner), word("framework", framework))
