# What `snakemake --report` lists under Results. Which figures have something to show is known once they are drawn, so that the
# marks stand on files that rule all asks for, and not on the rules that make them.
from snakemake.sourcecache import infer_source_file

from initbench.report.listing import listed

CAPTIONS = f"{RESULTS}/report/captions"


def marked(result):
    """The path of a listed file, marked for Snakemake's report."""
    caption = infer_source_file(result.caption(Path(CAPTIONS).resolve()))
    return report(str(result.path), caption, result.category, result.subcategory, result.labels)


def listed_results(wildcards):
    """The files to list of a study whose report is written; before, none."""
    every = listed(Path(RESULTS), STUDY.config["replication"])
    return [marked(result) for result in every if result.caption(Path(CAPTIONS)).exists()]
