"""The findings: what becomes of each claim in this study."""

import pandas as pd

from initbench.report.sections import section

LABELS = {
    "supported": "yes",
    "supported only when": "partly",
    "refuted": "no",
    "cannot be told": "open",
    "not tested": "open",
}
VERDICTS_ZH = {
    "supported": "成立",
    "supported only when": "仅当以下条件成立",
    "refuted": "不成立",
    "cannot be told": "无法判断",
    "not tested": "未检验",
}


@section("claims", tables=("claims",))
def claims(tables, study, words):
    """Every claim with its verdict, and how many there are of each."""
    table, confirmed = tables.read("claims"), _confirmed(study.get("confirmation"))
    rows = [
        {key: None if key != "by_dataset" and pd.isna(value) else value for key, value in row.items()}
        | {
            "label": LABELS[row["verdict"]],
            "shown": shown(row["verdict"], row["condition"]),
            "verdict_zh": VERDICTS_ZH[row["verdict"]],
            "figure_title": _title(study.get("figures", {}).get(row["figure"])),
            "confirmed": confirmed.get(row["id"]),
        }
        for row in table.to_dict("records")
    ]
    counts = table["verdict"].value_counts()
    return {"claims": rows, "counts": {name: int(counts.get(name, 0)) for name in LABELS}}


def shown(verdict: str, condition) -> str:
    """The verdict as a label before its condition, which may be that none was found."""
    unknown = isinstance(condition, str) and condition.startswith("no short condition")
    return "supported in part" if unknown else verdict


def _confirmed(path: str | None) -> dict[str, str]:
    """What the study that confirms this one finds of each claim, on each of its data sets if it has several."""
    if path is None:
        return {}
    table = pd.read_parquet(path, columns=["id", "verdict", "by_dataset", "cells", "cells_holding"])
    return {
        row["id"]: "; ".join(f"{each['dataset']}: {_counted(each)}" for each in row["by_dataset"])
        if row["by_dataset"] is not None
        else _counted(row)
        for row in table.to_dict("records")
    }


def _counted(row) -> str:
    return f"{row['verdict']}, {row['cells_holding']} of {row['cells']} cells"


def _title(figure) -> str | None:
    """The title of a figure that the page shows."""
    return figure and figure["languages"]["en"]["title"]
