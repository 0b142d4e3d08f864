# The learning rate of every cell, by the rule that scoring jobs follow: on its tuning runs, or on all if it is not tuned.
CHOSEN_ON = {path: job for path, job in MANIFESTS.items() if job.tries_rates}
CHOOSING = digest([MEASURED_STUDY, CODE_OF_CHOICE])
CHOSEN = makes(
    "choose",
    [TABLES["choices"]],
    CHOOSING,
    sorted(STUDY.shard_path(shard) for job in CHOSEN_ON.values() for shard in job.shards),
)


rule choose:
    """Choose the learning rate of every cell, into choices.parquet."""
    input:
        **reading(CHOSEN, manifests=list(CHOSEN_ON), bundles=bundles(CHOSEN_ON)),
    output:
        choices=TABLES["choices"],
        record=CHOSEN,
    log:
        f"{RESULTS}/logs/choose.log",
    priority: TRAINING
    localrule: True
    resources:
        mem_mb=growing(500),
        runtime=growing(10),
    params:
        basis=CHOOSING,
        study=MEASURED_STUDY,
    message:
        "choosing learning rates"
    script:
        "../../scripts/choose.py"
