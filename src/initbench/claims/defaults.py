"""The claim that what a framework does when nothing is said is good enough."""

from initbench.claims import CellVerdict, claim
from initbench.claims.compared import CLOSE, compared, measured
from initbench.claims.measures import chosen_runs
from initbench.claims.quantities import word
from initbench.claims.random_starts import DEEP

DEFAULTS = {"torch_default": "PyTorch", "xavier_tanh": "Keras", "lecun_truncated_normal": "Flax"}


@claim("framework-defaults", figure="further_starts", values={"close": CLOSE, "deep": DEEP})
def framework_defaults(tables):
    """Defaults against the start that was derived for ReLU."""
    chosen = chosen_runs(tables)
    chosen = chosen[(chosen["activation"] == "relu") & (chosen["normalization"] == "none") & (chosen["depth"] >= DEEP)]
    found = []
    for scheme, framework in DEFAULTS.items():
        for cell, part, other, gain in compared(chosen, scheme, "he_normal"):
            numbers = (*measured(gain, part, other, "he_normal"), word("framework", framework))
            found.append(CellVerdict(cell, gain.good_enough, -gain.mean, numbers))
    return found
