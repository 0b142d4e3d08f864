"""Over all blocks: one row a scheme with its rank, score, probability of improvement and pooled difference."""

import pandas as pd

from initbench.report.sections import section
from initbench.report.words import between, text

TABLES = ("rankings", "scheme_pairs", "aggregates", "improvements", "pooled_comparisons", "equivalence")
FACTS = ["blocks", "seeds", "schemes"]
POSTERIOR = ("p_worse", "p_equivalent", "p_better")


@section("statistics", title="Over all blocks: which scheme is best", tables=TABLES)
def statistics(tables, study):
    """The schemes side by side in every scope, and the pairs of the widest one."""
    frames = {name: tables.read(name) for name in TABLES}
    if frames["rankings"].empty:
        return None
    scopes = list(dict.fromkeys(frames["rankings"]["scope"]))
    kinds = [scope.partition("=")[0] for scope in scopes]
    shown = [scope for scope, kind in zip(scopes, kinds, strict=True) if scope == "all" or kinds.count(kind) > 1]
    pairs = frames["scheme_pairs"]
    return {
        "scopes": [{"name": scope, "rows": scheme_rows(frames, scope)} | scope_facts(frames, scope) for scope in shown],
        "pairs": pairs[pairs["scope"] == "all"].to_dict("records"),
        "reference": study["config"]["reference"],
        "rope": study["config"]["thresholds"]["rope"],
    }


def scope_facts(frames, scope: str) -> dict:
    """Blocks, seeds and schemes of a scope, and what its rows note, each once."""
    ranked = frames["rankings"].loc[frames["rankings"]["scope"] == scope]
    return ranked.iloc[0][FACTS].to_dict() | {"note": "; ".join(dict.fromkeys(ranked["note"].dropna()))}


def scheme_rows(frames, scope: str) -> list[dict]:
    """One row a scheme, best mean rank first, with "value (low to high)" for what has an interval."""
    within = {name: frame[frame["scope"] == scope] for name, frame in frames.items()}
    aggregates = within["aggregates"]
    iqm = aggregates[aggregates["aggregate"] == "iqm"]
    others = (iqm, within["improvements"], within["pooled_comparisons"], within["equivalence"])
    return [
        _scheme_row(rank, *(_row(frame, rank.scheme) for frame in others)) for rank in within["rankings"].itertuples()
    ]


def _scheme_row(rank, score: dict, better: dict, pooled: dict, posterior: dict) -> dict:
    shares = [posterior.get(name) for name in POSTERIOR]
    return {
        "scheme": rank.scheme,
        "mean_rank": between(rank.mean_rank, rank.mean_rank_low, rank.mean_rank_high),
        "seed_rank": between(rank.seed_rank, rank.seed_rank_low, rank.seed_rank_high),
        "iqm": between(*(score.get(name) for name in ("value", "low", "high"))),
        "improvement": between(*(better.get(name) for name in ("probability", "low", "high"))),
        "difference": between(*(pooled.get(name) for name in ("mean_difference", "mean_low", "mean_high"))),
        "p_adjusted": pooled.get("p_adjusted"),
        "posterior": "" if pd.isna(shares[0]) else " / ".join(text(share) for share in shares),
    }


def _row(frame: pd.DataFrame, scheme: str) -> dict:
    """The row of a scheme, empty if there is none."""
    rows = frame[frame["scheme"] == scheme]
    return rows.iloc[0].to_dict() if len(rows) else {}
