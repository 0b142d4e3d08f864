"""Jobs that a cluster ends: they come again, what had landed stays, the tables are the same bytes."""

import pytest
import yaml

from .conftest import STUDY, ask, completes, ends, landed, states, until

pytestmark = pytest.mark.cluster


def test_a_cancelled_job_comes_again(study, local):
    process, job = study.held_at_work()
    before = landed(study.folder)
    ask(study.env, "scancel", job)
    ends(study, job, {"CANCELLED"})
    completes(study, process, before, local)
    assert len(states(study.env, study.folder)) == 2


def test_a_job_of_several_shards_that_comes_again_trains_only_what_had_not_landed(study, local):
    # shards of one seed each, so that they are not all trained in one stack
    (study.folder / "study.yaml").write_text(yaml.safe_dump(STUDY | {"seeds_per_shard": 1}))
    process, job = study.held_at_work(jobs=[], first=2)
    before = landed(study.folder)
    ask(study.env, "scancel", job)
    ends(study, job, {"CANCELLED"})
    completes(study, process, before, local, shards=4)
    (log,) = (study.folder / "results/logs/train").glob("*.log")
    assert "4 shards, 2 of them already there" in log.read_text()


def test_a_job_killed_for_memory_comes_again_with_twice_as_much(study, local):
    ballast = "1100"  # megabytes: above the first attempt's 1,000, within the second's 2,000
    (study.folder / "signs/ballast").write_text(ballast)
    process = study.run()
    until(lambda: len(landed(study.folder)) == 1, "one shard landed")
    before = landed(study.folder)
    first = until(lambda: list(states(study.env, study.folder)), "the held shard has started")[0]
    ends(study, first, {"CANCELLED", "FAILED", "OUT_OF_MEMORY"})
    completes(study, process, before, local)
    requested = [
        ask(study.env, "squeue", "-h", "--states=all", "-j", job, "-o", "%m") for job in states(study.env, study.folder)
    ]
    assert requested == ["1000M", "2000M"]


def test_a_job_out_of_time_comes_again_with_twice_as_much(study, local):
    process, job = study.held_at_work("--set-resources", "train:runtime=attempt")
    before = landed(study.folder)
    ends(study, job, {"TIMEOUT"})
    completes(study, process, before, local)
    limits = [
        ask(study.env, "squeue", "-h", "--states=all", "-j", each, "-o", "%l")
        for each in states(study.env, study.folder)
    ]
    assert limits == ["1:00", "2:00"]
