"""The claim that what a framework does when nothing is said is good enough."""

from initbench.claims import CellVerdict, claim
from initbench.claims.compared import CLOSE, INTERVAL, compared, trained
from initbench.claims.measures import chosen_runs
from initbench.claims.random_starts import DEEP
from initbench.claims.sources import MILVUS

DEFAULTS = {"torch_default": "PyTorch", "xavier_tanh": "Keras", "lecun_truncated_normal": "Flax"}


@claim(
    "framework-defaults",
    statement="The defaults of the frameworks are good enough for deep ReLU networks",
    statement_zh="框架的默认初始化足以训练深层 ReLU 网络",
    rule="Cells: torch_default (nn.Linear of PyTorch), xavier_tanh (Dense of Keras) and lecun_truncated_normal (Dense of Flax) with "
    f"relu, trained without normalisation, at least {DEEP} hidden layers, in blocks that have he_normal too, each at its chosen "
    "learning rate. Holds if the whole interval of the mean paired shortfall of test accuracy against he_normal (diverged as 0) is at "
    f"most {CLOSE:g}, fails if the whole interval is above it, else cannot be told. {INTERVAL}",
    figure="further_starts",
    claimed_in="discuss.pytorch.org/t/whats-the-default-initialization-methods-for-layers/3157 (“reasonable defaults”); popular "
    f"tutorials, such as {MILVUS} (frameworks follow the best practice)",
)
def framework_defaults(tables):
    """Defaults against the start that was derived for ReLU."""
    chosen = chosen_runs(tables)
    chosen = chosen[(chosen["activation"] == "relu") & (chosen["normalization"] == "none") & (chosen["depth"] >= DEEP)]
    found = []
    for scheme, framework in DEFAULTS.items():
        for cell, part, other, gain in compared(chosen, scheme, "he_normal"):
            text = f"{framework}'s default less he_normal {gain}; {trained(part)}, by he_normal {trained(other)}"
            found.append(CellVerdict(cell, gain.good_enough, -gain.mean, text))
    return found
