# Statistics over the tables.
rule compare:
    input:
        runs=f"{RESULTS}/tables/runs.parquet",
    output:
        comparisons=f"{RESULTS}/tables/comparisons.parquet",
    log:
        f"{RESULTS}/logs/compare.log",
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        reference=STUDY.reference,
        code=code_of("compare", "statistics.comparisons"),
    message:
        "comparing every scheme with {params.reference}"
    script:
        "../../scripts/compare.py"
