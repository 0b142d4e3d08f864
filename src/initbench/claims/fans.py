"""The claim that He's variance may be set by either fan."""

from initbench.claims import CellVerdict, claim
from initbench.claims.compared import CLOSE, compared, measured
from initbench.claims.measures import chosen_runs


@claim("fan-in-or-fan-out", figure="further_starts", values={"close": CLOSE})
def fan_in_or_fan_out(tables):
    """He et al. 2015, eq. 14 against eq. 10."""
    chosen = chosen_runs(tables)
    chosen = chosen[(chosen["activation"] == "relu") & (chosen["normalization"] == "none") & (chosen["depth"] > 0)]
    found = []
    for cell, part, other, gain in compared(chosen, "he_normal_fan_out", "he_normal"):
        found.append(CellVerdict(cell, gain.same, abs(gain.mean), measured(gain, part, other, "he_normal")))
    return found
