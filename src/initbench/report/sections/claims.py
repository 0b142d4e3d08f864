"""The findings: what becomes of each claim in this study."""

import pandas as pd

from initbench.figures import FIGURES
from initbench.report.sections import section

LABELS = {"supported": "yes", "supported only when": "partly", "refuted": "no", "not tested": "open"}
VERDICTS_ZH = {
    "supported": "成立",
    "supported only when": "仅当以下条件成立",
    "refuted": "不成立",
    "not tested": "未检验",
}


@section("claims", title="Findings: what becomes of each claim", tables=("claims",))
def claims(tables, study):
    """Every claim with its verdict, and how many there are of each."""
    table = tables.read("claims")
    rows = [
        {key: None if pd.isna(value) else value for key, value in row.items()}
        | {
            "label": LABELS[row["verdict"]],
            "verdict_zh": VERDICTS_ZH[row["verdict"]],
            "figure_title": _title(row["figure"]),
        }
        for row in table.to_dict("records")
    ]
    counts = table["verdict"].value_counts()
    return {"claims": rows, "counts": {name: int(counts.get(name, 0)) for name in LABELS}}


def _title(figure) -> str | None:
    """The title of a figure in FIGURES, if there is one of that name."""
    return FIGURES[figure].title if isinstance(figure, str) and figure in FIGURES else None
