# One job trains one shard: a block of seeds of one cell with all its learning rates.
rule train:
    input:
        splits=lambda w: STUDY.data_path(shard_of(w)),
    output:
        shard=RESULTS + "/shards/{cell}/seeds-{block}.parquet",
    log:
        RESULTS + "/logs/train/{cell}/seeds-{block}.log",
    threads: 1
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        cell=lambda w: vars(shard_of(w).cell),
        seeds=lambda w: list(shard_of(w).seeds),
        training=lambda w: shard_of(w).training.to_dict(),
        extensions=STUDY.config["extensions"],
        code=lambda w: training_digest(shard_of(w)),
    message:
        "training {wildcards.cell}, seeds {wildcards.block}"
    script:
        "../../scripts/train.py"
