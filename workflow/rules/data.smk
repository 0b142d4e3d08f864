# Splits and scaling of a data set, one file a block of seeds.
rule prepare_data:
    output:
        splits=RESULTS + "/data/{dataset}/seeds-{block}.npz",
    log:
        RESULTS + "/logs/data/{dataset}/seeds-{block}.log",
    resources:
        mem_mb=500,
        runtime=10,
    params:
        source=lambda w: STUDY.source(w.dataset),
        seeds=lambda w: list(block_of(w).seeds),
        study_seed=STUDY.training.study_seed,
        extensions=STUDY.config["extensions"],
        code=lambda w: data_digest(w.dataset),
    message:
        "splitting {wildcards.dataset} for seeds {wildcards.block}"
    script:
        "../../scripts/prepare_data.py"


def data_digest(dataset):
    """Digest of the data set's own module, or of the user's file, beside what splits it."""
    source = STUDY.source(dataset)
    if isinstance(source, dict):
        own = {source["path"]} if os.path.exists(source["path"]) else set()
        own |= import_closure("initbench.datasets.files")
    else:
        from initbench.datasets import DATASETS

        own = {DATASETS[source].__code__.co_filename}
    return digest(frozenset(own) | import_closure("initbench.datasets"))
