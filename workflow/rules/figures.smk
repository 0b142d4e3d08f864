# One job a figure; the registry of initbench.figures says which there are.
from initbench.figures import FIGURES


rule plot:
    input:
        **{name: f"{RESULTS}/tables/{name}.parquet" for name in TABLES},
        units=RESULTS + "/figure_data/units.npz",
    output:
        svg=RESULTS + "/figures/{figure}.svg",
        png=RESULTS + "/figures/{figure}.png",
        caption=RESULTS + "/figures/{figure}.txt",
    log:
        RESULTS + "/logs/figures/{figure}.log",
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=lambda w: sources(f"figures.{w.figure}"),
    message:
        "drawing {wildcards.figure}"
    script:
        "../../scripts/plot.py"


rule train_units:
    input:
        splits=lambda w: STUDY.data_path(STUDY.shards[0]),
    output:
        units=RESULTS + "/figure_data/units.npz",
    log:
        RESULTS + "/logs/train_units.log",
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        dataset=STUDY.shards[0].cell.dataset,
        training=STUDY.training.to_dict(),
        code=sources("units", "training", "schemes.constant", "schemes.variance_scaling", "activations.saturating"),
    message:
        "training four small networks to show unit by unit"
    script:
        "../../scripts/train_units.py"


rule figures:
    input:
        expand(RESULTS + "/figures/{figure}.svg", figure=list(FIGURES)),
    localrule: True
