# initbench: snakemake --cores 8
include: "workflow/Snakefile"
