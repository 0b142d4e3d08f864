# initbench: snakemake --cores 8
# A study file given with --configfile stands alone: it is not merged with config.yaml.
from snakemake.utils import min_version

min_version("9.0")

if not workflow.config_settings.configfiles:

    configfile: "config.yaml"


include: "workflow/rules/common.smk"
include: "workflow/rules/data.smk"
include: "workflow/rules/train.smk"
include: "workflow/rules/tables.smk"
include: "workflow/rules/analysis.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/report.smk"


# On a cluster these run where Snakemake runs: shorter than a scheduler takes to start them.
localrules:
    prepare_data,
    plot,
    report,


rule all:
    default_target: True
    input:
        f"{RESULTS}/report/index.html",
    localrule: True
