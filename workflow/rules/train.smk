# One job trains many shards, each a block of seeds of one cell in one role. Runs that are there and up to date are left
# alone, so that a killed job, or a study that grew, trains only what is missing. Scoring jobs wait for the choice of learning
# rates, but are not run because that is made anew: whatever can move it stands in their parameters.
rule train:
    input:
        splits=lambda w: sorted({STUDY.data_path(shard) for shard in JOBS[w.job].shards}),
        choices=ancient(lambda w: [TABLES["choices"]] if JOBS[w.job].at_choice else []),
    output:
        manifest=f"{RESULTS}/jobs/{{job}}.json",
    log:
        f"{RESULTS}/logs/train/{{job}}.log",
    benchmark:
        f"{RESULTS}/timings/train/{{job}}.tsv"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=lambda w, attempt: growing(JOBS[w.job].time_limit)(w, attempt),
    params:
        training=lambda w: JOBS[w.job].shards[0].training.to_dict(),
        shards=lambda w: tasks(STUDY, JOBS[w.job]),
        chosen_by=lambda w: [list(STUDY.tuning_seeds), CODE_OF_CHOICE] if JOBS[w.job].at_choice else [],
        extensions=lambda w: extensions_of(STUDY, JOBS[w.job].shards),
    message:
        "training {wildcards.job}"
    script:
        "../../scripts/train.py"
