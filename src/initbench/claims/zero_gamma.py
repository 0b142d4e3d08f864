"""The claim that batch normalisation's γ should start at 0, judged without the shortcuts that it was made for."""

from initbench.claims import CellVerdict, claim
from initbench.claims.compared import CLOSE, INTERVAL, compared, trained
from initbench.claims.measures import chosen_runs


@claim(
    "zero-gamma",
    statement="Starting batch normalisation's γ at 0 makes a network easier to train",
    statement_zh="将批量归一化的 γ 初始化为 0 使网络更易训练",
    rule="Cells: zero_gamma under batch normalisation, trained, at least one hidden layer, in blocks that have he_normal too (the "
    "same weights, γ = 1), each at its chosen learning rate. Holds if the whole interval of the mean paired shortfall of test accuracy "
    f"against he_normal (diverged as 0) is at most {CLOSE:g} (no harm), fails if the whole interval is above it, else cannot be "
    f"told. {INTERVAL} It is claimed for the last normalisation of a residual block; a plain network has no shortcut past a silent layer.",
    figure="further_starts",
    claimed_in="Goyal et al. 2017 and He, T. et al. 2019 (“Bag of tricks”), for residual networks: with zero γ the network “is easier "
    "to train at the initial stage”; torchvision, zero_init_residual",
)
def zero_gamma(tables):
    """γ = 0 against γ = 1 from the same weights."""
    chosen = chosen_runs(tables)
    chosen = chosen[(chosen["normalization"] == "batch") & (chosen["depth"] > 0)]
    found = []
    for cell, part, other, gain in compared(chosen, "zero_gamma", "he_normal"):
        text = f"γ = 0 less γ = 1 {gain}; {trained(part)}, from γ = 1 {trained(other)}"
        found.append(CellVerdict(cell, gain.good_enough, -gain.mean, text))
    return found
