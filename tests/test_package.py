"""initbench is a package: what is installed elsewhere does what the checkout does."""

import importlib
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import initbench

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
STUDY = """
import sys
import numpy, pytest, initbench
assert initbench.__file__.startswith(sys.argv[1]), initbench.__file__
assert initbench.__version__ == sys.argv[2]
config = {"schemes": ["zeros", "he_normal"], "activations": ["relu"], "depths": [2], "widths": [8], "seeds": 1,
          "learning_rates": [0.1], "training": {"steps": 3}}
study = initbench.load_study(config)
tables = initbench.train(study.cells[0], seeds=range(2), training=study.training)
assert tables["runs"].num_rows == 2
weight, bias = initbench.draw("he_normal", numpy.random.default_rng(0), initbench.Layer(6, 4))
assert weight.shape == (6, 4)
assert initbench.theory.propagate("tanh", weight_variance=1.0, bias_variance=0.0, depth=3, q0=1.0).gradient.shape
"""


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
    command = [sys.executable, "-c", STUDY, str(installed), PROJECT["version"]]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.package
def test_a_wheel_holds_every_file_of_the_package(installed):
    package = ROOT / "src/initbench"
    tracked = subprocess.run(["git", "ls-files", "."], cwd=package, capture_output=True, text=True, check=False)
    if tracked.returncode:
        pytest.skip("no git checkout")
    held = {str(path.relative_to(installed / "initbench")) for path in (installed / "initbench").rglob("*")}
    assert set(tracked.stdout.split()) - held == set()


def test_public_names_are_the_same_at_run_time_and_for_a_type_checker():
    stub = (ROOT / "src/initbench/__init__.pyi").read_text(encoding="utf-8")
    told = {line.split(" as ")[1]: line.split()[1] for line in stub.splitlines() if " as " in line}
    assert set(told) == set(initbench.__all__)
    assert "__version__: str" in stub
    for name, home in told.items():
        module = importlib.import_module(home)
        assert getattr(initbench, name) is getattr(module, name)


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
    run, dev = (locked(ROOT / "requirements" / f"{name}.txt") for name in ("run", "dev"))
    assert {name_of(wanted) for wanted in PROJECT["dependencies"]} <= set(run)
    assert {name_of(wanted) for wanted in groups["dev"]} <= set(dev)
    assert {name: dev[name] for name in run} == run


def name_of(requirement):
    return requirement.partition(">")[0]


def locked(path):
    """Return the versions that a lock file pins, by package (where it depends on the Python version, all of them)."""
    versions = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if "==" in line and line[0].isalpha():
            name, _, rest = line.partition("==")
            versions.setdefault(name, []).append(rest.removesuffix(" \\"))
    return versions
