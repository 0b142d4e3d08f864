# Statistics over the tables.
rule compare:
    input:
        runs=RESULTS + "/tables/runs.parquet",
    output:
        comparisons=RESULTS + "/tables/comparisons.parquet",
    log:
        RESULTS + "/logs/compare.log",
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        reference=STUDY.reference,
        code=sources("statistics.comparisons"),
    message:
        "comparing every scheme with {params.reference}"
    script:
        "../../scripts/compare.py"
