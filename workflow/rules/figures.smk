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


rule figures:
    input:
        expand(f"{RESULTS}/figures/{{figure}}.svg", figure=SHOWN),
    localrule: True
