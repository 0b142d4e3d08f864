# One job trains a batch of shards, each a block of seeds of one cell with all its learning rates. A shard that is there
# and up to date is left alone, so that a killed job, or a study that grew, trains only what is missing.
TRAINING_SCRIPTS = {os.path.join(workflow.basedir, "scripts", f"{name}.py") for name in ("prepare_data", "train")}


rule train:
    input:
        splits=lambda w: sorted({STUDY.data_path(shard) for shard in BATCHES[w.batch].shards}),
    output:
        manifest=f"{RESULTS}/batches/{{batch}}.json",
    log:
        f"{RESULTS}/logs/train/{{batch}}.log",
    benchmark:
        f"{RESULTS}/timings/train/{{batch}}.tsv"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=lambda w, attempt: growing(BATCHES[w.batch].time_limit)(w, attempt),
    params:
        training=lambda w: BATCHES[w.batch].shards[0].training.to_dict(),
        shards=lambda w: [
            {
                "path": STUDY.shard_path(shard),
                "splits": STUDY.data_path(shard),
                "cell": vars(shard.cell),
                "seeds": list(shard.seeds),
                "made_from": made_from(STUDY, shard, TRAINING_SCRIPTS),
            }
            for shard in BATCHES[w.batch].shards
        ],
        extensions=STUDY.config["extensions"],
    message:
        "training {wildcards.batch}"
    script:
        "../../scripts/train.py"
