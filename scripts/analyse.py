"""Compute the analyses of one group whose tables are not up to date."""

from initbench.analyses.making import Sources, products, settings_of, update
from initbench.base.extensions import load_extensions
from initbench.base.log import logged


def main(inputs, outputs, params):
    load_extensions(params.extensions)
    tables, outputs = dict(inputs.items()), dict(outputs.items())
    splits, record = tables.pop("splits"), outputs.pop("record")
    sources, settings = (
        Sources(tables, (splits,) if isinstance(splits, str) else tuple(splits)),
        settings_of(params.settings),
    )
    update(products(outputs, sources, settings, params.code, record), sources, settings)


if "snakemake" in globals():
    with logged(snakemake.log[0], "analyses"):
        main(snakemake.input, snakemake.output, snakemake.params)
