# Splits and scaling of a data set, one file a block of seeds.


SPLITTING = {path: digest(splitting(shard)) for path, shard in BLOCKS.items()}
for path, basis in SPLITTING.items():
    makes(f"data/{Path(path).parent.name}/{Path(path).stem}", [path], basis)


rule prepare:
    """Split and scale a data set for a block of seeds."""
    input:
        due=lambda w: wanted(f"{RESULTS}/data/{w.dataset}/seeds-{w.block}.npz", []),
    output:
        splits=f"{RESULTS}/data/{{dataset}}/seeds-{{block}}.npz",
        record=f"{RESULTS}/records/data/{{dataset}}/seeds-{{block}}.json",
    log:
        f"{RESULTS}/logs/data/{{dataset}}/seeds-{{block}}.log",
    priority: TRAINING
    localrule: True
    resources:
        mem_mb=growing(500),
        runtime=growing(10),
    params:
        source=lambda w: STUDY.source(w.dataset),
        seeds=lambda w: STUDY.split_seeds(block_of(w).seeds),
        study_seed=STUDY.training.study_seed,
        extensions=lambda w: behind(prepared_by(STUDY.source(w.dataset)), STUDY.config["extensions"]),
        basis=lambda w: SPLITTING[f"{RESULTS}/data/{w.dataset}/seeds-{w.block}.npz"],
    message:
        "splitting {wildcards.dataset} for seeds {wildcards.block}"
    script:
        "../../scripts/prepare.py"
