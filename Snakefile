# initbench: snakemake --cores 8
include: "workflow/Snakefile"


# What is made without a target must be a rule of this file: one of an included file does not count.
rule study:
    """Everything of the study, the report last."""
    default_target: True
    input:
        rules.all.input,
    localrule: True
