"""Draw the figures of one group that are out of date, each into a folder of its own."""

import gc

from initbench.base.extensions import load_extensions
from initbench.base.log import logged
from initbench.figures.drawing import draw_group, picture
from initbench.report.contents import find_figure
from initbench.tables.views import Tables


def main(inputs, outputs, params):
    load_extensions(params.extensions)
    figures = [find_figure(name, params.replication) for name in params.code]
    folders = dict(zip(params.code, outputs.folders, strict=True))
    tables = Tables(dict(inputs.items()))
    pictures = [
        picture(figure, tables.paths, params.code[figure.name], outputs.record, params.standing, params.data_sets)
        for figure in figures
    ]
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)  # figures are full of circles: to look for unused ones takes a tenth of the time
    draw_group(figures, tables, pictures, folders, params.standing, params.logs, params.data_sets)


if "snakemake" in globals():
    with logged(snakemake.log[0], "figures"):
        main(snakemake.input, snakemake.output, snakemake.params)
