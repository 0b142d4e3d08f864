"""One lock for every Python that initbench runs on: the same versions, and the same conclusions, to the last digit."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from .faulty import ROOT, counts

pytestmark = pytest.mark.faults
VERSIONS = ("3.11", "3.12", "3.13")


def interpreter(version: str) -> str | None:
    """A Python of that version which runs: that of the system, or one that pyenv keeps."""
    kept = sorted((Path.home() / ".pyenv/versions").glob(f"{version}.*/bin/python"))
    for found in (shutil.which(f"python{version}"), *map(str, kept)):
        if found and subprocess.run([found, "-c", "pass"], capture_output=True).returncode == 0:
            return found
    return None


def environment(python: str, folder: Path) -> Path | None:
    """The Python of a fresh environment with the locked packages and this checkout; None where they cannot be had."""
    subprocess.run([python, "-m", "venv", str(folder)], check=True)
    ours = folder / "bin/python"
    pip = [str(ours), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    lock = subprocess.run([*pip, "--require-hashes", "-r", str(ROOT / "requirements/run.txt")], capture_output=True)
    if lock.returncode:
        return None
    subprocess.run([*pip, "--editable", str(ROOT)], check=True)
    return ours


def said(python: Path, *arguments: str) -> str:
    """What a command of that Python writes."""
    done = subprocess.run([str(python), *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_one_lock_gives_every_python_the_same_versions_and_conclusions(tmp_path):
    versions, concluded = {}, {}
    for version in VERSIONS:
        python = interpreter(version)
        ours = environment(python, tmp_path / version) if python else None
        if ours is None:
            continue
        assert "No broken requirements" in said(ours, "-m", "pip", "check")
        listed = json.loads(said(ours, "-m", "pip", "list", "--format", "json"))
        versions[version] = {each["name"]: each["version"] for each in listed if each["name"] != "pip"}
        script = Path(__file__).with_name("verdicts_on_this_kernel.py")
        concluded[version] = json.loads(said(ours, str(script), str(tmp_path / f"results-{version}")))
        counts["Pythons"] += 1
    if len(versions) < 2:
        pytest.skip("there is one Python alone, or its packages cannot be had")
    for name in set.intersection(*map(set, versions.values())):
        assert len({found[name] for found in versions.values()}) == 1, name
    assert len({json.dumps(found, sort_keys=True) for found in concluded.values()}) == 1
