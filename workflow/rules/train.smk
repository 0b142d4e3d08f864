# One job trains many shards, each a block of seeds of one cell in one role. Runs that are there and up to date are left
# alone, so that a killed job, or a study that grew, trains only what is missing. A scoring job waits for the tuning jobs of its
# cells, and chooses their learning rates.
TRAINED = {job.name: product(STUDY, job, CODE_OF_CHOICE) for job in JOBS.values()}
PRODUCTS += TRAINED.values()


rule train:
    """Train the runs of one job that are missing or out of date."""
    input:
        splits=lambda w: wanted(TRAINED[w.job].record, sorted({STUDY.data_path(shard) for shard in JOBS[w.job].shards})),
        tuning=lambda w: wanted(TRAINED[w.job].record, tuning(w.job)),
        bundles=lambda w: bundles(tuning(w.job)),
    output:
        manifest=f"{RESULTS}/jobs/{{job}}.json",
        bundle=update(bundles([f"{RESULTS}/jobs/{{job}}.json"])),
        record=update(f"{RESULTS}/records/train/{{job}}.json"),
    log:
        f"{RESULTS}/logs/train/{{job}}.log",
    benchmark:
        f"{RESULTS}/timings/train/{{job}}.tsv"
    priority: TRAINING
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=lambda w, attempt: growing(JOBS[w.job].time_limit)(w, attempt),
    params:
        training=lambda w: JOBS[w.job].shards[0].training.to_dict(),
        shards=lambda w: tasks(STUDY, JOBS[w.job]),
        results=lambda w: RESULTS,
        basis=lambda w: TRAINED[w.job].basis,
        extensions=lambda w: extensions_of(STUDY, JOBS[w.job].shards),
        what=lambda w: in_words(JOBS[w.job]),
    message:
        "{params.what}"
    script:
        "../../scripts/train.py"
