# One job a figure; the report's table of contents says which there are.
from initbench.report.contents import check_contents, figures_in_order

try:
    check_contents(TABLES, STUDY.config["replication"])
except ValueError as error:
    sys.exit(f"initbench: {error}")

FIGURES = {figure.name: figure for figure in figures_in_order(STUDY.config["replication"])}


rule plot:
    input:
        unpack(lambda w: {name: TABLES[name] for name in FIGURES[w.figure].tables}),
    output:
        svg=f"{RESULTS}/figures/{{figure}}.svg",
        png=f"{RESULTS}/figures/{{figure}}.png",
        caption=f"{RESULTS}/figures/{{figure}}.txt",
    log:
        f"{RESULTS}/logs/figures/{{figure}}.log",
    localrule: True
    resources:
        mem_mb=growing(1000),
        runtime=growing(10),
    params:
        replication=STUDY.config["replication"],
        extensions=lambda w: behind([FIGURES[w.figure], *USED], STUDY.config["extensions"]),
        code=lambda w: code_of("initbench.figures.style", FIGURES[w.figure]),
    message:
        "drawing {wildcards.figure}"
    script:
        "../../scripts/plot.py"


rule figures:
    input:
        expand(f"{RESULTS}/figures/{{figure}}.svg", figure=FIGURES),
    localrule: True
