# The study's shards, and no others, become the tables that users build on, with the columns that probes declare.
from initbench.probes import PROBES
from initbench.tables.schema import measured_tables


rule collect:
    input:
        manifests=list(MANIFESTS),
        choices=TABLES["choices"],
    output:
        **{name: TABLES[name] for name in COLLECTED},
    log:
        f"{RESULTS}/logs/collect.log",
    benchmark:
        f"{RESULTS}/timings/collect.tsv"
    resources:
        mem_mb=growing(1000),
        runtime=growing(30),
    params:
        # the statistics alone ask for rope
        thresholds={key: value for key, value in vars(STUDY.thresholds).items() if key != "rope"},
        columns={name: repr(table.columns) for name, table in measured_tables().items()},
        extensions=behind([PROBES[name] for name in PROBES], STUDY.config["extensions"]),
        code=code_of("initbench.tables.collect", "initbench.tables.jobs"),
    message:
        "collecting the shards into tables"
    script:
        "../../scripts/collect.py"
