"""Over all blocks: one row a scheme with its rank, score, probability of improvement and pooled difference."""

import pandas as pd

from initbench.report import between, section

TABLES = ("rankings", "rank_pairs", "aggregates", "improvements", "pooled_comparisons", "equivalence")


@section("statistics", title="Over all blocks: which scheme is best", place=72, tables=TABLES)
def statistics(paths, study):
    """The schemes side by side in every scope, and the pairs of the widest one."""
    tables = {name: pd.read_parquet(paths[name]) for name in TABLES}
    if tables["rankings"].empty:
        return None
    scopes = list(dict.fromkeys(tables["rankings"]["scope"]))
    kinds = [scope.partition("=")[0] for scope in scopes]
    scopes = [s for s, kind in zip(scopes, kinds, strict=True) if s == "all" or kinds.count(kind) > 1]
    pairs = tables["rank_pairs"]
    return {
        "scopes": [
            {"name": scope, "rows": scheme_rows(tables, scope)} | scope_facts(tables, scope) for scope in scopes
        ],
        "pairs": pairs[pairs["scope"] == "all"].to_dict("records"),
        "reference": study["config"]["reference"],
        "rope": study["config"]["thresholds"]["rope"],
    }


def scope_facts(tables, scope: str) -> dict:
    """Test over blocks, permutation over seeds and both critical differences of a scope."""
    names = [
        "blocks",
        "seeds",
        "schemes",
        "test",
        "p",
        "critical_difference",
        "p_seeds",
        "critical_difference_seeds",
        "note",
    ]
    ranked = tables["rankings"]
    return ranked.loc[ranked["scope"] == scope, names].iloc[0].to_dict()


def scheme_rows(tables, scope: str) -> list[dict]:
    """One row a scheme, best mean rank first, with "value (low to high)" for what has an interval."""
    ranked = tables["rankings"]
    aggregates = tables["aggregates"]
    own = {name: table[table["scope"] == scope] for name, table in tables.items()}
    iqm = aggregates[(aggregates["scope"] == scope) & (aggregates["aggregate"] == "iqm")]
    rows = []
    for rank in ranked[ranked["scope"] == scope].itertuples():
        score, better, pooled, posterior = (
            _row(table, rank.scheme)
            for table in (iqm, own["improvements"], own["pooled_comparisons"], own["equivalence"])
        )
        rows.append(
            {
                "scheme": rank.scheme,
                "mean_rank": between(rank.mean_rank, rank.rank_low, rank.rank_high),
                "seed_rank": between(rank.seed_rank, rank.seed_rank_low, rank.seed_rank_high),
                "iqm": between(*(score.get(name) for name in ("value", "low", "high"))),
                "improvement": between(*(better.get(name) for name in ("probability", "low", "high"))),
                "difference": between(*(pooled.get(name) for name in ("effect", "effect_low", "effect_high"))),
                "p_adjusted": pooled.get("p_adjusted"),
                "posterior": [posterior.get(name) for name in ("p_worse", "p_equivalent", "p_better")],
            }
        )
    return rows


def _row(table: pd.DataFrame, scheme: str) -> dict:
    """The row of a scheme, empty if there is none."""
    mine = table[table["scheme"] == scheme]
    return mine.iloc[0].to_dict() if len(mine) else {}
