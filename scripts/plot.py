"""Draw one figure as SVG and PNG, with its caption."""

from pathlib import Path

from initbench.base.log import logged
from initbench.figures import FIGURES
from initbench.figures.style import save


def main(name, tables, output):
    figure, caption = FIGURES[name].function(tables)
    save(figure, output.svg, output.png)
    Path(output.caption).write_text(caption, encoding="utf-8")


if "snakemake" in globals():
    with logged(snakemake.log[0], "figure " + str(snakemake.wildcards.figure)):
        main(snakemake.wildcards.figure, dict(snakemake.input.items()), snakemake.output)
