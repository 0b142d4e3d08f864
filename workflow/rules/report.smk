# One self-contained page, and the record of what it was made with.
from initbench.base.fingerprint import content_of
from initbench.replications import REPLICATIONS
from initbench.report import page
from initbench.report.contents import sections_in_order
from initbench.report.explorer.data import TABLES as EXPLORED

SECTIONS = sections_in_order()
PAGE_TABLES = sorted({*EXPLORED, *(name for section in SECTIONS for name in section.tables)})
# The verdicts of the study that confirms this one, once it has been run.
CONFIRMED = Path(STUDY.config["confirmation"] or "") / "tables/claims.parquet"
CONFIRMATION = [str(CONFIRMED)] if STUDY.config["confirmation"] and CONFIRMED.exists() else []
FINDINGS = [REPLICATIONS[STUDY.config["replication"]]] if STUDY.config["replication"] else []
PICTURES = expand(f"{RESULTS}/figures/{{figure}}.{{kind}}", figure=FIGURES, kind=FIGURE_FILES)
DESCRIBED = {
    "config": STUDY.config,
    "runs": STUDY.runs,
    "cells": len(STUDY.cells),
    "jobs": len(JOBS),
    "tuning_seeds": len(STUDY.tuning_seeds),
}
WRITING = [
    PAGE_TABLES,
    DESCRIBED,
    [section.name for section in SECTIONS],
    content_of(*page.files()),
    code_of(
        page,
        "initbench.report.ending",
        "initbench.report.listing",
        "initbench.report.looks",
        "initbench.report.provenance",
        *SECTIONS,
        *FINDINGS,
    ),
]
WRITTEN = makes(
    "report",
    [f"{RESULTS}/report/index.html", f"{RESULTS}/provenance.json", f"{RESULTS}/report/answer.json"],
    digest(WRITING),
    [*(TABLES[name] for name in PAGE_TABLES), *PICTURES, *CONFIRMATION, GATHERED],
)


rule report:
    """Write the report, and provenance.json: what it was made with."""
    input:
        **reading(
            WRITTEN,
            **{name: TABLES[name] for name in PAGE_TABLES},
            figures=PICTURES,
            confirmation=CONFIRMATION,
            collected=GATHERED,
        ),
    output:
        page=f"{RESULTS}/report/index.html",
        provenance=f"{RESULTS}/provenance.json",
        answer=f"{RESULTS}/report/answer.json",
        looks=update(f"{RESULTS}/looks.json"),
        captions=directory(CAPTIONS),
        record=WRITTEN,
    log:
        f"{RESULTS}/logs/report.log",
    localrule: True
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
    params:
        tables=PAGE_TABLES,
        study=DESCRIBED,
        extensions=STUDY.config["extensions"],
        basis=digest(WRITING),
    message:
        "writing the report"
    script:
        "../../scripts/report.py"
