"""A disk that is full or read-only, results that go away: one line says what failed, and what follows is as if nothing had been."""

import os
import shutil
import subprocess
from contextlib import contextmanager

import pytest

from .faulty import compared, counts, until

pytestmark = pytest.mark.faults
SIZES = 10  # of the full disk


def mount(*arguments: str) -> bool:
    return (
        shutil.which("mount") is not None and not subprocess.run(["mount", *arguments], capture_output=True).returncode
    )


@contextmanager
def small_disk(place, size: int):
    """The results on a file system of so many bytes; skipped where none can be mounted."""
    place.results.mkdir()
    if os.getuid() or not mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place.results)):
        pytest.skip("a file system cannot be mounted here")
    try:
        yield lambda option: mount("-o", f"remount,{option}", str(place.results))
    finally:
        subprocess.run(["umount", "-l", str(place.results)], check=True)


def in_one_line(screen: str, *causes: str) -> None:
    """There is no traceback, and what failed is said."""
    assert "Traceback" not in screen
    assert any(cause in screen for cause in causes), screen


def test_a_full_disk_is_named_at_every_size_and_more_room_is_enough(place, undisturbed, reference):
    needed = sum(path.stat().st_blocks * 512 for path in undisturbed.results.rglob("*"))
    page = os.sysconf("SC_PAGE_SIZE")
    with small_disk(place, page) as again:
        for k in range(SIZES):
            again(f"size={max(page, int(needed * 0.95 * k / SIZES))}")
            code, screen = place.run()
            if code:
                counts["full disks"] += 1
                in_one_line(screen, "No space left on device", "the disk has")
            compared(place, reference, whole=False)
        again("size=1g")
        code, screen = place.run()
        assert code == 0, screen
        compared(place, reference, whole=True)


def test_results_that_cannot_be_written_are_named(place, reference):
    with small_disk(place, 2**30) as again:
        again("ro")
        code, screen = place.run()
        assert code
        in_one_line(screen, "Read-only file system")
        counts["read-only results"] += 1
        again("rw")
        code, screen = place.run()
        assert code == 0, screen
        compared(place, reference, whole=True)


@pytest.mark.parametrize("files", [1, 12])
def test_results_that_are_removed_meanwhile_are_made_again(place, reference, files):
    process = place.start()
    until(lambda: place.progress() >= files, process)
    place.results.rename(place.folder / "gone")
    counts["results removed"] += 1
    code, screen = place.finish(process)
    assert code
    assert "Traceback" not in screen
    code, screen = place.run()
    assert code == 0, screen
    compared(place, reference, whole=True)
