"""What a confirming study finds beside the default one, as Markdown: python validation/confirmation.py results results/confirm

The claims, each on every data set of the confirming study; then the choice of start: in how many blocks of both studies the
start that is best on fresh seeds is among those that the default study names as best, as good or undecided, and how far the
default study's best start is from the best on fresh seeds.
"""

import argparse
from pathlib import Path

import pandas as pd

CHOICE = ["width", "depth", "activation", "normalization", "optimizer", "architecture"]  # a block but for its data set
BETWEEN = " | "


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("study", type=Path, help="results of the study that was looked at")
    parser.add_argument("confirming", type=Path, help="results on fresh seeds")
    asked = parser.parse_args()
    print("\n".join(claims(asked.study, asked.confirming)))
    print()
    print("\n".join(choices(asked.study, asked.confirming)))


def claims(study: Path, confirming: Path) -> list[str]:
    """A row a claim: its verdict here, and on each data set there."""
    here, there = (_read(folder, "claims").set_index("id") for folder in (study, confirming))
    verdicts = {name: _by_dataset(row) for name, row in there.iterrows()}
    datasets = list(dict.fromkeys(dataset for found in verdicts.values() for dataset in found))
    rows = [
        [f"`{name}`", _verdict(row.verdict, row.cells_holding, row.cells)]
        + [verdicts.get(name, {}).get(dataset, "–") for dataset in datasets]
        for name, row in here.iterrows()
    ]
    return markdown(["claim", "default study", *(f"fresh seeds, {dataset}" for dataset in datasets)], rows)


def _by_dataset(row) -> dict[str, str]:
    """Data set → verdict, of a study with several data sets."""
    if row.by_dataset is None:
        return {"all": _verdict(row.verdict, row.cells_holding, row.cells)}
    return {one["dataset"]: _verdict(one["verdict"], one["cells_holding"], one["cells"]) for one in row.by_dataset}


def _verdict(verdict: str, holding: int, cells: int) -> str:
    counts = f", {holding} of {cells}" if cells else ""
    return verdict.replace("supported only when", "partly") + counts


def choices(study: Path, confirming: Path) -> list[str]:
    """A row a data set of the confirming study: how the default study's choice of start does on its fresh seeds."""
    here, there = _read(study, "best").set_index(CHOICE), _read(confirming, "best")
    means = _means(confirming)
    rows = []
    for dataset, part in there.groupby("dataset", observed=True):
        found = [_block(row, here, means, dataset) for row in part.to_dict("records")]
        found = [one for one in found if one is not None]
        named, kept, lost = (list(column) for column in zip(*found, strict=True)) if found else ([], [], [])
        rows.append([
            dataset, str(len(found)), str(sum(named)), str(sum(kept)),
            f"{pd.Series(lost).mean():.4f}" if lost else "–", f"{max(lost):.4f}" if lost else "–",
        ])  # fmt: skip
    heads = ["data set", "blocks", "best there is best here", "best there is best, as good or undecided here"]
    return markdown([*heads, "accuracy lost by the choice here, mean", "most"], rows)


def _block(row: dict, here: pd.DataFrame, means: pd.Series, dataset: str) -> tuple[bool, bool, float] | None:
    """(its best is best here, is not worse here, what the best here loses there); None if a study lacks block or start."""
    key = tuple(row[name] for name in CHOICE)
    if key not in here.index or pd.isna(row["best"]):
        return None
    mine = here.loc[[key]].iloc[0]
    best = set(mine["best"].split(BETWEEN))
    kept = best | {name for column in ("as_good", "undecided") for name in str(mine[column] or "").split(BETWEEN)}
    winners = set(row["best"].split(BETWEEN))
    scores = means[(dataset, *key)]
    taken = scores[scores.index.isin(best)]
    return (bool(winners & best), bool(winners & kept), float(scores.max() - taken.mean())) if len(taken) else None


def _means(folder: Path) -> pd.Series:
    """Mean test accuracy of the chosen scoring runs by block and scheme, a diverged run counting as 0."""
    runs = _read(folder, "runs")
    chosen = runs[runs["selected"].fillna(False).astype(bool)]
    return chosen.fillna({"test_accuracy": 0.0}).groupby(["dataset", *CHOICE, "scheme"])["test_accuracy"].mean()


def _read(folder: Path, table: str) -> pd.DataFrame:
    return pd.read_parquet(folder / "tables" / f"{table}.parquet")


def markdown(heads: list[str], rows: list[list[str]]) -> list[str]:
    """The lines of a table."""
    return [f"| {' | '.join(line)} |" for line in (heads, ["---"] * len(heads), *rows)]


if __name__ == "__main__":
    main()
