"""Draw one figure as SVG and PNG, with its caption."""

from pathlib import Path

from initbench.base.extensions import load_extensions
from initbench.base.log import logged
from initbench.figures.style import save, style
from initbench.report.contents import find_figure
from initbench.tables.views import Tables


def main(name, replication, tables, output, extensions):
    load_extensions(extensions)
    with style():
        figure, caption = find_figure(name, replication).function(Tables(tables))
        save(figure, output.svg, output.png)
    Path(output.caption).write_text(caption, encoding="utf-8")


if "snakemake" in globals():
    with logged(snakemake.log[0], "figure " + str(snakemake.wildcards.figure)):
        main(
            snakemake.wildcards.figure,
            snakemake.params.replication,
            dict(snakemake.input.items()),
            snakemake.output,
            snakemake.params.extensions,
        )
