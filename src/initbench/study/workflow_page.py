"""The text of config/README.md, which the Snakemake workflow catalogue shows: how the workflow is deployed and configured."""

from initbench.study.pages import tables_of_keys

HEAD = """\
# Configuring initbench

initbench trains a grid of small networks, initialisation scheme × activation × depth × normalisation × learning rate × seed, and writes
tables and a report of what each start does. Its configuration is one YAML file, the *study*: `config.yaml` at the root of a checkout,
which is `config/config.yaml` too. Nothing else is needed, no sample sheet and no download: the default study's data are part of
scikit-learn.

## In a checkout

```sh
snakemake --cores 2                                                     # the default study
snakemake --cores 2 --configfile workflow/studies/quick.yaml            # a small one
snakemake --cores 2 --config seeds=20 training='{steps: 50}'            # single keys, nested ones too
snakemake --list-target-rules                                           # what can be asked for
```

## As a module

The rules need the Python package in the environment of Snakemake (`pip install .` in a checkout). A workflow of your own then takes the
rules as they are, gives the study, and asks for what they make:

```python
configfile: "config/config.yaml"


module initbench:
    snakefile:
        "/path/to/initbench/workflow/Snakefile"
    config:
        config


use rule * from initbench as initbench_*


rule ranking:
    input:
        "results/tables/best.parquet",
    output:
        "ranking.csv",
    shell:
        "python -c \\"import pandas; pandas.read_parquet('{input}').to_csv('{output}')\\""
```

`snakemake --cores 2 ranking.csv` trains what that table needs, `snakemake --cores 2 initbench_all` makes everything; without a name
Snakemake makes the first rule that it meets, so begin your workflow with one of your own. Paths are relative to where the command is
run. `profiles/default` of a checkout, copied beside your Snakefile, keeps Snakemake as quiet as it is there.

"""


def workflow_page() -> str:
    """config/README.md: the introduction, then every key as docs/reference/configuration.md has it."""
    return HEAD + tables_of_keys()
