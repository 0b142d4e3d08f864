"""The order of the claims, by what they speak of."""

CLAIMS_BY_THEME = {
    "zeros": (
        "zero-symmetry", "zero-constant-output", "zero-gradient", "zero-derivative", "zero-stalls", "zero-performance",
        "zero-weights-never-learn",
    ),
    "constants": ("constant-symmetry", "constant-performance", "constant-output", "constant-vanishes", "constant-explodes"),
    "signal": ("geometric-law", "vanishing-stalls", "exploding-unstable", "loss-at-start"),
    "random": (
        "random-breaks-symmetry", "small-normal-depth", "xavier-sigmoid", "xavier-tanh", "he-relu", "recommended-gradients",
        "recommended-train", "fan-in-or-fan-out", "receptive-field-fans", "framework-defaults", "default-costs", "truncation-matters",
    ),
    "normalisation": ("batchnorm-normalises", "batchnorm-robust", "zero-gamma"),
    "shortcuts": ("zero-gamma-residual", "shortcuts-robust"),
    "optimiser": ("adam-rescues", "adam-robust"),
    "width": ("width-moves-logits", "mup-keeps-updates", "mup-rate-transfers"),
}  # fmt: skip
CLAIMS_IN_ORDER = tuple(name for names in CLAIMS_BY_THEME.values() for name in names)


def theme_of(claim: str) -> str:
    """The theme under which the report shows a claim; those of extensions are `further`."""
    return next((theme for theme, names in CLAIMS_BY_THEME.items() if claim in names), "further")
