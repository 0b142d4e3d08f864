"""The claim that it matters whether a normal distribution is cut."""

import numpy as np

from initbench.claims import CellVerdict, claim
from initbench.claims.compared import CLOSE, compared, measured
from initbench.claims.measures import chosen_runs
from initbench.schemes import Layer
from initbench.schemes.label import parse_scheme

NORMALS = ("he_normal", "lecun_normal", "glorot_normal")  # whose truncated forms have the same variance
EQUAL = 0.01  # relative difference up to which a stated variance is that of a normal scheme


@claim("truncation-matters", figure="further_starts", values={"close": CLOSE})
def truncation_matters(tables):
    """Truncated against untruncated, with and without the correction of the variance."""
    chosen = chosen_runs(tables)
    found = []
    for width, part in chosen[chosen["depth"] > 0].groupby("width"):
        for scheme, partner in _pairs(part["scheme"].unique(), int(width)):
            for cell, runs, other, gain in compared(part, scheme, partner):
                matters = None if gain.same is None else not gain.same
                found.append(CellVerdict(cell, matters, abs(gain.mean), measured(gain, runs, other, partner)))
    return found


def _pairs(labels, width: int) -> list[tuple[str, str]]:
    """(cut, uncut) among the labels of a study, for hidden layers of a width."""
    pairs = [(f"{name.removesuffix('normal')}truncated_normal", name) for name in NORMALS]
    for label in labels:
        if label.partition("(")[0] == "truncated_normal":
            std = dict(parse_scheme(label).arguments)["std"]
            pairs += [(label, name) for name in NORMALS if np.isclose(std**2, _variance(name, width), rtol=EQUAL)]
    return [(cut, uncut) for cut, uncut in pairs if cut in labels and uncut in labels]


def _variance(scheme: str, width: int) -> float:
    weight, _ = parse_scheme(scheme).variances(Layer(width, width))
    return weight
