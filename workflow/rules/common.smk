# The study, and what the rules ask of it. One thread each: parallelism comes from jobs.
import os
import sys
from pathlib import Path

from initbench.analyses import ANALYSES, MEASURED
from initbench.base.at_work import date_now, stay, what_locks
from initbench.base.fingerprint import behind, code_of
from initbench.study.grid import ConfigError, load_study
from initbench.study.jobs import in_words, jobs, manifest, product, tasks
from initbench.study.measured import measured
from initbench.study.reading import given_to_snakemake, study_files
from initbench.study.signatures import data_code, extensions_of, prepared_by, used_by

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

try:
    if workflow.modifier.skip_configfile:  # a module of another workflow, which gives the study
        STUDY = load_study(config, workflow.is_main_process)
    else:  # initbench reads study files itself: Snakemake takes the last of two equal keys, and knows no lines
        given = workflow.config_settings
        workflow.configfiles[:] = study_files(given.configfiles, given.config)
        STUDY = load_study(given_to_snakemake(workflow.configfiles, given.config), workflow.is_main_process)
except ConfigError as error:
    sys.exit("\n".join(f"initbench: {line}" for line in str(error).splitlines()))

RESULTS = str(STUDY.results)
MEASURED_STUDY = measured(STUDY.config)  # what the tables say that they were made from
if workflow.is_main_process and (why := what_locks(RESULTS)) and "--unlock" not in sys.argv:
    print(f"initbench: {why}", file=sys.stderr)
stay()  # until this process ends: what tells its lock from one that is left over
MANIFESTS = {manifest(STUDY, job): job for job in jobs(STUDY)}
JOBS = {Path(path).stem: job for path, job in MANIFESTS.items()}
SHARDS = sorted({STUDY.shard_path(shard) for shard in STUDY.shards})
FINISHED_BY = {STUDY.shard_path(shard): path for path, job in MANIFESTS.items() for shard in job.shards}
USED = used_by(STUDY)
BLOCKS = {STUDY.data_path(shard): shard for shard in STUDY.shards}
COLLECTED = list(MEASURED)
# What figures and sections of the report may ask for, by name.
TABLES = {
    name: f"{RESULTS}/tables/{name}.parquet" for name in ["choices", *COLLECTED, *ANALYSES, "claims", "claim_cells"]
}
# What other work waits for comes first; what nothing but the report waits for fills the gaps.
TRAINING, ANALYSING, DRAWING, LEISURE = 3, 2, 1, 0
CODE_OF_CHOICE = code_of("initbench.tables.choices", "initbench.tables.jobs")


wildcard_constraints:
    job=r"[A-Za-z0-9_.+-]+",
    block=r"\d+-\d+",
    dataset=r"[a-z][a-z0-9_]*",
    figure=r"[a-z][a-z0-9_]*",


def growing(amount):
    """Twice as much at the second attempt, four times at the third: a cluster's answer to a job killed for want of it."""
    return lambda wildcards, attempt: amount * 2 ** (attempt - 1)


def few(names, what):
    """The names, or how many there are where they would fill the screen."""
    return ", ".join(names) if len(names) <= 4 else f"{len(names)} {what}, {names[0]} to {names[-1]}"


def block_of(wildcards):
    return BLOCKS[f"{RESULTS}/data/{wildcards.dataset}/seeds-{wildcards.block}.npz"]
