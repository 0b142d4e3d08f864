# One self-contained page, and the record of what it was made with.
rule report:
    input:
        **{name: f"{RESULTS}/tables/{name}.parquet" for name in [*TABLES, "comparisons"]},
        figures=expand(RESULTS + "/figures/{figure}.svg", figure=list(FIGURES)),
        captions=expand(RESULTS + "/figures/{figure}.txt", figure=list(FIGURES)),
        template=workflow.source_path("../report/index.html.j2"),
    output:
        page=RESULTS + "/report/index.html",
        provenance=RESULTS + "/provenance.json",
    log:
        RESULTS + "/logs/report.log",
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        config=STUDY.config,
        runs=STUDY.runs,
        cells=len(STUDY.cells),
        jobs=len(STUDY.shards),
        figures=list(FIGURES),
        code=sources("report"),
    message:
        "writing the report"
    script:
        "../../scripts/report.py"
