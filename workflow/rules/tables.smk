# The study's shards, and no others, become the tables that users build on.
rule collect:
    input:
        shards=list(SHARDS),
    output:
        **{name: f"{RESULTS}/tables/{name}.parquet" for name in TABLES},
    log:
        f"{RESULTS}/logs/collect.log",
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        rules=vars(STUDY.rules),
        code=code_of("collect", "tables"),
    message:
        "collecting the shards into tables"
    script:
        "../../scripts/collect.py"
