# One job a figure; the registry of initbench.figures says which there are.
from initbench.figures import FIGURES, in_order

SHOWN = [figure.name for figure in in_order(STUDY.config["replication"])]


rule plot:
    input:
        unpack(lambda w: {name: TABLES[name] for name in FIGURES[w.figure].tables}),
    output:
        svg=f"{RESULTS}/figures/{{figure}}.svg",
        png=f"{RESULTS}/figures/{{figure}}.png",
        caption=f"{RESULTS}/figures/{{figure}}.txt",
    log:
        f"{RESULTS}/logs/figures/{{figure}}.log",
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
    params:
        code=lambda w: code_of(FIGURES[w.figure]),
    message:
        "drawing {wildcards.figure}"
    script:
        "../../scripts/plot.py"


rule train_units:
    input:
        splits=lambda w: STUDY.data_path(STUDY.shards[0]),
    output:
        units=f"{RESULTS}/figure_data/units.npz",
    log:
        f"{RESULTS}/logs/train_units.log",
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
    params:
        dataset=STUDY.shards[0].cell.dataset,
        training=STUDY.training.to_dict(),
        code=code_of(
            "initbench.analyses.unit_maps",
            "initbench.schemes.constant",
            "initbench.schemes.variance_scaling",
            "initbench.activations.saturating",
        ),
    message:
        "training four small networks to show unit by unit"
    script:
        "../../scripts/train_units.py"


rule figures:
    input:
        expand(f"{RESULTS}/figures/{{figure}}.svg", figure=SHOWN),
    localrule: True
