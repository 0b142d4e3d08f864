# The claims under test, each by the rule declared with it.
from initbench.base.catalogue import words_behind
from initbench.claims.tables import CLAIM_CELLS, CLAIMS
from initbench.report.contents import claims_in_order

JUDGING = [
    [claim.id for claim in claims_in_order()],
    words_behind("claims"),
    code_of("initbench.claims.verdicts", *claims_in_order(), *USED),
]
JUDGED = makes(
    "judge",
    [TABLES[table.name] for table in (CLAIMS, CLAIM_CELLS)],
    digest(JUDGING),
    [TABLES[name] for name in COLLECTED],
)


rule judge:
    """Judge the claims under test, into claims.parquet and claim_cells.parquet."""
    input:
        **reading(JUDGED, **{name: TABLES[name] for name in COLLECTED}),
    output:
        **{table.name: TABLES[table.name] for table in (CLAIMS, CLAIM_CELLS)},
        record=JUDGED,
    log:
        f"{RESULTS}/logs/judge.log",
    priority: LEISURE
    resources:
        mem_mb=growing(2000),
        runtime=growing(30),
    params:
        extensions=behind([*claims_in_order(), *USED], STUDY.config["extensions"]),
        basis=digest(JUDGING),
    message:
        "judging the claims"
    script:
        "../../scripts/judge.py"
