"""Values as the page shows them."""

import pandas as pd


def text(value) -> str:
    """A table's value as the page shows it: three significant digits, null as nothing."""
    if pd.isna(value):
        return ""
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def between(value, low, high) -> str:
    """value (low to high), without the interval where there is none."""
    if pd.isna(value):
        return ""
    return text(float(value)) + ("" if pd.isna(low) else f" ({text(float(low))} to {text(float(high))})")


def of_other_seeds(tuning_seeds: int) -> str:
    """On whose validation data learning rates were chosen, where that is not said: of seeds that score nothing."""
    return f" of {tuning_seeds} other seeds" if tuning_seeds else ""


def block_columns(frame: pd.DataFrame) -> list[tuple[str, str]]:
    """(heading, column) of the keys of a block, those that seldom differ only where the frame has several values."""
    seldom = (("architecture", "architecture"), ("width", "width"), ("optimiser", "optimizer"))
    return [
        ("data", "dataset"),
        *((heading, name) for heading, name in seldom if frame[name].nunique() > 1),
        ("activation", "activation"),
        ("depth", "depth"),
        ("normalisation", "normalization"),
    ]
