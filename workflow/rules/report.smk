# One self-contained page, and the record of what it was made with.
from initbench.base.registry import UnknownNameError
from initbench.replications import REPLICATIONS
from initbench.report import SECTIONS

try:
    STUDY.config["replication"] is None or REPLICATIONS[STUDY.config["replication"]]
except UnknownNameError as error:
    sys.exit(f"initbench: replication: {error}")

SECTION_TABLES = sorted({name for section in SECTIONS for name in SECTIONS[section].tables})
REPLICATION = [f"initbench.replications.{STUDY.config['replication']}"] if STUDY.config["replication"] else []


rule report:
    input:
        **{name: TABLES[name] for name in SECTION_TABLES},
        figures=expand(f"{RESULTS}/figures/{{figure}}.svg", figure=SHOWN),
        captions=expand(f"{RESULTS}/figures/{{figure}}.txt", figure=SHOWN),
        templates=local(expand(f"{TEMPLATES}/{{name}}.html.j2", name=["index", "section", *SECTIONS])),
    output:
        page=f"{RESULTS}/report/index.html",
        provenance=f"{RESULTS}/provenance.json",
    log:
        f"{RESULTS}/logs/report.log",
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
    params:
        tables=SECTION_TABLES,
        study={"config": STUDY.config, "runs": STUDY.runs, "cells": len(STUDY.cells), "jobs": len(JOBS)},
        code=code_of("initbench.report.page", *REPLICATION, *(SECTIONS[name] for name in SECTIONS)),
    message:
        "writing the report"
    script:
        "../../scripts/report.py"
