"""Who is at work in a folder: ends with its process, however that ends, and tells a stale lock from a live one."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from initbench.base.at_work import LOCKS, date_now, locked, nobody_else, remove_stale, what_locks

STAYS = "import sys; from initbench.base.at_work import stay; stay(sys.argv[1]); print('here', flush=True); sys.stdin.read()"


@contextmanager
def somebody(folder):
    """A process that is at work in the folder, until it is killed."""
    command = [sys.executable, "-c", STAYS, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "here\n"
        yield process
        process.kill()


@pytest.fixture
def folder(tmp_path):
    """A folder with Snakemake's notes of a run that makes results/mine."""
    (tmp_path / LOCKS).mkdir(parents=True)
    (tmp_path / LOCKS / "0.input.lock").write_text("results/mine/data/wine/seeds-0-1.npz\n")
    (tmp_path / LOCKS / "0.output.lock").write_text("results/mine/tables/runs.parquet\n")
    return tmp_path


def test_several_may_be_at_work_and_one_that_was_killed_is_not(tmp_path):
    with somebody(tmp_path) as first, somebody(tmp_path) as second:
        with nobody_else(tmp_path) as alone:
            assert not alone
        for process in (first, second):
            process.kill()
            process.wait()
        with nobody_else(tmp_path) as alone:
            assert alone


def test_the_lock_of_the_dead_is_removed_and_that_of_the_living_never(folder):
    with somebody(folder) as process:
        assert not remove_stale(folder)
        assert locked("results/mine", folder)
        process.kill()
        process.wait()
        assert remove_stale(folder)
    assert not locked("results/mine", folder)
    assert not remove_stale(folder)


def test_what_locks_a_study_says_what_to_do(folder):
    assert "initbench run" in what_locks("results/mine", folder)
    assert what_locks("results/mi", folder) is None
    with somebody(folder):
        assert what_locks("results/mine", folder) == "another run is making results/mine: wait until it has ended"


def test_files_from_the_future_are_dated_now(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    for path, at in ((old, 1e9), (new, time.time() + 1e6)):
        path.touch()
        os.utime(path, (at, at))
    date_now(tmp_path)
    assert old.stat().st_mtime == 1e9
    assert new.stat().st_mtime <= time.time()


def test_a_folder_that_is_not_there_is_nobodys(tmp_path):
    with nobody_else(tmp_path / "gone") as alone:
        assert not alone
    assert not remove_stale(tmp_path / "gone")
