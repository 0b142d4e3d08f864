"""A job's shards: what is there is left alone, what fails keeps no other from its file, tables read them in order."""

import re
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from initbench.base.files import DamagedError
from initbench.base.parquet import write_parquet
from initbench.datasets.loading import prepare
from initbench.datasets.splits import write_splits
from initbench.engine.training import train_starts
from initbench.schemes import SCHEMES, scheme
from initbench.study.cells import Cell, Training
from initbench.tables import jobs
from initbench.tables.jobs import read_finished, read_together, train_job, write_manifest
from initbench.tables.shards import read_shard

TRAINING = Training(steps=0, learning_rates=()).to_dict()
TRAINED = Training(steps=2, records=1).to_dict()
RATES = (0.01, 0.1, 0.5)


@pytest.fixture
def task(tmp_path):
    """What a job is told of a shard of some scheme."""
    write_splits(prepare("spirals", range(4), 0), tmp_path / "splits.npz")

    def describe(label, seeds=(0, 1), depth=1, made_from="code", rates=(), folder="shards"):
        cell = vars(Cell("spirals", 4, depth, "tanh", "none", label))
        path = str(tmp_path / folder / f"{label}-{depth}" / f"{seeds[0]}.parquet")
        return {"path": path, "splits": str(tmp_path / "splits.npz"), "cell": cell, "role": "scoring",
                "seeds": list(seeds), "rates": list(rates), "made_from": made_from}  # fmt: skip

    return describe


@pytest.fixture
def failing():
    """A scheme whose code fails on every layer."""

    @scheme("test_failing")
    def failing(rng, fan_in, fan_out):
        raise RuntimeError("no luck")

    yield "test_failing"
    SCHEMES.forget(["test_failing"])


def written(tasks):
    return [Path(task["path"]).stat().st_mtime_ns if Path(task["path"]).exists() else None for task in tasks]


def test_a_shard_that_fails_is_named_and_the_others_are_written(task, failing):
    tasks = [task("he_normal"), task(failing), task("zeros")]
    with pytest.raises(RuntimeError, match=r"test_failing · tanh.*no luck"):
        train_job(tasks, TRAINING)
    assert [at is not None for at in written(tasks)] == [True, False, True]


def test_only_what_is_missing_or_made_from_something_else_is_trained(task):
    tasks = [task("he_normal"), task("zeros")]
    train_job(tasks[:1], TRAINING)
    first = written(tasks)
    train_job(tasks, TRAINING)
    second = written(tasks)
    assert second[0] == first[0]
    train_job([task("he_normal", made_from="other code"), tasks[1]], TRAINING)
    third = written(tasks)
    assert third[0] != second[0]
    assert third[1] == second[1]


@pytest.fixture
def trained(monkeypatch):
    """The runs (scheme, seed, learning rate) that are trained, in order."""
    runs = []

    def noting(starts, *others):
        runs.extend((start.cell.scheme, start.seed, rate) for start in starts for rate in start.rates or [None])
        return train_starts(starts, *others)

    monkeypatch.setattr(jobs, "train_starts", noting)
    return runs


SEEDS = st.lists(st.integers(0, 3), min_size=1, max_size=3, unique=True).map(sorted)
SOME_RATES = st.lists(st.sampled_from(RATES), min_size=1, max_size=3, unique=True).map(sorted)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.tuples(SEEDS, SOME_RATES), then=st.tuples(SEEDS, SOME_RATES))
def test_a_shard_that_grows_or_shrinks_trains_what_is_missing_and_is_the_bytes_of_a_fresh_one(
    task, trained, first, then
):
    def shard(seeds, rates, folder):
        made = task("he_normal", seeds, rates=rates)
        return made | {"path": str(Path(made["path"]).parents[2] / folder / "one.parquet")}

    for folder in ("grown", "fresh"):
        shutil.rmtree(Path(shard(*first, folder)["path"]).parent, ignore_errors=True)
    train_job([shard(*first, "grown")], TRAINED)
    trained.clear()
    train_job([shard(*then, "grown")], TRAINED)
    before, wanted = ({(seed, rate) for seed in seeds for rate in rates} for seeds, rates in (first, then))
    assert {run[1:] for run in trained} == wanted - before
    assert len(trained) == len(wanted - before)
    train_job([shard(*then, "fresh")], TRAINED)
    grown, fresh = (Path(shard(*then, folder)["path"]).read_bytes() for folder in ("grown", "fresh"))
    assert grown == fresh


@pytest.fixture
def kernels(monkeypatch):
    """Says which kernel of the matrix library a job has."""
    return lambda name: monkeypatch.setattr(jobs, "kernel", lambda: name)


def test_a_shard_of_another_kernel_is_kept_as_it_is_and_never_grown(task, trained, kernels):
    kernels("openblas Haswell")
    train_job([task("he_normal", rates=RATES[:2])], TRAINED)
    kernels("openblas SkylakeX")
    trained.clear()
    train_job([task("he_normal", rates=RATES[:2])], TRAINED)
    assert not trained, "it has what is asked for"
    train_job([task("he_normal", rates=RATES[:1])], TRAINED)
    assert not trained
    assert read_shard(task("he_normal")["path"], "code").kernel == "openblas Haswell"
    train_job([task("he_normal", rates=RATES)], TRAINED)
    assert len(trained) == 2 * 3, "all of it, so that no file mixes kernels"
    assert read_shard(task("he_normal")["path"], "code").kernel == "openblas SkylakeX"


def foreign_cell(path, other):
    shutil.copy(other, path)


def another_role(path, other):
    rows = pq.read_table(path)
    seeds = pa.array([1_000_000, 1_000_001], rows.schema.field("seed").type)
    rows = rows.set_column(rows.column_names.index("seed"), "seed", seeds)
    write_parquet(rows.set_column(rows.column_names.index("role"), "role", pa.array(["tuning"] * 2)), path)


def fewer_runs(path, other):
    write_parquet(pq.read_table(path).slice(1), path)


def other_state(path, other):
    write_parquet(pq.read_table(path).replace_schema_metadata({"made_from": "older code"}), path)


def unsigned(path, other):
    pq.write_table(pq.read_table(path), path)


def flipped(path, other):
    content = path.read_bytes()
    path.write_bytes(content[:900] + bytes([content[900] ^ 1]) + content[901:])


def cut_off(path, other):
    path.write_bytes(path.read_bytes()[:-100])


def empty(path, other):
    path.write_bytes(b"")


@pytest.mark.parametrize(
    "change", [foreign_cell, another_role, fewer_runs, other_state, unsigned, flipped, cut_off, empty]
)
def test_a_damaged_foreign_or_stale_shard_is_named_where_it_is_read_and_trained_again(task, change, tmp_path):
    tasks = [task("he_normal"), task("zeros", made_from="other code")]
    train_job(tasks, TRAINING)
    write_manifest(str(tmp_path / "jobs.json"), tasks, TRAINING)
    path, before = Path(tasks[0]["path"]), Path(tasks[0]["path"]).read_bytes()
    change(path, tasks[1]["path"])
    with pytest.raises(DamagedError, match=re.escape(str(path))):
        read_finished(tasks[0])
    train_job(tasks, TRAINING)
    assert path.read_bytes() == before
    assert read_finished(tasks[0]).runs == {(0, None), (1, None)}


def test_a_shard_that_has_what_is_asked_for_is_not_written_again(task, trained):
    tasks = [task("he_normal", rates=RATES[:2]), task("zeros", rates=RATES[1:])]
    train_job(tasks, TRAINED)
    first, done = written(tasks), len(trained)
    train_job(tasks, TRAINED)
    assert (written(tasks), len(trained)) == (first, done)


def test_cells_at_different_rates_are_the_same_bytes_trained_together_or_alone(task):
    def tasks(folder):
        return [
            task(label, rates=[rate], folder=folder)
            for label, rate in zip(("zeros", "he_normal", "sparse"), RATES, strict=True)
        ]

    train_job(tasks("together"), TRAINED)
    for one in tasks("alone"):
        train_job([one], TRAINED)
    for one, other in zip(tasks("together"), tasks("alone"), strict=True):
        assert Path(one["path"]).read_bytes() == Path(other["path"]).read_bytes()


def test_shards_are_read_in_the_order_of_the_tables_whole_cells_of_one_shape_together(task, tmp_path):
    tasks = [task("zeros", (2, 3)), task("zeros"), task("he_normal"), task("he_normal", (2, 3)), task("zeros", depth=2)]
    (tmp_path / "jobs").mkdir()
    for number, part in enumerate((tasks[:2], tasks[2:])):
        write_manifest(str(tmp_path / f"jobs/{number}.json"), part, TRAINING)
    groups = list(read_together([str(tmp_path / "jobs/1.json"), str(tmp_path / "jobs/0.json")]))
    assert [[shard["path"] for shard in group] for group in groups] == [
        [tasks[i]["path"] for i in (2, 3, 1, 0)],
        [tasks[4]["path"]],
    ]
