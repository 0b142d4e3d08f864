"""The claim that a convolution's fan-in is its channels times its receptive field, and not its channels alone."""

from initbench.claims import CellVerdict, claim
from initbench.claims.compared import CLOSE, compared, measured
from initbench.claims.measures import chosen_runs

TAPS = 9  # of the 3 × 3 convolutions that architectures of these names are made of
ARCHITECTURES = ("convnet", "convnet_circular")
CHANNELS_ALONE = f"gaussian({2 * TAPS})"  # N(0, 18/fan-in) = N(0, 2/channels)


@claim("receptive-field-fans", figure="test_accuracy", values={"close": CLOSE, "taps": TAPS, "scheme": CHANNELS_ALONE})
def receptive_field_fans(tables):
    """He's variance with the channels alone as fan-in against that with the receptive field, from the same numbers."""
    chosen = chosen_runs(tables)
    convolutions = chosen["architecture"].isin(ARCHITECTURES) & (chosen["depth"] > 0)
    chosen = chosen[convolutions & (chosen["activation"] == "relu") & (chosen["normalization"] == "none")]
    found = []
    for cell, part, other, gain in compared(chosen, CHANNELS_ALONE, "he_normal"):
        # costs accuracy: falls short by more than CLOSE, the whole interval
        holds = None if gain.good_enough is None else not gain.good_enough
        found.append(CellVerdict(cell, holds, -gain.mean, measured(gain, part, other, "he_normal")))
    return found
