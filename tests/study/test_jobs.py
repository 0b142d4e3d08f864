"""How shards become jobs, and how much time a job asks for."""

from itertools import groupby

import pytest

from initbench.study.grid import load_study
from initbench.study.jobs import jobs

GRID = {"depths": [1, 20], "widths": [64], "activations": ["tanh"], "schemes": ["zeros", "he_normal"], "seeds": 40}


@pytest.mark.parametrize("minutes", [1e-6, 0.1, 10])
def test_every_shard_is_in_one_job_and_those_of_a_shape_are_neighbours_in_jobs(minutes):
    study = load_study(GRID | {"minutes_per_job": minutes})
    planned = jobs(study)
    assert sorted(study.shard_path(s) for job in planned for s in job.shards) == sorted(
        map(study.shard_path, study.shards)
    )
    assert len({job.name for job in planned}) == len(planned)
    for job in planned:
        assert len({(shard.cell.dataset, shard.role, shard.training) for shard in job.shards}) == 1
        shapes = [shape for shape, _ in groupby(shard.cell.shape_slug for shard in job.shards)]
        assert len(set(shapes)) == len(shapes)


def test_starts_of_a_study_that_trains_nothing_and_of_its_initial_grids_share_jobs():
    """Both are measured alone: jobs of one shape had one name, and the second lost the first's shards in silence."""
    study = load_study(GRID | {"training": {"steps": 0}, "initial": [{"schemes": ["he_uniform"], "depths": [20]}]})
    planned = jobs(study)
    assert len({job.name for job in planned}) == len(planned)
    assert {shard for job in planned for shard in job.shards} == set(study.shards)


def test_a_smaller_target_makes_more_jobs_down_to_one_a_shard():
    counts = [len(jobs(load_study(GRID | {"minutes_per_job": minutes}))) for minutes in (10, 0.1, 1e-6)]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1] == len(load_study(GRID).shards)


def test_a_job_asks_for_several_times_what_it_should_take_and_never_for_less_than_ten_minutes():
    for job in jobs(load_study("config.yaml")) + jobs(load_study(GRID | {"seeds": 3000, "minutes_per_job": 10})):
        assert job.time_limit >= max(10, 5 * job.seconds / 60)
    short, long = (
        max(job.time_limit for job in jobs(load_study(GRID | {"seeds": 3000, "minutes_per_job": m}))) for m in (0.1, 10)
    )
    assert short == 10 < long <= 60
