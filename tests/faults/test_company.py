"""Two runs in one folder, clocks that go wrong, and homes that cannot be written."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

import initbench

from .faulty import compared, counts, until

pytestmark = pytest.mark.faults
DAY = 86_400


def test_a_second_run_waits_for_the_first_and_harms_nothing(place, reference):
    process = place.start()
    until(lambda: place.progress() > 1, process)
    code, screen = place.run()
    assert code
    assert "another run is making results: wait until it has ended" in screen
    assert "Traceback" not in screen
    counts["second runs"] += 1
    code, _ = place.finish(process)
    assert code == 0
    compared(place, reference, whole=True)


def test_the_lock_of_a_killed_run_is_removed_by_initbench_run_and_named_by_snakemake(place, reference):
    process = place.start(plain=True)
    until(lambda: place.progress() > 1, process)
    os.killpg(process.pid, 9)
    process.wait()
    code, screen = place.run(plain=True)
    assert code
    assert "initbench run" in screen
    counts["stale locks"] += 1
    code, screen = place.run()
    assert code == 0, screen
    assert "removed the lock of a run that was killed" in screen
    compared(place, reference, whole=True)


def test_files_from_the_future_and_the_past_change_nothing_and_what_is_missing_is_made(place, undisturbed, reference):
    shutil.copytree(undisturbed.results, place.results)
    for at in (time.time() + DAY, time.time() - 365 * DAY):
        (place.results / "tables/best.parquet").unlink()
        for path in (*place.results.rglob("*.*"), place.folder / "study.yaml"):
            os.utime(path, (at, at))
        code, screen = place.run()
        assert code == 0, screen
        counts["wrong clocks"] += 1
        compared(place, reference, whole=True)


def test_a_home_and_a_package_folder_that_cannot_be_written_are_enough(place, reference):
    """In a name space of mounts of its own, in which both are read-only, as even root cannot change."""
    home = place.folder / "home"
    home.mkdir()
    package = Path(initbench.__file__).parent
    lock = " && ".join(f"mount --bind {path} {path} && mount -o remount,ro,bind {path}" for path in (home, package))
    if os.getuid() or subprocess.run(["unshare", "-m", "sh", "-c", lock], capture_output=True).returncode:
        pytest.skip("file systems cannot be mounted here")
    command = f'{lock} && exec "$@"'

    from .faulty import RUN, TABLES

    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", command, "sh", sys.executable, "-c", RUN, "run", "study.yaml", "--cores", "2", *TABLES],
        cwd=place.folder, env={**os.environ, "HOME": str(home)} | {"XDG_CACHE_HOME": ""}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    compared(place, reference, whole=True)
