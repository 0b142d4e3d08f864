# One self-contained page, and the record of what it was made with.
rule report:
    input:
        **{name: f"{RESULTS}/tables/{name}.parquet" for name in [*TABLES, "comparisons"]},
        figures=expand(f"{RESULTS}/figures/{{figure}}.svg", figure=list(FIGURES)),
        captions=expand(f"{RESULTS}/figures/{{figure}}.txt", figure=list(FIGURES)),
        template=workflow.source_path("../report/index.html.j2"),
    output:
        page=f"{RESULTS}/report/index.html",
        provenance=f"{RESULTS}/provenance.json",
    log:
        f"{RESULTS}/logs/report.log",
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        config=STUDY.config,
        runs=STUDY.runs,
        cells=len(STUDY.cells),
        jobs=len(STUDY.shards),
        figures=list(FIGURES),
        code=code_of("report", "report"),
    message:
        "writing the report"
    script:
        "../../scripts/report.py"
