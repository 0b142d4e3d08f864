"""The claim that He's variance may be set by either fan."""

from initbench.claims import CellVerdict, claim
from initbench.claims.compared import CLOSE, INTERVAL, compared, trained
from initbench.claims.measures import chosen_runs


@claim(
    "fan-in-or-fan-out",
    statement="He's variance may be set by fan-in or by fan-out: it does not matter which",
    statement_zh="He 初始化按 fan_in 或 fan_out 均可，结果无差别",
    rule="Cells: he_normal_fan_out with relu, trained without normalisation, at least one hidden layer, in blocks that have "
    "he_normal too, each at its chosen learning rate. Holds if the interval of the mean paired difference of test accuracy (diverged as "
    f"0) lies within ±{CLOSE:g}, fails if it lies outside, else cannot be told. {INTERVAL} Layers between hidden layers of one width "
    "are the same under both: only the first layer and the output layer differ.",
    figure="further_starts",
    claimed_in="He et al. 2015, §2.2: “it is sufficient to use either Eqn.(14) or Eqn.(10) alone”",
)
def fan_in_or_fan_out(tables):
    """He et al. 2015, eq. 14 against eq. 10."""
    chosen = chosen_runs(tables)
    chosen = chosen[(chosen["activation"] == "relu") & (chosen["normalization"] == "none") & (chosen["depth"] > 0)]
    found = []
    for cell, part, other, gain in compared(chosen, "he_normal_fan_out", "he_normal"):
        text = f"fan-out less fan-in {gain}; {trained(part)}, by fan-in {trained(other)}"
        found.append(CellVerdict(cell, gain.same, abs(gain.mean), text))
    return found
