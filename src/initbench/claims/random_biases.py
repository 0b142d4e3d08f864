"""The claim that zero weights never learn, judged where random biases break the symmetry."""

from initbench.claims import CellVerdict, claim
from initbench.claims.compared import trained
from initbench.claims.measures import cells, chosen_runs, mean_range, share


@claim(
    "zero-weights-never-learn",
    statement="A network whose weights all start at zero cannot learn",
    statement_zh="权重全部为零的网络无法学习",
    rule="Cells: weights exactly 0 with random biases, gaussian(0,bias_variance=…), trained without normalisation (which removes the "
    "biases), at least one hidden layer, at the cell's chosen learning rate. Holds if no run learns more than the class "
    "frequencies within the budget (all are stalled or diverged). Zero weights with equal biases are judged by zero-stalls.",
    figure="further_starts",
    claimed_in="popular tutorials, such as madanswer.com/44520, of weights put to zero: “the network cannot learn at all because there is "
    "no source of asymmetry between neurons”; CS231n notes, Neural Networks Part 2, leave the asymmetry to the weights, not the biases",
)
def zero_weights_never_learn(tables):
    """What becomes of runs from zero weights and random biases."""
    chosen = chosen_runs(tables)
    chosen = chosen[(chosen["normalization"] == "none") & (chosen["depth"] > 0)]
    found = []
    for cell, part in cells(
        chosen[(chosen["start"] == "zero weights") & chosen["bias"].isna()]
    ):  # no bias is that of all units
        learned = ~part["status"].isin(["stalled", "diverged"])
        text = (
            f"{share(learned.sum(), len(part), 'runs learned more than class frequencies')}, {trained(part)}; "
            f"test accuracy {mean_range(part['test_accuracy'])}"
        )
        found.append(CellVerdict(cell, not learned.any(), float(learned.mean()), text))
    return found
