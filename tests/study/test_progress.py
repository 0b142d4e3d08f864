"""How far a run is, and how a study stands by the files that its jobs wrote."""

import json
import os

import pytest

from initbench.base.at_work import stay
from initbench.study.last_run import NOTE, failures, note, results_of, standing
from initbench.study.progress import Doing, Step


def step(name, seconds=1.0, record=True):
    return Step(
        ("train", name), f"training {name}", seconds, f"logs/{name}.log", f"records/{name}.json" if record else ""
    )


def test_the_share_is_of_estimated_time_and_not_of_jobs():
    doing = Doing.of([step("long", 9.0), step("short", 1.0)], 2)
    assert doing.share == 0
    assert doing.after(("train", "short")).share == pytest.approx(0.1)
    assert doing.after(("train", "other")) == doing
    assert doing.after(("train", "short")).after(("train", "long")).progress(3.0) == "2 of 2 jobs, 100%"


def test_time_left_is_the_estimate_at_first_and_then_follows_the_runs_own_pace():
    doing = Doing.of([step(str(k), 10.0) for k in range(10)], 2)
    assert doing.left(0.0) == pytest.approx(50)
    half = doing
    for k in range(5):
        half = half.after(("train", str(k)))
    assert half.left(25.0) == pytest.approx(25)
    assert 100 > half.left(100.0) > 80  # four times as slow as estimated
    assert half.progress(25.0) == "5 of 10 jobs, 50%, about 25 s left"


def test_a_run_without_jobs_is_done():
    assert Doing.of([], 4).share == 1
    assert Doing.of([], 4).left(1.0) == 0


@pytest.fixture
def results(tmp_path, monkeypatch):
    """A run of five jobs and a figure, of which nobody is at work any more."""
    monkeypatch.chdir(tmp_path)
    for folder in ("r/logs", "r/records"):
        (tmp_path / folder).mkdir(parents=True)
    there = tmp_path / "r"
    jobs = [
        Step(each.key, each.what, each.seconds, str(there / each.log), each.record and str(there / each.record))
        for each in [*map(step, ("done", "failed", "begun", "waiting", "old")), step("figure", record=False)]
    ]
    note(there, "A study", jobs, 2)
    began = (there / NOTE).stat().st_mtime
    later, before = began + 1, began - 100
    wrote(there / "logs/done.log", "ok", later)
    wrote(there / "records/done.json", "{}", later)
    trace = "2 shards\nTraceback (most recent call last):\n  File x\nRuntimeError: zeros: W is not finite\n"
    wrote(there / "logs/failed.log", trace, later)
    wrote(there / "logs/begun.log", "2 shards", later)
    wrote(there / "logs/old.log", "Traceback (most recent call last):\nValueError: of the run before\n", before)
    wrote(there / "records/old.json", "{}", before)
    return there


def wrote(path, text, when):
    path.write_text(text)
    os.utime(path, (when, when))


def states(results):
    return {job.step.key[1]: job.state for job in standing(results).jobs}


def test_what_became_of_each_job_is_read_from_its_record_and_its_log(results):
    assert states(results) == {
        "done": "done",
        "failed": "failed",
        "begun": "interrupted",
        "waiting": "waiting",
        "old": "waiting",
    }
    found = standing(results)
    assert found.failed
    assert not found.at_work
    assert not found.finished
    first, *lines = found.in_words()
    assert first == f"A study ({results}): stopped, 1 of 5 jobs, 20%"
    assert lines == [
        f"  failed: training failed: RuntimeError: zeros: W is not finite (log: {results}/logs/failed.log)",
        f"  interrupted: training begun (log: {results}/logs/begun.log)",
    ]


def test_while_somebody_is_at_work_a_job_that_has_begun_runs(results, tmp_path):
    stay(tmp_path)
    found = standing(results)
    assert found.at_work
    assert states(results)["begun"] == "running"
    assert "running, 1 of 5 jobs, 20%, about" in found.in_words()[0]
    assert found.as_values()["seconds_left"] > 0


def test_a_step_without_a_record_is_named_only_where_it_failed(results):
    wrote(
        results / "logs/figure.log",
        "Traceback (most recent call last):\nKeyError: 'x'\n",
        (results / NOTE).stat().st_mtime + 1,
    )
    assert states(results)["figure"] == "failed"
    first, *lines = failures(results).splitlines()
    assert first == "3 jobs failed:"
    assert f"  training failed: RuntimeError: zeros: W is not finite (log: {results}/logs/failed.log)" in lines
    assert "  training begun: it ended without a word, as one that was killed" in "\n".join(lines)


def test_results_that_were_moved_say_the_same(results, tmp_path):
    before = states(results)
    moved = tmp_path / "elsewhere"
    results.rename(moved)
    assert states(moved) == before


def test_as_values_it_is_json(results):
    values = json.loads(json.dumps(standing(results).as_values()))
    assert (values["done"], values["failed"], values["interrupted"], values["waiting"]) == (1, 1, 1, 2)
    assert values["seconds_left"] is None


def test_the_results_of_a_study_are_where_its_file_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text("results_dir: results/mine\n")
    (tmp_path / "plain.yaml").write_text("seeds: 3\n")
    assert str(results_of(tmp_path / "mine.yaml")) == "results/mine"
    assert str(results_of(tmp_path / "plain.yaml")) == "results"
