# The learning rate of every cell, by the rule that scoring jobs follow: on its tuning runs, or on all if it is not tuned.
CHOSEN_ON = {path: job for path, job in MANIFESTS.items() if job.tries_rates}
CHOSEN = makes(
    "choose",
    [TABLES["choices"]],
    CODE_OF_CHOICE,
    sorted(STUDY.shard_path(shard) for job in CHOSEN_ON.values() for shard in job.shards),
)


rule choose:
    input:
        **reading(CHOSEN, manifests=list(CHOSEN_ON), bundles=bundles(CHOSEN_ON)),
    output:
        choices=TABLES["choices"],
        record=CHOSEN,
    log:
        f"{RESULTS}/logs/choose.log",
    localrule: True
    resources:
        mem_mb=growing(500),
        runtime=growing(10),
    params:
        basis=CODE_OF_CHOICE,
    message:
        "choosing learning rates"
    script:
        "../../scripts/choose.py"
