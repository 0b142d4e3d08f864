"""initbench is a package: what is installed elsewhere does what the checkout does."""

import importlib
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

import initbench
from initbench import extend

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
STUDY = Path(__file__).with_name("installed_study.py")


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Build the wheel from a copy of the sources and unpack it into a folder, all without a network."""
    pytest.importorskip("setuptools", minversion="77")
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    shutil.copytree(ROOT / "src", source / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-index", "--no-build-isolation", "--no-deps", "-w", folder, source], check=True)
    (wheel,) = folder.glob("*.whl")
    subprocess.run([*pip, "install", "--no-index", "--no-deps", "--target", folder / "site", wheel], check=True)
    return folder / "site"


@pytest.mark.package
def test_a_wheel_runs_a_study_outside_the_checkout(installed, tmp_path):
    environment = {"PYTHONPATH": str(installed), "PATH": "", "NUMBA_CACHE_DIR": str(tmp_path / "numba")}
    command = [sys.executable, STUDY, str(installed)]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [PROJECT["version"]]
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert page.count('<figure id="figure-') > 10


@pytest.mark.package
def test_a_wheel_holds_every_file_of_the_package(installed):
    package = ROOT / "src/initbench"
    tracked = subprocess.run(["git", "ls-files", "."], cwd=package, capture_output=True, text=True, check=False)
    if tracked.returncode:
        pytest.skip("no git checkout")
    held = {str(path.relative_to(installed / "initbench")) for path in (installed / "initbench").rglob("*")}
    assert set(tracked.stdout.split()) - held == set()


@pytest.mark.parametrize("door", [initbench, extend], ids=lambda door: door.__name__)
def test_the_doors_open_for_a_type_checker_as_at_run_time(door):
    stub = Path(door.__file__).with_suffix(".pyi").read_text(encoding="utf-8")
    told = {line.split(" as ")[1]: line.split()[1] for line in stub.splitlines() if " as " in line}
    assert set(told) == set(door.__all__)
    for name, home in told.items():
        module = importlib.import_module(home)
        assert getattr(door, name) is (module if home == f"initbench.{name}" else getattr(module, name))


def test_importing_the_package_loads_nothing_else():
    code = "import initbench, sys; print(*{'numpy', 'pandas', 'matplotlib', 'pyarrow', 'numba'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_the_version_is_written_once_and_cited():
    assert initbench.__version__ == PROJECT["version"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == PROJECT["version"]
    assert [author["name"] for author in citation["authors"]] == [author["name"] for author in PROJECT["authors"]]


def test_every_dependency_is_locked_and_the_locks_agree():
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    own = [wanted for wanted in groups["dev"] if isinstance(wanted, str)]
    assert groups["dev"] == [{"include-group": "docs"}, *own]
    run, dev = (locked(ROOT / "requirements" / f"{name}.txt", "3.11") for name in ("run", "dev"))
    assert {name_of(wanted) for wanted in PROJECT["dependencies"]} <= set(run)
    assert {name_of(wanted) for wanted in (*groups["docs"], *own)} <= set(dev)
    assert {name: dev[name] for name in run} == run


def test_every_python_gets_the_same_versions_of_what_runs_a_study():
    first, *others = (locked(ROOT / "requirements/run.txt", python) for python in ("3.11", "3.12", "3.13"))
    for other in others:
        shared = set(first) & set(other)
        assert {name: other[name] for name in shared} == {name: first[name] for name in shared}


def name_of(requirement):
    return requirement.partition(">")[0]


def locked(path, python):
    """The version that a lock file pins for a Python, by package."""
    environment = {"python_full_version": f"{python}.0", "python_version": python}
    entries = [line.removesuffix(" \\") for line in path.read_text(encoding="utf-8").splitlines() if line[:1].isalpha()]
    found = map(Requirement, entries)
    return {
        each.name: str(each.specifier) for each in found if each.marker is None or each.marker.evaluate(environment)
    }
