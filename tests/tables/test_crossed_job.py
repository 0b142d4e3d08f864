"""A job of a study whose seeds cross axes, from the splits to the file of a shard."""

import importlib.util
from pathlib import Path
from types import SimpleNamespace

import pyarrow.parquet as pq

from initbench.datasets.splits import read_splits
from initbench.study.grid import load_study
from initbench.study.jobs import jobs, tasks
from initbench.tables.choices import at_choice
from initbench.tables.jobs import train_job

ROOT = Path(__file__).parents[2]


def test_runs_of_one_split_share_its_samples_and_those_of_one_draw_their_start(tmp_path):
    study = load_study(
        {
            "seed_axes": {"split": 2, "draw": 2, "order": 2},
            "seeds": 8,
            "datasets": ["wine"],
            "widths": [8],
            "depths": [1],
        }
        | {"activations": ["tanh"], "schemes": ["xavier_tanh"], "learning_rates": [0.1], "tuning": "none"}
        | {"training": {"steps": 4, "batch_size": 16}, "results_dir": str(tmp_path / "results")}
    )
    spec = importlib.util.spec_from_file_location("prepare_script", ROOT / "scripts/prepare.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    (job,) = jobs(study)
    path = Path(study.data_path(job.shards[0]))
    path.parent.mkdir(parents=True)
    given = {
        "source": "wine",
        "seeds": study.split_seeds(job.shards[0].seeds),
        "study_seed": 0,
        "extensions": [],
        "basis": "",
    }
    script.main(SimpleNamespace(splits=str(path), record=str(tmp_path / "record.json")), SimpleNamespace(**given))
    splits = read_splits(str(path))
    assert splits.seeds.tolist() == list(range(8))
    assert (splits.train[0] == splits.train[3]).all()
    assert (splits.train[0] != splits.train[4]).any()
    train_job(at_choice(tasks(study, job)), study.training.to_dict())
    rows = pq.read_table(study.shard_path(job.shards[0])).to_pandas().sort_values("seed")
    assert rows["seed"].to_list() == list(range(8))
    first = [losses[0] for losses in rows["train_loss"]]
    assert first[0] == first[1] != first[2]
    assert len(set(first)) == 4
    assert len(set(rows["test_loss"])) == 8
