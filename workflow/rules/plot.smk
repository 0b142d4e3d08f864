# A process draws the figures of a group that are out of date, each into a folder of its own, and a record says what each was
# made from; then each is moved to its place, or fails by its own name. The report's table of contents says which there are.
from initbench.base.catalogue import words_behind
from initbench.base.fingerprint import content_of
from initbench.figures.typeface import FONT
from initbench.figures.drawing import KINDS as FIGURE_FILES, groups as figure_groups, picture
from initbench.report.contents import check_contents, figures_in_order
from initbench.study.checks import data_sets_of

try:
    check_contents(TABLES, STUDY.config["replication"])
except ValueError as error:
    sys.exit(f"initbench: {error}")

DATA_SETS = data_sets_of(STUDY.config)  # figures of a data set are drawn for each
FIGURES = {figure.name: figure for figure in figures_in_order(STUDY.config["replication"])}


for GROUP, MEMBERS in figure_groups(FIGURES.values(), COLLECTED):
    RECORD = f"{RESULTS}/records/figures/{GROUP}.json"
    CODE = {figure.name: code_of_figure(figure) for figure in MEMBERS}
    PRODUCTS += [
        picture(figure, TABLES, CODE[figure.name], RECORD, f"{RESULTS}/figures", DATA_SETS) for figure in MEMBERS
    ]

    rule:
        """Draw the figures of one group, by one process."""
        name:
            f"plot_{GROUP}"
        input:
            **reading(
                RECORD, **{name: TABLES[name] for name in sorted({name for each in MEMBERS for name in each.tables})}
            ),
        output:
            folders=[temp(directory(f"{RESULTS}/drawn/{figure.name}")) for figure in MEMBERS],
            record=update(RECORD),
        log:
            f"{RESULTS}/logs/plot/{GROUP}.log",
        priority: DRAWING
        localrule: True
        resources:
            mem_mb=growing(1000),
            runtime=growing(10),
        params:
            replication=STUDY.config["replication"],
            extensions=behind([*MEMBERS, *USED], STUDY.config["extensions"]),
            code=CODE,
            standing=f"{RESULTS}/figures",
            logs=f"{RESULTS}/logs/figures",
            data_sets=DATA_SETS,
        message:
            f"drawing: {few([figure.name for figure in MEMBERS], 'figures')}"
        script:
            "../../scripts/plot.py"


rule figure:
    """Put a drawn figure in its place."""
    input:
        drawn=lambda w: wanted(f"{RESULTS}/figures/{w.figure}.{FIGURE_FILES[0]}", f"{RESULTS}/drawn/{w.figure}"),
    output:
        [f"{RESULTS}/figures/{{figure}}.{kind}" for kind in FIGURE_FILES],
        [directory(f"{RESULTS}/figures/{{figure}}")] if len(DATA_SETS) > 1 else [],
    log:
        f"{RESULTS}/logs/figures/{{figure}}.log",
    localrule: True
    params:
        folder=lambda wildcards, output: os.path.dirname(output[0]),
    shell:
        "mv {input.drawn:q}/log {log:q}; "
        "if [ -e {input.drawn:q}/failed ]; then cat {input.drawn:q}/failed >&2; rm -r {input.drawn:q}; exit 1; fi; "
        "mv {input.drawn:q}/{wildcards.figure}.* {params.folder:q}; "
        "if [ -d {input.drawn:q}/{wildcards.figure} ]; then mv {input.drawn:q}/{wildcards.figure} {params.folder:q}; fi"


rule figures:
    """All figures; what they are drawn from is made first where it is missing."""
    input:
        every_figure,
    localrule: True
