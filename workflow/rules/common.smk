# The study, and what the rules ask of it. One thread each: parallelism comes from jobs.
import os
import sys

from initbench.analyses.summary_columns import WRITTEN_BY as SUMMARY_TABLES
from initbench.study.jobs import jobs, data_files, forget_unfinished, made_from
from initbench.base.fingerprint import digest, import_closure
from initbench.study.grid import ConfigError, load_study

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

try:
    STUDY = load_study(config)
except ConfigError as error:
    sys.exit(f"initbench: {error}")

RESULTS = str(STUDY.results)
JOBS = {job.name: job for job in jobs(STUDY)}
MANIFESTS = {f"{RESULTS}/jobs/{name}.json": job for name, job in JOBS.items()}
if not workflow.remote_exec:
    forget_unfinished(STUDY, MANIFESTS)
BLOCKS = {STUDY.data_path(shard): shard for shard in STUDY.shards}
COLLECTED = ["runs", "history", "signal", "layers"]
# What figures and sections of the report may ask for, by name.
TABLES = {name: f"{RESULTS}/tables/{name}.parquet" for name in [*COLLECTED, "theory", "claims"]}
TABLES |= {name: f"{RESULTS}/tables/{name}.parquet" for names in SUMMARY_TABLES.values() for name in names}
TABLES |= {name: f"{RESULTS}/figure_data/{name}.npz" for name in ["units", "phase"]}
TEMPLATES = os.path.join(workflow.basedir, "workflow", "report")


wildcard_constraints:
    job=r"[A-Za-z0-9_.+-]+",
    block=r"\d+-\d+",
    dataset=r"[a-z][a-z0-9_]*",
    figure=r"[a-z][a-z0-9_]*",


def growing(amount):
    """Twice as much at the second attempt, four times at the third: a cluster's answer to a job killed for want of it."""
    return lambda wildcards, attempt: amount * 2 ** (attempt - 1)


def block_of(wildcards):
    return BLOCKS[f"{RESULTS}/data/{wildcards.dataset}/seeds-{wildcards.block}.npz"]


def code_of(script, *modules, files=()):
    """Digest of a script, of modules and of all that those import, by content.

    Snakemake does not see a change in an imported module, and takes a touched script for a changed one: so the profile
    leaves its own code trigger out, and every rule has this as a parameter.
    """
    own = {os.path.join(workflow.basedir, "scripts", f"{script}.py"), *files}
    return digest(frozenset(own).union(*(import_closure(f"initbench.{module}") for module in modules)))
