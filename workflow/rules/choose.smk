# The learning rate of every cell, by the rule that scoring jobs follow: on its tuning runs, or on all if it is not tuned.
rule choose:
    input:
        manifests=[path for path, job in MANIFESTS.items() if job.tries_rates],
    output:
        choices=TABLES["choices"],
    log:
        f"{RESULTS}/logs/choose.log",
    localrule: True
    resources:
        mem_mb=growing(500),
        runtime=growing(10),
    params:
        code=CODE_OF_CHOICE,
    message:
        "choosing learning rates"
    script:
        "../../scripts/choose.py"
