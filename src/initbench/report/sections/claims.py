"""The claims: what becomes of each in this study, a row a claim, with its evidence."""

from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from initbench.base.catalogue import TAGS, Words
from initbench.base.parquet import check
from initbench.claims.themes import theme_of
from initbench.report.claim_cells import cell_tables
from initbench.report.sections import section

TONES = {  # verdict → how the page marks it, what surprises first
    "refuted": "no",
    "supported only when": "partly",
    "supported": "yes",
    "cannot be told": "open",
    "not tested": "open",
}
UNTESTED = "not tested"
SUFFIX = {"en": "", "zh": "_zh"}  # of a column in a language


@section("claims", tables=("claims", "claim_cells"))
def claims(tables, study, words):
    """Every claim that the study asks, by theme, what surprises first; how many there are of each verdict."""
    table, language = tables.read("claims"), words.language
    asked = table[table["verdict"] != UNTESTED]
    cells = cell_tables(tables.read("claim_cells"), asked, language)
    confirmed = _confirmed(study.get("confirmation"))
    rows = [_row(row, cells, confirmed, study, language) for row in asked.to_dict("records")]
    themes = {name: sorted(part, key=_surprise) for name, part in _by_theme(rows).items()}
    return {
        "own": words.of("claims.page"),
        "language": language,
        "tag": TAGS[language],
        "space": words.term("space"),
        "colon": words.term("colon"),
        "finding": _opening(Counter(asked["verdict"]), words.of("claims.page")),
        "themes": {words.of("claims.themes")(name): part for name, part in themes.items()},
        "tones": {tone: words.of("claims.verdicts")(verdict) for verdict, tone in TONES.items() if verdict != UNTESTED},
        "fresh": bool(confirmed),
        "explores": study.get("explores", False),
        "untested": len(table) - len(asked),
    }


def _opening(counts: Mapping[str, int], words: Words) -> str | None:
    """Such as "Of 29 claims, 9 hold everywhere, 14 in part and 5 nowhere; of 1 the runs cannot tell."; None of no claim."""
    total = sum(counts.values())
    if not total:
        return None
    numbers = {"all": counts["supported"], "some": counts["supported only when"], "none": counts["refuted"]}
    untold = counts["cannot be told"]
    return words("opening_untold" if untold else "opening", n=total, untold=untold, **numbers)


def _row(row: Mapping, cells: Mapping[str, Mapping], confirmed: Mapping, study: Mapping, language: str) -> dict:
    """What the template shows of a claim."""
    words = Words(language, "claims.page")
    texts = {key: _text(row, key, language) for key in ("statement", "condition", "evidence", "rule", "claimed_in")}
    figure = study.get("figures", {}).get(row["figure"])
    return {
        "id": row["id"],
        **texts,
        "verdict": words.of("claims.verdicts")(row["verdict"]),
        "tone": TONES[row["verdict"]],
        "holding": int(row["cells_holding"]),
        "cells": int(row["cells"]),
        "share": row["cells_holding"] / row["cells"] if row["cells"] else -1,
        "confirmed": [_fresh(each, row["verdict"], words) for each in confirmed.get(row["id"], ())],
        "figure": figure and {"name": row["figure"], "number": figure.get("number")},
        "table": cells.get(row["id"]),
    }


def _text(row: Mapping, key: str, language: str) -> dict | None:
    """A text of a claim with the language that it is in: English where an extension gave no other."""
    own = row[key + SUFFIX[language]]
    if pd.notna(own):
        return {"text": own, "tag": TAGS[language]}
    return {"text": row[key], "tag": TAGS["en"]} if pd.notna(row[key]) else None


def _by_theme(rows: Sequence[Mapping]) -> dict[str, list]:
    themes: dict[str, list] = {}
    for row in rows:
        themes.setdefault(theme_of(row["id"]), []).append(row)
    return themes


def _surprise(row: Mapping) -> int:
    return list(TONES.values()).index(row["tone"])


def _confirmed(path: str | None) -> dict[str, list[dict]]:
    """What the study that confirms this one finds of each claim: verdict and cells, on each of its data sets if it has several."""
    if path is None:
        return {}
    columns = ["verdict", "cells", "cells_holding"]
    check(path)
    table = pd.read_parquet(path, columns=["id", *columns, "by_dataset"])
    if table["by_dataset"].map(lambda found: isinstance(found, str)).any():
        return {}  # a table of an earlier version: its study has to be run again
    return {
        row["id"]: [{key: row[key] for key in columns} | {"dataset": None}]
        if row["by_dataset"] is None
        else list(row["by_dataset"])
        for row in table.to_dict("records")
    }


def _fresh(found: Mapping, here: str, words: Words) -> dict:
    """A verdict on fresh seeds beside the one here: the same, another, or none where the claim was not tested there."""
    verdict, counts = words.of("claims.verdicts")(found["verdict"]), ""
    if found["cells"]:
        counts = words("of", holding=int(found["cells_holding"]), cells=int(found["cells"]))
    same = None if UNTESTED in (found["verdict"], here) else found["verdict"] == here
    return {"dataset": found["dataset"], "verdict": verdict, "counts": counts, "same": same}
