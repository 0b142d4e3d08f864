# The study's shards, and no others, become the tables that users build on, with the columns that probes declare.
from initbench.probes import PROBES
from initbench.tables.schema import measured_tables

# the statistics alone ask for rope
USED_THRESHOLDS = {key: value for key, value in vars(STUDY.thresholds).items() if key != "rope"}
GATHERING = [
    MEASURED_STUDY,
    sorted(USED_THRESHOLDS.items()),
    {name: repr(table.columns) for name, table in measured_tables().items()},
    code_of("initbench.tables.collect", "initbench.tables.jobs"),
]
GATHERED = makes("collect", [TABLES[name] for name in COLLECTED], digest(GATHERING), [*SHARDS, TABLES["choices"]])


rule collect:
    """Gather all runs into the tables runs, history, signal and layers."""
    input:
        **reading(
            GATHERED,
            manifests=list(MANIFESTS),
            bundles=bundles(MANIFESTS),
            records=[TRAINED[job.name].record for job in MANIFESTS.values()],
            choices=TABLES["choices"],
        ),
    output:
        **{name: TABLES[name] for name in COLLECTED},
        record=GATHERED,
    log:
        f"{RESULTS}/logs/collect.log",
    benchmark:
        f"{RESULTS}/timings/collect.tsv"
    resources:
        mem_mb=growing(1000),
        runtime=growing(30),
    params:
        thresholds=USED_THRESHOLDS,
        study=MEASURED_STUDY,
        extensions=behind([PROBES[name] for name in PROBES], STUDY.config["extensions"]),
        basis=digest(GATHERING),
    message:
        "collecting the shards into tables"
    script:
        "../../scripts/collect.py"
