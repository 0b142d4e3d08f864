"""Whatever is killed and whenever: nothing is lost, nothing is wrong, and the same command goes on to the same bytes.

INITBENCH_KILLS says how many kills there are: 54 if it is not set.
"""

import os
import shutil
import signal
import subprocess

import psutil
import pytest

from .faulty import PATIENCE, Place, compared, counts, jobs_of, kill, until

pytestmark = pytest.mark.faults
KILLS = int(os.environ.get("INITBENCH_KILLS", "54"))
OF_A_RUN, OF_JOBS = KILLS // 2, KILLS - KILLS // 2  # of Snakemake with or without its group, and of single jobs
SIGNALS = {"SIGINT": signal.SIGINT, "SIGTERM": signal.SIGTERM}


def grown(place: Place, process: subprocess.Popen, files: int) -> bool:
    """Wait until there are so many files; whether the process is then still at work."""
    until(lambda: place.progress() >= files, process)
    return process.poll() is None


def new_job(process: subprocess.Popen, known: set[int]) -> psutil.Process | None:
    """The next job that a Snakemake starts; None if it ends before."""
    found = until(lambda: [job for job in jobs_of(process) if job.pid not in known], process)
    return found[0] if found else None


def looked_at(place: Place, process: subprocess.Popen, reference) -> None:
    """Compare what there is after a run; clear it away where the study has come to its end, so that there is more to disturb."""
    code, screen = place.finish(process)
    assert "Traceback" not in screen
    compared(place, reference, whole=code == 0)
    if code == 0:
        shutil.rmtree(place.results)
        counts["studies"] += 1


def ends_well(place: Place, reference, plain: bool = False) -> None:
    """The same command goes on to what an undisturbed study has."""
    code, screen = place.run(plain=plain)
    assert code == 0, screen
    compared(place, reference, whole=True)


def test_a_killed_run_goes_on_by_the_same_command(place, reference):
    """Alternately the group, as when a machine goes down, and Snakemake alone, whose jobs then go on beside the next run."""
    killed = 0
    while killed < OF_A_RUN:
        files = place.progress() + 1 + killed % 4
        process, alone = place.start(), killed % 2
        if grown(place, process, files):
            orphans = jobs_of(process)
            (os.kill if alone else os.killpg)(process.pid, signal.SIGKILL)
            counts["kills of Snakemake" if alone else "kills of its group"] += 1
            killed += 1
            if killed % 4:  # else the next run begins while they are at work
                psutil.wait_procs(orphans, PATIENCE)
        looked_at(place, process, reference)
    ends_well(place, reference)


def test_a_killed_job_is_named_and_made_again(place, reference):
    killed = 0
    while killed < OF_JOBS:
        process, known = place.start(), set()
        while killed < OF_JOBS and (job := new_job(process, known)):
            known.add(job.pid)
            moment = (killed + len(known)) % 5
            if moment == 1:  # when another has written something
                grown(place, process, place.progress() + 1)
            if moment:  # else it is let pass, so that the study comes on
                done = kill(job)
                killed += done
                counts["kills of a job"] += done
        looked_at(place, process, reference)
    ends_well(place, reference)


@pytest.mark.parametrize("name", SIGNALS)
def test_a_run_that_is_asked_to_stop_leaves_no_lock(place, reference, name):
    for moment in range(1, 4):
        files = place.progress() + moment
        process = place.start()
        if grown(place, process, files):
            os.kill(process.pid, SIGNALS[name])
            counts[name] += 1
        looked_at(place, process, reference)
    ends_well(place, reference, plain=True)
