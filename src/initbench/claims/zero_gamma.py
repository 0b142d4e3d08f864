"""The claim that batch normalisation's γ should start at 0, judged without the shortcuts that it was made for."""

from initbench.claims import CellVerdict, claim
from initbench.claims.compared import CLOSE, compared, measured
from initbench.claims.measures import chosen_runs


@claim("zero-gamma", figure="further_starts", values={"close": CLOSE})
def zero_gamma(tables):
    """γ = 0 against γ = 1 from the same weights."""
    chosen = chosen_runs(tables)
    plain = chosen["architecture"] == "mlp"
    chosen = chosen[plain & (chosen["normalization"] == "batch") & (chosen["depth"] > 0)]
    found = []
    for cell, part, other, gain in compared(chosen, "zero_gamma", "he_normal"):
        found.append(CellVerdict(cell, gain.good_enough, -gain.mean, measured(gain, part, other, "he_normal")))
    return found
