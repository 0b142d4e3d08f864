# The learning rate of every cell, chosen on its tuning runs; on all its runs if the study is not tuned.
rule choose:
    input:
        manifests=[path for path, job in MANIFESTS.items() if job.chosen_on],
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
