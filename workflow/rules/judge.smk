from initbench.claims import CLAIMS


# The claims under test, each by the rule declared with it.
rule judge:
    input:
        **{name: TABLES[name] for name in COLLECTED},
    output:
        claims=TABLES["claims"],
    log:
        f"{RESULTS}/logs/judge.log",
    resources:
        mem_mb=growing(2000),
        runtime=growing(30),
    params:
        extensions=STUDY.config["extensions"],
        code=code_of("initbench.tables.collect", *(CLAIMS[name] for name in CLAIMS)),
    message:
        "judging the claims"
    script:
        "../../scripts/judge.py"
