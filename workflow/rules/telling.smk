# What the screen says: what the study is before it runs, where the report is and what it answers at the end, or what failed.
# The lines between are those of the logger plugin that profiles/default names.
from snakemake.logging import logger

from initbench.report.ending import ending
from initbench.study.cost import JOB
from initbench.study.describe import describe
from initbench.study.last_run import failures, note
from initbench.study.progress import Doing, Step
from initbench.study.speed import speed

TELLERS = [handler for handler in workflow.logger_manager.get_log_handlers() if hasattr(handler, "begin")]


def tell(text):
    """Show a text as one of this workflow's own."""
    if text:
        logger.info(text, extra={"initbench": True})


def cores_given():
    """How many jobs run at a time: cores here, or what a cluster is given, of which no more are used than there are jobs."""
    given = workflow.resource_settings
    return min(given.nodes, len(JOBS) or 1) if given.nodes else given.cores or 1


def steps(description):
    """What this run has to do: each job with a log; those that only move what others made take no time."""
    due = [job for job in workflow.dag.needrun_jobs() if job.log]
    each = description.estimate.of_each([job.rule.name for job in due if records(job)])
    return [
        Step(
            (job.rule.name, *sorted(job.wildcards_dict.values())),
            job.message or " ".join([job.rule.name, *job.wildcards_dict.values()]),
            (
                (JOBS[job.wildcards.job].seconds + JOB) / speed()
                if job.rule.name == "train"
                else each.get(job.rule.name, 0.0)
            ),
            str(job.log[0]),
            records(job),
        )
        for job in due
    ]


def records(job):
    """The record that a job writes when it is done; nothing if it writes none."""
    return str(job.output.get("record", ""))


def begin():
    """Say what the study is, note what is to be done, and hand it to those who show it."""
    description = describe(STUDY, cores_given())
    todo = steps(description)
    note(STUDY.results, description.title, todo, cores_given())
    tell(description.opening(sum(bool(records(job)) for job in workflow.dag.jobs if not workflow.dag.needrun(job))))
    for teller in TELLERS:
        teller.begin(Doing.of(todo, cores_given()))


def made_the_report():
    return any(job.rule.name == "report" for job in workflow.dag.jobs)


def end():
    """Where the report is, and what it answers; what was asked for is not said if it was something else."""
    return ending(STUDY.results) if made_the_report() else ""


for TELLER in TELLERS:
    TELLER.last_words = end
