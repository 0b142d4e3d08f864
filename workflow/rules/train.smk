# One job trains one shard: a block of seeds of one cell with all its learning rates.
rule train:
    input:
        splits=lambda w: STUDY.data_path(shard_of(w)),
    output:
        shard=f"{RESULTS}/shards/{{cell}}/seeds-{{block}}.parquet",
    log:
        f"{RESULTS}/logs/train/{{cell}}/seeds-{{block}}.log",
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=growing(30),
    params:
        cell=lambda w: vars(shard_of(w).cell),
        seeds=lambda w: list(shard_of(w).seeds),
        training=lambda w: shard_of(w).training.to_dict(),
        extensions=STUDY.config["extensions"],
        code=lambda w: code_of("train", files=training_files(shard_of(w))),
    message:
        "training {wildcards.cell}, seeds {wildcards.block}"
    script:
        "../../scripts/train.py"
