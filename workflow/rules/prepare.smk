# Splits and scaling of a data set, one file a block of seeds.
rule prepare:
    output:
        splits=f"{RESULTS}/data/{{dataset}}/seeds-{{block}}.npz",
    log:
        f"{RESULTS}/logs/data/{{dataset}}/seeds-{{block}}.log",
    localrule: True
    resources:
        mem_mb=growing(500),
        runtime=growing(10),
    params:
        source=lambda w: STUDY.source(w.dataset),
        seeds=lambda w: STUDY.split_seeds(block_of(w).seeds),
        study_seed=STUDY.training.study_seed,
        extensions=lambda w: behind(prepared_by(STUDY.source(w.dataset)), STUDY.config["extensions"]),
        code=lambda w: data_code(STUDY.source(w.dataset)),
    message:
        "splitting {wildcards.dataset} for seeds {wildcards.block}"
    script:
        "../../scripts/prepare.py"
