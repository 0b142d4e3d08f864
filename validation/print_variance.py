"""Where the variance of runs comes from: python validation/print_variance.py [RESULTS].

Prints the table of docs/reference/statistics.md from the study workflow/studies/variance.yaml, whose results lie in results/variance.
"""

import sys
from pathlib import Path

import pandas as pd


def table(sources: pd.DataFrame) -> list[str]:
    """Rows of the page: each source's share, median over cells with the least and the largest, of runs and of differences."""
    rows = ["| source | runs | paired differences |", "|---|---|---|"]
    for source in dict.fromkeys(sources["source"]):
        part = sources[sources["source"] == source]
        found = [part.loc[part["of"] == of, "share"].dropna() for of in ("run", "difference")]
        rows.append(f"| {source} | " + " | ".join(_spread(shares) for shares in found) + " |")
    return rows


def _spread(shares: pd.Series) -> str:
    if shares.empty:
        return ""
    return f"{100 * shares.median():.0f} % ({100 * shares.min():.0f}–{100 * shares.max():.0f})"


def main(results: str = "results/variance") -> None:
    """Print the table."""
    sources = pd.read_parquet(Path(results) / "tables/variance_sources.parquet")
    cells = sources.drop_duplicates(["depth", "activation", "normalization", "scheme"])
    print(f"{len(cells)} cells; median (least–largest) share of the variance\n")
    print("\n".join(table(sources)))


if __name__ == "__main__":
    main(*sys.argv[1:])
