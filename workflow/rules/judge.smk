# The claims under test, each by the rule declared with it.
from initbench.base.catalogue import words_behind
from initbench.base.renewal import digest
from initbench.claims.tables import CLAIM_CELLS, CLAIMS
from initbench.report.contents import claims_in_order


rule judge:
    input:
        **{name: TABLES[name] for name in COLLECTED},
    output:
        **{table.name: TABLES[table.name] for table in (CLAIMS, CLAIM_CELLS)},
    log:
        f"{RESULTS}/logs/judge.log",
    resources:
        mem_mb=growing(2000),
        runtime=growing(30),
    params:
        order=[claim.id for claim in claims_in_order()],
        extensions=behind([*claims_in_order(), *USED], STUDY.config["extensions"]),
        words=digest([words_behind("claims")]),
        code=code_of("initbench.claims.verdicts", *claims_in_order(), *USED),
    message:
        "judging the claims"
    script:
        "../../scripts/judge.py"
